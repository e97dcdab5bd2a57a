"""Guidance: what stands in a prompt's place while it is followed, and for a while after it was settled."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from neckguard.core.model import SLACK, Card, Hide, Outcome, Show
from neckguard.core.neck.guide import Guide
from neckguard.core.plan import Kind
from neckguard.core.reminders import cards
from neckguard.core.reminders.course import Course
from neckguard.core.timing.calendar import NEVER
from neckguard.core.timing.wallclock import say_when

if TYPE_CHECKING:
    from neckguard.core.engine import Engine

_READ_WITHIN = 10.0  # seconds for which the end of a guide or break stands there


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A card in the place of a settled prompt, taken away at `until` (boot clock) at the latest."""

    card: Card
    until: float
    stretch: str = ""  # the id of the one that may have hurt
    during: float = 0.0  # the end of the break (boot clock) that it holds for
    forced: bool = False  # follows a prompt that was shown whatever is quiet


class Guidance:
    """Guides through stretches and breaks; all times on the boot clock.

    A running guide belongs to the open prompt (`courses.guide`) and ends with whatever takes that away.
    """

    def __init__(self, engine: "Engine") -> None:
        self.follow_up: FollowUp | None = None
        self._engine = engine
        self._told_of = 0.0  # the end of the break of which somebody was told what remains

    def begin(self, course: Course) -> bool:
        """Begin what its prompt asks for; False if that needs no guide."""
        if course.reminder.kind is Kind.BREAK:
            self._begin_break(course)
            return True
        prompt, engine = course.prompt, self._engine
        if prompt is None or not prompt.visible or prompt.portion is None:
            return False
        stretch = engine.programme.stretch_of(prompt.portion)
        if stretch is None:
            return False
        if engine.courses.guide is None:
            boot = engine.now.boot
            engine.courses.guide = Guide(prompt.card.key, stretch, prompt.portion, boot, boot)
            self._go_on(course, engine.courses.guide)
        return True

    # ---- time ---------------------------------------------------------------------------------------------

    def mind(self) -> None:
        """Go on with the guide, end the break and take away what has stood there long enough."""
        courses, boot = self._engine.courses, self._engine.now.boot
        if courses.guide is not None and courses.showing is not None:
            self._engine.presence.followed_until = boot
            if courses.guide.next_at <= boot + SLACK:
                self._go_on(courses.showing, courses.guide)
        if courses.break_taken:
            self._mind_break()
        if self.follow_up is not None and not self._stands(self.follow_up):
            self.clear()

    def deadlines(self) -> Iterator[float]:
        """When time alone will change something here."""
        courses, boot = self._engine.courses, self._engine.now.boot
        if courses.guide is not None:
            yield courses.guide.next_at
        if courses.break_taken and courses.break_until > boot and not self._engine.presence.away:
            yield courses.break_until
        if self.follow_up is not None and not self._engine.stage.patient:
            yield self.follow_up.until

    # ---- stretches ----------------------------------------------------------------------------------------

    def _go_on(self, course: Course, guide: Guide) -> None:
        """Say the next step; after the last the prompt is done."""
        stage, elapsed = self._engine.stage, self._engine.now.boot - guide.began
        smooth = stage.smooth and not stage.patient
        step = guide.step(elapsed, smooth=smooth)
        if step is None:
            self._finish(course, guide)
            return
        guide.next_at = guide.began + step.ends
        progress = int(100 * elapsed / guide.seconds) if smooth else None
        self._engine.emit(Show(cards.guide_card(guide.key, guide.stretch.name, step.lines, progress)))

    def _finish(self, course: Course, guide: Guide) -> None:
        engine = self._engine
        prompt = engine.courses.make_way(course)
        engine.courses.settle(course, Outcome.DONE)
        card = cards.guided_card(guide.key, guide.stretch.name)
        forced = prompt is not None and prompt.forced
        self._say(FollowUp(card, engine.now.boot + _READ_WITHIN, guide.stretch.id, forced=forced))

    # ---- breaks -------------------------------------------------------------------------------------------

    def _begin_break(self, course: Course) -> None:
        """Leaving is doing it: one card says until when, in the place of the prompt if that was there."""
        courses = self._engine.courses
        prompt = courses.make_way(course)
        courses.take_break(course, Outcome.DONE, course.reminder.duration)
        if prompt is not None:
            card = cards.break_card(prompt.card.key, prompt.card.title, self._say_back())
            self._say(FollowUp(card, NEVER, during=courses.break_until, forced=prompt.forced))

    def _mind_break(self) -> None:
        """End it when its time is over, if somebody is there; else they may have left for it."""
        presence, courses, boot = self._engine.presence, self._engine.courses, self._engine.now.boot
        over = courses.break_until <= boot + SLACK
        if over and not presence.away and presence.here(boot, within=0.0):
            courses.end_break()
            self.welcome()

    def say_what_remains(self) -> None:
        """Somebody is back early: tell once until when their break lasts."""
        engine, until = self._engine, self._engine.courses.break_until
        left = until - engine.now.boot
        course = engine.courses.get(engine.courses.break_taken)
        if course is None or left <= SLACK or self._told_of == until or not self._may_say():
            return
        self._told_of = until
        title = cards.title_of(course.reminder, engine.content.topics)
        card = cards.rest_card(self._break_key(), title, left, self._say_back())
        self._say(FollowUp(card, NEVER, during=until))

    def say_again(self) -> None:
        """Whoever takes a break may look at another screen now."""
        engine = self._engine
        course = engine.courses.get(engine.courses.break_taken)
        if course is not None and engine.courses.break_until > engine.now.boot and self._may_say():
            title = cards.title_of(course.reminder, engine.content.topics)
            card = cards.break_card(self._break_key(), title, self._say_back())
            self._say(FollowUp(card, NEVER, during=engine.courses.break_until))

    def welcome(self) -> None:
        """Their break is over, and they are there."""
        if self._may_say():
            engine = self._engine
            engine.courses.freed_at = engine.now.boot  # what waited for its end follows at a distance
            self._say(FollowUp(cards.welcome_card(self._break_key()), engine.now.boot + _READ_WITHIN))

    def _say_back(self) -> str:
        engine = self._engine
        return say_when(engine.later(engine.courses.break_until - engine.now.boot), engine.now.wall)

    def _break_key(self) -> str:
        """The card about this break stays one and the same."""
        return self.follow_up.card.key if self.follow_up and self.follow_up.during else cards.BREAK_NOTE

    # ---- the card -----------------------------------------------------------------------------------------

    def clear(self) -> None:
        """Take away what stands in the place of a settled prompt."""
        if self.follow_up is not None:
            self._engine.emit(Hide(self.follow_up.card.key))
            self.follow_up = None

    def retract(self, stretch: str) -> None:
        """What is said about this stretch holds no more."""
        if self.follow_up is not None and self.follow_up.stretch == stretch:
            self.clear()

    def _say(self, follow_up: FollowUp) -> None:
        if self.follow_up is not None and self.follow_up.card.key != follow_up.card.key:
            self.clear()
        self.follow_up = follow_up
        self._engine.emit(Show(follow_up.card))

    def _may_say(self, *, forced: bool = False) -> bool:
        """Whether a card may stand there now; `forced`: whatever is quiet."""
        engine = self._engine
        if engine.pause is not None or engine.presence.away or not engine.stage.ready:
            return False
        quiet = not engine.calendar.open or engine.quiet_reasons.in_force
        return engine.courses.showing is None and (forced or not quiet)

    def _stands(self, follow_up: FollowUp) -> bool:
        """Whether it goes on standing there."""
        courses, stage, boot = self._engine.courses, self._engine.stage, self._engine.now.boot
        current = not follow_up.during or (courses.break_taken and courses.break_until == follow_up.during)
        in_time = stage.patient or boot < follow_up.until - SLACK
        return bool(current and in_time and self._may_say(forced=follow_up.forced))
