"""The last steps to a prompt: is somebody there, is the typing at a gap, and is nobody in a call?

What costs something to find out is asked only here, when a prompt waits for nothing else.
"""

from collections.abc import Iterator

from neckguard.core.model import NEVER, PRESENT_WITHIN, SLACK, Look
from neckguard.core.rules.attention import Attention
from neckguard.core.rules.quiet import QuietReasons
from neckguard.core.world import World

ASKING = "asking whether it is a good moment"
EMPTY = "no input in the last minute"
TYPING = "you are typing"

_PATIENCE = 3.0  # seconds that an answer may take; without one it goes on
_FRESH = 2.0  # seconds for which an answer holds
_PACE = 30.0  # seconds between questions while the answer was "not now"
_TOLD_PACE = 60.0  # the same, where somebody may also tell unasked
_WORN_OUT_PACE = 120.0  # while one that lasts too long is not waited for any more
_OPEN_PACE, _OPEN_LATER_PACE = 10.0, 120.0  # while a prompt is open: in its first minute, and after


class Approach:
    """Holds a prompt that is free to be shown back until the moment is good. Times on the boot clock."""

    def __init__(self, world: World, attention: Attention, quiet: QuietReasons) -> None:
        self.obstacle = ""  # what was in the way when it was last tried
        self.since: float | None = None  # since when a prompt waits for nothing but this
        self._world = world
        self._attention = attention
        self._quiet = quiet
        self._asked_at = self._looked_at = -NEVER

    @property
    def threshold(self) -> float:
        """The idle time that matters while a prompt waits."""
        return self._world.plan.quiet.typing_gap or PRESENT_WITHIN

    @property
    def gap(self) -> float | None:
        """The same; None while no prompt waits for this."""
        return None if self.since is None else self.threshold

    def clear(self) -> None:
        """No prompt waits for this any more."""
        self.since, self.obstacle = None, ""

    def try_now(self) -> bool:
        """Whether the prompt that waits may be shown now; if not, what it takes to know is under way."""
        if self.since is None:
            self.since = self._world.now.boot
        self.obstacle = self._person(self.since) or self._disturbance()
        return not self.obstacle

    def renew(self) -> None:
        """What was asked for may count differently now."""
        self._asked_at = self._looked_at = -NEVER

    def looked(self) -> None:
        """All that can only be asked for was told."""
        self._looked_at = self._world.now.boot

    def on_time(self) -> None:
        """Ask again, now and then, for what is in the way or may come into the way of an open prompt."""
        if self._asks_again_at() <= self._world.now.boot + SLACK:
            self._ask()

    def deadlines(self) -> Iterator[float]:
        """When time alone will change something here."""
        boot, again = self._world.now.boot, self._asks_again_at()
        if again != NEVER:
            yield max(boot, again)
        if self.since is None:
            return
        presence, quiet = self._world.presence, self._world.plan.quiet
        gates = (
            self._attention.asked_at + _PATIENCE,
            self._asked_at + _PATIENCE,
            self.since + quiet.typing_max_wait,
            presence.last_input + quiet.typing_gap if presence.idle else NEVER,
        )
        yield from (gate for gate in gates if gate > boot + SLACK)

    # ---- the person ---------------------------------------------------------------------------------------

    def _person(self, since: float) -> str:
        presence, boot = self._world.presence, self._world.now.boot
        if not presence.source:
            return ""
        patient = boot < max(since, self._attention.asked_at) + _PATIENCE - SLACK
        if patient and not self._attention.knows(self.threshold):
            return ASKING
        if not presence.here(boot):
            self.since = boot  # the wait for a gap in the typing begins when they are back
            return EMPTY
        quiet = self._world.plan.quiet
        gap = boot - presence.last_input if presence.idle else 0.0
        if gap < quiet.typing_gap - SLACK and boot < since + quiet.typing_max_wait - SLACK:
            return TYPING
        return ""

    # ---- the quiet reasons that are asked for -------------------------------------------------------------

    def _disturbance(self) -> str:
        boot = self._world.now.boot
        if boot <= self._looked_at + _FRESH:
            return ""
        if self._asked_at <= self._looked_at:
            self._ask()
        if boot < self._asked_at + _PATIENCE - SLACK:
            return ASKING
        self._looked_at = boot  # no answer is taken for "nothing"
        return ""

    def _ask(self) -> None:
        self._asked_at = self._world.now.boot
        self._world.emit(Look())

    def _asks_again_at(self) -> float:
        quiet, showing = self._quiet, self._world.courses.showing
        owed = self._world.courses.any_owed
        if self._world.held or (showing is None and not quiet.worn_out and not (quiet.in_force and owed)):
            return NEVER
        if quiet.in_force and owed:  # its end may be announced by nobody, as with mako 1.7
            pace = _PACE if quiet.asked_for else _TOLD_PACE
            return max(self._asked_at, self._looked_at) + pace
        if quiet.worn_out:  # the next one counts again, if this one was seen to end
            return max(self._asked_at, self._looked_at) + _WORN_OUT_PACE
        if self._asked_at > self._looked_at:
            return NEVER
        prompt = showing.prompt if showing else None
        if prompt is None or not prompt.delivered or prompt.forced:
            return NEVER
        if self._attention.counts_until() <= self._world.now.boot:
            return NEVER  # nobody looks at it
        early = prompt.seen < PRESENT_WITHIN
        return self._looked_at + (_OPEN_PACE if early else _OPEN_LATER_PACE)
