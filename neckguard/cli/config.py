"""`neckguard config …`: where the settings are, what they say, and what is wrong with them."""

from __future__ import annotations

import argparse
import os
import sys

from neckguard import paths
from neckguard.cli.arguments import add_actions
from neckguard.errors import NeckguardError, reason_of
from neckguard.texts import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from neckguard.config.check import Checked

_ACTIONS = (
    ("path", "print where the settings file is", "neckguard config path"),
    ("init", "write a settings file that explains every key", "neckguard config init"),
    ("check", "say everything that is wrong with it", "neckguard config check ~/dotfiles/neckguard.toml"),
    ("show", "print the settings in effect, and who set them", "neckguard config show --json"),
    ("schema", "print the JSON Schema for TOML editors", "neckguard config schema > neckguard.schema.json"),
    ("edit", "open it in your editor and check it afterwards", "EDITOR=nano neckguard config edit"),
    ("open", "open it in your desktop's own editor", "neckguard config open"),
)
_EDITORS = ("sensible-editor", "nano", "vi")


def add(parser: argparse.ArgumentParser) -> None:
    """Give the verb its actions."""
    parser.epilog = "Examples:\n  neckguard config init\n  neckguard config check"
    actions = add_actions(parser, _ACTIONS)
    actions["check"].add_argument("file", metavar="F", nargs="?", help="another file than the one in use")
    for name in ("check", "show"):
        actions[name].add_argument("--json", action="store_true", help="as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Do what was asked; the exit code."""
    match args.action:
        case "path":
            return _path()
        case "init":
            return _init(paths.config_file()) or _ask_health()
        case "check":
            return _check(args.file, as_json=args.json)
        case "show":
            return _show(as_json=args.json)
        case "schema":
            return _schema()
        case "open":
            return _open(paths.config_file())
        case _:
            return _edit(paths.config_file())


def _path() -> int:
    path = paths.config_file()
    print(path)
    if not os.path.lexists(path):
        print(
            "It is not there yet, so the defaults are in effect; `neckguard config init` makes it.",
            file=sys.stderr,
        )
    return 0


def _init(path: str) -> int:
    try:
        _write_example(path)
    except FileExistsError:
        return _fail(
            f"{path} is there already; it was left as it is. Change it with `neckguard config edit`."
        )
    except OSError as error:
        return _fail(f"cannot write {error.filename or path}: {reason_of(error)}.")
    print(f"Wrote {path}. Change it with `neckguard config edit`; saving is enough to apply it.")
    return 0


def _write_example(path: str) -> None:
    """Write the example, and beside it the schema its first line names, for this person's eyes only.

    Raises:
        FileExistsError: there is something at the path; it is never overwritten.
        OSError: it cannot be written.
    """
    import json

    from neckguard.config.defaults import example
    from neckguard.config.schema import FILE_NAME, schema

    directory = os.path.dirname(path)
    before = os.umask(0o077)
    try:
        os.makedirs(directory, exist_ok=True)
        with open(path, "x", encoding="utf-8") as file:
            try:
                file.write(example())
                file.flush()
                with open(os.path.join(directory, FILE_NAME), "w", encoding="utf-8") as beside:
                    json.dump(schema(), beside, indent=2)
                    beside.write("\n")
            except OSError:
                os.unlink(path)  # half a file would be taken for the person's own
                raise
    finally:
        os.umask(before)


def _ask_health() -> int:
    from neckguard.cli.health_questions import ask_once

    ask_once()
    return 0


def _check(file: str | None, *, as_json: bool) -> int:
    path = file or paths.config_file()
    checked = _with_effects(path, _checked(path, explicit=bool(file) or paths.config_is_explicit()))
    if as_json:
        from neckguard.core import to_plain

        _print_json(
            {"file": path, "ok": not checked.problems} | _only(to_plain(checked), "problems", "notes")
        )
    else:
        _print_verdict(path, checked)
        if checked.plan is None and not file:
            _print_what_stays()
    return 1 if checked.problems else 0


def _with_effects(path: str, checked: Checked) -> Checked:
    """And what has no effect on this desktop, in the words of the neckguard that runs there and looked."""
    if checked.plan is None or not checked.plan.quiet.fullscreen:
        return checked
    from dataclasses import replace

    from neckguard.control import client
    from neckguard.core import Problem, Severity

    try:
        services = client.ask("status")["data"]["services"]
    except NeckguardError:
        return checked  # none runs
    note = services.get("fullscreen", {}).get("note")  # an older one does not look
    found = (Problem(path, 0, "quiet.fullscreen", note, Severity.NOTE),) if note else ()
    return replace(checked, notes=(*checked.notes, *found))


def _print_verdict(path: str, checked: Checked) -> None:
    """All there is to say: problems on stderr, else that there is none; then the notes."""
    for problem in checked.problems:
        print(problem.text, file=sys.stderr)
    if not checked.problems:
        there = os.path.exists(path)
        print(f"{path}: ok" if there else f"{path} is not there: ok, the defaults are in effect")
    for note in checked.notes:
        print(f"note: {note.text}")


def _print_what_stays() -> None:
    from neckguard.cli.in_force import settings_in_force

    stand_in = settings_in_force().stand_in
    if stand_in:
        print(f"Until that is mended, the {stand_in} settings stay in force.", file=sys.stderr)


def _show(*, as_json: bool) -> int:
    from neckguard.cli.in_force import settings_in_force
    from neckguard.config.check import origins
    from neckguard.config.render import settings_of, to_toml

    path, in_force = paths.config_file(), settings_in_force()
    checked, plan = in_force.checked, in_force.plan
    if plan is None:
        print("\n".join(in_force.troubles), file=sys.stderr)
        return 1
    settings, set_by = settings_of(plan), origins(checked)
    if as_json:
        from neckguard.core import to_plain

        found = {"file": path, "stand_in": in_force.stand_in, "settings": settings, "set_by": set_by}
        _print_json(found | _only(to_plain(checked), "problems"))
        return 0
    for line in in_force.troubles:
        print(f"# {one_line(line)}")
    if in_force.stand_in:
        print("# These are they; who set them is not known any more.\n")
    else:
        print(f"# The settings in effect. What is marked with a line is set in {one_line(path)},")
        print("# what is marked with a variable in the environment; the rest are defaults.\n")
    print(to_toml(settings, set_by), end="")
    return 0


def _schema() -> int:
    from neckguard.config.schema import schema

    _print_json(schema())
    return 0


def _open(path: str) -> int:
    from neckguard.cli.web_page import show

    if not os.path.lexists(path) and _init(path):
        return 1
    show(path)
    return 0


def _edit(path: str) -> int:
    import subprocess

    editor = _editor()
    if not editor:
        return _fail(f"no editor found; set $EDITOR, or edit {path} by other means.")
    if not os.path.lexists(path) and _init(path):
        return 1
    while True:
        try:
            status = subprocess.run([*editor, path], check=False).returncode  # noqa: S603 - the person's own editor
        except OSError as error:
            return _fail(f"cannot start {editor[0]}: {error.strerror}; set $EDITOR to another editor.")
        if status:
            return _fail(
                f"{editor[0]} ended with status {status}; check the file with `neckguard config check`."
            )
        code = _check(None, as_json=False)
        if code == 0 or not _wants_to_edit_again():
            return code


def _wants_to_edit_again() -> bool:
    """Whether somebody who sits there says so; Enter is a yes."""
    from neckguard.cli.asking import ask_until, can_ask, yes_or_no

    if not can_ask():
        return False
    try:
        return ask_until("Edit again? (yes or no; Enter: yes)", lambda said: yes_or_no(said or "yes"))
    except EOFError:
        return False


def _editor() -> list[str]:
    """The command of the person's editor; VISUAL and EDITOR may hold arguments."""
    import shlex

    from neckguard.process import find

    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if chosen:
        try:
            return shlex.split(chosen)
        except ValueError:  # an open quote
            return [chosen]
    return next(([name] for name in _EDITORS if find(name)), [])


def _checked(path: str, *, explicit: bool) -> Checked:
    from neckguard.config.check import check

    return check(path, explicit=explicit, environ=os.environ)


def _print_json(value: Any) -> None:
    import json

    print(json.dumps(value, indent=2))


def _only(table: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: table[key] for key in keys}


def _fail(message: str) -> int:
    print(f"neckguard: {message}", file=sys.stderr)
    return 1
