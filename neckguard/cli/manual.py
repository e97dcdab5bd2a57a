"""The man page, made from the parsers: `python -m neckguard.cli.manual > neckguard/content/neckguard.1`.

Source: man(7), groff_man(7). What it tells of an option is what `--help` tells.
"""

from __future__ import annotations

from argparse import SUPPRESS

from neckguard.cli.arguments import ACTION, Parser, parser_of
from neckguard.cli.verbs import GROUPS, module_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Action
    from collections.abc import Iterator

# AD is for groff 1.23, whose headings stretch lines to both margins again, whatever `ad` said before.
_BEFORE = r"""
.ds AD l
.TH NECKGUARD 1 "" neckguard "User Commands"
.ad l
.nh
.SH NAME
neckguard \- a quiet posture\-reminder daemon
.SH SYNOPSIS
.B neckguard
.I VERB
.RI [ ... ]
.br
.B neckguard
.BR \-\-help \ | \ \-\-version
.SH DESCRIPTION
Counts the time that you really sit at the screen and, at a good moment, sends one desktop notification:
check your posture, do a micro\-stretch, take a break away from the desk.
With no settings you get one of each in an hour, 20 minutes apart.
.PP
Durations have units:
.BR 45s ,
.BR 20m ,
.BR 1h30m ;
on the command line a bare number is minutes.
.PP
General wellbeing reminders, not medical advice.
Stop if anything hurts.
"""
_AFTER = r"""
.SH EXIT STATUS
.TP
.B 0
done
.TP
.B 1
refused or failed
.TP
.B 2
wrong usage
.TP
.B 3
the daemon is not running
.TP
.B 70
a crash; please report the line that it prints
.SH ENVIRONMENT
.TP
.B NECKGUARD_CONFIG
the settings file
.TP
.BI NECKGUARD_ SECTION __ KEY
one setting instead of what the file says, such as
.BR NECKGUARD_REMINDERS__BREAK__EVERY=50m
.TP
.B NO_COLOR
anything in it: no colours
.TP
.BR VISUAL ", " EDITOR
what
.B config edit
opens the settings with
.SH FILES
.TP
.I $XDG_CONFIG_HOME/neckguard/config.toml
the settings (usually in
.IR ~/.config );
in force when saved
.TP
.I $XDG_STATE_HOME/neckguard/
state and history (usually in
.IR ~/.local/state );
only you can read them
.TP
.I $XDG_RUNTIME_DIR/neckguard/
socket and lock
.SH SEE ALSO
.BR systemctl (1),
.BR journalctl (1)
"""


def manual() -> str:
    """The page, in the language of man."""
    return "\n".join((_BEFORE.strip(), *_groups(), _AFTER.strip(), ""))


def _groups() -> Iterator[str]:
    for title, verbs in GROUPS.items():
        yield f".SH {title.upper()}"
        for verb, (_, purpose) in verbs.items():
            yield from _explain(f"neckguard {verb}", parser_of(verb, purpose, module_of(verb).add))


def _explain(call: str, parser: Parser) -> Iterator[str]:
    """The verb or action, what it takes, and its actions in turn."""
    taken = [each for each in parser.takes() if each.help != SUPPRESS and each.dest != "help"]
    words = [_plain(call), *map(_in_synopsis, taken)]
    yield f".SS {' '.join(words)}"
    yield _plain(parser.description or "")
    for each in taken:
        if each.dest != ACTION:
            yield f".TP\n{_name(each)}\n{_plain(each.help or '')}"
    if parser.epilog:
        yield f".PP\n.nf\n{_plain(parser.epilog)}\n.fi"
    for each in taken:
        if each.dest == ACTION:
            for name, inner in dict(each.choices or {}).items():
                yield from _explain(f"{call} {name}", inner)


def _in_synopsis(action: Action) -> str:
    return _name(action) if action.required and action.nargs != "?" else f"[{_name(action)}]"


def _name(action: Action) -> str:
    """Options as they are typed, in bold; what stands for a value in italics."""
    value = _plain(str(action.metavar or "|".join(map(str, action.choices or [action.dest.upper()]))))
    named = rf"\fI{value}\fP"
    if not action.option_strings:
        return named
    option = rf"\fB{_plain(action.option_strings[-1])}\fP"
    return option if action.nargs == 0 else f"{option} {named}"


def _plain(text: str) -> str:
    """Text as roff takes it: nothing in it is a command, and hyphens can be copied."""
    text = text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq").replace("%%", "%")
    return "\n".join(rf"\&{line}" if line.startswith(".") else line for line in text.split("\n"))


if __name__ == "__main__":
    print(manual(), end="")
