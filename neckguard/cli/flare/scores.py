"""Numbers that people give about their neck, and how they are asked for."""

from neckguard.control.arguments import MOST_LOST_DAYS, WORST_PAIN

SCALE = "0 (no pain) to 10:"
NOW = f"Your neck now, {SCALE}"


def score(said: str) -> int:
    """A pain score.

    Raises:
        ValueError: it is none; the message says what is.
    """
    what = f"A score is a whole number from 0 (no pain) to {WORST_PAIN} (the worst pain)"
    return _count(said, WORST_PAIN, what)


def lost_days(said: str) -> int:
    """How many days were lost.

    Raises:
        ValueError: it is no such number; the message says what is.
    """
    return _count(said, MOST_LOST_DAYS, f"Lost days are a whole number from 0 to {MOST_LOST_DAYS}")


def _count(said: str, most: int, what: str) -> int:
    choices = {str(number): number for number in range(most + 1)}
    if said not in choices:
        raise ValueError(f"{what}, not {said!r}" if said else what)
    return choices[said]
