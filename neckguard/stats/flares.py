"""Flare-ups, put together from what was said in them."""

from collections.abc import Iterator, Sequence

from neckguard.stats.figures import LoggedFlareUp, Period, local

EntryTuple = tuple[float, int, str, int | None, str, str]
"""at, offset, what, score, detail, note."""

_START, _END = "flare_start", "flare_end"
_WITHIN = (_START, "flare_side", "flare_flags", "flare_cleared", "lost_days", _END)
_SAME_WITHIN = 7 * 86400.0
"""Seconds after an end within which a start is the same flare-up, as for its plan."""


def flares(entries: Sequence[EntryTuple], period: Period) -> tuple[LoggedFlareUp, ...]:
    """Those that had not ended when the period began, oldest first."""
    found = (_logged(parts, period) for parts in _parts(entries))
    return tuple(flare for flare in found if _touches(flare, period))


def _parts(entries: Sequence[EntryTuple]) -> list[list[EntryTuple]]:
    """What was said in each, from its start to its end, as far as there was one."""
    found: list[list[EntryTuple]] = []
    for entry in entries:
        at, offset, what, *_ = entry
        last = found[-1][-1] if found else None
        ended = last is None or last[2] == _END
        if what == _START and last is not None and ended and at - last[0] < _SAME_WITHIN:
            found[-1][-1] = entry
        elif what == _START:
            if not ended:  # its end was not kept; the next one's start is the latest it can have been
                found[-1].append((at, offset, _END, None, "", ""))
            found.append([entry])
        elif what in _WITHIN and not ended:
            found[-1].append(entry)
    return found


def _logged(parts: list[EntryTuple], period: Period) -> LoggedFlareUp:
    (began, offset, *_), end = parts[0], parts[-1] if parts[-1][2] == _END else None
    lost = [detail for detail in _said(parts, "lost_days") if detail.isdecimal()]
    named = [flag for flags in _said(parts, "flare_flags") for flag in flags.split()]
    looked = [entry for entry in parts if entry[2] in ("flare_flags", "flare_cleared")][-1:]
    return LoggedFlareUp(
        start=local(began, offset),
        end=None if end is None else local(end[0], end[1]),
        seconds=max(0.0, (period.now if end is None else end[0]) - began),
        severity=next((entry[3] for entry in parts if entry[3] is not None), None),
        side=next(reversed([*_said(parts, _START), *_said(parts, "flare_side")]), ""),
        ended="" if end is None else end[4],
        lost_days=int(lost[-1]) if lost else None,
        flags=tuple(dict.fromkeys(named)),
        cleared=next((local(at, off) for at, off, what, *_ in looked if what == "flare_cleared"), None),
    )


def _said(parts: list[EntryTuple], what: str) -> Iterator[str]:
    return (entry[4] for entry in parts if entry[2] == what and entry[4])


def _touches(flare: LoggedFlareUp, period: Period) -> bool:
    began_late = period.over and flare.start.date() > period.last
    return not began_late and (flare.end is None or flare.end.date() >= period.first)
