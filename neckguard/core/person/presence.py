"""Presence: whether somebody is at the screen, how long nobody was, and when they are back.

Sources tell of inputs (`Input`, `Idle`); between them their silence means that nothing changed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from neckguard.core.codec import from_plain, point_of
from neckguard.core.events import AwayBegan, AwayEnded
from neckguard.core.model import NEVER, PRESENT_WITHIN, SLACK, Away
from neckguard.core.person.at_screen import AtScreen

RETURN_APART, RETURN_WITHIN = 1.0, 10.0
"""A return takes two inputs, at least and at most so many seconds apart: a bumped mouse is none."""
STILL_AT_MOST = 7200.0
"""An application keeps somebody present for so long after the last input, in seconds."""

_JITTER = 0.05  # seconds by which two readings of one distance may differ


@dataclass(slots=True)
class PresenceState:
    """What is known of the person. All times on the boot clock."""

    arrived: float  # since when they are taken to be there: the start, or the last return
    reasons: set[Away] = field(default_factory=set)
    away_since: float | None = None
    away_why: str = ""  # in a word or two, for the history
    source: str = ""  # who tells of inputs; empty: nobody can
    silenced: bool = False  # its silence says nothing: an application may keep it from telling
    last_input: float = -NEVER
    idle: bool = False  # no input since `last_input`; else there were more, untold
    told_at: float = -NEVER  # when the source last said anything
    kept_awake: bool = False  # an application keeps the session awake
    kept_since: float = -NEVER
    kept_until: float = -NEVER  # when the last one ceased to that did so for a while
    still_counts: bool = True
    followed_until: float = -NEVER  # when somebody last followed a guide, hands off
    doubted_from: float = NEVER  # when a break was asked for: silence tells more than applications then
    strict: bool = False  # a break is asked for or taken: a lone input is a bumped mouse, away or not
    bumped_at: float = -NEVER  # the last lone input
    _first_input: float | None = None  # of what may become a return
    at_screen: AtScreen = field(init=False)

    def __post_init__(self) -> None:
        self.at_screen = AtScreen(self.arrived)

    @property
    def away(self) -> bool:
        """Whether nobody is at the screen."""
        return self.away_since is not None

    def name(self, boot: float, idle_after: float) -> str:
        """The word for it in `status`."""
        if self.away:
            return "away"
        if not self.source:
            return "unknown"
        if self.silenced:
            return "still" if self.kept_awake and self.still_counts else "unknown"
        long_enough = boot - self.last_input >= min(PRESENT_WITHIN, idle_after) - SLACK
        return "still" if self.idle and long_enough and self.still(boot) else "active"

    def still(self, boot: float) -> bool:
        """Whether an application answers for somebody who gives no input."""
        return self._kept and boot < self._still_ends_at - SLACK

    @property
    def _kept(self) -> bool:
        """Whether an application speaks for them; not if they typed until they were asked to take a break."""
        watching = self.last_input < self.doubted_from - PRESENT_WITHIN
        return self.kept_awake and self.still_counts and watching

    @property
    def maybe_back(self) -> bool:
        """Whether one input was heard that may be a bumped mouse."""
        first = self._first_input
        return first is not None and not self.away and first > self.bumped_at

    def here(self, boot: float, within: float = PRESENT_WITHIN) -> bool:
        """Whether a prompt would be seen: the last input is not longer ago, or something answers for them."""
        return not self.idle or self.still(boot) or boot - self.last_input <= within + SLACK

    def seen_until(self, boot: float) -> float:
        """Up to when somebody is known or taken to have been there."""
        until = max(self.arrived, self.last_input, self.followed_until)
        if self._kept or (self.still_counts and not self.kept_awake):
            kept_until = boot if self.kept_awake else self.kept_until
            until = max(until, min(kept_until, self._still_ends_at))
        return until

    def leaves_at(self, boot: float, idle_after: float) -> float:
        """When they will count as gone if nothing else is heard; NEVER if that cannot be told yet."""
        if self.away or not self.source or not self.idle:
            return NEVER
        if self._kept:
            return self._still_ends_at
        return self.seen_until(boot) + idle_after

    @property
    def _still_ends_at(self) -> float:
        return max(self.arrived, self.last_input) + STILL_AT_MOST

    def sat_since(self, since: float, boot: float) -> float:
        """How many seconds somebody was at the screen from then until now."""
        return self.at_screen.between(since, boot if self.away_since is None else self.away_since)

    # ---- what the source tells ----------------------------------------------------------------------------

    def follow_guide(self, boot: float) -> None:
        """Somebody follows a guide at this moment, hands off."""
        self.followed_until = boot

    def follow(self, source: str, *, silenced: bool = False) -> None:
        """Another source tells from now on, or none; or the same was silenced, or tells again."""
        self.source, self.silenced, self.idle, self._first_input = source, silenced, False, None

    def heard_input(self, last: float, boot: float) -> float | None:
        """There was an input; if that makes it a return from an absence, when it began."""
        self.told_at = boot
        if self._bumped(last):
            return None  # told once more, for another idle time
        silent = (self.idle or self._first_input is not None) and last > self.last_input + _JITTER
        self.idle = False
        if self.reasons or not (self.away or (self.strict and silent)):
            self._first_input = None
            self._give_input(last, boot)
            return None
        if self.away:
            self._give_input(last, boot)
        first = self._first_input
        if first is None or last - first > RETURN_WITHIN + _JITTER:
            self._first_input = last
            return None
        if last - first < RETURN_APART - _JITTER:
            return None
        if self.away:
            return first
        self._first_input = None
        self._give_input(last, boot)
        return None

    def _bumped(self, last: float) -> bool:
        """Whether this is the lone input that was taken for a bumped mouse."""
        return self.strict and abs(last - self.bumped_at) < RETURN_APART

    def _give_input(self, last: float, boot: float) -> None:
        self.last_input = max(self.last_input, min(last, boot))

    def heard_idle(self, last: float, boot: float) -> None:
        """There is no more input for now; the last one may turn out to be longer ago than was told before."""
        self.idle, self.told_at = True, boot
        if self.maybe_back and self._first_input is not None:
            if last - self._first_input < RETURN_APART - _JITTER:
                self.bumped_at = last  # another one soon may still make it a return
            else:
                self._first_input = None
        if not self._bumped(last):
            self.last_input = min(last, boot)

    def keep_awake(self, on: bool, since: float) -> None:
        """An application keeps the session awake, or none does any more."""
        if on and not self.kept_awake:
            self.kept_since = since
        if self.kept_awake and not on and since - self.kept_since >= PRESENT_WITHIN:  # a beep proves nobody
            self.kept_until = since
        self.kept_awake = on

    # ---- going and coming ---------------------------------------------------------------------------------

    def begin(self, reason: Away, boot: float) -> bool:
        """Note a reason; True if the absence begins with it."""
        first = not self.away
        self.reasons.add(reason)
        if first:
            self.leave(self.gone_since(boot))
        return first

    def gone_since(self, boot: float) -> float:
        """Since when they are gone, if they turn out to be away now: since their last input, or just now."""
        return self.seen_until(boot) if self.idle and self.source else boot

    def leave(self, since: float) -> None:
        """Nobody was there from then on, as it turns out; `arrive` ends it."""
        self.away_since, self._first_input = since, None

    def end(self, reason: Away, *, certain: bool = True) -> bool:
        """Lift a reason; True if somebody must be there now.

        Whoever unlocks the screen or switches to it is there. But a machine may wake up by itself, and a
        reason be lifted only because nobody can tell of it: then, if inputs are told at all, they decide.
        """
        if reason not in self.reasons:
            return False
        self.reasons.discard(reason)
        self._first_input = None
        proof = certain and reason is not Away.ASLEEP
        return not self.reasons and (proof or not self.source)

    def backdate(self, boot: float) -> bool:
        """Begin the absence at the last input, if there was none just before it; True if that is earlier."""
        since = self.seen_until(boot)
        if self.away_since is None or not self.idle or since >= self.away_since - SLACK:
            return False
        self.away_since = since
        return True

    def arrive(self, boot: float, *, seen: bool = True) -> float:
        """End the absence; its length. Not `seen`: nobody knows yet whether they are there."""
        length = 0.0
        if self.away_since is not None:
            length = boot - self.away_since
            self.at_screen.leave(self.away_since, boot)
        self.away_since = self._first_input = None
        if seen:
            self.arrived = boot
        return length

    # ---- what survives a restart --------------------------------------------------------------------------

    def saved(self) -> dict[str, Any]:
        """What tells that somebody had left before the life ended; None stands for never."""
        return {
            "away_since": self.away_since,
            "away_why": self.away_why,
            "arrived": self.arrived,
            "last_input": None if self.last_input == -NEVER else self.last_input,
            "followed_until": None if self.followed_until == -NEVER else self.followed_until,
            "kept": self.kept_awake and self.still_counts,
            "kept_until": None if self.kept_until == -NEVER else self.kept_until,
            "at_screen": self.at_screen.saved(),
        }

    def restore(self, state: dict[str, Any], shift: float, lived: float) -> None:
        """Go on with what a life saved that ended at `lived`, but for the absence itself.

        The boot clock reads `shift` more than it would have.

        Raises:
            ValueError, KeyError: it does not fit.
        """
        self.arrived = from_plain(float, state["arrived"]) + shift
        self.away_why = from_plain(str, state["away_why"])
        last_input = point_of(state["last_input"])
        if last_input is not None:
            self.last_input = last_input + shift
        followed_until = point_of(state.get("followed_until"))
        if followed_until is not None:
            self.followed_until = followed_until + shift
        kept_until = point_of(state["kept_until"])
        if kept_until is not None:
            self.kept_until = kept_until + shift
        if from_plain(bool, state["kept"]):
            self.kept_until = lived  # whether it still holds, somebody will tell
        if "at_screen" in state:  # a former version kept none
            self.at_screen.restore(state["at_screen"], shift)


class Claim(Protocol):
    """Takes what a source knows; see `Absence.claim`."""

    def __call__(self, source: str, reasons: Iterable[Away], *, certain: bool = True) -> None:
        """What it knows now."""


class Absence:
    """The union of what all sources claim; only its changes are told.

    A lock is often seen twice (logind and the screen saver): it begins with the first claim and ends with
    the last one.
    """

    def __init__(self, tell: Callable[[AwayBegan | AwayEnded], None]) -> None:
        self._tell = tell
        self._claims: dict[str, frozenset[Away]] = {}

    @property
    def reasons(self) -> frozenset[Away]:
        """Why the person is away now; empty: as far as anyone knows they are here."""
        return frozenset().union(*self._claims.values())

    def claim(self, source: str, reasons: Iterable[Away], *, certain: bool = True) -> None:
        """Take what `source` knows now; it replaces all that this source said before.

        Not `certain`: what it no longer claims may still be so, it cannot tell.
        """
        before = self.reasons
        self._claims[source] = frozenset(reasons)
        after = self.reasons
        # New reasons first: a lock that hands over to sleep must not look like a moment at the desk.
        for reason in Away:
            if reason in after - before:
                self._tell(AwayBegan(reason))
        for reason in Away:
            if reason in before - after:
                self._tell(AwayEnded(reason, certain))
