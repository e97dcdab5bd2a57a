"""Measures tact: when neckguard asks, and when plain models of other reminders would.

    .venv/bin/python tests/benchmarks/tact.py               # a table; 240 days take 40 s
    .venv/bin/python tests/benchmarks/tact.py --days 24     # one of each sort
    .venv/bin/python tests/benchmarks/tact.py --markdown    # the table for the README; --json: for programs

The same seeded days (`tact_days`) are played in the preview's virtual time with the real engine, and with
three models (`tact_peers`) in its daemon's place. What the person is about, what goes on at their desktop and
in what mood they would meet a prompt is settled beforehand, and is the same for all. What is shown decides
what comes of it: who rests does not do meanwhile what they would have done at the desk. A third of the people
obey, a third answer as it comes, a third never do; half of the notification servers keep what goes
unanswered. neckguard runs as it is installed but for `[hours]`, which it is told; the others have no such
setting. One model minds nothing, one has all the tact that three programs document, one insists.

A prompt is a card that comes up unasked, also the same one again. Keys were pressed in the same second: that
is in the middle of typing. A return is one from at least a minute away, and the day ends when the person goes
home. A break of one's own lasts five minutes and followed no prompt; it was asked for all the same if a break
was, within half an hour of the return. The longest sitting of a day lies between two absences that count as a
break.
"""

import argparse
import json
import statistics
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.tables import say_markdown, say_plain
from benchmarks.tact_days import HOURS, Day, Temper, day
from benchmarks.tact_peers import FORCED, ActivityTimer, HeedfulTimer, PlainTimer

from neckguard.config.check import built_in_plan
from neckguard.content.loader import load_content
from neckguard.core import NEVER, Answered, Card, Content, Course, Kind, Plan, Reminder
from neckguard.preview.scenario import Act, Fixture, Hands, Typing
from neckguard.preview.simulated_life import SimulatedLife
from neckguard.preview.simulation import REACTS_AFTER, Simulation
from neckguard.value import value

_MINUTE = 60.0
_LAST_MINUTES, _SOON, _A_BREAK = 5 * _MINUTE, 30 * _MINUTE, 5 * _MINUTE
_KEYS_PRESSED = 1.0  # seconds since the last input in which somebody is taken to be typing still

NECKGUARD = "neckguard"
CONTENDERS: dict[str, type[SimulatedLife]] = {
    NECKGUARD: SimulatedLife,
    **{peer.name: peer for peer in (PlainTimer, HeedfulTimer, ActivityTimer)},
}

IN_CALL, UNDER_DND, TYPING, ON_HEELS = "in_call", "under_dnd", "typing", "on_heels"
ON_RETURN, AT_END, EMPTY, IN_FILM = "on_return", "at_end", "empty_chair", "in_film"
PROMPTS, OWN_BREAKS, ASKED_ANYWAY = "prompts", "own_breaks", "asked_anyway"
LONGEST = {temper: f"longest_{temper.name.lower()}" for temper in Temper}
AMISS = {
    IN_CALL: "… in a call",
    UNDER_DND: "… under do-not-disturb",
    TYPING: "… in the middle of typing",
    ON_HEELS: "… within a minute of another",
    ON_RETURN: "… within a minute of a return",
    AT_END: "… in the last five minutes of the day",
    EMPTY: "… to an empty chair",
    IN_FILM: "… during a film or a talk",
}
A_DAY = {
    PROMPTS: "prompts a day",
    **AMISS,
    OWN_BREAKS: "breaks of one's own a day",
    ASKED_ANYWAY: "… asked for all the same",
}
IN_MINUTES = {LONGEST[temper]: f"longest sitting of who {temper}" for temper in Temper}

Figures = dict[str, float]
"""By the keys of `A_DAY` and `IN_MINUTES`, as means over the days."""


@value
class Prompt:
    """A card that came up unasked."""

    at: float  # seconds after the arrival
    asks_for_break: bool
    amiss: tuple[str, ...]  # what was not good about the moment


class Desk(Simulation):
    """The desk of a preview, with an eye on how prompts meet the person."""

    def __init__(self, the_day: Day, plan: Plan, content: Content, live: type[SimulatedLife]) -> None:
        self.prompts: list[Prompt] = []
        self.own_breaks: list[float] = []  # when they were back from each
        self._there, self._asked = True, False  # whether they are at the desk; were asked to leave it
        self._left, self._back = 0.0, -NEVER
        super().__init__(the_day.scenario, plan, content, live)

    @property
    def asked_anyway(self) -> int:
        """How many breaks of their own were asked for soon afterwards."""
        asked = [prompt.at for prompt in self.prompts if prompt.asks_for_break]
        return sum(any(0 <= at - back < _SOON for at in asked) for back in self.own_breaks)

    # ---- the person ---------------------------------------------------------------------------------------

    def _do(self, act: Act) -> None:
        """Who rests does not do what they would have done at the desk; a call cuts the rest short."""
        resting = self._errand or self._busy_with is not None
        if not (resting and (act in (Hands.WORK, Hands.READ) or isinstance(act, Typing))):
            super()._do(act)

    def _take_break(self, reminder: Reminder) -> None:
        self._asked = True
        super()._take_break(reminder)

    def _see_person(self) -> None:
        super()._see_person()
        there, now = self._person.there, self._clock.boot
        if self._there and not there:
            self._left = now
        elif there and not self._there:
            if now - self._left >= _MINUTE:
                self._back = now
            if now - self._left >= _A_BREAK and not self._asked:
                self.own_breaks.append(now)
            self._asked = False
        self._there = there

    # ---- prompts ------------------------------------------------------------------------------------------

    def _see_card(self, card: Card, course: Course | None) -> None:
        if card.kind != "guide":
            asks_for_break = course is not None and course.reminder.kind is Kind.BREAK
            self.prompts.append(Prompt(self._clock.boot, asks_for_break, tuple(self._amiss())))
        if card.kind == FORCED and course is not None:
            self._plan(self._clock.boot + REACTS_AFTER, partial(self._give_in, card.key, course.reminder))
        else:
            super()._see_card(card, course)

    def _give_in(self, key: str, reminder: Reminder) -> None:
        """Who cannot work on rests, whatever their temper; in a call they need the screen."""
        if not self._person.there:
            return
        in_call = Fixture.CALL in self._around.on
        if not in_call and reminder.kind is Kind.BREAK:
            self._take_break(reminder)
        self._life.feed(Answered(key, "snooze" if in_call else "start"))

    def _amiss(self) -> Iterator[str]:
        now, on, person = self._clock.boot, self._around.on, self._person
        in_call, types = Fixture.CALL in on, person.hands is Hands.WORK
        when = {
            IN_CALL: in_call,
            UNDER_DND: Fixture.DND in on,
            IN_FILM: Fixture.INHIBIT in on and not in_call,
            TYPING: types and now - person.last(now) < _KEYS_PRESSED,
            ON_HEELS: bool(self.prompts) and now - self.prompts[-1].at < _MINUTE,
            ON_RETURN: person.there and now - self._back < _MINUTE,
            AT_END: self._scenario.length - now < _LAST_MINUTES,
            EMPTY: not person.there,
        }
        return (what for what, holds in when.items() if holds)


# ---- what comes of it --------------------------------------------------------------------------------------


def measure(days: Sequence[Day], live: type[SimulatedLife]) -> Figures:
    """Play the days with one of the contenders."""
    plan, content = replace(built_in_plan(), hours=HOURS), load_content()
    counts: Counter[str] = Counter()
    longest: dict[Temper, list[float]] = {temper: [] for temper in Temper}
    for each in days:
        desk = Desk(each, plan, content, live)
        sitting = desk.run().sitting
        counts[PROMPTS] += len(desk.prompts)
        counts.update(what for prompt in desk.prompts for what in prompt.amiss)
        counts[OWN_BREAKS] += len(desk.own_breaks)
        counts[ASKED_ANYWAY] += desk.asked_anyway
        longest[each.temper].append(sitting.seconds / _MINUTE if sitting else 0.0)
    return {
        **{what: counts[what] / len(days) for what in A_DAY},
        **{LONGEST[temper]: statistics.mean(found) for temper, found in longest.items() if found},
    }


# ---- how it is told ----------------------------------------------------------------------------------------


def as_rows(figures: Mapping[str, Figures]) -> list[list[str]]:
    """The table: a row for each figure, a column for each contender."""

    def row(label: str, what: str, form: str) -> list[str]:
        return [label, *(form.format(each[what]) for each in figures.values())]

    played = [what for what in IN_MINUTES if what in figures[NECKGUARD]]
    return [
        ["", *figures],
        *(row(label, what, "{:.2f}") for what, label in A_DAY.items()),
        *(row(IN_MINUTES[what], what, "{:.0f} min") for what in played),
    ]


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=int, default=240)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true")
    form.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if args.days < 1:
        parser.error("a table takes one day at least")
    days = [day(number) for number in range(args.days)]
    figures = {name: measure(days, live) for name, live in CONTENDERS.items()}
    if args.json:
        print(json.dumps({"days": args.days, "figures": figures}, indent=2))
    else:
        print((say_markdown if args.markdown else say_plain)(as_rows(figures)))


if __name__ == "__main__":
    main()
