"""Reads a scenario: one happening a line. All bad lines are told at once."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo

from neckguard.core import Plan, instant_after, parse_person_span, parse_until, verbs
from neckguard.preview.scenario import (
    ALONE,
    ASKED,
    FOLLOWED,
    LONGEST,
    Act,
    Edit,
    Fixture,
    Scenario,
    ScenarioError,
    ScenarioStep,
    SetClock,
    SetFixture,
    SetZone,
    near,
    read_span,
    read_zone,
)

_EIGHT_HOURS, _AFTERWARDS = 8 * 3600.0, 3600.0  # how long it lasts without `end`
_SAME = 0.5  # seconds: the time it is now is not past
_LONGEST_LINE = 500  # characters
_COMMENT = re.compile(r"(?:^|\s)#.*")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?", re.ASCII)

Edits = tuple[tuple[str, str], ...]
Validate = Callable[[Edits], Plan]
"""The plan with these keys changed as well, in this order. Raises ValueError with what is wrong."""


def parse(text: str, name: str, now: datetime, plan: Plan, validate: Validate) -> Scenario:
    """The scenario in a text; it starts at `now` unless it says otherwise.

    Raises:
        ScenarioError: there are bad lines; it tells all of them.
    """
    reader = _Reader(now, plan, validate)
    problems = []
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > _LONGEST_LINE:
            problems.append(f"{name}:{number}: a line has at most {_LONGEST_LINE} characters")
            continue
        try:
            reader.read(_COMMENT.sub("", line).strip(), number)
        except ValueError as error:
            problems.append(f"{name}:{number}: {error}")
    if problems:
        raise ScenarioError("\n".join(problems))
    return reader.scenario()


@dataclass(slots=True)
class _StoryClock:
    """What the wall clock shows, as far as the scenario was read."""

    instant: float
    zone: tzinfo | None
    elapsed: float = 0.0

    @property
    def wall(self) -> datetime:
        return datetime.fromtimestamp(self.instant, self.zone)

    def wait(self, seconds: float) -> None:
        if self.elapsed + seconds > LONGEST:
            raise ValueError(f"this is more than {LONGEST / 3600:.0f} hours after the start; end before")
        self.elapsed += seconds
        self.instant += seconds

    def wait_for(self, clock: time) -> None:
        """Wait until it shows this time, today or tomorrow."""
        past = self.instant - _SAME
        today = datetime.combine(self.wall.date(), clock)
        meant = instant_after(past, today, self.zone)
        if meant <= past:
            meant = instant_after(past, today + timedelta(days=1), self.zone)
        self.wait(max(0.0, meant - self.instant))


@dataclass(slots=True)
class _Reader:
    """Takes the lines in order, and knows where the story stands."""

    start: datetime
    plan: Plan
    validate: Validate
    happenings: list[ScenarioStep] = field(default_factory=list)
    edits: Edits = ()
    asleep: int = 0  # the line at which the machine fell asleep
    ended: int = 0  # the line of `end`
    begun: bool = False
    clock: _StoryClock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = _StoryClock(self.start.timestamp(), self.start.tzinfo)

    def read(self, words: str, line: int) -> None:
        """Take a line without its comment."""
        if not words:
            return
        if self.ended:
            raise ValueError(f"the scenario ended on line {self.ended}; move this before `end`")
        first, rest = _split(words)
        begun, self.begun = self.begun, True
        if first == "start":
            self._start(rest, begun=begun)
            return
        self._wait(first)
        if not rest:
            raise ValueError(f"nothing happens; write what does, such as `{first} leave`")
        word, argument = _split(rest)
        if word == "end":
            _nothing_after(word, argument)
            self.ended = line
            return
        act = self._act(word, argument)
        self._mind_sleep(act, line)
        self.happenings.append(ScenarioStep(self.clock.elapsed, line, " ".join(rest.split()), act))

    def scenario(self) -> Scenario:
        """All that was read."""
        last = self.clock.elapsed
        length = last if self.ended else min(LONGEST, max(_EIGHT_HOURS, last + _AFTERWARDS))
        return Scenario(self.start, length, tuple(self.happenings))

    # ---- time ---------------------------------------------------------------------------------------------

    def _start(self, rest: str, *, begun: bool) -> None:
        if begun:
            raise ValueError("`start` with a date can only be the first line")
        day, clock, zone = (*rest.split(maxsplit=2), "", "", "")[:3]
        try:
            naive = datetime.strptime(f"{day} {clock}", "%Y-%m-%d %H:%M")  # noqa: DTZ007 - local by intent
        except ValueError:
            raise ValueError(f"{rest!r} is no start; write start 2026-11-25 09:00 Europe/Berlin") from None
        self.start = naive.replace(tzinfo=read_zone(zone) if zone else self.start.tzinfo)
        self.clock = _StoryClock(self.start.timestamp(), self.start.tzinfo)

    def _wait(self, word: str) -> None:
        if word.startswith("+"):
            self.clock.wait(parse_person_span(word[1:]))
        elif found := _TIME.fullmatch(word):
            self.clock.wait_for(time(int(found[1]), int(found[2]), int(found[3] or 0)))
        else:
            raise ValueError(
                f"{word!r} is not a time; a line begins with one, such as 09:30, 09:30:15 or +5m"
            )

    # ---- happenings ---------------------------------------------------------------------------------------

    def _act(self, word: str, argument: str) -> Act:
        ours: dict[str, Callable[[str], Act]] = {
            "clock": self._set_clock,
            "edit": self._edit,
            "pause": self._pause,
            "now": lambda name: verbs.Now(self._name(name)),
            "skip": lambda name: verbs.Skip(self._name(name) if name else None),
            "done": lambda name: verbs.Done(self._name(name) if name else None),
        }
        readers = FOLLOWED | ours
        if word in ALONE:
            _nothing_after(word, argument)
            return ALONE[word]
        if word not in readers:
            words = (*ALONE, *readers, "end")
            raise ValueError(
                f"{word!r} is nothing that can happen{near(word, words)} (allowed: {', '.join(words)})"
            )
        act = readers[word](argument)
        if isinstance(act, SetZone):
            self.clock.zone = act.zone
        return act

    def _set_clock(self, change: str) -> SetClock:
        if change[:1] not in ("+", "-"):
            raise ValueError(f"{change!r} is no change; write clock +1h or clock -20m")
        seconds = read_span(change[1:]) * (1.0 if change[0] == "+" else -1.0)
        self.clock.instant += seconds
        return SetClock(seconds)

    def _edit(self, change: str) -> Edit:
        key, equals, value = (part.strip() for part in change.partition("="))
        if not (key and equals):
            raise ValueError(f"{change!r} is no setting; write edit reminders.break.every=40m")
        edits = (*self.edits, (key, value.strip("\"'")))
        self.plan, self.edits = self.validate(edits), edits
        return Edit(self.plan)

    def _pause(self, end: str) -> verbs.Pause:
        first, rest = _split(end)
        if first == "until":
            parse_until(rest, self.clock.wall, self.plan.hours)
            return verbs.Pause(until=rest)
        return verbs.Pause(duration=read_span(end) if end else None)

    def _name(self, name: str) -> str:
        names = [reminder.name for reminder in self.plan.reminders]
        if name in names:
            return name
        what = f"there is no reminder {name!r}" if name else "which reminder?"
        raise ValueError(f"{what}{near(name, names)} (allowed: {', '.join(names)})")

    def _mind_sleep(self, act: Act, line: int) -> None:
        """Nobody can do anything with a machine that sleeps; what is around it may change."""
        if isinstance(act, SetFixture) and act.fixture is Fixture.SLEEP:
            self.asleep = line if act.on else 0
        elif self.asleep and not _meets_sleepers(act):
            raise ValueError(f"the machine sleeps since line {self.asleep}; let it wake first")


def _meets_sleepers(act: Act) -> bool:
    around = (*ASKED, Fixture.DND, Fixture.INHIBIT)
    return isinstance(act, SetClock | SetZone) or (isinstance(act, SetFixture) and act.fixture in around)


def _split(words: str) -> tuple[str, str]:
    first, rest = (*words.split(maxsplit=1), "", "")[:2]
    return first, rest


def _nothing_after(word: str, argument: str) -> None:
    if argument:
        raise ValueError(f"{argument!r} is too much: {word} stands alone")
