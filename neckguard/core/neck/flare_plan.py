"""What a flare-up makes of the person's settings."""

from dataclasses import replace

from neckguard.core.plan import Kind, Plan, Reminder

BREAK_EVERY = 2400.0
"""Seconds between breaks, unless the person's own are shorter [Wellnomics recovery preset]."""

_RESTING = (Kind.POSTURE, Kind.STRETCH)
_GOES_ON = "eyes"  # it is no movement of the neck


def under_flare(plan: Plan) -> Plan:
    """The plan while a flare-up lasts: more breaks, each with one small movement; the rest rests."""
    return replace(plan, reminders=tuple(map(_under_flare, plan.reminders)))


def _under_flare(reminder: Reminder) -> Reminder:
    if reminder.kind in _RESTING and reminder.name != _GOES_ON:
        return replace(reminder, enabled=False)
    if reminder.name != "break":
        return reminder
    every = min(reminder.every or BREAK_EVERY, BREAK_EVERY)
    return replace(reminder, enabled=True, every=every, at=())
