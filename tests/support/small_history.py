"""Three days of a history, small enough to be worked out by hand.

Berlin in winter, an hour ahead of UTC. Sitting, in minutes (p: presence, -: absence):

    Mon 2 Mar   p 09:00-10:30  90   - 3 min: no break, and no sitting
                p 10:33-11:00  27   90 + 27 = 117 without a break, the longest; - 10 min
                p 11:10-12:00  50                                                90 + 27 + 50 = 167
    Tue 3 Mar   p 08:30-09:15  45   - 4 min: a break, just so
                p 09:19-10:00  41
                p 23:30-24:00  30   of 50 without a break, to 00:20              45 + 41 + 30 = 116
    Wed 4 Mar   p 00:00-00:20  20
                p 13:00-...    25   it goes on; the last sign of life is at 13:25      20 + 25 = 45
                                                                               167 + 116 + 45 = 328

    hour      0    8    9    10    11   13   23
    Mon                60    57    50                 30 of the first span and 27 at ten
    Tue           30   56                    30       15 + 41 at nine
    Wed      20                         25
    sum      20   30  116    57    50   25   30       = 328
"""

from datetime import date, datetime

from neckguard.stats.figures import Period
from neckguard.stats.flares import EntryTuple
from neckguard.stats.gather import OutcomeTuple
from neckguard.stats.sitting_time import SpanTuple

OFFSET = 3600


def at(text: str) -> float:
    """The instant of `2026-02-27 09:00` in Berlin; `2 09:00` is of March 2026."""
    day, clock = text.split()
    date_ = day if "-" in day else f"2026-03-{day:0>2}"
    return datetime.fromisoformat(f"{date_} {clock}+01:00").timestamp()


def present(start: str, end: str | None) -> SpanTuple:
    return ("present", "", at(start), None if end is None else at(end), OFFSET)


def away(start: str, end: str) -> SpanTuple:
    return ("away", "no input", at(start), at(end), OFFSET)


def outcome(
    kind: str, when: str, how: str, item: str = "", side: str = "", *, reminder: str = ""
) -> OutcomeTuple:
    """An outcome of a prompt that was shown, or that was not if nobody could have answered it."""
    shown = None if how in ("natural_break", "covered") else at(when) - 30
    return (reminder or kind, kind, item, side, at(when) - 60, shown, at(when), OFFSET, how)


NOW = at("4 13:30")
PERIOD = Period(date(2026, 3, 2), date(2026, 3, 4), NOW, at("4 13:25"))

SPANS = [
    present("1 22:00", "1 22:30"),  # before the period
    present("2 09:00", "2 10:30"),
    away("2 10:30", "2 10:33"),
    present("2 10:33", "2 11:00"),
    away("2 11:00", "2 11:10"),
    present("2 11:10", "2 12:00"),
    present("3 08:30", "3 09:15"),
    ("paused", "", at("3 09:00"), at("3 09:10"), OFFSET),  # they sat on
    away("3 09:15", "3 09:19"),
    present("3 09:19", "3 10:00"),
    present("3 23:30", "4 00:20"),
    present("4 13:00", None),
]

OUTCOMES = [
    outcome("break", "1 22:10", "done"),  # before the period
    outcome("break", "2 11:10", "natural_break"),
    outcome("break", "2 12:00", "done"),
    outcome("break", "3 08:50", "snoozed"),
    outcome("break", "3 09:00", "dismissed"),
    outcome("break", "3 09:15", "done"),
    outcome("break", "4 13:20", "ignored"),
    outcome("stretch", "2 09:40", "done", "side-tilt", "left"),
    outcome("stretch", "2 10:40", "done", "side-tilt", "right"),
    outcome("stretch", "3 08:45", "done", "chin-tuck"),
    outcome("stretch", "3 09:00", "dismissed", "chin-tuck"),
    outcome("stretch", "3 23:50", "done", "forgotten-move"),
    outcome("stretch", "4 00:10", "skipped", "chin-tuck"),
    outcome("stretch", "4 13:20", "covered", "chin-tuck"),
    outcome("posture", "2 09:20", "done", "look-up"),
    outcome("posture", "2 11:10", "natural_break", "look-up"),
    outcome("note", "2 11:30", "done", reminder="water"),
    outcome("note", "3 09:30", "ignored", reminder="tea"),
    outcome("stretch", "3 09:40", "done", reminder="eyes"),  # the history calls it one
    outcome("stretch", "3 09:50", "done", "eye-reset"),  # of the catalogue, for the eyes
]

ENTRIES: list[EntryTuple] = [
    (at("2026-02-10 08:00"), OFFSET, "flare_start", 8, "right", ""),
    (at("2026-02-12 08:00"), OFFSET, "flare_end", None, "by you", ""),  # over before the period
    (at("2026-02-27 17:00"), OFFSET, "checkin", 9, "", ""),  # before the period
    (at("1 20:00"), OFFSET, "flare_start", 7, "left", ""),
    (at("2 17:30"), OFFSET, "checkin", 6, "", "stiff"),
    (at("2 17:40"), OFFSET, "checkin", None, "", "only words"),
    (at("3 09:00"), OFFSET, "lost_days", None, "1", ""),
    (at("3 17:30"), OFFSET, "hurt", None, "chin-tuck", ""),
    (at("3 18:00"), OFFSET, "timer_start", None, "cold", ""),
    (at("3 18:15"), OFFSET, "timer_end", None, "cold: hard stop", ""),
    (at("3 19:00"), OFFSET, "lost_days", None, "2", ""),  # so far
    (at("4 08:00"), OFFSET, "flare_end", None, "by you", ""),  # 2 days and 12 hours after its start
    (at("4 12:00"), OFFSET, "checkin", 3, "", ""),
]

STRETCHES = {
    "side-tilt": ("Side tilt", "side-neck"),
    "chin-tuck": ("Chin tuck", "neck"),
    "eye-reset": ("Eye rest", "eyes"),
}
