"""Attendance: what coming, going and silence of the person do to the reminders."""

from collections.abc import Iterator
from typing import Any

from neckguard.core.codec import from_plain
from neckguard.core.events import AwayBegan, AwayEnded, Idle, Input, KeptAwake, SourceChanged
from neckguard.core.model import NEVER, PRESENT_WITHIN, SLACK, Doubt, Happening, Record
from neckguard.core.rules.attention import Attention
from neckguard.core.rules.guidance import Guidance
from neckguard.core.timing.durations import say_span
from neckguard.core.timing.timeline import SittingLog
from neckguard.core.timing.wallclock import say_when
from neckguard.core.world import World

# Seconds after which an input makes a lock or a sleep doubtful: its end may have been told to nobody. Most
# who lock move the mouse once more, and at the lock screen people type, so it is not asked often.
_DOUBT_AFTER, _DOUBT_EVERY = 5.0, 10.0
_FULL_MINUTES = (300.0, 600.0)  # absences about as long as a break are said in full minutes, never more

PresenceEvent = SourceChanged | Input | Idle | KeptAwake | AwayBegan | AwayEnded


class Attendance:
    """Applies presence to the courses. Times on the boot clock."""

    def __init__(self, world: World, guidance: Guidance, attention: Attention) -> None:
        self.sitting = SittingLog()
        self._world = world
        self._guidance = guidance
        self._attention = attention
        self._doubts_from = 0.0  # inputs from then on make it doubtful that they are away

    def hear(self, event: PresenceEvent) -> None:
        """Somebody went, came, or was heard of."""
        presence, boot = self._world.presence, self._world.now.boot
        self._attention.heed_breaks()
        match event:
            case AwayBegan(reason):
                self._see_guide()
                self._doubts_from = boot + _DOUBT_AFTER
                if presence.begin(reason, boot):
                    self._gone(reason)
            case AwayEnded(reason, certain) if presence.end(reason, certain=certain):
                self.come_back()
            case Input(last):
                self._hear_input(last)
            case Idle(last):
                presence.heard_idle(last, boot)
                if presence.backdate(boot):
                    self._take_back()
            case KeptAwake(on, since):
                presence.keep_awake(on, since)
            case SourceChanged(source, silenced):
                presence.follow(source, silenced=silenced)
                if presence.away and not presence.reasons and not source:
                    self.come_back()  # nobody could tell when they are

    def _hear_input(self, last: float) -> None:
        presence = self._world.presence
        if presence.reasons and last >= self._doubts_from:
            self._doubts_from = last + _DOUBT_EVERY
            self._world.emit(Doubt())
        silent, before = presence.idle or presence.maybe_back, presence.last_input
        returned = presence.heard_input(last, self._world.now.boot)
        if returned is not None:
            self.come_back(returned)
        elif silent and presence.last_input - before >= PRESENT_WITHIN:
            self._guidance.say_what_remains()

    # ---- time ---------------------------------------------------------------------------------------------

    def mark(self, *, runs: bool) -> None:
        """From now on the sitting clock runs, or stands still."""
        self.sitting.mark(self._world.now.boot, self._world.courses.timeline.sitting, runs=runs)

    def on_time(self) -> None:
        """Notice that nobody gave input for too long."""
        world = self._world
        if not world.presence.idle:
            return
        self._attention.heed_breaks()
        if self._leaves_at() > world.now.boot + SLACK:
            return
        since = world.presence.seen_until(world.now.boot)
        self._see_guide()
        world.presence.leave(since)
        self._gone(f"no input since {say_when(world.later(since - world.now.boot), world.now.wall)}")

    def deadlines(self) -> Iterator[float]:
        """When time alone will change something here."""
        if self._world.presence.idle:
            yield self._leaves_at()

    def _leaves_at(self) -> float:
        if self._world.courses.guide is not None:
            return NEVER  # whoever follows a guide has their hands off
        return self._world.presence.leaves_at(self._world.now.boot, self._attention.shortest_absence())

    # ---- going and coming ---------------------------------------------------------------------------------

    def miss(self, since: float, reason: str) -> None:
        """The daemon did not live, or the machine slept, from then on."""
        presence = self._world.presence
        self._see_guide()
        presence.leave(presence.gone_since(since))
        self._gone(reason)

    def live_on(self) -> None:
        """Life goes on after what was missed: if inputs are told, they say when somebody is back."""
        if not self._world.presence.source and not self._world.presence.reasons:
            self.come_back()

    def come_back(self, since: float | None = None) -> None:
        """Somebody is there, and was since then: the absence counts, and what they sat meanwhile."""
        boot = self._world.now.boot
        began = boot if since is None else since
        self._settle_absence(self._world.presence.arrive(began), began)
        self.sitting.begin_anew(began, self._world.courses.timeline.sitting, runs=not self._world.held)
        if not self._world.held:
            self._world.courses.run(boot - began)

    def go_on(self) -> None:
        """The daemon lives again. Whether somebody is there the source will tell, even of the time before."""
        boot = self._world.now.boot
        self._settle_absence(self._world.presence.arrive(boot, seen=False), boot)

    def _settle_absence(self, absence: float, began: float) -> None:
        world = self._world
        first, last = _FULL_MINUTES
        full = absence // 60 * 60 if first <= absence < last else absence
        self._record(Happening.BACK, f"after {say_span(full)}", since=began)
        world.begin_calm("you came back", since=began)
        taken = world.breaks.arrive(absence, began)
        world.courses.absence(absence, taken=taken or world.breaks.counts(began - absence))
        if world.breaks.taken:
            self._guidance.say_what_remains()
        elif taken:
            self._guidance.welcome()

    def _see_guide(self) -> None:
        """Whoever follows a guide is there with their hands off."""
        if self._world.courses.guide is not None:
            self._world.presence.follow_guide(self._world.now.boot)

    def _gone(self, reason: str) -> None:
        presence = self._world.presence
        self._take_back()
        presence.away_why = reason.partition(" since ")[0]
        self._record(Happening.AWAY, reason, since=presence.away_since)
        self._world.hide("away")

    def _record(self, what: Happening, reason: str, *, since: float | None) -> None:
        """Tell the log and the history; `since` is boot clock."""
        world = self._world
        began = world.now.wall if since is None else world.later(since - world.now.boot)
        world.emit(Record(world.now.wall, what, reason=reason, since=began))

    def _take_back(self) -> None:
        """What counted as sitting since the absence began did not, if it began before now."""
        world, since = self._world, self._world.presence.away_since
        if since is not None and since < world.now.boot - SLACK:
            then = self.sitting.at(since)
            world.courses.take_back(then)
            self.sitting.begin_anew(world.now.boot, then, runs=False)

    # ---- what survives a restart --------------------------------------------------------------------------

    def saved(self) -> dict[str, Any]:
        """Where the sitting clock stood at the last comings and goings."""
        return {"sitting": [list(mark) for mark in self.sitting.marks]}

    def restore(self, state: dict[str, Any], shift: float) -> None:
        """Go on with what was saved; the boot clock reads `shift` more than it would have.

        Raises:
            ValueError, KeyError: it does not fit.
        """
        self.sitting.restore(from_plain(tuple[tuple[float, float, bool], ...], state["sitting"]), shift)
