"""`neckguard stats`: the figures, for people and for programs."""

from __future__ import annotations

import json

from neckguard.cli.history import recent

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any

    from neckguard.stats.figures import Figures, Period, Run


def run(args: argparse.Namespace) -> int:
    """Print what happened."""
    period = recent.period(args.days)
    found = recent.figures(period)
    if args.json:
        figures, before = found or (recent.no_figures(period), None)
        then = _plain_before(period.before, before) if before else None
        print(json.dumps({**_plain(period, figures), "before": then}))
        return 0
    from neckguard.cli.history import stats_page

    if found is None:
        stats_page.print_nothing_kept()
    else:
        stats_page.print_page(period, *found)
    return 0


def _plain(period: Period, figures: Figures) -> dict[str, Any]:
    from neckguard.stats.figures import KINDS, PACKS, SIDES, WEEKDAYS

    sitting = figures.sitting
    return {
        "first": str(period.first),
        "last": str(period.last),
        "days_sat": sitting.days_sat,
        "sitting": _seconds(sitting.total),
        "longest": _plain_run(sitting.longest),
        "over_60": sitting.long,
        "days": [
            {
                "date": str(day.date),
                "sitting": _seconds(day.sitting),
                "longest": _plain_run(day.longest),
                "over_60": day.long,
            }
            for day in sitting.days
        ],
        "weekdays": [
            {"weekday": weekday, "sitting": _seconds(seconds)}
            for weekday, seconds in zip(WEEKDAYS, sitting.weekdays, strict=True)
        ],
        "hours": [{"hour": hour, "sitting": _seconds(seconds)} for hour, seconds in enumerate(sitting.hours)],
        "kinds": {kind: figures.counts(kind) for kind in KINDS},
        "reminders": [
            {"name": tally.reminder, "kind": tally.kind, "shown": tally.shown, **tally.counts}
            for tally in figures.tallies
        ],
        "stretches": [
            {"area": dose.area, "done": dose.done, **{side: dose.sides.get(side, 0) for side in SIDES}}
            for dose in figures.doses
        ],
        "checkins": [{"at": each.at.isoformat(), "score": each.score} for each in figures.checkins],
        "weeks": [
            {"monday": str(week.monday), "count": week.count, "mean": round(week.mean, 2)}
            for week in figures.weeks
        ],
        "turnings": [
            {"at": each.at.isoformat(), "comfortable": each.comfortable} for each in figures.turnings
        ],
        "hurts": [
            {"name": hurt.name, "times": hurt.times, "last": hurt.last.isoformat()} for hurt in figures.hurts
        ],
        "packs": {pack: figures.packs.get(pack, 0) for pack in PACKS},
        "strength": figures.strength
        and {
            "days": figures.strength.days,
            "last": str(figures.strength.last),
            "band": figures.strength.band,
            "repetitions": figures.strength.repetitions,
        },
        "flares": [
            {
                "start": flare.start.isoformat(),
                "end": flare.end and flare.end.isoformat(),
                "length": _seconds(flare.seconds),
                "severity": flare.severity,
                "side": flare.side,
                "ended": flare.ended,
                "lost_days": flare.lost_days,
                "flags": list(flare.flags),
                "cleared": flare.cleared and flare.cleared.isoformat(),
            }
            for flare in figures.flares
        ],
    }


def _plain_before(period: Period, figures: Figures) -> dict[str, Any]:
    sitting = figures.sitting
    return {
        "first": str(period.first),
        "last": str(period.last),
        "days_sat": sitting.days_sat,
        "sitting": _seconds(sitting.total),
        "longest": _seconds(sitting.longest.sitting) if sitting.longest else None,
        "over_60": sitting.long,
        "breaks": figures.breaks,
        "stretches": figures.stretches,
        "postures": figures.counts("posture")["done"],
        "checkins": len(figures.checkins),
        "pain": None if figures.pain is None else round(figures.pain, 2),
        "flares": len(figures.flares),
        "lost_days": figures.lost_days,
    }


def _plain_run(run: Run | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {"start": run.start.isoformat(), "end": run.end.isoformat(), "sitting": _seconds(run.sitting)}


def _seconds(span: float) -> float:
    return round(span, 3)
