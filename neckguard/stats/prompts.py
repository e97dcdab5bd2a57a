"""How prompts ended, and which stretches were done."""

from collections import Counter
from collections.abc import Iterable, Mapping

from neckguard.stats.figures import OUTCOMES, SIDES, Dose, Period, Tally
from neckguard.stats.sitting import day_start

Outcome = tuple[str, str, str, str, float | None, float | None, float, int, str]
"""reminder, kind, item, side, due, shown, settled, offset, how."""

OTHER = "other"
"""The area of what the catalogue does not know: a stretch of the person's own, or of another version."""


def count(
    rows: Iterable[Outcome], period: Period, areas: Mapping[str, str]
) -> tuple[tuple[Tally, ...], tuple[Dose, ...]]:
    """The tallies by reminder, and the stretches that were done by area, the most frequent first."""
    first = day_start(period.first)
    ended = Counter(
        (reminder, kind, how, item, side, shown is not None)
        for reminder, kind, item, side, _due, shown, settled, offset, how in rows
        if settled + offset >= first
    )
    counts: dict[tuple[str, str], Counter[str]] = {}
    shown_count: Counter[tuple[str, str]] = Counter()
    done: dict[str, Counter[str]] = {}
    for (reminder, kind, how, item, side, shown), number in ended.items():
        counts.setdefault((reminder, kind), Counter())[how] += number
        shown_count[reminder, kind] += number if shown else 0
        if kind == "stretch" and how == "done":
            done.setdefault(areas.get(item, OTHER), Counter())[side] += number
    tallies = tuple(
        Tally(*key, shown_count[key], {how: counts[key][how] for how in OUTCOMES}) for key in sorted(counts)
    )
    doses = (
        Dose(area, sides.total(), {side: sides[side] for side in SIDES if sides[side]})
        for area, sides in done.items()
    )
    return tallies, tuple(sorted(doses, key=lambda dose: (-dose.done, dose.area)))
