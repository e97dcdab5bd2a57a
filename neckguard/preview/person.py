"""The simulated hands, and the source that tells of them as `neckguard.desktop.presence.source` demands."""

from neckguard.core import Idle, Input
from neckguard.preview.scenario import Hands

NEVER = float("inf")
_HAIR = 1e-6  # seconds by which sums of floats may differ

_BURST, _PAUSE = 20.0, 10.0  # seconds of typing, and of thinking what to type
FIRST_BURST = 5.0  # so that prompts come soon after the full minute that a preview starts at
_SCROLL_EVERY = 40.0  # seconds between two touches while reading


class Person:
    """Where the hands are. Times on the boot clock; whoever sits down is busy for a moment first."""

    def __init__(self, now: float) -> None:
        self.hands = Hands.WORK
        self._since, self._busy_until = now, now + FIRST_BURST

    @property
    def there(self) -> bool:
        """Whether somebody sits at the desk."""
        return self.hands is not Hands.GONE

    def begin(self, hands: Hands, now: float, *, busy: float = FIRST_BURST) -> None:
        """Do this from now on, after touching things for `busy` seconds without a pause."""
        self.hands, self._since, self._busy_until = hands, now, now + busy

    def touch(self, now: float) -> None:
        """One input, whatever else the hands do; who works goes on with it."""
        self.begin(self.hands, now, busy=_BURST if self.hands is Hands.WORK else 0.0)

    def stand_up(self, now: float) -> None:
        """Go without touching anything."""
        self.begin(Hands.GONE, self.last(now), busy=0.0)

    def last(self, now: float) -> float:
        """When the last input was."""
        free = now - self._busy_until + _HAIR
        if free < 0:
            return now
        if self.hands is Hands.READ:
            return min(now, self._busy_until + free // _SCROLL_EVERY * _SCROLL_EVERY)
        if self.hands is Hands.WORK:
            pausing = self._pausing(now)
            return now if pausing >= _PAUSE - _HAIR else now - pausing
        return self._busy_until

    def next_after(self, last: float) -> float:
        """When the first input after this one is."""
        if last < self._since - _HAIR:
            return self._since
        if last < self._busy_until - _HAIR:
            return last
        if self.hands is Hands.READ:
            return self.last(last) + _SCROLL_EVERY
        if self.hands is Hands.WORK:
            pausing = self._pausing(last)
            return last if pausing >= _PAUSE - _HAIR else last - pausing + _PAUSE
        return NEVER

    def idle_at(self, now: float, threshold: float) -> float:
        """When there will have been no input for `threshold`, if nothing changes."""
        if threshold >= {Hands.WORK: _PAUSE, Hands.READ: _SCROLL_EVERY}.get(self.hands, NEVER):
            return NEVER
        if now < self._busy_until - _HAIR or self.hands is not Hands.WORK:
            return max(now, self.last(max(now, self._busy_until)) + threshold)
        pausing = self._pausing(now)
        over = pausing >= _PAUSE - _HAIR
        return max(now, now - pausing + (_PAUSE + _BURST if over else 0.0) + threshold)

    def _pausing(self, now: float) -> float:
        """Seconds since the last pause in the typing began."""
        return max(0.0, (now - self._busy_until + _HAIR) % (_PAUSE + _BURST) - _HAIR)


class SimulatedSource:
    """Tells of the person's inputs."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._threshold = NEVER
        self._idle = False
        self._told = (0.0, 0.0)  # when, and which input was the last

    def watch(self, threshold: float, now: float) -> Input | Idle | None:
        """Idle times of this length matter; what there is to tell now, if that is new."""
        if threshold == self._threshold:
            return None
        self._threshold = threshold
        return self.tell(now)

    def tell(self, now: float) -> Input | Idle:
        """The present state."""
        last = self._person.last(now)
        self._idle, self._told = now - last >= self._threshold - _HAIR, (now, last)
        return Idle(last) if self._idle else Input(last)

    def tells_at(self, now: float) -> float:
        """When there is something new to tell, if nothing changes."""
        told_at, last = self._told
        if self._idle:
            return max(now, self._person.next_after(last))
        at = self._person.idle_at(now, self._threshold)
        if self._threshold <= 2.0:  # noqa: PLR2004 - the contract
            at = min(at, told_at + self._threshold)
        return at
