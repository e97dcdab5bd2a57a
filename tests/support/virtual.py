"""A desk in virtual time: the real engine, a clock that jumps from deadline to deadline, and a person."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from neckguard.core import plan as p
from neckguard.core.engine import Engine
from neckguard.core.events import (
    Answered,
    Delivered,
    Event,
    Idle,
    Input,
    Looked,
    NotifierChanged,
    QuietChanged,
    SourceChanged,
    Tick,
)
from neckguard.core.model import (
    Card,
    Doubt,
    Effect,
    Hide,
    Look,
    Moment,
    Outcome,
    QuietReason,
    Record,
    Reply,
    Show,
)
from neckguard.core.neck.catalogue import FlareUse, Intensity, Position, Stretch
from neckguard.core.neck.programme import Content
from neckguard.core.reminders.cards import Topic
from neckguard.core.told.saved import LastLife, revive, take_anchor, take_state
from neckguard.core.verbs import Verb

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY_9 = datetime(2026, 11, 23, 9, 0, tzinfo=BERLIN)
TOPICS = Content(
    {
        "posture": Topic("Shift a little", ("Try this.", "Try that.")),
        "stretch": Topic("Ease your neck", ("Slowly.",)),
        "break": Topic("Time away from the desk", ("Walk.",)),
        "note": Topic("", ("Remember.",)),
    }
)
TUCK = Stretch(
    id="tuck",
    name="Chin tuck",
    what="Glide your head back",
    ready="Sit tall.",
    steps=("Glide back.", "Come forward."),
    pace=(2.0, 1.0),
    hold=5.0,
    reps=2,
    sets=1,
    areas=("neck",),
    positions=(Position.SEATED,),
    intensity=Intensity.GENTLE,
    flare=FlareUse.YES,
    source="a test",
    safety="Don't nod.",
)
TILT = replace(
    TUCK,
    id="tilt",
    name="Side tilt",
    what="Let your ear sink to the {side}",
    steps=("Sink to the {side}.", "Come back."),
    reps=1,
    areas=("side-neck",),
    safety="",
    sides=True,
)
GUIDED = replace(TOPICS, stretches=(TUCK, TILT), stop_rules=("Stop when it hurts.",))
OUTCOMES = {outcome.value for outcome in Outcome}

Person = Callable[[Card], tuple[float, Event] | None]
"""How a person takes a card: after how many seconds, what they do; None: nothing."""


def reminder(name: str, every: float | None = None, **changes: Any) -> p.Reminder:
    """A reminder with the defaults of its kind."""
    kind = p.Kind(changes.pop("kind", name if name in ("posture", "stretch", "break") else "note"))
    duration = {"posture": 10.0, "stretch": 30.0, "break": 300.0, "note": 0.0}[kind]
    reset_after = {"posture": 300.0, "stretch": 300.0, "break": 240.0, "note": None}[kind]
    base = p.Reminder(
        name=name,
        kind=kind,
        enabled=True,
        every=every,
        at=(),
        days=tuple(range(7)),
        daily=None,
        duration=duration,
        snooze=600.0 if kind is p.Kind.BREAK else 300.0,
        max_snoozes=2,
        reset_after=reset_after,
        expire_after=45.0,
        title="",
        message="",
    )
    return replace(base, **changes)


_DETAILS = {
    QuietReason.CALL: "microphone in use",
    QuietReason.PRESENTING: "the screen is shared",
    QuietReason.FULLSCREEN: "an application fills the screen",
    QuietReason.PROGRAM: "a program you named is running",
}
DEFAULTS = (reminder("posture", 1200.0), reminder("stretch", 2400.0), reminder("break", 3600.0))


def plan(*reminders: p.Reminder, hours: tuple[p.Opening, ...] = (), **quiet: Any) -> p.Plan:
    """A plan with the default settings around these reminders."""
    base = p.QuietSettings(
        dnd=True,
        calls=True,
        calls_ignore=(),
        fullscreen=False,
        fullscreen_ignore=(),
        programs=(),
        presenting=True,
        typing_gap=3.0,
        typing_max_wait=90.0,
        settle=20.0,
        settle_after_call=60.0,
        merge_window=300.0,
    )
    return p.Plan(
        language="",
        reminders=reminders or DEFAULTS,
        hours=hours,
        presence=p.PresenceSettings(idle_after=300.0, source="auto", still_counts=True, still_ignore=()),
        quiet=replace(base, **quiet),
        notify=p.NotifySettings(backend="auto", urgency="normal", buttons=True, sound="", icon=""),
        tray_show="auto",
        pause_default=3600.0,
        stretches=p.StretchSettings(avoid=(), standing=True, gentle_only=False),
        posture_avoid=(),
        history=p.HistorySettings(enabled=True, keep=365 * 86400.0),
        hooks=p.HookSettings(on_prompt=(), on_outcome=(), on_break_start=(), on_break_end=(), timeout=10.0),
        log_level="info",
    )


def never(_: Card) -> None:
    """A person who does not react."""


def promptly(card: Card) -> tuple[float, Event] | None:
    """A person who clicks on the body of each prompt after five seconds, and follows the guide to its end."""
    return None if card.kind == "guide" else (5.0, Answered(card.key, "default"))


class Desk:
    """An engine, the clocks around it and what it did so far.

    `trace` has a line for each record, such as `09:20:00 posture shown`.
    """

    def __init__(
        self,
        settings: p.Plan | None = None,
        *,
        person: Person = never,
        start: datetime = MONDAY_9,
        content: Content = TOPICS,
    ) -> None:
        self.boot = 1000.0
        self.wall = start.timestamp()
        self.zone = start.tzinfo
        self.person = person
        self.asks: Callable[[], object] = lambda: None  # called at each `Look`
        self.doubts: Callable[[], object] = lambda: None  # called at each `Doubt`
        self.watch: Callable[[Card], object] = lambda _: None  # told of every card that is shown
        self.content = content
        self.trace: list[str] = []
        self.effects: list[Effect] = []
        self.screen: dict[str, Card] = {}
        self.delivers = True  # whether the server shows what it is given at once
        self.hands = ""  # "work" (pausing now and then), "type" (on and on) or "rest"; empty: nobody can tell
        self.last_input = self.boot
        self.in_call = self.sharing = False  # found when the engine looks
        self.fills = self.runs = ""  # the same: who fills the screen, and which of the programs named runs
        self.answers_looks = True
        self._found: set[QuietReason] = set()  # when the engine looked last
        self._told_threshold = 0.0
        self._source_next: tuple[float, Event] | None = None
        self.engine = Engine(settings or plan(), content, self.now)
        self._plans: list[tuple[float, Event]] = []
        self.do(NotifierChanged(ready=True, keeps=False))

    @property
    def now(self) -> Moment:
        return Moment(self.boot, datetime.fromtimestamp(self.wall, self.zone))

    # ---- the person's hands, and the source that tells of them --------------------------------------------

    def sit_down(self, hands: str = "work") -> "Desk":
        """From now on inputs are told, and the person gives some."""
        self.do(SourceChanged("test"))
        return self.use(hands)

    def use(self, hands: str) -> "Desk":
        """The person works, types on and on, or rests their hands from now on."""
        resting = self.hands in ("", "rest")
        self.hands = hands
        if hands != "rest":
            self.last_input = self.boot
            if resting:
                self.do(Input(self.boot))
        self._plan_source()
        return self

    def touch(self) -> "Desk":
        """One single input of resting hands."""
        self.last_input = self.boot
        self.do(Input(self.boot))
        self._plan_source()
        return self

    def leave(self) -> "Desk":
        """Their last input was now."""
        if self.hands != "rest":
            self.last_input = self.boot
        return self.use("rest")

    def _tell_threshold(self) -> None:
        """A source tells how it is whenever another idle time matters."""
        threshold = self.engine.idle_threshold
        if not self.hands or threshold == self._told_threshold:
            return
        self._told_threshold = threshold
        if self.hands != "rest":
            self.last_input = self.boot
        idle = self.boot - self.last_input
        self.do(Idle(self.last_input) if idle >= threshold else Input(self.last_input))
        self._plan_source()

    def _plan_source(self) -> None:
        """When it will tell again, and what."""
        threshold = self._told_threshold
        self._source_next = None
        if self.hands == "rest" and self.boot < self.last_input + threshold:
            self._source_next = (self.last_input + threshold, Idle(self.last_input))
        elif self.hands in ("work", "type") and threshold <= 2.0:
            self._source_next = (self.boot + threshold, Input(self.boot + threshold))
        elif self.hands == "work" and threshold <= 10.0:  # they stop to think
            self._source_next = (self.boot + threshold, Idle(self.boot))

    def _source_tells(self, event: Event) -> None:
        if self.hands == "work":
            pause = isinstance(event, Idle)
            self.last_input = self.boot - self._told_threshold if pause else self.boot
        self.do(event)
        if self.hands == "work" and isinstance(event, Idle):
            self._source_next = self._source_next or (self.boot + 1.0, Input(self.boot + 1.0))
        else:
            self._plan_source()

    # ---- what happens -------------------------------------------------------------------------------------

    def do(self, event: Event | Verb) -> Reply | None:
        """Let something happen now."""
        if isinstance(event, Idle | Input | SourceChanged):
            self._source_next = None
        if isinstance(event, SourceChanged):
            self._told_threshold = 0.0  # a new source tells at once how it is
        reply = None
        if isinstance(event, Verb):
            reply, effects = self.engine.obey(event, self.now)
        else:
            effects = self.engine.handle(event, self.now)
        self.effects += effects
        for effect in effects:
            self._see(effect)
        self._tell_threshold()
        return reply

    def pass_time(self, seconds: float) -> "Desk":
        """Let time pass; the engine is called exactly when it asked for it."""
        end = self.boot + seconds
        while True:
            due = self.engine.deadline()
            planned = min(at for at, _ in self._plans) if self._plans else float("inf")
            told = self._source_next
            source = told[0] if told else float("inf")
            reached = min(end, planned, source, float("inf") if due is None else due)
            self.jump(max(0.0, reached - self.boot))
            if told is not None and self.boot >= source:
                self._source_next = None
                self._source_tells(told[1])
            elif self.boot >= planned:
                at, event = min(self._plans, key=lambda each: each[0])
                self._plans.remove((at, event))
                self.do(event)
            else:
                self.do(Tick())
            if reached >= end:
                return self

    def until(self, clock: str) -> "Desk":
        """Let time pass until the wall clock shows this time."""
        hour, minute = (int(part) for part in clock.split(":"))
        goal = self.now.wall.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return self.pass_time(goal.timestamp() - self.wall)

    def jump(self, seconds: float) -> None:
        """Time passes without anybody telling the engine."""
        self.boot += seconds
        self.wall += seconds

    def restart(self, down: float = 0.0, *, settings: p.Plan | None = None, rebooted: bool = False) -> None:
        """The daemon dies at once and lives again after so many seconds, with nothing but what it saved."""
        kept = json.loads(json.dumps({"anchor": take_anchor(self.engine), "state": take_state(self.engine)}))
        lived, wall = self.boot, self.now.wall
        self.screen.clear()
        self.jump(down)
        shift = 20.0 - self.boot if rebooted else 0.0
        self.boot += shift
        self.last_input += shift
        self.engine = revive(
            settings or self.engine.world.plan,
            self.content,
            kept,
            LastLife(Moment(lived + shift, wall), self.now, shift),
        )
        self._source_next, self._told_threshold = None, 0.0
        for effect in self.engine.world.effects:
            self._see(effect)
        self.do(NotifierChanged(ready=True, keeps=False))
        self.do(SourceChanged("test" if self.hands else ""))

    def _answer_look(self) -> None:
        found = {
            QuietReason.CALL: self.in_call,
            QuietReason.PRESENTING: self.sharing,
            QuietReason.FULLSCREEN: self.fills,
            QuietReason.PROGRAM: self.runs,
        }
        for reason, on in found.items():
            if on or reason in self._found:
                self.do(
                    QuietChanged(reason, _DETAILS[reason] if on else "", on if isinstance(on, str) else "")
                )
        self._found = {reason for reason, on in found.items() if on}
        self.do(Looked())

    def due_in(self, name: str) -> float | None:
        """Seconds until a reminder is due, to the millisecond."""
        span = self.engine.world.due_in(self.engine.world.courses[name])
        return None if span is None else round(span, 3)

    @property
    def open(self) -> list[str]:
        """The keys of the cards on the screen."""
        return list(self.screen)

    def took(self) -> list[str]:
        """The trace since this was last asked."""
        lines, self.trace = self.trace, []
        return lines

    def _see(self, effect: Effect) -> None:
        match effect:
            case Show(card):
                self.screen[card.key] = card
                self.watch(card)
                if self.delivers:
                    self.do(Delivered(card.key))
                reaction = self.person(card)
                if reaction is not None:
                    self._plans.append((self.boot + reaction[0], reaction[1]))
            case Look():
                self.asks()
                if self.answers_looks:
                    self._answer_look()
            case Doubt():
                self.doubts()
            case Hide(key):
                self.screen.pop(key, None)
            case Record(at, what, name, _, _, reason):
                clock = at.time().isoformat("seconds")  # a format would take three times as long
                words = (clock, name, what, f"({reason})" if reason else "")
                self.trace.append(" ".join(filter(None, words)))


def story(text: str) -> list[str]:
    """The lines of a trace as it stands in a test."""
    return [line.strip() for line in text.strip().splitlines()]


def without(trace: list[str], *words: str) -> list[str]:
    """The trace without lines of these records."""
    return [line for line in trace if not set(line.split()) & set(words)]
