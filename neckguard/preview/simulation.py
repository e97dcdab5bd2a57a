"""The simulated desk: a person who works, answers and goes; a machine; and time that jumps between them."""

import heapq
from collections.abc import Callable
from functools import partial

from neckguard.core import (
    Answered,
    Card,
    Closed,
    Content,
    Course,
    Kind,
    Plan,
    PlanChanged,
    Reminder,
    Tick,
    Verb,
    say_span,
)
from neckguard.errors import NeckguardError
from neckguard.preview.person import FIRST_BURST, NEVER, Person
from neckguard.preview.scenario import (
    Act,
    Answering,
    Bump,
    Edit,
    Fixture,
    Hands,
    Restart,
    Scenario,
    ScenarioStep,
    SetClock,
    SetFixture,
    SetServer,
    SetZone,
    Typing,
)
from neckguard.preview.simulated_life import AWAY, SimulatedClock, SimulatedDesktop, SimulatedLife
from neckguard.preview.trace import SittingWatch, Trace, rest_of

REACTS_AFTER = 5.0
"""Seconds from a prompt to what the person does about it."""

_MOST_AT_ONCE = 1000  # turns without time passing; the engine has never needed more than a few


def play(scenario: Scenario, plan: Plan, content: Content) -> Trace:
    """Let it all happen.

    Raises:
        NeckguardError: the engine did not go on.
    """
    return Simulation(scenario, plan, content).run()


class Simulation:
    """The simulated desk at one moment. `live` is what reminds there: a benchmark has others do it."""

    def __init__(
        self, scenario: Scenario, plan: Plan, content: Content, live: type[SimulatedLife] = SimulatedLife
    ) -> None:
        self._scenario = scenario
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._entries = 0  # on the agenda so far
        self._errand = 0  # the entry at which the person comes back from a break
        self._answering = Answering("done")
        self._busy_with: Hands | None = None  # what they do again after the guide that they follow
        self._clock = SimulatedClock(scenario.start.timestamp(), scenario.start.tzinfo)
        self._person = Person(0.0)
        on = {Fixture.SOURCE, Fixture.SERVER}
        self._around = SimulatedDesktop(self._clock, self._person, on, server_keeps=scenario.keeps)
        self._watch = SittingWatch(0.0, scenario.start)
        self._life = live(plan, content, self._around, self._see_card, scenario.saved)

    def run(self) -> Trace:
        """Go from the start to the end."""
        for happening in self._scenario.happenings:
            self._plan(happening.after, partial(self._happen, happening))
        self._go_on()
        notes, boot, now = self._life.notes, self._clock.boot, self._clock.now.wall
        return Trace(
            self._scenario.start,
            now,
            boot,
            tuple(notes.entries),
            tuple(notes.showings),
            tuple(notes.waits.found),
            self._watch.longest((boot, now)),
            "keeps" if self._scenario.keeps else "plain",
        )

    # ---- time ---------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        turns = 0
        while True:
            planned = self._agenda[0][0] if self._agenda else NEVER
            reached = min(planned, self._life.wakes_at(), self._scenario.length)
            turns = 0 if reached > self._clock.boot else turns + 1
            if turns > _MOST_AT_ONCE:
                raise NeckguardError(
                    f"the engine does not get beyond {self._clock.now.wall:%H:%M:%S}."
                    " Please report this, with the scenario and the settings."
                )
            self._clock.go_to(reached)
            if planned <= self._clock.boot:
                heapq.heappop(self._agenda)[2]()
            elif self._clock.boot >= self._scenario.length:
                return
            else:
                self._life.wake()
            self._mind_guide()

    def _plan(self, at: float, do: Callable[[], None]) -> int:
        self._entries += 1
        heapq.heappush(self._agenda, (at, self._entries, do))
        return self._entries

    def _note(self, what: str, reason: str, reminder: str = "") -> None:
        self._life.notes.happened(self._clock.now.wall, what, reason, reminder)

    # ---- the person ---------------------------------------------------------------------------------------

    @property
    def _shut_out(self) -> bool:
        """Whether the machine takes no input for this session."""
        return bool(self._around.on & AWAY.keys())

    def _use(self, hands: Hands, *, busy: float = FIRST_BURST) -> None:
        """The person does something else from now on, if the machine lets them."""
        self._errand, self._busy_with = 0, None
        if not self._shut_out:
            self._person.begin(hands, self._clock.boot, busy=busy)
            self._see_person()

    def _stand_up(self) -> None:
        self._errand, self._busy_with = 0, None
        self._person.stand_up(self._clock.boot)
        self._see_person()

    def _mind_guide(self) -> None:
        """Hands off while a guide goes on, then back to what they did."""
        if self._life.guiding and self._busy_with is None and self._person.there:
            busy_with = self._person.hands
            self._use(Hands.WATCH, busy=0.0)
            self._busy_with = busy_with
        elif not self._life.guiding and self._busy_with is not None:
            self._use(self._busy_with)

    def _see_person(self) -> None:
        now = self._clock.boot, self._clock.now.wall
        self._watch.see(self._person.there, now, rest=rest_of(self._life.plan))

    def _see_card(self, card: Card, course: Course | None) -> None:
        if card.kind == "guide":
            self._life.notes.guide(self._clock.now.wall, card, course.name if course else "")
        elif course is None:
            self._life.notes.notice(self._clock.now.wall, card)
        else:
            number = self._life.screen[card.key]
            self._plan(
                self._clock.boot + REACTS_AFTER, partial(self._react, card.key, number, course.reminder)
            )

    def _react(self, key: str, number: int, reminder: Reminder) -> None:
        """Do about a prompt what the person does, if they sit there and it still stands."""
        how, is_break = self._answering.how, reminder.kind is Kind.BREAK
        deaf = how == "nothing" or (is_break and self._answering.stays)
        if deaf or self._life.screen.get(key) != number or not self._person.there:
            return
        goes = is_break and how in ("done", "start")
        clicks = not (goes and how == "done")  # they just stand up
        if clicks:
            self._person.touch(self._clock.boot)
        if goes:
            self._take_break(reminder)
        if how == "dismiss":
            self._life.feed(Closed(key, expired=False))
        elif clicks:
            self._life.feed(Answered(key, "default" if how == "start" else how))

    def _take_break(self, reminder: Reminder) -> None:
        hands = self._person.hands
        self._note("leaves", f"for {say_span(reminder.duration)}", reminder.name)
        self._stand_up()
        at = self._clock.boot + reminder.duration
        self._errand = self._plan(at, partial(self._return, self._entries + 1, hands, reminder.name))

    def _return(self, errand: int, hands: Hands, name: str) -> None:
        if self._errand == errand:
            self._note("returns", "", name)
            self._use(hands)

    # ---- happenings ---------------------------------------------------------------------------------------

    def _happen(self, happening: ScenarioStep) -> None:
        self._note("scenario", happening.text)
        self._do(happening.act)

    def _do(self, act: Act) -> None:
        match act:
            case Hands.GONE:
                self._leave()
            case Hands():
                self._use(act)
            case Bump():
                self._person.touch(self._clock.boot)
            case Typing(seconds):
                self._use(Hands.WORK, busy=seconds)
            case Answering():
                self._answering = act
            case SetFixture(fixture, on):
                self._switch(fixture, on=on)
            case SetServer(keeps):
                self._around.server_keeps = keeps
                self._life.tell(Fixture.SERVER)
            case _:
                self._tell(act)

    def _tell(self, act: SetClock | SetZone | Edit | Restart | Verb) -> None:
        """Something that concerns the daemon."""
        match act:
            case SetClock(seconds):
                self._clock.instant += seconds
                self._life.feed(Tick())
            case SetZone(zone):
                self._clock.zone = zone  # found out at the next wake
            case Edit(plan):
                self._life.plan = plan
                self._life.feed(PlanChanged(plan))
            case Restart(seconds):
                self._plan(self._life.stop(seconds), self._life.start)
            case _:
                self._ask(act)

    def _ask(self, verb: Verb) -> None:
        """The person types a command, or somebody does it for them."""
        if self._person.there:
            self._person.touch(self._clock.boot)
        if self._life.stopped:
            self._note("reply", "neckguard is not running.")
        else:
            self._life.feed(verb)

    def _leave(self) -> None:
        if self._person.there:
            self._person.touch(self._clock.boot)
        self._stand_up()

    def _switch(self, fixture: Fixture, *, on: bool) -> None:
        if (fixture in self._around.on) is on:
            return
        self._around.on ^= {fixture}
        if fixture in AWAY and on:
            self._stand_up()
        if fixture is Fixture.INHIBIT:
            self._around.kept_since = self._clock.boot
        if fixture is not Fixture.SLEEP:
            self._life.tell(fixture)
        elif on:
            self._life.fall_asleep()
        else:
            self._life.wake_up()
        if fixture in AWAY and not on:
            self._use(Hands.WORK)  # it took a person, who is kept out if another lock is left
