"""From the rows of the history to the figures. Rows are tuples in the order of their columns."""

from collections.abc import Iterable, Mapping

from neckguard.stats import care, prompts, sitting
from neckguard.stats.figures import Figures, Period


def gather(
    period: Period,
    *,
    outcomes: Iterable[prompts.Outcome],
    spans: Iterable[sitting.Span],
    entries: Iterable[care.Entry],
    areas: Mapping[str, str],
) -> Figures:
    """The figures of the period.

    `spans` come oldest first and may begin before it, `entries` are all there are (a flare-up may have begun
    long ago), and `areas` tells the area of each stretch. Every row is judged by its own local day.
    """
    tallies, doses = prompts.count(outcomes, period, areas)
    said = list(entries)
    checkins = care.checkins(said, period)
    return Figures(
        sitting=sitting.measure(spans, period),
        tallies=tallies,
        doses=doses,
        checkins=checkins,
        notes=care.notes(said, period),
        weeks=care.weeks(checkins),
        flares=care.flares(said, period),
    )
