"""Care: applies the flare-up machine to the world, and says what is worth saying about a neck, once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from neckguard.core.codec import from_plain, to_plain
from neckguard.core.model import NEVER, SLACK, Card, Happening, Record, Show
from neckguard.core.neck.catalogue import Urgency
from neckguard.core.neck.flare import MILD, CareMemory, CheckIn, FlareUp, recent, recurrence, under_flare
from neckguard.core.neck.health import Scope
from neckguard.core.plan import Answers, Plan
from neckguard.core.rules.approach import Approach
from neckguard.core.rules.quiet import QuietReasons
from neckguard.core.rules.stage import Stage
from neckguard.core.timing.wallclock import at_instant
from neckguard.core.world import World

QUIET_WEEKS = 14 * 86400.0
"""So long without any sign of pain, and strengthening is mentioned, once."""
_APART = 3600.0  # seconds between two notices
_STRENGTH = "strength"


class PlanInForce:
    """Puts other settings in force without losing countdowns."""

    def __init__(self, world: World, quiet: QuietReasons, approach: Approach) -> None:
        self._world = world
        self._quiet = quiet
        self._approach = approach

    def choose(self, *, flaring: bool) -> None:
        """Go by what the person chose; `flaring`: by what a flare-up makes of it."""
        world = self._world
        plan = under_flare(world.chosen) if flaring else world.chosen
        if plan == world.plan:
            return
        if plan.quiet != world.plan.quiet:
            self._approach.renew()
        world.plan = plan
        world.programme.follow(plan)
        world.calendar.set_hours(plan.hours)
        wanted = {reminder.name: reminder for reminder in plan.reminders}
        for gone in [course for course in world.courses if course.name not in wanted]:
            world.remove(gone)
        for name, reminder in wanted.items():
            course = world.courses.get(name)
            if course is None:
                world.courses.add(reminder)
            elif course.reminder != reminder:
                world.courses.change(course, reminder)
                world.calendar.forget(name)
        world.courses.lend_slots()
        world.presence.still_counts = plan.presence.still_counts
        self._quiet.review()


class Care:
    """What is known of the neck. The last of the flare-ups may be in force."""

    def __init__(self, world: World, stage: Stage, quiet: QuietReasons, in_force: PlanInForce) -> None:
        self.memory = CareMemory(calm_since=world.calendar.instant)
        self._world = world
        self._stage = stage
        self._quiet = quiet
        self._in_force = in_force
        self._told_at = -NEVER  # when a notice was shown last, boot clock
        self._changes_at = NEVER  # the instant at which time alone changes something
        self._due = ""  # the notice that waits for a calm moment

    # ---- what is known ------------------------------------------------------------------------------------

    @property
    def latest(self) -> FlareUp | None:
        """The last flare-up, in force or not."""
        return self.memory.flares[-1] if self.memory.flares else None

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
        return self._world.calendar.instant + SLACK

    # ---- what the person says -----------------------------------------------------------------------------

    def start(self, severity: int | None, side: str) -> None:
        """A flare-up began."""
        now = self._world.calendar.instant
        flares = (*recent(self.memory.flares, now), FlareUp(now, severity, side, hurt_at=now))
        self.memory = replace(self.memory, flares=flares, to_tell=recurrence(flares))
        self.record(Happening.FLARE_START, side, score=severity)
        self._change()

    def change(self, flare: FlareUp) -> None:
        """The one in force is like this now."""
        self.memory = replace(self.memory, flares=(*self.memory.flares[:-1], flare))
        if flare.ended is not None:
            self.memory = replace(self.memory, calm_since=flare.ended)
            self.record(Happening.FLARE_END, flare.end or "")
        self._change()

    def flag(self, flags: tuple[str, ...], urgency: Urgency | None) -> None:
        """Red flags were named."""
        if self.flare is not None and flags:
            self.change(self.flare.flag(flags, urgency))

    def feel(self, score: int | None, note: str = "", *, at: float | None = None) -> None:
        """How much the neck hurts now, or did at the instant `at`, 0 to 10; or words about it."""
        now = self._world.now.wall
        when = now.timestamp() if at is None else at
        since = None if at is None else at_instant(at, now)
        self.record(Happening.CHECKIN, score=score, note=note, since=since)
        known = self.memory
        last = CheckIn(when, score, known.calm_since, known.scored, self.flare)
        if score is not None:
            self._score(score, when)
        self.memory = replace(self.memory, last=replace(last, after=self.flare))

    def _score(self, score: int, when: float) -> None:
        """Learn from a score, which may be older than what is known already."""
        if score > MILD:
            self.memory = replace(self.memory, calm_since=max(self.memory.calm_since, when))
        if not self.is_latest(when):
            self._change()
            return
        self.memory = replace(self.memory, scored=(when, score))
        if self.flare is not None and when >= max(self.flare.began, self.flare.hurt_at):
            self.change(self.flare.score(score, when))
        else:
            self._change()

    def is_latest(self, when: float) -> bool:
        """Whether a score of then is the latest."""
        return self.memory.scored is None or when >= self.memory.scored[0]

    def take_back(self) -> CheckIn | None:
        """The last check-in was a slip; None: there is none that could be taken back.

        What was said since stays: a sign of pain, how a flare-up goes.
        """
        last = self.memory.last
        if last is None:
            return None
        self.record(Happening.CHECKIN_UNDONE, since=at_instant(last.at, self._world.now.wall))
        slip_counts = self.memory.calm_since == last.at
        calm_since = last.calm_since if slip_counts else self.memory.calm_since
        self.memory = replace(self.memory, last=None, scored=last.scored, calm_since=calm_since)
        if self.flare is not None and last.before is not None and last.after is not None:
            self.change(self.flare.unscore(last.before, last.after))
        else:
            self._change()
        return last

    def hurt(self) -> None:
        """A sign of pain: no quiet weeks, and a flare-up is not over."""
        now = self._world.calendar.instant
        self.memory = replace(self.memory, calm_since=now)
        if self.flare is not None:
            self.change(self.flare.hurt(now))
        else:
            self._change()

    def forget(self) -> None:
        """Keep nothing of what is over; a flare-up that is in force goes on."""
        self.memory = self.memory.forgotten()
        self._change()

    def saved(self) -> dict[str, Any]:
        """What survives a restart."""
        return {"care": to_plain(self.memory)}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on with what was saved; before the courses are restored, because it changes what is in force.

        Raises:
            ValueError, KeyError: it does not fit.
        """
        self.memory = from_plain(CareMemory, state["care"])
        self._change()

    def record(
        self,
        what: Happening,
        reason: str = "",
        *,
        score: int | None = None,
        note: str = "",
        since: datetime | None = None,
    ) -> None:
        """Tell the log and the history."""
        now = self._world.now.wall
        self._world.emit(Record(now, what, reason=reason, score=score, note=note, since=since))

    # ---- time ---------------------------------------------------------------------------------------------

    def on_time(self) -> None:
        """Act on what time has brought."""
        if self._changes_at <= self.now:
            self.step()
        if self._due and self._calm_at() <= self._world.now.boot + SLACK:
            self._tell(self._due)

    def step(self) -> None:
        """Go by the clock, wherever it stands."""
        latest = self.latest
        stepped = None if latest is None else latest.at(self.now)
        if stepped is not None and stepped != latest:
            self.change(stepped)
        else:
            self._change()

    def deadlines(self) -> Iterator[float]:
        """When time alone will change something here."""
        if self._changes_at != NEVER:
            yield self._world.boot_at(self._changes_at)
        if self._due:
            calm = self._calm_at()
            if self._world.now.boot + SLACK < calm < NEVER:
                yield calm

    def learn(self, answers: Answers | None) -> None:
        """What the person said about themselves."""
        self._world.programme.learn(answers)
        self._change()

    def plan_changed(self, plan: Plan) -> None:
        """The person chose other settings."""
        self._world.chosen = plan
        self._change()

    def _change(self) -> None:
        """Something is other than before: find what holds now, what is to be said, and until when."""
        now, latest = self.now, self.latest
        self._world.programme.limit(self.scope)
        self._in_force.choose(flaring=self.flare is not None)
        self._stage.review()
        self._due = next(self._to_tell(now), "")
        steps = [NEVER if latest is None else latest.changes_at(now)]
        if self._strength_is_news:
            steps.append(self.memory.calm_since + QUIET_WEEKS)
        self._changes_at = min((step for step in steps if step > now), default=NEVER)

    # ---- notices ------------------------------------------------------------------------------------------

    def _to_tell(self, now: float) -> Iterator[str]:
        if self.memory.to_tell:
            yield self.memory.to_tell
        if self.latest is not None:
            yield from self.latest.to_tell(now)
        if self._strength_is_news and now >= self.memory.calm_since + QUIET_WEEKS:
            yield _STRENGTH

    @property
    def _strength_is_news(self) -> bool:
        """Whether strengthening could be on, would suit the person, and was never mentioned."""
        suits = self._world.programme.offers_strength
        off = any(each.name == _STRENGTH and not each.enabled for each in self._world.chosen.reminders)
        return suits and off and _STRENGTH not in self.memory.told

    def _calm_at(self) -> float:
        """When a notice is no bother, boot clock; never, as things stand, if somebody must do something."""
        world = self._world
        prompts = any(course.visible or (course.owed and not course.given_up) for course in world.courses)
        busy = world.held or prompts or self._quiet.in_force
        if busy or world.breaks.taken or not world.screen.ready:
            return NEVER
        if not world.presence.here(world.now.boot):
            return NEVER
        after_prompt = world.courses.freed_at + world.plan.quiet.settle
        return max(world.calm_until, after_prompt, self._told_at + _APART)

    def _tell(self, notice: str) -> None:
        text = self._world.content.notices.get(notice, "")
        self._told_at = self._world.now.boot
        if text:
            title = "A stronger neck" if notice == _STRENGTH else "About your neck"
            self._world.emit(Show(Card(f"note-{notice}", title, (text,))))
            self.record(Happening.NOTICED, notice)
        if notice == self.memory.to_tell:
            self.memory = replace(self.memory, to_tell="")
        elif notice == _STRENGTH:
            self.memory = replace(self.memory, told=(*self.memory.told, notice))
        elif self.latest is not None:
            self.memory = replace(self.memory, flares=(*self.memory.flares[:-1], self.latest.tell(notice)))
        self._change()
