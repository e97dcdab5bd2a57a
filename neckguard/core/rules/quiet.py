"""The quiet reasons that the outside tells: do not disturb, calls, a full screen. Prompts wait for them."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from neckguard.core.events import QuietChanged
from neckguard.core.model import NEVER, SLACK, Card, Happening, QuietReason, Show
from neckguard.core.reminders import cards
from neckguard.core.rules.lasting import Lasting
from neckguard.core.world import World
from neckguard.value import value

CALL_AT_MOST = 4 * 3600.0
"""A microphone that is in use for longer, in seconds, is no call."""

FULLSCREEN_AT_MOST = 2 * 3600.0
"""An application that fills the screen for longer is no film: it is what somebody works with."""

_FRESH = 2.0  # seconds for which "just now" lasts
_NOBODY_ASKS = "nobody asks about it now"
_ASKED = frozenset(QuietReason) - {QuietReason.DND}  # told only when somebody asks


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
        self._lasting = {
            QuietReason.CALL: Lasting(CALL_AT_MOST),
            QuietReason.FULLSCREEN: Lasting(FULLSCREEN_AT_MOST),
        }
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

    @property
    def worn_out(self) -> bool:
        """Whether one that lasts too long is not waited for, until it ends."""
        return any(lasting.worn_out for lasting in self._lasting.values())

    def hear(self, event: QuietChanged) -> None:
        """A reason holds, still holds, or is over."""
        world, reason = self._world, event.reason
        if reason in _ASKED:
            self._heard_at = world.now.boot
        if reason in self._lasting:  # those who are in a call may come and go
            who = event.by if reason is QuietReason.FULLSCREEN else ""
            self._lasting[reason].hear(bool(event.detail), who)
        if not event.detail:
            self._found.pop(reason, None)
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
        for reason, lasting in self._lasting.items():
            lasting.follow(reason in self._in_force, self._world.now.boot)

    def on_time(self) -> None:
        """Let go of what lasts too long, and of what was asked for when no prompt waits any more."""
        if not self._found:
            return
        for reason, lasting in self._lasting.items():
            if lasting.wears_out_at <= self._world.now.boot + SLACK:
                self._wear_out(reason)
        if not self._asking and not self._fresh:
            self._forget_asked()

    def saved(self) -> dict[str, Any]:
        """What survives a restart: since when each is in force, and whether it lasts too long."""
        return {reason.value: lasting.saved() for reason, lasting in self._lasting.items()}

    def restore(self, state: dict[str, Any], shift: float, lived: float) -> None:
        """Go on with what was saved by a life that ended at `lived`.

        Raises:
            ValueError: it does not fit.
        """
        for reason, lasting in self._lasting.items():
            if reason in state:  # the version before this one knew of calls alone
                lasting.restore(state[reason], shift, lived)

    def deadlines(self) -> Iterator[float]:
        """When time alone will change something here."""
        if self._found:
            yield from (lasting.wears_out_at for lasting in self._lasting.values())

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
            QuietReason.CALL: quiet.calls,
            QuietReason.PRESENTING: quiet.presenting,
            QuietReason.FULLSCREEN: quiet.fullscreen,
            QuietReason.PROGRAM: bool(quiet.programs),
        }
        tired = {reason for reason, lasting in self._lasting.items() if lasting.worn_out}
        counting = {reason for reason, counts in wanted.items() if counts} - tired
        return (reason for reason in wanted if reason in counting and reason in self._found)

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

    def _wear_out(self, reason: QuietReason) -> None:
        found = self._found[reason]
        self._lasting[reason].wear_out()
        self.review("it lasts too long to wait for")
        self._world.emit(Show(_NOTES[reason](found.by)))

    def _forget_asked(self) -> None:
        """Nobody asks any more, so nobody would tell of the end; the next prompt asks anew."""
        for reason in _ASKED:
            self._found.pop(reason, None)
        self.review(_NOBODY_ASKS)


_ENDED = {
    QuietReason.DND: "do not disturb ended",
    QuietReason.CALL: "the call ended",
    QuietReason.PRESENTING: "the screen is no longer shared",
    QuietReason.FULLSCREEN: "nothing fills the screen any more",
    QuietReason.PROGRAM: "the program ended",
}
_NOTES: dict[QuietReason, Callable[[str], Card]] = {
    QuietReason.CALL: cards.long_call_note,
    QuietReason.FULLSCREEN: cards.long_fullscreen_note,
}
