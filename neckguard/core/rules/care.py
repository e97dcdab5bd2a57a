"""Care: applies the flare-up machine to the world, and says what is worth saying about a neck, once."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from neckguard.core.codec import from_plain, to_plain
from neckguard.core.events import Answered, Closed, Delivered, Undelivered
from neckguard.core.model import NEVER, SLACK, Happening, Record
from neckguard.core.neck.catalogue import Urgency
from neckguard.core.neck.flare.course import FlareUp
from neckguard.core.neck.flare.memory import CareMemory, CheckIn
from neckguard.core.neck.flare.notices import STRENGTH, ask_again, awaits
from neckguard.core.neck.health import Scope
from neckguard.core.plan import Answers, Plan
from neckguard.core.rules.neck_cards import NeckCards
from neckguard.core.rules.plan_in_force import PlanInForce
from neckguard.core.rules.stage import Stage
from neckguard.core.rules.tact import HUSHED
from neckguard.core.timing.pauses import morning_of, next_day
from neckguard.core.timing.wallclock import at_instant, instant_of
from neckguard.core.world import World

WORSE, SORE = "worse", "still sore"
"""Answers to a card that are signs of pain."""
_TURNING = {None: "", True: "turning yes", False: "turning no"}


class Care:
    """What is known of the neck. The last of the flare-ups may be in force."""

    def __init__(self, world: World, stage: Stage, cards: NeckCards, in_force: PlanInForce) -> None:
        self.memory = CareMemory(calm_since=world.calendar.instant)
        self._world = world
        self._stage = stage
        self._cards = cards
        self._in_force = in_force
        self._changes_at = NEVER  # the instant at which time alone changes something
        self._due = ""  # the notice that waits for a calm moment

    # ---- what is known ------------------------------------------------------------------------------------

    @property
    def latest(self) -> FlareUp | None:
        """The last flare-up, in force or not."""
        return self.memory.latest

    @property
    def flare(self) -> FlareUp | None:
        """The one that is in force."""
        return self.memory.flare

    @property
    def scope(self) -> Scope:
        """What the last flare-up leaves of the catalogue."""
        return Scope.ALL if self.latest is None else self.latest.scope(self.now)

    @property
    def now(self) -> float:
        """The instant that has come; what is a hair away has."""
        return self._world.calendar.instant + SLACK

    # ---- what the person says -----------------------------------------------------------------------------

    def start(self, severity: int | None, side: str) -> bool:
        """A flare-up began; or the last one was not over after all: whether it is that one."""
        now, latest = self._world.calendar.instant, self.latest
        self._cards.keep_apart()
        same = latest is not None and latest.continues(now)
        if latest is not None and same:
            again = latest.again(now).feel(now, severity)
            severity_then = severity if latest.severity is None else latest.severity
            again = replace(again, severity=severity_then, side=side or latest.side)
            self.memory = self.memory.with_latest(again)
        else:
            self.memory = self.memory.begin(FlareUp(now, severity, side, hurt_at=now))
        self.record(Happening.FLARE_START, side, score=severity)
        self._change()
        return same

    def tell_more(self, severity: int | None, side: str) -> None:
        """The checklist was gone through again, in the middle of a flare-up."""
        if severity is not None:
            self.feel(severity)
        if self.flare is not None and side and side != self.flare.side:
            self.record(Happening.FLARE_SIDE, side)
            self.change(replace(self.flare, side=side))

    def change(self, flare: FlareUp) -> None:
        """The one in force is like this now."""
        self.memory = self.memory.with_latest(flare)
        if flare.ended is not None:
            self.memory = replace(self.memory, calm_since=flare.ended)
            self.record(Happening.FLARE_END, flare.end or "")
        self._change()

    def flag(self, flags: tuple[str, ...], urgency: Urgency | None) -> None:
        """Red flags were named."""
        if self.flare is not None and flags:
            self.record(Happening.FLARE_FLAGS, item=" ".join(flags))
            now = self._world.calendar.instant
            self.change(self.flare.flag(flags, urgency, now, morning=self._morning))

    def clear(self) -> None:
        """Somebody has looked at what was named."""
        if self.flare is not None:
            self.record(Happening.FLARE_CLEARED)
            self.change(self.flare.clear(self._world.calendar.instant))

    def finish(self) -> None:
        """The person says that it is over."""
        if self.flare is not None:
            self.change(self.flare.finish(self._world.calendar.instant))

    def warn(self) -> None:
        """It is worse, and no terminal is there to say so."""
        self._cards.put_up("risen", self.flare)

    def feel(
        self,
        score: int | None = None,
        note: str = "",
        *,
        turning: bool | None = None,
        how: str = "",
        at: float | None = None,
    ) -> bool:
        """How the neck is now, or was at the instant `at`; whether it is worse than was said before.

        A score from 0 to 10, whether turning is comfortable, an answer to a card, words.
        """
        now, flare = self._world.now.wall, self.flare
        when = now.timestamp() if at is None else at
        said = ", ".join(filter(None, (how, _TURNING[turning])))
        since = None if at is None else at_instant(at, now)
        self._world.emit(Record(now, Happening.CHECKIN, reason=said, since=since, score=score, note=note))
        worse = how == WORSE or (score is not None and flare is not None and flare.worse_with(score))
        self.memory = self.memory.feel(when, score, turning=turning, sore=how in (WORSE, SORE))
        self._change()
        return worse and at is None

    def take_back(self) -> CheckIn | None:
        """The last check-in was a slip; None: there is none that could be taken back."""
        last = self.memory.last
        if last is not None:
            now = self._world.now.wall
            self._world.emit(Record(now, Happening.CHECKIN_UNDONE, since=at_instant(last.at, now)))
            self.memory = self.memory.without(last)
            self._change()
        return last

    def hurt(self) -> None:
        """A movement hurt: no quiet weeks, and a flare-up is not over."""
        now = self._world.calendar.instant
        self.memory = replace(self.memory, calm_since=now)
        if self.flare is not None:
            self.memory = self.memory.with_latest(self.flare.hurt(now))
        self._change()

    def owns(self, key: str) -> bool:
        """Whether the card under this key is a question about the neck."""
        return self._cards.owns(key)

    def hear(self, event: Delivered | Undelivered | Answered | Closed) -> None:
        """What became of a question's card."""
        question, answer = self._cards.settle(event)
        flare, now = self.flare, self._world.calendar.instant
        if flare is None:
            return
        match question, answer:
            case "looked", "yes":
                self.clear()
            case "looked", "no":
                self.change(replace(flare.hear(now), asks_at=self._morning))
            case "over", "yes":
                self.finish()
            case "over", "no":
                self.feel(how=SORE)
            case _, "unseen":
                self.change(ask_again(flare, question, now))

    @property
    def _morning(self) -> float:
        """When the next day's hours open, or 06:00."""
        wall, hours = self._world.now.wall, self._world.chosen.hours
        return instant_of(morning_of(next_day(wall, hours), wall, hours), wall.tzinfo)

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

    def record(self, what: Happening, reason: str = "", *, item: str = "", score: int | None = None) -> None:
        """Tell the log and the history."""
        self._world.emit(Record(self._world.now.wall, what, reason=reason, item=item, score=score))

    # ---- time ---------------------------------------------------------------------------------------------

    def on_time(self) -> None:
        """Act on what time has brought."""
        if self._changes_at <= self.now:
            self.step()
        if self._due and self._cards.calm_at(self._due) <= self._world.now.boot + SLACK:
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
            calm = self._cards.calm_at(self._due)
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

    def notifier_changed(self, *, ready: bool) -> None:
        """A notification server came or went."""
        self._cards.notifier_changed(ready=ready)

    def _change(self) -> None:
        """Something is other than before: find what holds now, what is to be said, and until when."""
        now, latest = self.now, self.latest
        self._world.programme.limit(self.scope, flaring=self.flare is not None)
        self._in_force.choose(flaring=self.flare is not None)
        self._hush()
        self._stage.review()
        agenda = tuple(self.memory.agenda(strength=self._strength_suits))
        self._due = next((notice for notice, at in agenda if at <= now), "")
        if self._cards.asked and (latest is None or not awaits(latest, self._cards.asked)):
            self._cards.take_down()
        steps = [*(() if latest is None else latest.changes), *(at for _, at in agenda)]
        self._changes_at = min((step for step in steps if step > now), default=NEVER)

    def _hush(self) -> None:
        """An emergency was named: no prompt of any kind that day but what the person asks for."""
        world, flare = self._world, self.flare
        world.hush = None if flare is None else (flare.flagged_at, flare.hushed_until)
        showing = world.courses.showing
        if world.hushed and showing is not None and showing.prompt is not None and not showing.prompt.forced:
            world.hide(HUSHED)

    @property
    def _strength_suits(self) -> bool:
        """Whether strengthening could be on, and would suit the person."""
        suits = self._world.programme.offers_strength
        off = any(each.name == STRENGTH and not each.enabled for each in self._world.chosen.reminders)
        return suits and off

    def _tell(self, notice: str) -> None:
        if self._cards.put_up(notice, self.flare):
            self.record(Happening.NOTICED, notice)
        self.memory = self.memory.tell(notice)
        self._change()
