"""The timeline: one `schedule` job per reminder on a naive clock that shows sitting time.

`schedule` asks `datetime.now()` in six methods; the two subclasses below ask the timeline instead, so that
the library keeps and orders the jobs while time stays an argument. A job that ran is parked until the
rules start its next cycle: `schedule` on its own would reschedule at once.
"""

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta

import schedule

from neckguard.core.model import SLACK

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - sitting time has no zone
_PARKED = datetime.max  # noqa: DTZ901 - never due
_SLACK = timedelta(seconds=SLACK)


class _Job(schedule.Job):
    """A job whose next run is set by the timeline alone."""

    scheduler: "_Clock"

    @property
    def should_run(self) -> bool:
        return self.next_run is not None and self.next_run <= self.scheduler.now + _SLACK

    def _schedule_next_run(self) -> None:
        self.next_run = _PARKED

    def run(self) -> object:
        self.last_run = self.next_run
        self._schedule_next_run()
        return self.job_func() if self.job_func else None


class _Clock(schedule.Scheduler):
    """A scheduler that is told the time."""

    def __init__(self) -> None:
        super().__init__()
        self.now = _EPOCH

    @property
    def idle_seconds(self) -> float | None:
        upcoming = self.get_next_run()
        return None if upcoming is None or upcoming == _PARKED else (upcoming - self.now).total_seconds()


class Timeline:
    """Cycles of reminders in sitting time, all in seconds."""

    def __init__(self) -> None:
        self._clock = _Clock()
        self._jobs: dict[str, _Job] = {}
        self._began: dict[str, datetime] = {}
        self._due: list[str] = []
        self._next: datetime | None = None  # when a job runs next; None: to be found again

    @property
    def sitting(self) -> float:
        """Sitting time since the timeline began."""
        return (self._clock.now - _EPOCH).total_seconds()

    def run(self, seconds: float) -> list[str]:
        """Let sitting time pass; the names that fell due, earliest first. Each is parked."""
        self._clock.now += timedelta(seconds=seconds)
        if self._next_run() > self._clock.now + _SLACK:
            return []  # asked at every step
        self._clock.run_pending()
        self._next = None
        due = self._due.copy()
        self._due.clear()
        return due

    def next_due(self) -> float | None:
        """Sitting time until the next reminder is due; None if none will be."""
        upcoming = self._next_run()
        return None if upcoming == _PARKED else (upcoming - self._clock.now).total_seconds()

    def _next_run(self) -> datetime:
        if self._next is None:
            idle = self._clock.idle_seconds
            self._next = _PARKED if idle is None else self._clock.now + timedelta(seconds=idle)
        return self._next

    def begin(self, name: str, every: float, *, ahead: float = 0.0) -> None:
        """Start a fresh cycle, `ahead` seconds from now."""
        self._began[name] = self._clock.now + timedelta(seconds=ahead)
        self._job(name).next_run = self._began[name] + timedelta(seconds=every)

    def retime(self, name: str, every: float) -> None:
        """Change the interval of the running cycle; the time already sat stays."""
        self._job(name).next_run = self._began[name] + timedelta(seconds=every)

    def postpone(self, name: str, seconds: float) -> None:
        """Make it due in so many seconds, leaving its cycle as it is."""
        self._job(name).next_run = self._clock.now + timedelta(seconds=seconds)
        self._began.setdefault(name, self._clock.now)

    def arrive(self, name: str, *, ahead: float = 0.0) -> None:
        """Let a cycle that lies further ahead begin in so many seconds."""
        early = timedelta(seconds=max(0.0, self.ahead(name) - ahead))
        if early:
            self._began[name] -= early
            job = self._job(name)
            if job.next_run is not None and job.next_run != _PARKED:
                job.next_run -= early

    def begin_anew(self, name: str, seconds: float) -> None:
        """Let a cycle that began so little ago begin now."""
        sat = self.sat(name)
        job = self._job(name)
        if 0 < sat <= seconds + SLACK and job.next_run is not None and job.next_run != _PARKED:
            self._began[name] = self._clock.now
            job.next_run += timedelta(seconds=sat)

    def set_back(self, sitting: float) -> None:
        """The clock ran too far: set it back. A cycle that began meanwhile begins now."""
        begun = [name for name in self._jobs if not self.ahead(name)]
        self._clock.now = _EPOCH + timedelta(seconds=sitting)
        for name in begun:
            self.arrive(name)

    def undo(self, name: str) -> bool:
        """Wait again for what fell due later than the clock now shows; whether there was anything to undo."""
        job = self._job(name)
        if job.next_run != _PARKED or job.last_run is None or job.last_run <= self._clock.now + _SLACK:
            return False
        job.next_run = job.last_run
        return True

    def park(self, name: str) -> None:
        """Make it due no more, until its next cycle."""
        self._job(name).next_run = _PARKED

    def drop(self, name: str) -> None:
        """Forget it."""
        self._clock.cancel_job(self._job(name))
        self._next = None
        del self._jobs[name]
        self._began.pop(name, None)

    def due_in(self, name: str) -> float | None:
        """Sitting time until it is due; None while it is parked."""
        job = self._jobs.get(name)
        when = job.next_run if job else None
        return None if when is None or when == _PARKED else (when - self._clock.now).total_seconds()

    def sat(self, name: str) -> float:
        """Sitting time in its cycle so far; 0 while the cycle still lies ahead."""
        return max(0.0, (self._clock.now - self._began.get(name, self._clock.now)).total_seconds())

    def ahead(self, name: str) -> float:
        """Seconds until its cycle begins; 0 if it has."""
        return max(0.0, (self._began.get(name, self._clock.now) - self._clock.now).total_seconds())

    def _job(self, name: str) -> _Job:
        self._next = None  # whoever asks for it may change it
        job = self._jobs.get(name)
        if job is None:
            job = self._jobs[name] = _Job(1, self._clock)
            job.tag(name).do(self._due.append, name)
        return job

    # ---- to keep and to restore: positions on the sitting clock -------------------------------------------

    def marks(self, name: str) -> tuple[float | None, float | None]:
        """When its cycle began and when it is due, on the sitting clock; None for never."""
        began, due_in = self._began.get(name), self.due_in(name)
        started = None if began is None else (began - _EPOCH).total_seconds()
        return started, None if due_in is None else round(self.sitting + due_in, 6)

    def restore(self, name: str, began: float | None, due: float | None) -> None:
        """Put it back where `marks` said."""
        self._job(name).next_run = _PARKED if due is None else _EPOCH + timedelta(seconds=due)
        if began is not None:
            self._began[name] = _EPOCH + timedelta(seconds=began)

    def set_clock(self, sitting: float) -> None:
        """Set the sitting clock, before anything runs."""
        self._clock.now = _EPOCH + timedelta(seconds=sitting)


_KEPT = 64  # changes; far more than happen within the longest absence that is found out late


class SittingLog:
    """When the sitting clock ran and when it stood still. Times on the boot clock, all in seconds."""

    def __init__(self) -> None:
        self.marks: deque[tuple[float, float, bool]] = deque(maxlen=_KEPT)

    def mark(self, boot: float, sitting: float, *, runs: bool) -> None:
        """From `boot` on, when it showed `sitting`, it runs or stands still."""
        if not self.marks or self.marks[-1][2] is not runs:
            self.marks.append((boot, sitting, runs))

    def at(self, boot: float) -> float:
        """What it showed then, as far back as is known."""
        for began, sitting, runs in reversed(self.marks):
            if began <= boot:
                return sitting + (boot - began if runs else 0.0)
        return self.marks[0][1] if self.marks else 0.0

    def restore(self, marks: Iterable[tuple[float, float, bool]], shift: float) -> None:
        """Go on with the marks of a life in which the boot clock read `shift` less."""
        self.marks.extend((boot + shift, sitting, runs) for boot, sitting, runs in marks)

    def forget(self) -> None:
        """Keep nothing of the comings and goings before the last one."""
        last = [*self.marks][-1:]
        self.marks.clear()
        self.marks.extend(last)

    def begin_anew(self, boot: float, sitting: float, *, runs: bool) -> None:
        """What was before no longer matters: somebody went or came at `boot`."""
        self.marks.clear()
        self.marks.append((boot, sitting, runs))
