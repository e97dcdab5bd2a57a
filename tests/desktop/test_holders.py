"""Which of those that keep the session awake count as somebody who sits still."""

from dataclasses import replace

import pytest
from support.virtual import plan

from neckguard.desktop.presence.holders import Holder, Holders

FILM, CAFFEINE = Holder("Firefox", "audio-playing"), Holder("Caffeine")


class Told:
    """Holders on a clock that is set by hand, and what they told."""

    def __init__(self, *ignored: str) -> None:
        self.boot = 1000.0
        self.trace: list[tuple[bool, float]] = []
        self.holders = Holders(lambda on, since: self.trace.append((on, since)), lambda: self.boot)
        self.ignore(*ignored)

    def ignore(self, *words: str, counts: bool = True) -> None:
        settings = replace(plan().presence, still_counts=counts, still_ignore=words)
        self.holders.configure(settings)

    @property
    def counting(self) -> list[str]:
        return [each["by"] for each in self.holders.status() if each["counts"]]


@pytest.mark.parametrize(
    ("ignored", "counting"),
    [
        ("Caffeine", ["Firefox: audio-playing"]),
        ("CAFFEINE", ["Firefox: audio-playing"]),
        ("firefox: Audio-Playing", ["Caffeine"]),
        ("Firefox", ["Caffeine"]),
        ("Firefox: video-playing", ["Caffeine", "Firefox: audio-playing"]),
        ("Fire", ["Caffeine", "Firefox: audio-playing"]),
        ("audio-playing", ["Caffeine", "Firefox: audio-playing"]),
    ],
)
def test_they_are_ignored_by_who_or_by_who_and_why(ignored: str, counting: list[str]) -> None:
    told = Told(ignored)
    told.holders.hold("inhibitors", [FILM, CAFFEINE])
    assert (told.counting, told.trace) == (counting, [(True, 1000.0)])


def test_nobody_hears_of_those_that_are_ignored() -> None:
    told = Told("Caffeine")
    told.holders.hold("inhibitors", [CAFFEINE])
    told.boot = 1100.0
    told.holders.hold("inhibitors", [CAFFEINE, FILM])
    told.holders.hold("inhibitors", [CAFFEINE])
    assert told.trace == [(True, 1100.0), (False, 1100.0)]


def test_other_settings_count_at_once() -> None:
    told = Told()
    told.holders.hold("inhibitors", [CAFFEINE], ago=10.0)
    told.boot = 1100.0
    told.ignore("Caffeine")
    told.ignore("Caffeine", "Firefox")
    told.ignore()
    told.ignore(counts=False)
    assert told.trace == [(True, 990.0), (False, 1100.0), (True, 1100.0), (False, 1100.0)]
    assert told.counting == []


def test_each_is_told_since_when_it_was_seen_whoever_else_comes_and_goes() -> None:
    told = Told("firefox")
    told.holders.hold("inhibitors", [CAFFEINE])
    told.holders.hold("x11", [Holder("x11")], ago=60.0)
    told.boot = 1100.4
    told.holders.hold("inhibitors", [FILM, CAFFEINE])
    assert told.holders.status() == [
        {"by": "Caffeine", "seconds": 100, "counts": True},
        {"by": "Firefox: audio-playing", "seconds": 0, "counts": False},
        {"by": "x11", "seconds": 160, "counts": True},
    ]
    told.holders.hold("inhibitors", [])
    told.holders.hold("inhibitors", [CAFFEINE])
    assert [each["seconds"] for each in told.holders.status()] == [0, 160]
