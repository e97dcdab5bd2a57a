"""What is noted of a strength exercise: with which band, and how often."""

from neckguard.cli.asking import ask_until, or_nothing, yes_or_no
from neckguard.cli.terminal import say
from neckguard.control.arguments import check
from neckguard.value import value

_BAND = "Which band was it, its colour for example? (Enter passes over)"
_EASY = "Was all of it easy? (yes or no; Enter passes over)"
_STRONGER = "Then take a stronger band next time."


@value
class Noted:
    """What is worth remembering of it; empty or None: nobody said."""

    band: str | None = None
    repetitions: int | None = None


def ask_how_it_went(counted: int, *, to_the_end: bool) -> Noted:
    """The band and the repetitions; the guide led through `counted`, and to the end of its time or not."""
    noted = Noted(repetitions=counted)
    try:
        noted = Noted(ask_until(_BAND, or_nothing(_band)), counted)
        count = ask_until(f"How many repetitions? (Enter: {counted})", or_nothing(_count))
        noted = Noted(noted.band, counted if count is None else count)
        if to_the_end and ask_until(_EASY, or_nothing(yes_or_no)):
            say(_STRONGER)
    except (EOFError, KeyboardInterrupt):  # it was done all the same
        print()
    return noted


def _band(said: str) -> str:
    return str(check("band", said))


def _count(said: str) -> int:
    return int(check("repetitions", int(said) if said.isdecimal() else said))
