"""The quiet reasons that the outside tells: do not disturb, calls, a shared screen. Prompts wait for them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from neckguard.core.codec import from_plain
from neckguard.core.events import QuietChanged
from neckguard.core.model import NEVER, SLACK, Happening, QuietReason, Show
from neckguard.core.reminders import cards
from neckguard.core.world import World
from neckguard.value import value

CALL_AT_MOST = 4 * 3600.0
"""A microphone that is in use for longer, in seconds, is no call."""

_GAP = 120.0  # seconds between two lives in which one call may go on
_FRESH = 2.0  # seconds for which "just now" lasts
_NOBODY_ASKS = "nobody asks about it now"
_ASKED = frozenset({QuietReason.CALL, QuietReason.PRESENTING})  # told only when somebody asks


@value
class QuietSpan:
    """One reason that holds, and since when it was seen. `by` names applications: to be said, not kept."""

    reason: str
    detail: str
    since: datetime
    by: str = ""


class QuietReasons:
    """Which reasons hold, and which of them count."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._found: dict[QuietReason, QuietSpan] = {}
        self._heard_at = -NEVER  # when what must be asked for was told last
        self._call_began: float | None = None  # since when one is in force, boot clock
        self._call_until = -NEVER  # up to when one that a former life saw may go on
        self.worn_out = False  # it lasts too long to be a call
        self._in_force: tuple[QuietReason, ...] = ()

    @property
    def in_force(self) -> tuple[QuietReason, ...]:
        """The reasons that hold prompts back."""
        return self._in_force

    @property
    def spans(self) -> tuple[QuietSpan, ...]:
        """The same, with all that is known of them."""
        return tuple(self._found[reason] for reason in self._in_force)

    @property
    def would_wait_for(self) -> tuple[QuietSpan, ...]:
        """What was told just now and would hold a prompt back, if one were owed."""
        if not self._fresh:
            return ()
        return tuple(self._found[each] for each in self._wanted() if each not in self._in_force)

    @property
    def asked_for(self) -> bool:
        """Whether one holds whose end nobody will tell unasked."""
        return not _ASKED.isdisjoint(self._in_force)

    def hear(self, event: QuietChanged) -> None:
        """A reason holds, still holds, or is over."""
        world, reason = self._world, event.reason
        if reason in _ASKED:
            self._heard_at = world.now.boot
        if not event.detail:
            self._found.pop(reason, None)
            if reason is QuietReason.CALL:
                self._call_began, self._call_until, self.worn_out = None, -NEVER, False
        else:
            before = self._found.get(reason)
            since = before.since if before else world.now.wall
            self._found[reason] = QuietSpan(reason, event.detail, since, event.by)
        self.review()

    def review(self, why: str = "") -> None:
        """Act on what began or ended to count: because it was told, by new settings, or for `why`."""
        before, self._in_force = self._in_force, tuple(self._counting())
        for reason in self._in_force:
            if reason not in before:
                self._begin(reason)
        for reason in before:
            if reason not in self._in_force:
                self._end(reason, why)
        self._time_the_call()

    def on_time(self) -> None:
        """Let go of a call that lasts too long, and of what was asked for when no prompt waits any more."""
        if not self._found:
            return
        if self._wears_out_at() <= self._world.now.boot + SLACK:
            self._wear_out()
        if not self._asking and not self._fresh:
            self._forget_asked()

    def saved(self) -> dict[str, Any]:
        """What survives a restart: since when a call is in force, and whether it lasts too long to be one."""
        return {"call": [self._call_began, self.worn_out]}

    def restore(self, state: dict[str, Any], shift: float, lived: float) -> None:
        """Go on with what was saved by a life that ended at `lived`.

        Raises:
            ValueError, KeyError: it does not fit.
        """
        began, self.worn_out = from_plain(tuple[float | None, bool], state["call"])
        if began is not None:
            self._call_began, self._call_until = began + shift, lived + _GAP

    def deadlines(self) -> Iterator[float]:
        """When time alone will change something here."""
        if QuietReason.CALL in self._in_force:
            yield self._wears_out_at()

    @property
    def _asking(self) -> bool:
        """Whether somebody asks for what nobody announces: while a prompt is owed."""
        return self._world.courses.any_owed and not self._world.held

    @property
    def _fresh(self) -> bool:
        return self._world.now.boot <= self._heard_at + _FRESH

    def _counting(self) -> Iterator[QuietReason]:
        asking = self._asking
        return (reason for reason in self._wanted() if asking or reason not in _ASKED)

    def _wanted(self) -> Iterator[QuietReason]:
        quiet = self._world.plan.quiet
        wanted = {
            QuietReason.DND: quiet.dnd,
            QuietReason.CALL: quiet.calls and not self.worn_out,
            QuietReason.PRESENTING: quiet.presenting,
        }
        return (reason for reason, counts in wanted.items() if counts and reason in self._found)

    def _time_the_call(self) -> None:
        """Know since when one is in force without a gap: different calls never add up, nor do unseen ones."""
        now, on = self._world.now.boot, QuietReason.CALL in self._in_force
        if on and (self._call_began is None or self._call_until < now):
            self._call_began = now
        if on:
            self._call_until = NEVER
        elif self._call_until == NEVER:
            self._call_began = None

    def _begin(self, reason: QuietReason) -> None:
        world = self._world
        world.courses.record(Happening.QUIET, reason=f"{reason}: {self._found[reason].detail}")
        showing = world.courses.showing
        if showing is not None and showing.prompt is not None and not showing.prompt.forced:
            world.courses.hide(showing, reason)

    def _end(self, reason: QuietReason, why: str) -> None:
        self._world.courses.record(Happening.QUIET_END, reason=f"{reason}: {why}" if why else reason)
        if why != _NOBODY_ASKS:
            quiet = self._world.plan.quiet
            seconds = quiet.settle_after_call if reason is QuietReason.CALL and not why else quiet.settle
            self._world.begin_calm(why or _ENDED[reason], seconds=seconds)

    def _wears_out_at(self) -> float:
        if self._call_began is None or QuietReason.CALL not in self._in_force:
            return NEVER
        return self._call_began + CALL_AT_MOST

    def _wear_out(self) -> None:
        call = self._found[QuietReason.CALL]
        self.worn_out = True
        self.review("it lasts too long to wait for")
        self._world.emit(Show(cards.long_call_note(call.by)))

    def _forget_asked(self) -> None:
        """Nobody asks any more, so nobody would tell of the end; the next prompt asks anew."""
        for reason in _ASKED:
            self._found.pop(reason, None)
        self.review(_NOBODY_ASKS)


_ENDED = {
    QuietReason.DND: "do not disturb ended",
    QuietReason.CALL: "the call ended",
    QuietReason.PRESENTING: "the screen is no longer shared",
}
