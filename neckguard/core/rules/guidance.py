"""Guidance: what stands in a prompt's place while it is followed, and for a while after it was settled."""

from collections.abc import Iterator

from neckguard.core.model import NEVER, SLACK, Card, Hide, Outcome, Show
from neckguard.core.neck.portions import Guide
from neckguard.core.plan import Kind
from neckguard.core.reminders import cards
from neckguard.core.reminders.course import Course
from neckguard.core.rules.quiet import QuietReasons
from neckguard.core.timing.wallclock import say_when
from neckguard.core.world import World
from neckguard.value import value

_READ_WITHIN = 10.0  # seconds for which the end of a guide or break stands there
# Seconds: a fleeting banner is gone after four; at the start after one, because the click on its button made
# it so small that the pointer is beside it.
_BANNER_STAYS, _BANNER_LEAVES = 3.0, 1.5


@value
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

    def __init__(self, world: World, quiet: QuietReasons) -> None:
        self.follow_up: FollowUp | None = None
        self._again_at = NEVER  # when it is said again
        self._world = world
        self._quiet = quiet
        self._hinted = False
        self._told_of = 0.0  # the end of the break of which somebody was told what remains

    def begin(self, course: Course) -> bool:
        """Begin what its prompt asks for; False if that needs no guide."""
        if course.reminder.kind is Kind.BREAK:
            self._begin_break(course)
            return True
        prompt, world = course.prompt, self._world
        if prompt is None or not prompt.visible or prompt.portion is None:
            return False
        stretch = world.programme.stretch_of(prompt.portion)
        if stretch is None:
            return False
        if world.courses.guide is None:
            boot = world.now.boot
            guide = Guide(prompt.card.key, stretch, prompt.portion, boot, boot)
            world.courses.begin_guide(guide)
            self._go_on(course, guide)
        return True

    # ---- time ---------------------------------------------------------------------------------------------

    def on_time(self) -> None:
        """Go on with the guide, end the break and take away what has stood there long enough."""
        courses, boot = self._world.courses, self._world.now.boot
        if courses.guide is not None and courses.showing is not None:
            self._world.presence.follow_guide(boot)
            if courses.guide.next_at <= boot + SLACK:
                self._go_on(courses.showing, courses.guide)
        if self._world.breaks.taken:
            self._end_break_in_time()
        if self.follow_up is None:
            return
        if not self._stands(self.follow_up):
            self.clear()
        elif self._again_at <= boot + SLACK:
            self._again_at = NEVER
            self._world.emit(Show(self.follow_up.card))

    def deadlines(self) -> Iterator[float]:
        """When time alone will change something here."""
        world, breaks = self._world, self._world.breaks
        if world.courses.guide is not None:
            yield world.courses.guide.next_at
        if breaks.taken and breaks.until > world.now.boot and not world.presence.away:
            yield breaks.until
        if self.follow_up is not None and not world.screen.patient:
            yield min(self.follow_up.until, self._again_at)

    # ---- stretches ----------------------------------------------------------------------------------------

    def _go_on(self, course: Course, guide: Guide) -> None:
        """Say the next step; after the last the prompt is done."""
        screen, elapsed = self._world.screen, self._world.now.boot - guide.began
        smooth = screen.smooth and not screen.patient
        step = guide.step(elapsed, whole=not smooth, every=1.0 if smooth else self._say_again_after(elapsed))
        if step is None:
            self._finish(course, guide)
            return
        guide.next_at = guide.began + step.ends
        progress = int(100 * elapsed / guide.seconds) if smooth else None
        self._world.emit(Show(cards.guide_card(guide.key, guide.stretch, step.lines, progress)))

    def _say_again_after(self, elapsed: float) -> float:
        """Seconds after which a card says again what it said, so that it goes on being seen."""
        screen = self._world.screen
        if not screen.fleeting or screen.patient:
            return NEVER
        return _BANNER_STAYS if elapsed else _BANNER_LEAVES

    def _finish(self, course: Course, guide: Guide) -> None:
        world = self._world
        prompt = world.courses.make_way(course)
        world.courses.settle(course, Outcome.DONE)
        card = cards.guided_card(guide.key, guide.stretch.name, stronger=guide.stretch.until_tired)
        forced = prompt is not None and prompt.forced
        self._say(FollowUp(card, world.now.boot + _READ_WITHIN, guide.stretch.id, forced=forced))

    def hint(self, guide: Guide) -> str:
        """Once in a life of the daemon: how to be guided where nobody may see the notification."""
        if self._hinted or not self._world.screen.fleeting:
            return ""
        self._hinted = True
        return f" Not in sight? In the terminal: neckguard stretch {guide.stretch.id}."

    # ---- breaks -------------------------------------------------------------------------------------------

    def _begin_break(self, course: Course) -> None:
        """Leaving is doing it: one card says until when, in the place of the prompt if that was there."""
        breaks = self._world.breaks
        prompt = self._world.courses.make_way(course)
        breaks.take(course, course.wanted.duration)
        if prompt is not None:
            card = cards.break_card(prompt.card.key, prompt.card.title, self._say_back())
            self._say(FollowUp(card, NEVER, during=breaks.until, forced=prompt.forced))

    def _end_break_in_time(self) -> None:
        """End it when its time is over, if somebody is there; else they may have left for it."""
        presence, breaks, boot = self._world.presence, self._world.breaks, self._world.now.boot
        over = breaks.until <= boot + SLACK
        if over and not presence.away and presence.here(boot, within=0.0):
            breaks.end()
            self.welcome()

    def say_what_remains(self) -> None:
        """Somebody is back early: tell once until when their break lasts."""
        world, breaks = self._world, self._world.breaks
        left = breaks.until - world.now.boot
        told = self._told_of == breaks.until
        if not breaks.taken or left <= SLACK or told or not self._may_say():
            return
        self._told_of = breaks.until
        title = cards.title_of(breaks.reminder, world.content.topics)
        card = cards.rest_card(self._break_key(), title, left, self._say_back())
        self._say(FollowUp(card, NEVER, during=breaks.until))

    def say_again(self) -> None:
        """Whoever takes a break may look at another screen now."""
        world, breaks = self._world, self._world.breaks
        if breaks.taken and breaks.until > world.now.boot and self._may_say():
            title = cards.title_of(breaks.reminder, world.content.topics)
            card = cards.break_card(self._break_key(), title, self._say_back())
            self._say(FollowUp(card, NEVER, during=breaks.until))

    def welcome(self) -> None:
        """Their break is over, and they are there."""
        if self._may_say():
            world = self._world
            world.courses.free_the_screen()  # what waited for its end follows at a distance
            self._say(FollowUp(cards.welcome_card(self._break_key()), world.now.boot + _READ_WITHIN))

    def _say_back(self) -> str:
        world = self._world
        return say_when(world.later(world.breaks.until - world.now.boot), world.now.wall)

    def _break_key(self) -> str:
        """The card about this break stays one and the same."""
        return self.follow_up.card.key if self.follow_up and self.follow_up.during else cards.BREAK_NOTE

    def answer(self, key: str, said: str) -> None:
        """What follows from an answer, in the place of the prompt that it was given to."""
        if self._may_say():
            self._say(FollowUp(cards.noted_card(key, said), self._world.now.boot + _READ_WITHIN))

    # ---- the card -----------------------------------------------------------------------------------------

    def clear(self) -> None:
        """Take away what stands in the place of a settled prompt."""
        if self.follow_up is not None:
            self._world.emit(Hide(self.follow_up.card.key))
            self.follow_up = None

    def retract(self, stretch: str) -> None:
        """What is said about this stretch holds no more."""
        if self.follow_up is not None and self.follow_up.stretch == stretch:
            self.clear()

    def _say(self, follow_up: FollowUp) -> None:
        if self.follow_up is not None and self.follow_up.card.key != follow_up.card.key:
            self.clear()
        self.follow_up = follow_up
        self._again_at = self._world.now.boot + self._say_again_after(0.0)
        self._world.emit(Show(follow_up.card))

    def _may_say(self, *, forced: bool = False) -> bool:
        """Whether a card may stand there now; `forced`: whatever is quiet."""
        world = self._world
        if world.pause is not None or world.presence.away or not world.screen.ready:
            return False
        quiet = not world.calendar.open or world.hushed or self._quiet.in_force
        return world.courses.showing is None and (forced or not quiet)

    def _stands(self, follow_up: FollowUp) -> bool:
        """Whether it goes on standing there."""
        breaks, boot = self._world.breaks, self._world.now.boot
        current = not follow_up.during or (breaks.taken and breaks.until == follow_up.during)
        in_time = self._world.screen.patient or boot < follow_up.until - SLACK
        return bool(current and in_time and self._may_say(forced=follow_up.forced))
