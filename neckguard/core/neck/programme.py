"""The neck programme: what a prompt suggests, and what becomes of the suggestion."""

from dataclasses import field
from typing import Any

from neckguard.core.codec import from_plain, to_plain
from neckguard.core.neck.catalogue import Posture, RedFlag, Sort, Stretch
from neckguard.core.neck.health import Limits, Scope
from neckguard.core.neck.portions import Portion, say_portion
from neckguard.core.neck.rotation import PostureRotation, Purpose, Rotation, choose, choose_posture
from neckguard.core.plan import Answers, Kind, Plan, Reminder
from neckguard.core.reminders.cards import CHECKIN, Topics, text_of
from neckguard.value import value

ASK_FIRST = "Answer a few questions first, so that only what suits you comes: neckguard stretch --questions"

RED_FLAG = "No exercises until somebody has looked; once they have: neckguard flare cleared"

_NECK = "neck"  # the area of all that moves it

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
        self.answers: Answers | None = None
        self.scope = Scope.ALL  # what a flare-up leaves
        self.flaring = False
        self.rotation = Rotation()
        self.postures = PostureRotation()
        self.plan = plan
        self._content = content
        self._stretches = {stretch.id: stretch for stretch in content.stretches}

    def follow(self, plan: Plan) -> None:
        """Go by other settings."""
        self.plan = plan

    def learn(self, answers: Answers | None) -> None:
        """Heed what the person said about themselves."""
        self.answers = answers

    def limit(self, scope: Scope, *, flaring: bool) -> None:
        """Keep to what a flare-up leaves; `flaring` while it is in force."""
        self.scope, self.flaring = scope, flaring

    @property
    def limits(self) -> Limits:
        """What may be suggested at all."""
        chosen = self.plan.stretches
        return Limits(chosen.avoid, chosen.standing, chosen.gentle_only, self.answers, self.scope)

    def suggest(self, reminder: Reminder, turn: int, now: float, *, covered: bool = False) -> Suggestion:
        """What a prompt of this reminder shall say; it counts as suggested from now on.

        A posture check that is `covered` is the last line of another prompt.
        """
        line = text_of(reminder, self._content.topics, turn)
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

    def allows(self, portion: Portion) -> bool:
        """Whether this may still be suggested."""
        stretch = self._stretches.get(portion.stretch)
        return stretch is not None and self.limits.allow(stretch)

    def did(self, stretch: str) -> bool:
        """The person did this one of their own accord; whether there is such a one."""
        if stretch not in self._stretches:
            return False
        self.rotation = self.rotation.did(stretch)
        return True

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
        if self.scope is Scope.NOTHING:  # whoever should keep still is not told to stand up, either
            still = self._content.notices.get("still", line)
            return Suggestion((still if purpose is Purpose.BREAK else RED_FLAG,))
        portion = self._choose(purpose, now)
        if portion is None:
            strength = purpose is Purpose.STRENGTH and self._content.stretches
            return Suggestion((ASK_FIRST,)) if strength and self.answers is None else None
        self.rotation = self.rotation.after(portion)
        stretch = self._stretches[portion.stretch]
        said = say_portion(stretch, portion)
        return Suggestion((line, said) if purpose is Purpose.BREAK else (said,), portion)

    def _choose(self, purpose: Purpose, now: float) -> Portion | None:
        """What is next; during a flare-up a movement of the neck, as long as any may come."""
        stretches = self._content.stretches
        pools = [stretches]
        if self.flaring:
            pools.insert(0, tuple(each for each in stretches if _NECK in each.areas))
        found = (choose(pool, self.limits, self.rotation, purpose, now) for pool in pools)
        return next((portion for portion in found if portion is not None), None)

    def _posture(self, now: float, *, setup: bool) -> Suggestion | None:
        avoid = self.plan.posture_avoid
        found = choose_posture(self._content.postures, avoid, self.postures, now, setup=setup)
        if found is None:
            return None
        self.postures = self.postures.after(found, now)
        return Suggestion((found.text,), posture=found.id, already=found.sort is Sort.SETUP)
