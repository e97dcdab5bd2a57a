"""The command `neckguard`: finds the verb and imports no other."""

from __future__ import annotations

import io
import os
import sys

from neckguard import __version__
from neckguard.cli.verbs import GROUPS, VERBS, module_of
from neckguard.errors import NeckguardError, reason_of
from neckguard.texts import CleanStream, brief
from neckguard.words import as_started, fit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

DONE, FAILED, USAGE, CRASHED, INTERRUPTED = 0, 1, 2, 70, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line; returns the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    _prepare_streams()
    try:
        code = _dispatch(words)
    except KeyboardInterrupt:
        code = INTERRUPTED
        if sys.stderr.isatty():
            print(file=sys.stderr)  # the terminal shows ^C: what comes next begins on a line of its own
    except BrokenPipeError:
        code = DONE  # the reader has had all it wanted
    except NeckguardError as error:
        code = _complain(str(error), error.exit_code)
    except Exception as error:  # noqa: BLE001 - the last resort; a traceback helps nobody but us
        code = _crash(error, words)
    problem = _flush()
    return _complain(problem, FAILED) if problem else code


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help"):
        print(as_started(_overview()))
        return DONE
    if words[0] in ("-V", "--version"):
        print(f"neckguard {__version__}")
        return DONE
    verb = words[0]
    if verb not in VERBS:
        return _complain(_unknown(verb), USAGE)
    module = module_of(verb)
    if verb == "run" and module.is_plain(words[1:]):
        return int(module.start(*words[2:]))
    from neckguard.cli.arguments import parser_of

    code: int = module.run(parser_of(verb, VERBS[verb][1], module.add).parse_args(words[1:]))
    return code


def _overview() -> str:
    groups = "\n\n".join(
        "\n".join((f"{title}:", *(f"  {verb:<10} {purpose}" for verb, (_, purpose) in verbs.items())))
        for title, verbs in GROUPS.items()
    )
    return (
        "Usage: neckguard VERB [...]\n\n"
        "Reminds you to sit well, stretch and step away, and waits for a good moment.\n\n"
        f"{groups}\n\n"
        "`neckguard VERB --help` says more, with an example; -V names the version."
    )


def _unknown(verb: str) -> str:
    from neckguard.cli.guess import did_you_mean

    return f"there is no verb {brief(verb)!r}{did_you_mean(verb, VERBS) or '.'} All of them: neckguard --help"


def _prepare_streams() -> None:
    """Make `print` and `input` safe: outputs may be closed, and a text may be anything."""
    if sys.stdout is None or sys.stderr is None:
        nowhere = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - open until the end
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if not isinstance(sys.stdout, CleanStream):
        sys.stdout, sys.stderr = CleanStream(sys.stdout), CleanStream(sys.stderr)


def _complain(message: str, code: int) -> int:
    """Say it on standard error; what was said before on standard output comes first."""
    _flush()
    try:
        text = message if message.startswith("neckguard") else f"neckguard: {message}"
        print(fit(as_started(text), sys.stderr), file=sys.stderr)
    except OSError:
        pass  # nobody listens
    return code


def _crash(error: Exception, words: list[str]) -> int:
    """One line that says where; the daemon also tells how it got there."""
    if words[:1] == ["run"]:
        import traceback

        traceback.print_exc()
    elif isinstance(error, OSError):  # a full disk, a file that may not be read: no bug
        return _complain(_cannot(error), FAILED)
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename.rpartition('/')[2]}:{place.tb_lineno}" if place else "?"
    return _complain(f"broke at {where} ({type(error).__name__}: {error}). Please report this line.", CRASHED)


def _flush() -> str:
    """Hand over what was printed; the problem if that fails, after which nothing more is printed."""
    try:
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return "" if isinstance(error, BrokenPipeError) else _cannot(error)
    return ""


def _cannot(error: OSError) -> str:
    return f"cannot go on: {error.filename or 'output'}: {reason_of(error)}."
