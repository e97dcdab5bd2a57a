"""`flare start`: the checklist, what follows from it, and the plan. No advice waits for a daemon."""

from collections.abc import Sequence
from typing import Any

from neckguard.cli.asking import ask_until, one_of, or_nothing
from neckguard.cli.flare.checklist import go_through
from neckguard.cli.flare.scores import SCALE, score
from neckguard.cli.flare.words import say_advice, say_begin, say_help, say_plan
from neckguard.cli.terminal import complain, say
from neckguard.content import loader
from neckguard.control.client import REPLY_TIMEOUT, ask
from neckguard.core import NO_EXERCISES, FlareTexts, RedFlag, Urgency
from neckguard.errors import NeckguardError

_HOW_BAD = f"How bad is it now, {SCALE}"
_WHERE = "Where is it: left, right or both?"
_SIDES = ("left", "right", "both")
_BRIEF = 1.0  # seconds; in an emergency nobody waits longer for a daemon that hangs


def start(severity: int | None, side: str | None, *, none: bool = False) -> int:
    """Ask, advise and have the plan put in force; the exit code.

    Raises:
        NeckguardError: the checklist was not answered.
    """
    texts = loader.load_flare()
    flags = go_through(texts.red_flags, none=none)
    print()
    if _urgent(flags):
        return _get_help(texts, flags, severity, side)
    if _status() is not None:  # else nobody could note the answers
        severity, side = _ask_for_missing(severity, side)
    return _begin(texts, flags, severity, side)


def recheck() -> int:
    """The checklist once more, because it got worse; the exit code.

    Raises:
        NeckguardError: it was not answered.
    """
    texts = loader.load_flare()
    print()
    flags = go_through(texts.red_flags)
    print()
    if _urgent(flags):
        return _get_help(texts, flags, None, None)
    if flags:
        return _begin(texts, flags, None, None)
    say(texts.notices["worse"].text)
    return 0


def _urgent(flags: Sequence[RedFlag]) -> bool:
    return any(flag.urgency in NO_EXERCISES for flag in flags)


def _get_help(texts: FlareTexts, flags: Sequence[RedFlag], severity: int | None, side: str | None) -> int:
    """What to do now is the last thing said; the exit code."""
    urgency = flags[0].urgency  # the most urgent ones come first
    names = [flag.id for flag in flags]
    patience = _BRIEF if urgency is Urgency.EMERGENCY else REPLY_TIMEOUT
    code = _note(names, severity, side, patience)
    say_help(texts, urgency, names)
    return code


def _begin(texts: FlareTexts, flags: Sequence[RedFlag], severity: int | None, side: str | None) -> int:
    """The plan; the exit code."""
    names = [flag.id for flag in flags]
    code = _note(names, severity, side)
    flare = (_status() or {}).get("flare")
    if flare and flare["stage"] == "red_flags":  # from an earlier checklist, and nobody has looked yet
        say_help(texts, flare["urgency"], flare["flags"])
        return code
    if flags:
        say_advice(texts, flags[0].urgency, names)
    stage = flare["stage"] if flare else "first_48h"
    if stage == "first_48h":
        say_begin(texts, flagged=bool(flags))
    say_plan(texts, stage)
    return code


def _note(
    names: Sequence[str], severity: int | None, side: str | None, patience: float = REPLY_TIMEOUT
) -> int:
    """Have it noted, and say that it is, or that it is not; the exit code."""
    try:
        reply = ask("flare_start", timeout=patience, severity=severity, side=side, flags=names)
    except NeckguardError as error:
        complain(f"Not noted: {error}")
        return error.exit_code
    say(reply["message"])
    return 0


def _status() -> dict[str, Any] | None:
    """How the daemon stands; None if it does not say."""
    try:
        data: dict[str, Any] = ask("status")["data"]
    except NeckguardError:
        return None
    return data


def _ask_for_missing(severity: int | None, side: str | None) -> tuple[int | None, str | None]:
    """How bad it is and where, as far as somebody says."""
    if severity is not None and side is not None:
        return severity, side
    say("Enter passes a question over.")
    try:
        if severity is None:
            severity = ask_until(_HOW_BAD, or_nothing(score))
        if side is None:
            side = ask_until(_WHERE, or_nothing(one_of(*_SIDES)))
    except EOFError:
        print()
    return severity, side
