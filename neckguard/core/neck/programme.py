"""The neck programme: what a prompt suggests, and what becomes of the suggestion."""

from dataclasses import field, replace
from typing import Any

from neckguard.core.codec import from_plain, to_plain
from neckguard.core.neck.catalogue import Posture, RedFlag, Sort, Stretch
from neckguard.core.neck.health import Limits, Scope
from neckguard.core.neck.portions import Portion, say_portion
from neckguard.core.neck.rotation import PostureRotation, Purpose, Rotation, choose, choose_posture
from neckguard.core.plan import Answers, Kind, Plan, Reminder
from neckguard.core.reminders.cards import CHECKIN, Topics, text_of
from neckguard.value import value

ASK_FIRST = ("First some questions, so that only what suits you comes:", "neckguard stretch --questions")

RED_FLAG = ("No exercises until somebody has looked; once they have:", "neckguard flare cleared")

_PURPOSES = {"stretch": Purpose.STRETCH, "break": Purpose.BREAK, "strength": Purpose.STRENGTH}


@value
class Content:
    """The texts and the catalogue that ship with neckguard."""

    topics: Topics
    stretches: tuple[Stretch, ...] = ()
    postures: tuple[Posture, ...] = ()
    stop_rules: tuple[str, ...] = ()
    red_flags: dict[str, RedFlag] = field(default_factory=dict)  # by id, most urgent first
    notices: dict[str, str] = field(default_factory=dict)  # by id


@value
class Suggestion:
    """What a prompt says, and what it suggests."""

    lines: tuple[str, ...]
    besides: str = ""  # one other thought, if nothing else has to be said
    portion: Portion | None = None  # of a stretch
    posture: str = ""  # the id of a posture check
    already: bool = False  # "Already so" is an answer to it


def purpose_of(reminder: Reminder) -> Purpose | None:
    """What its prompts want a stretch for; None if they want none. Own words are never added to."""
    if reminder.message:
        return None
    return _PURPOSES.get(reminder.name if reminder.built_in else reminder.kind)


class Programme:
    """Remembers what was suggested, and suggests what is next. Wall times are seconds since 1970."""

    def __init__(self, content: Content, plan: Plan) -> None:
        self.flaring = False
        self.rotation = Rotation()
        self.postures = PostureRotation()
        self._content = content
        self._stretches = {stretch.id: stretch for stretch in content.stretches}
        self._plan = plan
        self._review(Limits())

    def follow(self, plan: Plan) -> None:
        """Go by other settings."""
        self._plan = plan
        self._review(self.limits)

    def learn(self, answers: Answers | None) -> None:
        """Heed what the person said about themselves."""
        self._review(replace(self.limits, answers=answers))

    def limit(self, scope: Scope, *, flaring: bool) -> None:
        """Keep to what a flare-up leaves; `flaring` while it is in force."""
        self.flaring = flaring
        if scope is not self.limits.scope:
            self._review(replace(self.limits, scope=scope))

    def _review(self, limits: Limits) -> None:
        """Find what may be suggested at all, by what was chosen in the settings."""
        chosen, avoid = self._plan.stretches, self._plan.posture_avoid
        self.limits = replace(
            limits, avoid=chosen.avoid, standing=chosen.standing, gentle_only=chosen.gentle_only
        )
        self._suiting = tuple(
            each for each in self._content.postures if each.id not in avoid and self.limits.suits(each)
        )

    def suggest(self, reminder: Reminder, turn: int, now: float, *, covered: bool = False) -> Suggestion:
        """What a prompt of this reminder shall say; it counts as suggested from now on.

        A posture check that is `covered` is the last line of another prompt.
        """
        line = text_of(reminder, self._content.topics, turn, stands=self.limits.stands)
        if self.flaring and reminder.name == CHECKIN and not reminder.message:
            line = self._content.notices.get("evening", line)
        own = Suggestion(tuple(filter(None, (line,))))
        if reminder.kind is Kind.POSTURE and not reminder.message:
            return self._posture(now, setup=not covered) or own
        purpose = purpose_of(reminder)
        return own if purpose is None else self._stretch(purpose, line, now) or own

    def peek(self, now: float) -> str:
        """The id of the stretch that is next, for a session in the terminal; empty: none may be."""
        found = choose(self._content.stretches, self.limits, self.rotation, Purpose.BREAK, now)
        return found.stretch if found else ""

    def stretch_of(self, portion: Portion) -> Stretch | None:
        """The stretch that a portion is of; None if the catalogue has it no more, or with other steps."""
        found = self._stretches.get(portion.stretch)
        return found if found and len(found.steps) == len(portion.pace) else None

    @property
    def offers_strength(self) -> bool:
        """Whether there is a strength exercise for this person now."""
        return any(each.until_tired and self.limits.allow(each) for each in self._content.stretches)

    def allows(self, portion: Portion) -> bool:
        """Whether this may still be suggested as it is."""
        stretch = self._stretches.get(portion.stretch)
        if stretch is None or not self.limits.allow(stretch):
            return False
        return portion.eased >= self.limits.ease(stretch)

    def did(self, stretch: str) -> Stretch | None:
        """The person did this one of their own accord; None: there is no such one."""
        found = self._stretches.get(stretch)
        if found is not None:
            self.rotation = self.rotation.did(stretch)
        return found

    def skip(self, stretch: str) -> None:
        """Not this one: it comes again later than its turn."""
        if stretch:
            self.rotation = self.rotation.skip(stretch)

    def hurt(self, stretch: str, now: float) -> Stretch | None:
        """Put it away for a fortnight; None: there is no such stretch."""
        found = self._stretches.get(stretch)
        if found is not None:
            self.rotation = self.rotation.hurt(stretch, now)
        return found

    @property
    def latest(self) -> str:
        """The id of the stretch that was suggested last."""
        return max(self.rotation.shown, key=self.rotation.last, default="")

    def retire(self, posture: str) -> None:
        """This fact of the workstation is already so."""
        self.postures = self.postures.retire(posture)

    def forget(self) -> None:
        """Keep nothing of what was suggested; what hurt and what is so already stay."""
        self.rotation, self.postures = self.rotation.forgotten(), self.postures.forgotten()

    def saved(self) -> dict[str, Any]:
        """What survives a restart."""
        return {"rotation": to_plain(self.rotation), "postures": to_plain(self.postures)}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on with what was saved.

        Raises:
            ValueError, KeyError: it does not fit.
        """
        self.rotation = from_plain(Rotation, state["rotation"])
        self.postures = from_plain(PostureRotation, state["postures"])

    def _stretch(self, purpose: Purpose, line: str, now: float) -> Suggestion | None:
        if self.limits.scope is Scope.NOTHING:  # whoever should keep still is not told to stand up, either
            still = self._content.notices.get("still", line)
            return Suggestion((still,) if purpose is Purpose.BREAK else RED_FLAG)
        portion = choose(self._content.stretches, self.limits, self.rotation, purpose, now)
        if portion is None:
            strength = purpose is Purpose.STRENGTH and self._content.stretches
            return Suggestion(ASK_FIRST) if strength and self.limits.answers is None else None
        self.rotation = self.rotation.after(portion)
        stretch = self._stretches[portion.stretch]
        besides = line if purpose is Purpose.BREAK else ""
        return Suggestion(say_portion(stretch, portion), besides, portion)

    def _posture(self, now: float, *, setup: bool) -> Suggestion | None:
        found = choose_posture(self._suiting, self.postures, now, setup=setup)
        if found is None:
            return None
        self.postures = self.postures.after(found, now)
        return Suggestion((found.text,), posture=found.id, already=found.sort is Sort.SETUP)
