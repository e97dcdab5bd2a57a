"""A flare-up as the daemon's status tells it."""

from typing import Any

FLARE: dict[str, Any] = {
    "since": "2026-03-01T09:00:00+01:00",
    "day": 2,
    "severity": 6,
    "side": "right",
    "stage": "first_48h",
    "exercises": "safe",
    "urgency": "",
    "flags": [],
    "comfortable": False,
    "lost_days": 0,
    "last_score": None,
    "lowest": 6,
    "open": False,
    "cleared": None,
}
TIMER: dict[str, Any] = {
    "kind": "cold",
    "began": "2026-03-02T15:00:00+01:00",
    "until": "2026-03-02T15:10:00+01:00",
    "hard_stop": "2026-03-02T15:15:00+01:00",
    "ringing": False,
}
