"""Recorded days, and the scenario that replays them: the person comes, goes, pauses and calls as they did.

What is not on record is not invented: nobody knows what was typed, an absence too short to be noticed counts
as sitting, and a call is known only while a prompt waited for it.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, timezone

from neckguard.core import verbs
from neckguard.preview.scenario import (
    ASKED,
    Act,
    Answering,
    Bump,
    Fixture,
    Hands,
    Restart,
    Scenario,
    ScenarioStep,
    SetFixture,
    SetServer,
    SetZone,
)
from neckguard.stats.sitting_time import SpanTuple, day_start

Lasted = tuple[str, str, float, float, int]
"""kind, reason, start, end, offset: a span that is over, or is cut where it must be."""

_DAY = 86400
_FIRST = date(1970, 1, 1)
_SAME = 1.0  # seconds: what is not further apart follows without a gap
# Seconds by which calls are older than the record: they are found when a prompt looks, and then every 30 s.
_BEGAN_BEFORE, _ENDED_BEFORE = 30.0, 15.0
_NOT_RUNNING = "not running"
_SHUT_OUT = {"locked": Fixture.LOCK, "asleep": Fixture.SLEEP, "another session in front": Fixture.AWAY}
_QUIET = {
    "dnd": Fixture.DND,
    "call": Fixture.CALL,
    "presenting": Fixture.SHARE,
    "fullscreen": Fixture.FULLSCREEN,
    "program": Fixture.PROGRAM,
}

_Timed = tuple[float, Act]  # an instant, and what happens then


def recorded_days(spans: Iterable[SpanTuple], lived: float) -> list[date]:
    """The local days on which somebody was at the screen, oldest first.

    What still goes on is counted up to `lived`.
    """
    found: set[int] = set()  # days since 1970: ten years have many spans
    for kind, _reason, start, end, offset in spans:
        stop = lived if end is None else end
        if kind == "present" and stop > start:
            found.update(range(int((start + offset) // _DAY), math.ceil((stop + offset) / _DAY)))
    return [_FIRST + timedelta(days=number) for number in sorted(found)]


def within(spans: Iterable[SpanTuple], first: date, last: date, lived: float) -> Iterator[Lasted]:
    """What of the spans lies in these days, each by its own clock."""
    since, until = day_start(first), day_start(last + timedelta(days=1))
    for kind, reason, start, end, offset in spans:
        begin = max(start, since - offset)
        stop = min(lived if end is None else end, until - offset)
        if stop > begin:
            yield kind, reason, begin, stop, offset


def as_scenario(spans: Sequence[Lasted], server: str = "") -> Scenario:
    """The same again, from the first time that somebody is there; the spans are in the order of their starts.

    The notification server is of the kind that was recorded (`plain` where none was) unless `server` says so.

    Raises:
        ValueError: nobody ever was there.
    """
    stays = [span for span in spans if span[0] in ("present", "away")]
    begin = min((start for kind, _, start, _, _ in stays if kind == "present"), default=None)
    if begin is None:
        raise ValueError("nobody was there")
    later = [
        (kind, why, max(begin, start), end, ahead) for kind, why, start, end, ahead in spans if end > begin
    ]
    offset = next(ahead for kind, _, start, _, ahead in stays if kind == "present" and start == begin)
    servers = [(max(begin, start), why) for kind, why, start, _, _ in later if kind == "server"]
    happenings: list[_Timed] = [
        *((at, SetServer(keeps=why == "keeps")) for at, why in ([(begin, server)] if server else servers)),
        (begin, Answering("done", stays=True)),
        *_come_and_go(_without_gaps(later, begin), offset),
        *_quiet(later, begin),
        *((start, verbs.Pause(duration=end - start)) for kind, _, start, end, _ in later if kind == "paused"),
    ]
    return Scenario(
        datetime.fromtimestamp(begin, _zone(offset)),
        max(end for _, _, _, end, _ in stays) - begin,
        tuple(ScenarioStep(at - begin, 0, "", act) for at, act in happenings),
    )


def _without_gaps(spans: Iterable[Lasted], begin: float) -> list[Lasted]:
    """Presence and absences one after the other: of absences that meet the first reason counts."""
    found: list[Lasted] = []
    at = begin
    for kind, reason, start, end, offset in spans:
        if kind not in ("present", "away") or end <= at:
            continue
        if start - at >= _SAME:
            _join(found, ("away", _NOT_RUNNING, at, start, offset))  # nobody took notes
            at = start
        _join(found, (kind, reason, at, end, offset))
        at = end
    return found


def _join(found: list[Lasted], span: Lasted) -> None:
    """Add what follows; an absence in two parts is one."""
    if found and found[-1][0] == span[0] == "away":
        _, reason, start, _, offset = found.pop()
        span = "away", reason, start, span[3], offset
    found.append(span)


def _come_and_go(spans: Iterable[Lasted], offset: int) -> Iterator[_Timed]:
    for kind, reason, start, end, ahead in spans:
        if ahead != offset:
            offset = ahead
            yield start, SetZone(_zone(ahead))
        if kind == "present":
            yield start, Hands.WORK
        elif reason == _NOT_RUNNING:
            yield start, Restart(end - start)
        elif reason in _SHUT_OUT:
            yield start, Bump()  # their last input
            yield start, SetFixture(_SHUT_OUT[reason], on=True)
            yield end, SetFixture(_SHUT_OUT[reason], on=False)
        else:
            yield start, Hands.GONE


def _quiet(spans: Iterable[Lasted], begin: float) -> Iterator[_Timed]:
    ended = dict.fromkeys(Fixture, begin)
    for kind, reason, start, end, _ in spans:
        fixture = _QUIET.get(reason) if kind == "quiet" else None
        if fixture is None:
            continue
        asked = fixture in ASKED
        on = max(ended[fixture], start - _BEGAN_BEFORE if asked else start)
        off = max(on, end - _ENDED_BEFORE if asked else end)
        yield on, SetFixture(fixture, on=True)
        yield off, SetFixture(fixture, on=False)
        ended[fixture] = off


def _zone(offset: int) -> timezone:
    return timezone(timedelta(seconds=offset))
