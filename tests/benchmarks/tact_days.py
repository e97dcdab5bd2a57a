"""The working days that the benchmark of tact is played on, as scenarios of the preview.

A day says what somebody is about, whoever reminds them: when they type, read, confer, leave, watch a talk or
ask for quiet, and in what mood they would meet a prompt. Its number alone decides it. The distributions are
made up, to be plausible: bursts of typing of 7 s between pauses of 2.5 s (medians), now and then a minute of
reading; half an hour of one thing; calls of 15 to 60 minutes, some with do-not-disturb switched on by hand;
seven minutes away from the desk, half of the times behind a lock; lunch about noon, and home about 17:30.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from neckguard.core import Opening
from neckguard.preview.scenario import (
    Act,
    Answering,
    Fixture,
    Hands,
    Scenario,
    ScenarioStep,
    SetFixture,
    Typing,
)
from neckguard.value import value

HOURS = tuple(Opening(day, 9 * 60, 17 * 60 + 30) for day in range(5))
"""What the person calls their working hours, which is when they mean to go home."""

_MINUTE = 60.0
_MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
_NOON, _HOME = 3.0 * 60 * _MINUTE, 8.5 * 60 * _MINUTE  # seconds after nine
_LONGEST_PAUSE = 9.5  # seconds; who works in a preview goes on by themselves after ten


class Work(StrEnum):
    """What a day is made of."""

    FOCUSED = "focused"
    MEETINGS = "meetings"
    OWN_BREAKS = "breaks of one's own"
    MIXED = "a bit of everything"


class Temper(StrEnum):
    """How somebody takes prompts."""

    OBEYS = "obeys"
    TYPICAL = "is typical"
    IGNORES = "ignores"


# How likely each piece of a day is: write, read, confer, leave, hush, watch.
_PIECES = {
    Work.FOCUSED: (8, 2, 0.5, 1, 1.5, 0),
    Work.MEETINGS: (4, 1, 5, 1.5, 0.5, 0),
    Work.OWN_BREAKS: (6, 2, 0.5, 5, 0.5, 0),
    Work.MIXED: (5, 2, 2, 2, 1, 0.5),
}
# How likely each mood is; it lasts as long as a piece of the day.
_MOODS = {
    Temper.OBEYS: {"start": 6, "done": 3, "snooze": 1},
    Temper.TYPICAL: {"start": 3, "done": 3, "snooze": 2, "skip": 1, "dismiss": 1, "nothing": 4},
    Temper.IGNORES: {"nothing": 1},
}


@value
class Day:
    """One day of one person, at a desktop whose notification server keeps what goes unanswered, or not."""

    number: int
    work: Work
    temper: Temper
    scenario: Scenario


def day(number: int) -> Day:
    """The day of this number; each 24 have one of every sort."""
    work = tuple(Work)[number % 4]
    temper = tuple(Temper)[number // 4 % 3]
    keeps = number // 12 % 2 == 1
    script = _Script(random.Random(number), work, temper)
    week, weekday = divmod(number, 5)
    start = _MONDAY + timedelta(weeks=week, days=weekday, seconds=script.arrival)
    return Day(number, work, temper, Scenario(start, script.length, script.write(), keeps))


class _Script:
    """Writes a day piece by piece. Times in seconds after the arrival."""

    def __init__(self, chance: random.Random, work: Work, temper: Temper) -> None:
        self._chance, self._work, self._temper = chance, work, temper
        self._now = 0.0
        self._steps: list[ScenarioStep] = []
        self.arrival = min(25.0, max(-10.0, chance.gauss(5, 8))) * _MINUTE
        self._lunch = _NOON + chance.gauss(15, 20) * _MINUTE - self.arrival
        self.length = _HOME + chance.gauss(0, 10) * _MINUTE - self.arrival

    def write(self) -> tuple[ScenarioStep, ...]:
        """The whole day."""
        pieces = (self._write, self._read, self._confer, self._leave, self._hush, self._watch)
        eaten = False
        while self._now < self.length:
            self._be_in_a_mood()
            if not eaten and self._now >= self._lunch:
                eaten = True
                self._go(self._chance.uniform(25, 60) * _MINUTE)
            else:
                self._chance.choices(pieces, _PIECES[self._work])[0]()
        return tuple(step for step in self._steps if step.after < self.length)

    # ---- pieces of a day ----------------------------------------------------------------------------------

    def _write(self) -> None:
        self._type(self._about(25, 0.5, 5, 75))

    def _read(self) -> None:
        self._do(Hands.READ, self._about(8, 0.5, 2, 25))

    def _confer(self) -> None:
        """Mostly hands off; some ask for quiet by hand, some show their screen."""
        seconds = self._chance.choice((15, 30, 30, 45, 60)) * _MINUTE
        extras = ((Fixture.INHIBIT, 0.7), (Fixture.DND, 0.25), (Fixture.SHARE, 0.25))
        on = [Fixture.CALL, *(fixture for fixture, odds in extras if self._chance.random() < odds)]
        self._do(Answering("nothing"))
        self._do(Hands.WATCH)  # in time for it, also from a break
        self._during(on, lambda: self._listen(seconds))
        self._type(self._about(2, 0.7, 0.3, 10))  # what came of it

    def _listen(self, seconds: float) -> None:
        end = self._now + seconds
        while self._now < end:
            hands = self._chance.choice((Hands.WATCH, Hands.READ, None))
            if hands is None:
                self._type(self._about(0.5, 0.7, 0.1, 3))  # notes
            else:
                self._do(hands, min(end - self._now, self._about(4, 0.7, 0.5, 15)))

    def _leave(self) -> None:
        self._go(self._about(7, 0.7, 1, 35))

    def _hush(self) -> None:
        self._during([Fixture.DND], lambda: self._type(self._about(40, 0.3, 20, 90)))

    def _watch(self) -> None:
        """A film or a recorded talk."""
        self._during([Fixture.INHIBIT], lambda: self._do(Hands.WATCH, self._about(15, 0.4, 8, 40)))

    # ---- what they are made of ----------------------------------------------------------------------------

    def _type(self, seconds: float) -> None:
        end = self._now + seconds
        while self._now < end:
            if self._chance.random() < 0.03:
                self._do(Hands.READ, self._about(1, 0.7, 0.3, 4))
            burst = min(240.0, max(1.0, self._chance.lognormvariate(2.0, 0.9)))
            pause = min(_LONGEST_PAUSE, self._chance.lognormvariate(0.9, 0.8))
            self._do(Typing(burst), burst + pause)

    def _go(self, seconds: float) -> None:
        if self._chance.random() < 0.5:
            self._during([Fixture.LOCK], lambda: self._let_pass(seconds))
        else:
            self._do(Hands.GONE, seconds)

    def _be_in_a_mood(self) -> None:
        moods = _MOODS[self._temper]
        self._do(Answering(self._chance.choices(tuple(moods), tuple(moods.values()))[0]))

    def _during(self, on: list[Fixture], piece: Callable[[], None]) -> None:
        for fixture in on:
            self._do(SetFixture(fixture, on=True))
        piece()
        for fixture in on:
            self._do(SetFixture(fixture, on=False))

    def _about(self, median: float, spread: float, least: float, most: float) -> float:
        """Minutes around a median, long ones less likely; in seconds."""
        return min(most, max(least, median * self._chance.lognormvariate(0.0, spread))) * _MINUTE

    def _do(self, act: Act, seconds: float = 0.0) -> None:
        self._steps.append(ScenarioStep(self._now, 0, "", act))
        self._let_pass(seconds)

    def _let_pass(self, seconds: float) -> None:
        self._now += seconds
