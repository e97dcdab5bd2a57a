"""Reminders that a plan never shows, because a longer prompt stands for them each time.

The rules of covering, of waiting and of an absence's `reset_after`, played through on the sitting clock with
somebody who takes every prompt. No engine and no content: the child that validates must stay quick.
"""

from neckguard.core.plan import Kind, Plan, Reminder

_DAY = 24 * 3600.0  # seconds of sitting; what does not come up in so much of it is never seen
_MOST = 2000  # prompts; by then it has all come round, however short the spans
_MANY = 100  # reminders; with more of them it takes long to find out, and means little
_ANSWERED_WITHIN = (0.0, 40.0)  # seconds from a prompt to its end; true is what is true for quick and slow


def always_covered(plan: Plan) -> dict[str, str]:
    """The names of built-in reminders that never come by themselves, each with the one that stands for it."""
    if len(plan.reminders) > _MANY:
        return {}
    quick, slow = (_played(plan, pace) for pace in _ANSWERED_WITHIN)
    return {name: longer for name, longer in quick.items() if name in slow}


def _played(plan: Plan, pace: float) -> dict[str, str]:
    course = _Course(plan, pace)
    for _ in range(_MOST):
        if not course.due or min(course.due.values()) > _DAY:
            break
        course.go_on()
    return {name: longer for name, longer in course.taken_by.items() if name not in course.shown}


class _Course:
    """When each reminder with `every` is due, on the sitting clock."""

    def __init__(self, plan: Plan, pace: float) -> None:
        self._pace = pace
        self._window = plan.quiet.merge_window
        self._reminders = {
            each.name: each
            for each in plan.reminders
            if each.enabled and each.every is not None and each.kind is not Kind.NOTE
        }
        self._now = 0.0
        self.due = {name: each.every or 0.0 for name, each in self._reminders.items()}
        self.shown: set[str] = set()
        self.taken_by: dict[str, str] = {}

    def go_on(self) -> None:
        """To the next prompt, which is taken."""
        free = {name: due for name, due in self.due.items() if not self._waits(name)}
        self._now = max(self._now, min(free.values()))
        owed = [name for name, due in free.items() if due <= self._now]
        name = max(owed, key=lambda each: (self._reminders[each].duration, -self.due[each]))
        self.shown.add(name)
        taken = self._taken_with(self._reminders[name])
        self._now += self._pace
        for other in taken:
            self.taken_by.setdefault(other, name)
            self._restart(other)
        self._restart(name)

    def _waits(self, name: str) -> bool:
        """Whether a longer one, due soon after it, is waited for."""
        reminder, due = self._reminders[name], self.due[name]
        return reminder.built_in and any(
            self._reminders[other].duration > reminder.duration and due < after <= due + self._window
            for other, after in self.due.items()
        )

    def _taken_with(self, shown: Reminder) -> list[str]:
        """What it covers, and what the absence of a break starts afresh."""
        return [
            name
            for name, each in self._reminders.items()
            if name != shown.name and (self._is_covered(each, shown) or _is_reset(each, shown))
        ]

    def _is_covered(self, reminder: Reminder, shown: Reminder) -> bool:
        soon = min(self._window, (reminder.every or 0.0) / 4)
        return (
            reminder.built_in
            and reminder.duration <= shown.duration
            and self.due[reminder.name] <= self._now + soon
        )

    def _restart(self, name: str) -> None:
        self.due[name] = self._now + (self._reminders[name].every or 0.0)


def _is_reset(reminder: Reminder, shown: Reminder) -> bool:
    """Whether taking the break is an absence that starts the other one afresh."""
    is_break = shown.kind is Kind.BREAK
    return is_break and reminder.reset_after is not None and reminder.reset_after <= shown.duration
