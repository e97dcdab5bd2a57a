from neckguard.core.events import AwayBegan, AwayEnded
from neckguard.core.model import Away
from neckguard.core.person.presence import Absence


def told(*claims: tuple[str, set[Away]]) -> list[AwayBegan | AwayEnded]:
    trace: list[AwayBegan | AwayEnded] = []
    absence = Absence(trace.append)
    for source, reasons in claims:
        absence.claim(source, reasons)
    return trace


def test_a_lock_seen_by_two_is_one_lock() -> None:
    assert told(
        ("logind", {Away.LOCKED}),
        ("screensaver", {Away.LOCKED}),
        ("logind", set()),
        ("screensaver", set()),
    ) == [AwayBegan(Away.LOCKED), AwayEnded(Away.LOCKED)]


def test_saying_the_same_again_tells_nothing() -> None:
    assert told(("logind", set()), ("logind", {Away.ASLEEP}), ("logind", {Away.ASLEEP})) == [
        AwayBegan(Away.ASLEEP)
    ]


def test_a_reason_that_takes_over_begins_before_the_other_ends() -> None:
    assert told(("logind", {Away.LOCKED}), ("logind", {Away.ASLEEP})) == [
        AwayBegan(Away.LOCKED),
        AwayBegan(Away.ASLEEP),
        AwayEnded(Away.LOCKED),
    ]


def test_the_reasons_are_those_of_all_sources() -> None:
    absence = Absence(lambda _: None)
    absence.claim("logind", {Away.BACKGROUND})
    absence.claim("screensaver", {Away.LOCKED})
    assert absence.reasons == {Away.BACKGROUND, Away.LOCKED}
