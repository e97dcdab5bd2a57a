"""What a flare-up makes of the settings: more breaks, with one small movement each, and evening check-ins."""

from dataclasses import replace

from neckguard.core.plan import Kind, Opening, Plan, Reminder
from neckguard.core.reminders.cards import CHECKIN
from neckguard.core.timing.wallclock import EACH_HOUR

BREAK_EVERY = 2400.0
"""Seconds between breaks, unless the person's own are shorter [Wellnomics recovery preset]."""

_RESTING = (Kind.POSTURE, Kind.STRETCH)
_GOES_ON = "eyes"  # it is no movement of the neck
_BEFORE_THE_END = 30  # minutes before the hours end, where the evening is outside them
_EVERY_DAY = tuple(range(7))
_MINUTES = 24 * 60


def under_flare(plan: Plan) -> Plan:
    """The plan while a flare-up lasts; the rest rests."""
    return replace(plan, reminders=tuple(_under_flare(each, plan.hours) for each in plan.reminders))


def _under_flare(reminder: Reminder, hours: tuple[Opening, ...]) -> Reminder:
    if reminder.kind in _RESTING and reminder.name != _GOES_ON:
        return replace(reminder, enabled=False)
    if reminder.name == CHECKIN:
        at = _evening(reminder.at, hours) if reminder.at else ()
        return replace(reminder, enabled=True, at=at, days=_EVERY_DAY)
    if reminder.name != "break":
        return reminder
    every = min(reminder.every or BREAK_EVERY, BREAK_EVERY)
    return replace(reminder, enabled=True, every=every, at=(), daily=None)


def _evening(at: tuple[str, ...], hours: tuple[Opening, ...]) -> tuple[str, ...]:
    """These times, as far as they lie within the hours; else one near their end, on most days."""
    if not hours or any(time.startswith(EACH_HOUR) or _days_open(_minutes(time), hours) for time in at):
        return at
    ends = {opening.weekday: opening.end for opening in sorted(hours, key=lambda each: each.end)}
    late = (max(0, end - _BEFORE_THE_END) % _MINUTES for end in ends.values())
    hour, minute = divmod(max(late, key=lambda minutes: (_days_open(minutes, hours), minutes)), 60)
    return (f"{hour:02}:{minute:02}",)


def _days_open(minutes: int, hours: tuple[Opening, ...]) -> int:
    """On how many weekdays the hours are open at so many minutes after midnight, of that day or the next."""
    return len(
        {each.weekday for each in hours for late in (0, _MINUTES) if each.start <= minutes + late < each.end}
    )


def _minutes(time: str) -> int:
    hour, minute = time.split(":")
    return int(hour) * 60 + int(minute)
