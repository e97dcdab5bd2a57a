"""Care: applies the flare-up machine to the engine, and says what is worth saying about a neck, once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from neckguard.core.model import SLACK, Card, Record, Show
from neckguard.core.neck.catalogue import Urgency
from neckguard.core.neck.flare import MILD, FlareUp, recent, recurrence
from neckguard.core.neck.health import Answers, Scope
from neckguard.core.timing.calendar import NEVER

if TYPE_CHECKING:
    from neckguard.core.engine import Engine

QUIET_WEEKS = 14 * 86400.0
"""So long without any sign of pain, and strengthening is mentioned, once."""
_APART = 3600.0  # seconds between two notices
_STRENGTH = "strength"


@dataclass(frozen=True, slots=True)
class CareMemory:
    """What survives a restart; `calm_since` is an instant."""

    calm_since: float
    flares: tuple[FlareUp, ...] = ()
    told: tuple[str, ...] = ()  # ids of notices that belong to no single flare-up, and were shown
    scored: tuple[float, int] | None = None  # when a score was given last, and which
    to_tell: str = ""  # the recurrence that is worth showing to a clinician

    def forgotten(self) -> "CareMemory":
        """The same without what is over."""
        flares = tuple(flare for flare in self.flares if flare.ended is None)
        return replace(self, flares=flares, scored=None, to_tell="")


class Care:
    """What is known of the neck. The last of the flare-ups may be in force."""

    def __init__(self, engine: "Engine") -> None:
        self.kept = CareMemory(calm_since=engine.calendar.instant)
        self._engine = engine
        self._told_at = -NEVER  # when a notice was shown last, boot clock
        self._changes_at = NEVER  # the instant at which time alone changes something
        self._due = ""  # the notice that waits for a calm moment

    # ---- what is known ------------------------------------------------------------------------------------

    @property
    def latest(self) -> FlareUp | None:
        """The last flare-up, in force or not."""
        return self.kept.flares[-1] if self.kept.flares else None

    @property
    def flare(self) -> FlareUp | None:
        """The one that is in force."""
        latest = self.latest
        return latest if latest is not None and latest.ended is None else None

    @property
    def scope(self) -> Scope:
        """What the last flare-up leaves of the catalogue."""
        return Scope.ALL if self.latest is None else self.latest.scope(self.now)

    @property
    def now(self) -> float:
        """The instant that has come; what is a hair away has."""
        return self._engine.calendar.instant + SLACK

    # ---- what the person says -----------------------------------------------------------------------------

    def start(self, severity: int | None, side: str) -> None:
        """A flare-up began."""
        now = self._engine.calendar.instant
        flares = (*recent(self.kept.flares, now), FlareUp(now, severity, side, hurt_at=now))
        self.kept = replace(self.kept, flares=flares, to_tell=recurrence(flares))
        self.record("flare_start", side, score=severity)
        self._change()

    def change(self, flare: FlareUp) -> None:
        """The one in force is like this now."""
        self.kept = replace(self.kept, flares=(*self.kept.flares[:-1], flare))
        if flare.ended is not None:
            self.kept = replace(self.kept, calm_since=flare.ended)
            self.record("flare_end", flare.end or "")
        self._change()

    def flag(self, flags: tuple[str, ...], urgency: Urgency | None) -> None:
        """Red flags were named."""
        if self.flare is not None and flags:
            self.change(self.flare.flag(flags, urgency))

    def feel(self, score: int | None, note: str = "") -> None:
        """How much the neck hurts now, 0 to 10, or words about it."""
        self.record("checkin", score=score, note=note)
        if score is None:
            return
        self.kept = replace(self.kept, scored=(self._engine.calendar.instant, score))
        if score > MILD:
            self.kept = replace(self.kept, calm_since=self._engine.calendar.instant)
        if self.flare is not None:
            self.change(self.flare.score(score, self._engine.calendar.instant))
        else:
            self._change()

    def hurt(self) -> None:
        """A sign of pain: no quiet weeks, and a flare-up is not over."""
        now = self._engine.calendar.instant
        self.kept = replace(self.kept, calm_since=now)
        if self.flare is not None:
            self.change(self.flare.hurt(now))
        else:
            self._change()

    def forget(self) -> None:
        """Keep nothing of what is over; a flare-up that is in force goes on."""
        self.kept = self.kept.forgotten()
        self._change()

    def revive(self, kept: CareMemory) -> None:
        """Go on with what a former life kept."""
        self.kept = kept
        self._change()

    def record(self, what: str, reason: str = "", *, score: int | None = None, note: str = "") -> None:
        """Tell the log and the history."""
        self._engine.emit(Record(self._engine.now.wall, what, reason=reason, score=score, note=note))

    # ---- time ---------------------------------------------------------------------------------------------

    def mind(self) -> None:
        """Act on what time has brought."""
        if self._changes_at <= self.now:
            self.step()
        if self._due and self._calm_at() <= self._engine.now.boot + SLACK:
            self._tell(self._due)

    def step(self) -> None:
        """Go by the clock, wherever it stands."""
        latest = self.latest
        stepped = None if latest is None else latest.at(self.now)
        if stepped is not None and stepped != latest:
            self.change(stepped)
        else:
            self._change()

    def deadlines(self, offset: float) -> Iterator[float]:
        """When time alone will change something here; `offset` is the boot clock less the wall clock."""
        if self._changes_at != NEVER:
            yield offset + self._changes_at
        if self._due:
            calm = self._calm_at()
            if self._engine.now.boot + SLACK < calm < NEVER:
                yield calm

    def learn(self, answers: Answers | None) -> None:
        """What the person said about themselves."""
        self._engine.programme.answers = answers
        self._change()

    def plan_changed(self) -> None:
        """Other settings may make strengthening worth a word, or not."""
        self._change()

    def _change(self) -> None:
        """Something is other than before: find what holds now, what is to be said, and until when."""
        now, latest = self.now, self.latest
        self._engine.programme.scope = self.scope
        self._engine.put_in_force()
        self._engine.stage.review()
        self._due = next(self._to_tell(now), "")
        steps = [NEVER if latest is None else latest.changes_at(now)]
        if self._strength_is_news:
            steps.append(self.kept.calm_since + QUIET_WEEKS)
        self._changes_at = min((step for step in steps if step > now), default=NEVER)

    # ---- notices ------------------------------------------------------------------------------------------

    def _to_tell(self, now: float) -> Iterator[str]:
        if self.kept.to_tell:
            yield self.kept.to_tell
        if self.latest is not None:
            yield from self.latest.to_tell(now)
        if self._strength_is_news and now >= self.kept.calm_since + QUIET_WEEKS:
            yield _STRENGTH

    @property
    def _strength_is_news(self) -> bool:
        """Whether strengthening could be on, would suit the person, and was never mentioned."""
        limits = self._engine.programme.limits
        suits = limits.answers is not None and not limits.careful and limits.scope is Scope.ALL
        off = any(each.name == _STRENGTH and not each.enabled for each in self._engine.chosen.reminders)
        return suits and off and _STRENGTH not in self.kept.told

    def _calm_at(self) -> float:
        """When a notice is no bother, boot clock; never, as things stand, if somebody must do something."""
        engine = self._engine
        prompts = any(course.visible or (course.owed and not course.given_up) for course in engine.courses)
        busy = engine.held or prompts or engine.quiet_reasons.in_force
        if busy or engine.courses.break_taken or not engine.stage.ready:
            return NEVER
        if not engine.presence.here(engine.now.boot):
            return NEVER
        after_prompt = engine.courses.freed_at + engine.plan.quiet.settle
        return max(engine.settle_until, after_prompt, self._told_at + _APART)

    def _tell(self, notice: str) -> None:
        text = self._engine.content.notices.get(notice, "")
        self._told_at = self._engine.now.boot
        if text:
            title = "A stronger neck" if notice == _STRENGTH else "About your neck"
            self._engine.emit(Show(Card(f"note-{notice}", title, (text,))))
            self.record("noticed", notice)
        if notice == self.kept.to_tell:
            self.kept = replace(self.kept, to_tell="")
        elif notice == _STRENGTH:
            self.kept = replace(self.kept, told=(*self.kept.told, notice))
        elif self.latest is not None:
            self.kept = replace(self.kept, flares=(*self.kept.flares[:-1], self.latest.tell(notice)))
        self._change()
