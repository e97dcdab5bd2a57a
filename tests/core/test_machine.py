"""The engine against random lives: what must hold whatever happens, in whatever order."""

import json
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from support.virtual import BERLIN, GUIDED, MONDAY_9, OUTCOMES, Desk, Person, never, plan, reminder

from neckguard.core import verbs
from neckguard.core.engine import Engine
from neckguard.core.events import (
    Answered,
    AwayBegan,
    AwayEnded,
    Closed,
    Delivered,
    Idle,
    Input,
    KeptAwake,
    Looked,
    NotifierChanged,
    PlanChanged,
    QuietChanged,
    ScreenReader,
    Slept,
    SourceChanged,
    Tick,
    Undelivered,
)
from neckguard.core.model import Away, Effect, Hide, Moment, QuietReason, Record, Show
from neckguard.core.plan import Opening, Plan
from neckguard.core.told.saved import LastLife, revive, take_anchor, take_state

NAMES = ("posture", "stretch", "break", "tea", "lunch", "dayend")
ZONES = (BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Asia/Kathmandu"))
STARTS = (
    MONDAY_9,
    MONDAY_9.replace(month=3, day=29, hour=1, minute=50),  # the clocks go forward at 2:00
    MONDAY_9.replace(month=10, day=25, hour=1, minute=50),  # and back at 3:00
)
OFFICE = tuple(Opening(day, 9 * 60, 17 * 60) for day in range(7))
ENDING = {"withdrawn", "done", "snoozed", "skipped", "dismissed", "ignored", "covered", "natural_break"}

spans = st.integers(5, 90).map(lambda minutes: minutes * 60.0)


@st.composite
def plans(draw: Any) -> Plan:
    """Some of the reminders, with random intervals; with or without hours."""
    some = (
        reminder("posture", draw(spans)),
        reminder("stretch", draw(spans)),
        reminder("break", draw(spans), max_snoozes=draw(st.integers(0, 2))),
        reminder("tea", draw(spans)),
        reminder("lunch", at=("*:10", "02:30", "12:30")),
        reminder("dayend", daily=draw(spans)),
    )
    on = draw(st.sets(st.sampled_from(NAMES), min_size=1))
    return plan(*(each for each in some if each.name in on), hours=draw(st.sampled_from(((), (), OFFICE))))


class Lives(RuleBasedStateMachine):
    """Random waits, oversleeps, holds, answers, plans, clocks; the invariants of the engine's first lines."""

    @initialize(settings=plans(), start=st.sampled_from(STARTS))
    def begin(self, settings: Plan, start: Any) -> None:
        self.boot = 500.0
        self.wall = start.timestamp()
        self.zone = start.tzinfo
        self.shown: set[int] = set()  # prompts that are not settled yet
        self.settled: list[int] = []
        self.screen: set[str] = set()
        self.dates: set[str] = set()  # on which the sitting reached the limit
        self.engine = Engine(settings, GUIDED, self.now)
        self.feed(NotifierChanged(ready=True, keeps=False))

    @property
    def now(self) -> Moment:
        return Moment(self.boot, datetime.fromtimestamp(self.wall, self.zone))

    # ---- what the machine sees ----------------------------------------------------------------------------

    def feed(self, event: Any) -> None:
        if isinstance(event, Undelivered):
            self.screen.discard(event.key)
        owed_before = {course.name for course in self.engine.world.courses if course.owed}
        effects = self.engine.handle(event, self.now)
        self.see(effects)
        self.check_nothing_forgotten(owed_before, effects, event)

    def see(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Show(card) if card.kind == "guide":
                    assert self.screen <= {card.key}, f"{card.key} shown beside {self.screen}"
                    self.screen.add(card.key)
                case Show(card) if card.key.startswith("prompt-"):
                    assert not self.screen, f"{card.key} shown beside {self.screen}"
                    number = int(card.key.removeprefix("prompt-"))
                    assert number not in self.settled, "a settled prompt was shown again"
                    self.screen.add(card.key)
                    self.shown.add(number)
                    self.check_the_moment()
                case Hide(key):
                    self.screen.discard(key)
                case Record(at, "due", "dayend") if not self.engine.world.courses["dayend"].snoozed:
                    assert at.date().isoformat() not in self.dates, "twice on one date"
                    self.dates.add(at.date().isoformat())
                case Record(at, "taken_back", "dayend"):
                    self.dates.discard(at.date().isoformat())
                case Record(_, what, _, _, number, _) if what in ENDING and number:
                    assert number in self.shown, "settled, though it was not open"
                    self.shown.remove(number)
                    self.settled.append(number)

    def check_the_moment(self) -> None:
        showing = self.engine.world.courses.showing
        if showing is not None and showing.prompt is not None and not showing.prompt.forced:
            assert self.engine.world.presence.here(self.engine.world.now.boot), "a prompt to an empty chair"
            assert not self.engine.world.settling

    def check_nothing_forgotten(self, before: set[str], effects: list[Effect], event: Any) -> None:
        told = {
            each.reminder
            for each in effects
            if isinstance(each, Record) and each.what in {*OUTCOMES, "dropped", "put_off", "taken_back"}
        }
        for name in before - told:
            course = self.engine.world.courses.get(name)
            if course is not None and not isinstance(event, PlanChanged):
                assert course.owed, f"{name} was owed, and nothing says why it is not any more"

    # ---- what can happen ----------------------------------------------------------------------------------

    @rule()
    def sleep_until_the_deadline(self) -> None:
        deadline = self.engine.deadline()
        if deadline is None:
            return
        passed = max(0.0, deadline - self.boot)
        self.boot += passed
        self.wall += passed
        self.feed(Tick())
        after = self.engine.deadline()
        assert after is None or after > deadline or after > self.boot, "a handled deadline must advance"

    @rule(seconds=st.floats(0.1, 4000.0))
    def oversleep(self, seconds: float) -> None:
        self.boot += seconds
        self.wall += seconds
        self.feed(Tick())

    @rule(seconds=st.floats(1.0, 40000.0))
    def machine_sleeps(self, seconds: float) -> None:
        self.boot += seconds
        self.wall += seconds
        self.feed(Slept(seconds))

    @rule(seconds=st.sampled_from((-90000.0, -3600.0, -5.0, 5.0, 3600.0, 90000.0)))
    def clock_is_set(self, seconds: float) -> None:
        self.wall += seconds
        self.feed(Tick())

    @rule(zone=st.sampled_from(ZONES))
    def travel(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.feed(Tick())

    @rule(reason=st.sampled_from(list(Away)), on=st.booleans())
    def come_and_go(self, reason: Away, on: bool) -> None:
        self.feed(AwayBegan(reason) if on else AwayEnded(reason))

    @rule(source=st.sampled_from(("x11", "wayland", "")))
    def source_changes(self, source: str) -> None:
        self.feed(SourceChanged(source))

    @precondition(lambda self: self.engine.world.presence.source)
    @rule(ago=st.floats(0.0, 5.0))
    def somebody_touches_the_keys(self, ago: float) -> None:
        self.feed(Input(self.boot - ago))

    @precondition(lambda self: self.engine.world.presence.source)
    @rule(ago=st.floats(0.0, 9000.0))
    def nobody_touches_the_keys(self, ago: float) -> None:
        self.feed(Idle(self.boot - ago))

    @rule(on=st.booleans(), ago=st.floats(0.0, 300.0))
    def film(self, on: bool, ago: float) -> None:
        self.feed(KeptAwake(on, self.boot - ago))

    @rule(reason=st.sampled_from(QuietReason), detail=st.sampled_from(("", "so it is")))
    def quiet_begins_or_ends(self, reason: QuietReason, detail: str) -> None:
        self.feed(QuietChanged(reason, detail))

    @rule()
    def all_was_asked(self) -> None:
        self.feed(Looked())

    @rule(
        ready=st.booleans(),
        keeps=st.booleans(),
        smooth=st.booleans(),
        fleeting=st.sampled_from(("", "gnome")),
    )
    def server_changes(self, ready: bool, keeps: bool, smooth: bool, fleeting: str) -> None:
        self.feed(NotifierChanged(ready, keeps, smooth, fleeting))

    @rule(on=st.booleans())
    def screen_reader(self, on: bool) -> None:
        self.feed(ScreenReader(on))

    @rule(
        number=st.integers(1, 40),
        action=st.sampled_from(("default", "done", "start", "snooze", "skip", "hurt", "what")),
    )
    def answer_any_card(self, number: int, action: str) -> None:
        self.feed(Answered(f"prompt-{number}", action))

    @precondition(lambda self: self.screen)
    @rule(data=st.data())
    def answer_the_open_card(self, data: Any) -> None:
        (key,) = self.screen
        self.feed(
            data.draw(
                st.sampled_from(
                    (
                        Delivered(key),
                        Undelivered(key, "no"),
                        Answered(key, "default"),
                        Answered(key, "start"),
                        Answered(key, "snooze"),
                        Answered(key, "hurt"),
                        Closed(key, expired=True),
                        Closed(key, expired=False),
                    )
                )
            )
        )

    @rule(settings=plans())
    def edit_the_settings(self, settings: Plan) -> None:
        if all(each.name != "dayend" for each in settings.reminders):
            self.dates.clear()  # a reminder that comes anew knows nothing of the one before
        self.feed(PlanChanged(settings))

    @rule(
        verb=st.one_of(
            st.builds(verbs.Pause, duration=st.none() | st.floats(1.0, 20000.0), toggle=st.booleans()),
            st.builds(verbs.Pause, until=st.sampled_from(("tomorrow", "14:30", "resumed", "nonsense"))),
            st.just(verbs.Resume()),
            st.just(verbs.Resume()),
            st.builds(verbs.Now, st.sampled_from(NAMES), st.none() | st.floats(1.0, 4000.0)),
            st.just(verbs.Start()),
            st.builds(verbs.Snooze, st.none() | st.floats(1.0, 4000.0)),
            st.builds(verbs.Skip, st.none() | st.sampled_from(NAMES)),
            st.builds(verbs.Done, st.none() | st.sampled_from(NAMES)),
        )
    )
    def ask(self, verb: verbs.Verb) -> None:
        self.feed(verb)

    @rule(name=st.sampled_from(("stretch", "break")), steps=st.integers(0, 12))
    def begin_what_a_prompt_asks_for(self, name: str, steps: int) -> None:
        self.feed(verbs.Now(name))
        self.feed(verbs.Start())
        for _ in range(steps):
            self.sleep_until_the_deadline()

    @rule(down=st.floats(0.0, 5000.0), rebooted=st.booleans())
    def restart(self, down: float, rebooted: bool) -> None:
        kept = json.loads(json.dumps({"anchor": take_anchor(self.engine), "state": take_state(self.engine)}))
        lived = self.engine.world.now
        shift = 0.0
        self.boot += down
        self.wall = lived.wall.timestamp() + down
        if rebooted:
            shift = 50.0 - self.boot
            self.boot = 50.0
        lived = Moment(lived.boot + shift, lived.wall)
        self.screen.clear()
        self.engine = revive(self.engine.world.plan, GUIDED, kept, LastLife(lived, self.now, shift))
        self.see(self.engine.world.effects)
        self.feed(NotifierChanged(ready=True, keeps=False))

    # ---- what always holds --------------------------------------------------------------------------------

    @invariant()
    def at_most_one_is_visible(self) -> None:
        visible = [
            course.prompt.card.key for course in self.engine.world.courses if course.visible and course.prompt
        ]
        afterword = self.engine.rules.guidance.follow_up
        after = [afterword.card.key] if afterword else []
        assert {*visible, *after} == self.screen
        assert len(visible) + len(after) <= 1

    @invariant()
    def a_guide_needs_its_prompt_on_the_screen(self) -> None:
        courses = self.engine.world.courses
        assert courses.guide is None or courses.showing is not None
        if self.screen:
            assert not {"paused", "away"} & set(self.engine.world.holds)

    @invariant()
    def every_open_prompt_belongs_to_a_course(self) -> None:
        assert {course.prompt.id for course in self.engine.world.courses if course.prompt} == self.shown

    @invariant()
    def nothing_is_on_the_screen_at_a_bad_moment(self) -> None:
        showing = self.engine.world.courses.showing
        if showing is not None and showing.prompt is not None:
            forced = showing.prompt.forced
            assert set(self.engine.world.holds) <= ({"off_hours"} if forced else set())
            assert forced or not self.engine.rules.quiet.in_force

    @invariant()
    def running_implies_a_future_deadline(self) -> None:
        deadline = self.engine.deadline()
        if self.engine.state in ("running", "quiet"):
            assert deadline is not None
        if deadline is not None:
            assert deadline - self.boot <= timedelta(days=9).total_seconds()

    @invariant()
    def nobody_sat_for_longer_than_the_day_lasts(self) -> None:
        midnight = self.now.wall.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).timestamp()
        assert 0.0 <= self.engine.world.sat_today < self.wall - midnight + 0.01

    @invariant()
    def what_the_day_s_sitting_reached_is_dealt_with(self) -> None:
        world = self.engine.world
        course = world.courses.get("dayend")
        if course is not None and course.reminder.daily is not None:
            reached = world.sat_today >= course.reminder.daily
            assert not reached or world.calendar.today in course.handled
            left = world.due_in(course)
            assert left is None or left <= course.reminder.daily or course.snoozed

    @invariant()
    def sitting_and_what_is_left_make_up_the_interval(self) -> None:
        for course in self.engine.world.courses:
            every, due_in = course.reminder.every, self.engine.world.courses.due_in(course)
            if every and due_in and not (course.snoozed or course.owed):
                timeline = self.engine.world.courses.timeline
                whole = timeline.sat(course.name) + due_in - timeline.ahead(course.name)
                assert abs(whole - every) < 0.01


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=300,
    stateful_step_count=50,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),  # explaining takes minutes
)


@settings(max_examples=60)
@given(
    every=st.tuples(*(st.integers(2, 120).map(lambda minutes: minutes * 60.0) for _ in range(5))),
    person=st.sampled_from((never, lambda card: (5.0, Answered(card.key, "skip")))),
    hands=st.sampled_from(("", "work", "type")),
)
def test_nobody_starves_whatever_the_intervals_are(
    every: tuple[float, ...], person: Person, hands: str
) -> None:
    """Without absences, each reminder is shown or covered again and again, soon after it is due."""
    names = ("posture", "eyes", "stretch", "break", "tea")
    desk = Desk(plan(*(reminder(name, span) for name, span in zip(names, every, strict=True))), person=person)
    # Each of the longer ones may be waited for once; every prompt may take its time and a gap after it.
    # And what a break covers goes along with it, each time it goes unanswered and is offered again.
    # Before each prompt there is a wait for a gap in the typing, and pauses for thought are no screen time.
    typing = 90.0 + 10.0 if hands else 0.0
    patience = len(names) * (300.0 + 45.0 + 20.0 + typing) + 2 * (600.0 + 45.0 + typing)
    if hands:
        desk.sit_down(hands)
    desk.pass_time(5 * (max(every) + patience))
    for name, span in zip(names, every, strict=True):
        met = [
            effect.at.timestamp()
            for effect in desk.effects
            if isinstance(effect, Record) and effect.what in ("shown", "covered") and effect.reminder == name
        ]
        gaps = [after - before for before, after in pairwise([MONDAY_9.timestamp(), *met, desk.wall])]
        # A break that goes unanswered waits for every second stretch to lend its slot.
        lent = 2 * every[2] if name == "break" else 0.0
        assert max(gaps) <= span + lent + patience, f"{name} starved"
