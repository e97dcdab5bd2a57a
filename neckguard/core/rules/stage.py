"""The stage: the one prompt on the screen, when the next may come, and what the server makes of it."""

from collections.abc import Iterator
from dataclasses import replace

from neckguard.core.model import NEVER, SLACK, Happening, Outcome, Show
from neckguard.core.neck.portions import Portion
from neckguard.core.neck.programme import Suggestion
from neckguard.core.plan import Kind
from neckguard.core.reminders import cards
from neckguard.core.reminders.course import Course, Prompt
from neckguard.core.rules.approach import Approach
from neckguard.core.rules.attention import Attention
from neckguard.core.rules.guidance import Guidance
from neckguard.core.rules.tact import NO_SERVER, Tact
from neckguard.core.world import World

_KEPT_AT_LEAST = 300.0  # how long a server that keeps notifications shows an unanswered one


class Stage:
    """Shows owed prompts one at a time. All times on the boot clock."""

    def __init__(
        self, world: World, tact: Tact, approach: Approach, guidance: Guidance, attention: Attention
    ) -> None:
        self._world = world
        self._tact = tact
        self._approach = approach
        self._guidance = guidance
        self._attention = attention

    def notifier_changed(self, *, ready: bool) -> None:
        """A server came, went or was replaced."""
        if ready:
            self._guidance.say_again()
        else:
            self._world.hide(NO_SERVER)

    # ---- showing ------------------------------------------------------------------------------------------

    def show_next(self) -> None:
        """Show the most important prompt that is owed, if nothing is in its way."""
        best = self._most_important("")
        if best is None:
            self._approach.clear()
            shown = self._world.screen.ready or self._world.settling
            unseen = None if shown else self._most_important(NO_SERVER)
            if unseen is not None:
                self._note_undelivered(unseen, NO_SERVER)
            return
        forced = best.prompt is not None and best.prompt.forced
        if forced or self._approach.try_now():
            self._approach.clear()
            self.show(best)

    def show(self, course: Course, *, forced: bool = False) -> None:
        """Put its prompt on the screen: a new one, or the hidden one again."""
        covers = self._tact.covered(course)
        now = self._world.now.wall
        if course.prompt is None:
            self._world.screen.last_id += 1
            course.prompt = self._make_prompt(course, self._world.screen.last_id, covers)
        self._world.courses.reveal(course, course.prompt)
        course.prompt.covers, course.prompt.forced = covers, forced or course.prompt.forced
        course.owed_since = course.owed_since or now
        course.day = course.day or now.date().isoformat()
        self._guidance.clear()
        self._world.emit(Show(course.prompt.card))

    def review(self) -> None:
        """What a prompt that is not settled suggests may suit the person no more: suggest something else."""
        for course in self._world.courses:
            prompt = course.prompt
            if prompt is None or prompt.portion is None or self._world.programme.allows(prompt.portion):
                continue
            fresh = self._make_prompt(course, prompt.id, prompt.covers)
            prompt.card, prompt.portion, prompt.posture = fresh.card, fresh.portion, fresh.posture
            if prompt.visible:
                self._world.courses.end_guide()
                self._world.emit(Show(prompt.card))

    def _most_important(self, obstacle: str) -> Course | None:
        """Of those that are owed and have just this in their way."""
        owed = self._world.courses.owed
        found = [each for each in owed if not each.visible and self._tact.blocked(each) == obstacle]
        return max(found, key=lambda course: course.rank) if found else None

    def _make_prompt(self, course: Course, number: int, covers: tuple[str, ...]) -> Prompt:
        now = self._world.now.wall
        main, besides = self._suggest(course), list[str]()
        for covered in (self._world.courses[name] for name in covers):
            if covered.reminder.kind is Kind.POSTURE:
                besides += self._suggest(covered, covered=True).lines
        lines = (*main.lines, *(besides or filter(None, [main.besides])))
        topics = self._world.content.topics
        card = cards.make_card(f"prompt-{number}", course.wanted, topics, lines, already=main.already)
        if main.portion is not None:
            card = replace(
                card, movement=main.portion.stretch, title=self._name(card.title, course, main.portion)
            )
        if course.name == cards.CHECKIN and self._world.programme.flaring:
            card = cards.compared(card)
        return Prompt(number, card, now, portion=main.portion, posture=main.posture)

    def _name(self, title: str, course: Course, portion: Portion) -> str:
        """The title with the name of the movement: of a banner that is folded one reads no more."""
        stretch = self._world.programme.stretch_of(portion)
        if stretch is None or course.reminder.title or course.reminder.kind is not Kind.STRETCH:
            return title
        return f"{title}: {stretch.name[:1].lower()}{stretch.name[1:]}"

    def _suggest(self, course: Course, *, covered: bool = False) -> Suggestion:
        now = self._world.now.wall.timestamp()
        course.turn += 1
        return self._world.programme.suggest(course.reminder, course.turn - 1, now, covered=covered)

    # ---- what the server says -----------------------------------------------------------------------------

    def delivered(self, course: Course) -> None:
        """Its card is on the screen: from now on somebody may see it."""
        prompt = course.prompt
        if prompt is None or not prompt.visible or prompt.delivered:
            return
        prompt.delivered = True
        self._world.screen.took()
        note = f"covers {', '.join(prompt.covers)}" if prompt.covers else ""
        self._world.courses.record(Happening.SHOWN, course, note, prompt=prompt.id)

    def refused(self, course: Course, problem: str) -> None:
        """The server did not take the card: hidden and still owed, tried again with growing patience."""
        if course.prompt is None:
            return
        self._world.courses.conceal(course.prompt)
        self._world.screen.refused(self._world.now.boot)
        self._note_undelivered(course, problem)

    def _note_undelivered(self, course: Course, problem: str) -> None:
        """Put it on record, once until it is settled."""
        if not course.unshown:
            course.unshown = True
            number = course.prompt.id if course.prompt is not None else 0
            self._world.courses.record(Outcome.UNDELIVERED, course, problem, prompt=number)

    # ---- time ---------------------------------------------------------------------------------------------

    def pass_time(self, seconds: float) -> None:
        """The open prompt waited for so long; only with somebody there it counts."""
        showing = self._world.courses.showing
        if self._world.screen.patient:
            return  # what a screen reader takes to say it is not held against anybody
        if showing is None or self._world.courses.guide is not None:
            return
        if showing.prompt is not None and showing.prompt.delivered:
            counting = self._attention.counts_until() - self._world.now.boot
            showing.prompt.seen += max(0.0, min(seconds, counting))

    def on_time(self) -> None:
        """Settle the open prompt if nobody answered it in its time."""
        showing = self._world.courses.showing
        if showing is not None and self._expires_in(showing) <= SLACK:
            self._world.courses.ignore(showing, unsure=self._world.screen.fleeting)

    def deadlines(self) -> Iterator[float]:
        """When time alone will change what is on the screen."""
        boot, showing = self._world.now.boot, self._world.courses.showing
        if showing is not None:
            expires = boot + max(0.0, self._expires_in(showing))
            if expires <= self._attention.counts_until():
                yield expires
        elif self._world.screen.ready:
            for course in self._world.courses.owed:
                if not course.given_up:
                    spaced = self._tact.spaced_until(course)
                    gates = (self._world.calm_until, self._world.screen.retry_at, spaced)
                    yield from (gate for gate in gates if gate > boot + SLACK)

    def _expires_in(self, course: Course) -> float:
        """How long its open prompt may still wait for an answer."""
        prompt = course.prompt
        if prompt is None or not prompt.delivered:
            return NEVER  # nobody could see it yet
        if self._world.screen.patient or self._world.courses.guide is not None:
            return NEVER
        at_least = _KEPT_AT_LEAST if self._world.screen.keeps else 0.0
        return max(course.reminder.expire_after, at_least) - prompt.seen
