"""`flare start`: the checklist of red flags, the advice that follows from it, and the plan."""

from collections.abc import Sequence
from itertools import groupby

from neckguard.cli.asking import ask_until, can_ask, numbers
from neckguard.cli.flare.words import say_advice, say_plan
from neckguard.cli.health_questions import ask_questions, saved
from neckguard.cli.terminal import say
from neckguard.content import loader
from neckguard.control.client import ask
from neckguard.core import NO_EXERCISES, RedFlag, Urgency
from neckguard.errors import NeckguardError
from neckguard.texts import ALARM, BOLD

_HEADINGS = {
    Urgency.EMERGENCY: ("Emergency: call 112, 999 or 911 now", ALARM),
    Urgency.SAME_DAY: ("Needs a doctor today", BOLD),
    Urgency.THIS_WEEK: ("Needs an appointment this week", BOLD),
}


def start(severity: int | None, side: str | None, *, none: bool) -> None:
    """Ask, advise and have the plan put in force. The advice does not wait for a daemon.

    Raises:
        NeckguardError: no answer came, or no daemon took it; what to do was said all the same.
    """
    texts = loader.load_flare()
    flags = _go_through(texts.red_flags, none=none)
    ids = [flag.id for flag in flags]
    urgency = str(flags[0].urgency) if flags else ""  # the most urgent ones come first
    print()
    say_advice(texts, urgency, ids)
    stage = "red_flags" if urgency in NO_EXERCISES else "first_48h"
    try:
        say(ask("flare_start", severity=severity, side=side, flags=ids)["message"])
        flare = ask("status")["data"]["flare"]
        if flare and flare["stage"] == "red_flags" != stage:
            say_advice(texts, flare["urgency"], flare["flags"])  # from an earlier checklist, still in force
        stage = flare["stage"] if flare else stage
    finally:
        say_plan(texts, stage, begins=stage == "first_48h")
    if stage != "red_flags" and can_ask() and saved() is None:
        print()
        ask_questions()
        say("To read once more what to do now: neckguard flare")


def _go_through(flags: Sequence[RedFlag], *, none: bool) -> tuple[RedFlag, ...]:
    """Show the checklist, one screen of 24 lines, and ask; what applies.

    `none`: nothing does, the person said so beforehand.

    Raises:
        NeckguardError: no answer came.
    """
    say("Before anything else: does any of this apply to you?", style=BOLD)
    numbered = enumerate(flags, 1)
    for urgency, group in groupby(numbered, key=lambda each: each[1].urgency):
        heading, style = _HEADINGS[urgency]
        say(heading, style=style)
        for number, flag in group:
            say(flag.text, before=f"{number:>2} ")
    say(loader.load_wording()["flare"].text)
    if none:
        say("You said that none of these applies.")
        return ()
    try:
        chosen = ask_until(
            "Type the numbers that apply, such as 2 7, or none.", lambda said: numbers(said, len(flags))
        )
    except EOFError:
        raise NeckguardError("Nothing was started.") from None
    return tuple(flags[number - 1] for number in chosen)
