"""The checklist of red flags, which comes before everything else: one screen of 24 lines."""

from collections.abc import Sequence
from itertools import groupby

from neckguard.cli.asking import ask_until, numbers
from neckguard.cli.out import ALARM, BOLD, say
from neckguard.content import loader
from neckguard.core import RedFlag, Urgency
from neckguard.errors import NeckguardError

_HEADINGS = {
    Urgency.EMERGENCY: ("Emergency: call 112, 999 or 911 now", ALARM),
    Urgency.SAME_DAY: ("Needs a doctor today", BOLD),
    Urgency.THIS_WEEK: ("Needs an appointment this week", BOLD),
}


def go_through(flags: Sequence[RedFlag], *, none: bool) -> tuple[RedFlag, ...]:
    """Show it and ask; what applies. `none`: nothing does, the person said so beforehand.

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
