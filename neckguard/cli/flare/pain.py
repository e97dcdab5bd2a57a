"""What `checkin` and `flare` ask about pain."""

from __future__ import annotations

from neckguard.cli.asking import ask_until

NOW = "Your neck now, 0 (no pain) to 10:"


def score(said: str) -> int:
    """A pain score.

    Raises:
        ValueError: it is none; the message says what is.
    """
    return _count(said, 10, "A score is a whole number from 0 (no pain) to 10 (the worst pain)")


def lost_days(said: str) -> int:
    """How many days were lost.

    Raises:
        ValueError: it is no such number; the message says what is.
    """
    return _count(said, 365, "Lost days are a whole number from 0 to 365")


def ask_note() -> str | None:
    """A note, asked for so that it stays out of the shell's history; None if there is nothing to say."""
    from neckguard.control.text import clean_note

    try:
        return ask_until("Your note, in one line:", clean_note) or None
    except EOFError:
        return None


def _count(said: str, most: int, what: str) -> int:
    choices = {str(number): number for number in range(most + 1)}
    if said not in choices:
        raise ValueError(f"{what}, not {said!r}" if said else what)
    return choices[said]
