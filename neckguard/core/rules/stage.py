"""The stage: the one prompt on the screen, when the next may come, and what the server makes of it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from neckguard.core.model import SLACK, Outcome, Show
from neckguard.core.neck.programme import Suggestion
from neckguard.core.plan import Kind
from neckguard.core.reminders import cards
from neckguard.core.reminders.course import Course, Prompt
from neckguard.core.rules import tact
from neckguard.core.timing.calendar import NEVER

if TYPE_CHECKING:
    from neckguard.core.engine import Engine

_KEPT_AT_LEAST = 300.0  # how long a server that keeps notifications shows an unanswered one
_RETRY_FIRST, _RETRY_LAST = 5.0, 300.0


class Stage:
    """Shows owed prompts one at a time. `ready`: somebody can show them; all times on the boot clock."""

    def __init__(self, engine: "Engine", topics: cards.Topics) -> None:
        self.ready = False
        self.last_id = 0
        self.retry_at = 0.0
        self.patient = False  # a screen reader is on: nothing expires by time
        self.smooth = False  # the server changes a card without a stir
        self._retry_delay = _RETRY_FIRST
        self._keeps = False  # the server keeps notifications until they are settled
        self._engine = engine
        self._topics = topics

    def notifier_changed(self, *, ready: bool, keeps: bool, smooth: bool) -> None:
        """A server came, went or was replaced."""
        self.ready, self._keeps, self.smooth = ready, keeps, smooth
        if ready:
            self.retry_at, self._retry_delay = 0.0, _RETRY_FIRST
            self._engine.guidance.say_again()
        else:
            self.hide(tact.NO_SERVER)

    # ---- showing ------------------------------------------------------------------------------------------

    def show_next(self) -> None:
        """Show the most important prompt that is owed, if nothing is in its way."""
        best = self._most_important("")
        if best is None:
            self._engine.approach.clear()
            unseen = None if self.ready or self._engine.settling else self._most_important(tact.NO_SERVER)
            if unseen is not None:
                self._note_undelivered(unseen, tact.NO_SERVER)
            return
        forced = best.prompt is not None and best.prompt.forced
        if forced or self._engine.approach.try_now():
            self._engine.approach.clear()
            self.show(best)

    def show(self, course: Course, *, forced: bool = False) -> None:
        """Put its prompt on the screen: a new one, or the hidden one again."""
        covers = tact.covered(self._engine, course)
        now = self._engine.now.wall
        if course.prompt is None:
            self.last_id += 1
            course.prompt = self._make_prompt(course, self.last_id, covers)
        self._engine.courses.reveal(course, course.prompt)
        course.prompt.covers, course.prompt.forced = covers, forced or course.prompt.forced
        course.owed_since = course.owed_since or now
        self._engine.guidance.clear()
        self._engine.emit(Show(course.prompt.card))

    def review(self) -> None:
        """What a prompt that is not settled suggests may suit the person no more: suggest something else."""
        for course in self._engine.courses:
            prompt = course.prompt
            if prompt is None or prompt.portion is None or self._engine.programme.allows(prompt.portion):
                continue
            fresh = self._make_prompt(course, prompt.id, prompt.covers)
            prompt.card, prompt.portion, prompt.posture = fresh.card, fresh.portion, fresh.posture
            if prompt.visible:
                self._engine.courses.guide = None
                self._engine.emit(Show(prompt.card))

    def hide(self, reason: str) -> None:
        """Take the open prompt off the screen; it stays owed."""
        showing = self._engine.courses.showing
        if showing is not None:
            self._engine.courses.hide(showing, reason)

    def _most_important(self, obstacle: str) -> Course | None:
        """Of those that are owed and have just this in their way."""
        owed = (course for course in self._engine.courses if course.owed_since and not course.visible)
        found = [course for course in owed if tact.blocked(self._engine, course) == obstacle]
        return max(found, key=lambda course: course.rank) if found else None

    def _make_prompt(self, course: Course, number: int, covers: tuple[str, ...]) -> Prompt:
        now = self._engine.now.wall
        main, lines = self._suggest(course), list[str]()
        for covered in (self._engine.courses[name] for name in covers):
            if covered.reminder.kind is Kind.POSTURE:
                lines += self._suggest(covered, covered=True).lines
        key, lines = f"prompt-{number}", [*main.lines, *lines]
        card = cards.make_card(key, course.reminder, self._topics, tuple(lines), already=main.already)
        return Prompt(number, card, now, portion=main.portion, posture=main.posture)

    def _suggest(self, course: Course, *, covered: bool = False) -> Suggestion:
        now = self._engine.now.wall.timestamp()
        course.turn += 1
        return self._engine.programme.suggest(course.reminder, course.turn - 1, now, covered=covered)

    # ---- what the server says -----------------------------------------------------------------------------

    def delivered(self, course: Course) -> None:
        """Its card is on the screen: from now on somebody may see it."""
        prompt = course.prompt
        if prompt is None or not prompt.visible or prompt.delivered:
            return
        prompt.delivered = True
        self._retry_delay = _RETRY_FIRST
        note = f"covers {', '.join(prompt.covers)}" if prompt.covers else ""
        self._engine.courses.record("shown", course, note, prompt=prompt.id)

    def refused(self, course: Course, problem: str) -> None:
        """The server did not take the card: hidden and still owed, tried again with growing patience."""
        if course.prompt is None:
            return
        self._engine.courses.conceal(course.prompt)
        self.retry_at = self._engine.now.boot + self._retry_delay
        self._retry_delay = min(self._retry_delay * 2, _RETRY_LAST)
        self._note_undelivered(course, problem)

    def _note_undelivered(self, course: Course, problem: str) -> None:
        """Put it on record, once until it is settled."""
        if not course.unshown:
            course.unshown = True
            number = course.prompt.id if course.prompt is not None else 0
            self._engine.courses.record(Outcome.UNDELIVERED, course, problem, prompt=number)

    # ---- time ---------------------------------------------------------------------------------------------

    def pass_time(self, seconds: float) -> None:
        """The open prompt waited for so long; only with somebody there it counts."""
        showing = self._engine.courses.showing
        if self.patient:
            return  # what a screen reader takes to say it is not held against anybody
        if showing is None or self._engine.courses.guide is not None:
            return
        if showing.prompt is not None and showing.prompt.delivered:
            counting = self._engine.attendance.counts_until() - self._engine.now.boot
            showing.prompt.seen += max(0.0, min(seconds, counting))

    def mind(self) -> None:
        """Settle the open prompt if nobody answered it in its time."""
        showing = self._engine.courses.showing
        if showing is not None and self._expires_in(showing) <= SLACK:
            self._engine.courses.settle(showing, Outcome.IGNORED)

    def deadlines(self) -> Iterator[float]:
        """When time alone will change what is on the screen."""
        boot, showing = self._engine.now.boot, self._engine.courses.showing
        if showing is not None:
            expires = boot + max(0.0, self._expires_in(showing))
            if expires <= self._engine.attendance.counts_until():
                yield expires
        elif self.ready:
            for course in self._engine.courses:
                if course.owed and not course.given_up:
                    spaced = tact.spaced_until(self._engine, course)
                    gates = (self._engine.settle_until, self.retry_at, spaced)
                    yield from (gate for gate in gates if gate > boot + SLACK)

    def _expires_in(self, course: Course) -> float:
        """How long its open prompt may still wait for an answer."""
        prompt = course.prompt
        if prompt is None or not prompt.delivered:
            return NEVER  # nobody could see it yet
        if self.patient or self._engine.courses.guide is not None:
            return NEVER
        if not self._keeps:
            return course.reminder.expire_after - prompt.seen
        if course.reminder.kind is Kind.BREAK:
            return NEVER
        return max(course.reminder.expire_after, _KEPT_AT_LEAST) - prompt.seen
