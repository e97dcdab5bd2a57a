"""How long somebody was at the screen: what is remembered of it."""

from neckguard.core.person.at_screen import AtScreen


def test_who_comes_and_goes_for_ever_is_remembered_in_bounded_room() -> None:
    at_screen = AtScreen(0.0)
    for minute in range(1, 1001):
        at_screen.leave(60.0 * minute, 60.0 * minute + 30.0)
    _, past = at_screen.saved()
    assert len(past) == 300
    assert at_screen.between(60.0 * 990, 60.0 * 1000) == 10 * 30.0
