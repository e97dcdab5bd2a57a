"""Where one reminder stands, and its prompt if one was shown. Mutable: the rules of the core change it."""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from neckguard.core.codec import from_plain, point_of, to_plain
from neckguard.core.model import Card, Outcome, Record
from neckguard.core.neck.portions import Portion, Side
from neckguard.core.plan import Kind, Reminder
from neckguard.core.timing.wallclock import deal_with

_SIDES = {side: "" if side is Side.NONE else side.value for side in Side}


class Life(StrEnum):
    """What a reminder's prompt is at, see `LIFE`."""

    COUNTING = "counting"  # towards the next one
    SNOOZED = "snoozed"  # towards the same one again
    OWED = "owed"  # due, and not on the screen yet
    SHOWN = "shown"
    HIDDEN = "hidden"  # shown before, and still owed


LIFE = {
    # from: the methods of `Courses`   fall_due, reveal, hide, settle, snooze; and ignore, for a break
    Life.COUNTING: (Life.OWED, Life.SHOWN, Life.COUNTING, Life.COUNTING, Life.SNOOZED, Life.SNOOZED),
    Life.SNOOZED: (Life.OWED, Life.SHOWN, Life.SNOOZED, Life.COUNTING, Life.SNOOZED, Life.SNOOZED),
    Life.OWED: (Life.OWED, Life.SHOWN, Life.OWED, Life.COUNTING, Life.SNOOZED, Life.SNOOZED),
    Life.SHOWN: (Life.SHOWN, Life.SHOWN, Life.HIDDEN, Life.COUNTING, Life.SNOOZED, Life.SNOOZED),
    Life.HIDDEN: (Life.HIDDEN, Life.SHOWN, Life.HIDDEN, Life.COUNTING, Life.SNOOZED, Life.SNOOZED),
}  # an ignored break that was offered often enough is not snoozed: it is OWED, and waits for a slot


@dataclass(slots=True)
class Prompt:
    """One showing of a reminder, until it is settled. Hidden ones come back under the same id."""

    id: int
    card: Card
    shown_at: datetime
    covers: tuple[str, ...] = ()
    portion: Portion | None = None  # of the stretch it suggests
    posture: str = ""  # the id of the posture check it suggests
    forced: bool = False  # asked for with `now`: shown whatever is quiet
    visible: bool = False
    delivered: bool = False
    since: float = 0.0  # when it came up last, boot clock
    seen: float = 0.0  # seconds on the screen with somebody there

    @property
    def stretch(self) -> str:
        """The id of the stretch it suggests; empty if it suggests none."""
        return self.portion.stretch if self.portion else ""


@dataclass(slots=True)
class Course:
    """Where a reminder stands between one settled prompt and the next."""

    reminder: Reminder
    owed_since: datetime | None = None  # due, not settled
    snoozed: bool = False  # its countdown is a snooze, not a cycle
    asked: float = 0.0  # so long a break was asked for; 0: as long as it is
    offers: int = 0  # how often it was offered again, unanswered
    given_up: bool = False  # offered often enough: owed, and waiting for a stretch's slot
    slot_of: str = ""  # the stretch that fell due and gave its slot
    unshown: bool = False  # `undelivered` is on record since it fell due
    turn: int = 0  # prompts so far; rotates the texts
    prompt: Prompt | None = None
    handled: tuple[str, ...] = ()  # occurrences of `at`, see `wallclock.deal_with`; dates of `daily`
    day: str = (
        ""  # the local date that it is owed for, or was put off on; at its end an `at` reminder is dropped
    )
    passes: bool = False  # given up, and the next stretch keeps its slot
    known_since: float = 0.0  # instant from which `at` counts

    @property
    def name(self) -> str:
        """The reminder's name."""
        return self.reminder.name

    @property
    def wanted(self) -> Reminder:
        """The reminder, as long as it was asked for."""
        return self.reminder.lasting(self.asked) if self.asked else self.reminder

    @property
    def life(self) -> Life:
        """What its prompt is at."""
        if self.prompt is not None:
            return Life.SHOWN if self.prompt.visible else Life.HIDDEN
        if self.owed:
            return Life.OWED
        return Life.SNOOZED if self.snoozed else Life.COUNTING

    @property
    def owed(self) -> bool:
        """Due and not settled, or shown and hidden again."""
        return self.owed_since is not None

    @property
    def unseen(self) -> bool:
        """Whether it is owed and nobody saw anything of it."""
        return self.owed and self.prompt is None and not self.given_up

    @property
    def rank(self) -> tuple[float, float]:
        """Of several that are owed the greatest goes first: the longest, then the one waiting longest."""
        return self.wanted.duration, -self.owed_since.timestamp() if self.owed_since else 0.0

    @property
    def visible(self) -> bool:
        """Whether its prompt is on the screen."""
        return self.prompt is not None and self.prompt.visible

    def deal_with(self, key: str) -> None:
        """Meet an occurrence of `at` or a date of `daily` for good; those of about a week are remembered."""
        self.handled = deal_with(key, self.handled)

    def undo(self, key: str) -> None:
        """It did not come, as it turns out."""
        self.handled = tuple(each for each in self.handled if each != key)

    def clear(self) -> None:
        """Owe nothing, and wait for nothing."""
        self.owed_since, self.snoozed, self.asked, self.offers = None, False, 0.0, 0
        self.given_up = self.unshown = self.passes = False
        self.slot_of = self.day = ""

    def saved(self, began: float | None, due: float | None) -> dict[str, Any]:
        """What survives a restart; `began` and `due` are points on the sitting clock."""
        saved: dict[str, Any] = {field.name: to_plain(getattr(self, field.name)) for field in fields(self)}
        if self.prompt is not None:
            saved["prompt"]["seen"] = 0.0  # grows with time alone; a prompt shown again gets its full time
        return {**saved, "began": began, "due": due}

    @classmethod
    def restored(cls, saved: dict[str, Any]) -> tuple["Course", float | None, float | None]:
        """The course that was saved, its prompt hidden, with its points on the sitting clock.

        Raises:
            ValueError, KeyError, TypeError: it does not fit.
        """
        plain = dict(saved)
        began, due = point_of(plain.pop("began")), point_of(plain.pop("due"))
        try:
            course = from_plain(cls, plain)
        except ValueError:  # another version's prompt: it is still owed, and made anew
            course = from_plain(cls, {**plain, "prompt": None})
        if course.prompt is not None:
            course.prompt.visible = course.prompt.delivered = False
        return course, began, due

    def record(self, at: datetime, outcome: Outcome, reason: str, *, item: str | None = None) -> Record:
        """How this round of it ends; `item` is what was done if that is not what its prompt suggested."""
        prompt, side = self.prompt, ""
        if prompt is not None and item is None:
            item = prompt.stretch or prompt.posture
            side = "" if prompt.portion is None else _SIDES[prompt.portion.side]
        return Record(
            at,
            outcome,
            self.name,
            self.reminder.kind,
            prompt=0 if prompt is None else prompt.id,
            reason=reason,
            item=item or "",
            side=side,
            due=self.owed_since,
            shown=None if prompt is None else prompt.shown_at,
        )

    @property
    def coverable(self) -> bool:
        """Whether a longer prompt may stand for it."""
        reminder = self.reminder
        return (
            reminder.enabled
            and reminder.built_in
            and reminder.every is not None
            and reminder.kind is not Kind.NOTE
        )
