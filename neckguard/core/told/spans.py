"""What goes on at this moment and since when: presence, holds and quiet reasons, for the history."""

from neckguard.core.engine import Engine
from neckguard.core.told.view import hold_span

Spans = dict[tuple[str, str], float]
"""By kind and reason; the instant (seconds since 1970) at which it began."""


def spans(engine: Engine, *, present_since: float) -> Spans:
    """All that goes on. Since when somebody has been there, the last `Record` of it told."""
    found: Spans = {}
    away_since = engine.presence.away_since
    if away_since is None:
        found["present", ""] = present_since
    else:
        found["away", engine.presence.away_why] = engine.calendar.instant + away_since - engine.now.boot
    for hold in engine.holds:
        since, _ = hold_span(engine, hold)
        if hold != "away" and since is not None:
            found[hold, ""] = since.timestamp()
    for quiet in engine.quiet_reasons.spans:
        found["quiet", quiet.reason] = quiet.since.timestamp()
    return found
