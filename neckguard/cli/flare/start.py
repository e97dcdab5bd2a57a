"""`flare start`: the checklist, the advice that follows from it, and the plan."""

from neckguard.cli.asking import can_ask
from neckguard.cli.flare.checklist import go_through
from neckguard.cli.flare.words import say_advice, say_plan
from neckguard.cli.out import say
from neckguard.cli.questions import ask_questions, saved
from neckguard.content import loader
from neckguard.control.client import ask
from neckguard.core import NO_EXERCISES


def start(severity: int | None, side: str | None, *, none: bool) -> None:
    """Ask, advise and have the plan put in force. The advice does not wait for a daemon.

    Raises:
        NeckguardError: no answer came, or no daemon took it; what to do was said all the same.
    """
    texts = loader.load_flare()
    flags = go_through(texts.red_flags, none=none)
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
