"""What keeps the session awake without inputs: who holds it and why, since when, and whether that counts."""

from collections.abc import Callable, Iterable
from typing import Any

from neckguard.core import PresenceSettings
from neckguard.value import value


@value
class Holder:
    """An application; or the source that sees it and cannot name it. The names are for a message now."""

    who: str
    why: str = ""

    @property
    def words(self) -> str:
        """What `still_ignore` calls it; the first of them alone stands for whatever that one says."""
        return f"{self.who}: {self.why}" if self.why else self.who


class Holders:
    """All of them, whoever tells of them; `tell(on, since)` says whether any counts, when that changes."""

    def __init__(self, tell: Callable[[bool, float], None], boot: Callable[[], float]) -> None:
        self._tell = tell
        self._boot = boot
        self._any_counts = True
        self._ignored: frozenset[str] = frozenset()
        self._held: dict[str, dict[Holder, float]] = {}  # by who tells: since when it was seen, boot clock
        self._on = False

    def hold(self, teller: str, holders: Iterable[Holder], ago: float = 0.0) -> None:
        """These it knows of now, those that are new since `ago`; all that it told before is over."""
        before, since = self._held.get(teller, {}), self._boot() - ago
        self._held[teller] = {each: before.get(each, since) for each in holders}
        self._review(since)

    def configure(self, settings: PresenceSettings) -> None:
        """Those that are named there do not count, in capitals or not; or none does."""
        self._any_counts = settings.still_counts
        self._ignored = frozenset(word.casefold() for word in settings.still_ignore)
        self._review(self._boot())

    def status(self) -> list[dict[str, Any]]:
        """Each in the words of the settings, for how many seconds it was seen, and whether it counts."""
        now = self._boot()
        return [
            {"by": each.words, "seconds": round(now - since), "counts": self._counts(each)}
            for held in self._held.values()
            for each, since in sorted(held.items(), key=lambda item: item[0].words)
        ]

    def _counts(self, holder: Holder) -> bool:
        named = (holder.who.casefold(), holder.words.casefold())
        return self._any_counts and self._ignored.isdisjoint(named)

    def _review(self, since: float) -> None:
        on = any(self._counts(each) for held in self._held.values() for each in held)
        if on != self._on:
            self._on = on
            self._tell(on, since)
