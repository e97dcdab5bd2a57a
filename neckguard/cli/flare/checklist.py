"""The checklist of red flags: two screens of 24 lines, what counts in seconds first."""

from collections.abc import Sequence
from itertools import groupby

from neckguard.cli.asking import ask_until, numbers
from neckguard.cli.terminal import say
from neckguard.content import loader
from neckguard.core import RedFlag, Urgency
from neckguard.errors import NeckguardError
from neckguard.texts import ALARM, BOLD

EMERGENCY = "Emergency: call 112, 999, 911 or your local number now"
_HEADINGS = {
    Urgency.EMERGENCY: (EMERGENCY, ALARM),
    Urgency.SAME_DAY: ("Needs a doctor today", BOLD),
    Urgency.THIS_WEEK: ("Needs an appointment this week", BOLD),
}
_QUESTION = "Type the numbers that apply, such as 2 7, or none."


def go_through(flags: Sequence[RedFlag], *, none: bool = False) -> tuple[RedFlag, ...]:
    """Show the checklist and ask; what applies. An emergency ends it: nobody reads on then.

    `none`: nothing does, the person said so beforehand.

    Raises:
        NeckguardError: no answer came.
    """
    emergencies = sum(flag.urgency is Urgency.EMERGENCY for flag in flags)
    _show("Before anything else: does any of this apply to you?", flags, 0, emergencies)
    first = () if none else _ask(flags[:emergencies])
    if first:
        return first
    _show("And does any of this?", flags, emergencies, len(flags))
    if none:
        say("You said that none of these applies.")
        return ()
    return _ask(flags)


def _show(question: str, flags: Sequence[RedFlag], begin: int, end: int) -> None:
    """One screen; the lines keep their numbers, so that one can go back to the first."""
    say(question, style=BOLD)
    numbered = enumerate(flags[begin:end], begin + 1)
    for urgency, group in groupby(numbered, key=lambda each: each[1].urgency):
        heading, style = _HEADINGS[urgency]
        say(heading, style=style)
        for number, flag in group:
            say(flag.text, before=f"{number:>2} ")
    say(loader.load_wording()["flare"].text)


def _ask(flags: Sequence[RedFlag]) -> tuple[RedFlag, ...]:
    """Those of them that apply, the most urgent first."""
    try:
        chosen = ask_until(_QUESTION, lambda said: numbers(said, len(flags)), again=_recall)
    except EOFError:
        raise NeckguardError(
            "Not noted: the checklist was not answered. To go through it again: neckguard flare start"
        ) from None
    return tuple(flags[number - 1] for number in chosen)


def _recall() -> None:
    """Keep in view what must not scroll away."""
    say(EMERGENCY, style=ALARM)
