"""Cycles on the sitting clock, and what `schedule` must be for them to stand on."""

import ast
import inspect
from datetime import datetime, timedelta
from typing import Any

import pytest
import schedule

from neckguard.core.timing.timeline import Timeline, _Clock, _Job

# ---- cycles --------------------------------------------------------------------------------------------


def test_what_falls_due_is_told_once_earliest_first() -> None:
    timeline = Timeline()
    for name, every in (("tea", 30.0), ("posture", 10.0), ("stretch", 20.0), ("far", 100.0)):
        timeline.begin(name, every)
    assert timeline.next_due() == 10.0
    assert timeline.run(9.0) == []
    assert timeline.run(31.0) == ["posture", "stretch", "tea"]
    assert timeline.run(10.0) == []
    assert (timeline.due_in("posture"), timeline.due_in("far"), timeline.next_due()) == (None, 50.0, 50.0)


def test_a_cycle_counts_from_where_it_began() -> None:
    timeline = Timeline()
    timeline.begin("tea", 60.0)
    timeline.run(20.0)
    assert (timeline.sat("tea"), timeline.due_in("tea"), timeline.sitting) == (20.0, 40.0, 20.0)
    timeline.retime("tea", 50.0)
    assert (timeline.sat("tea"), timeline.due_in("tea")) == (20.0, 30.0)
    timeline.postpone("tea", 5.0)
    assert (timeline.sat("tea"), timeline.due_in("tea")) == (20.0, 5.0)


def test_a_cycle_may_lie_ahead() -> None:
    timeline = Timeline()
    timeline.begin("break", 100.0, ahead=30.0)
    timeline.run(10.0)
    assert (timeline.ahead("break"), timeline.sat("break"), timeline.due_in("break")) == (20.0, 0.0, 120.0)
    timeline.arrive("break", ahead=25.0)
    assert timeline.due_in("break") == 120.0
    timeline.arrive("break", ahead=15.0)
    assert (timeline.ahead("break"), timeline.due_in("break")) == (15.0, 115.0)
    timeline.arrive("break")
    assert (timeline.ahead("break"), timeline.sat("break"), timeline.due_in("break")) == (0.0, 0.0, 100.0)
    timeline.arrive("break")
    assert timeline.due_in("break") == 100.0


def test_parked_and_unknown_names_are_never_due() -> None:
    timeline = Timeline()
    timeline.begin("tea", 10.0)
    timeline.park("tea")
    timeline.park("lunch")
    assert timeline.run(1e6) == []
    assert (timeline.next_due(), timeline.due_in("tea"), timeline.due_in("lunch")) == (None, None, None)
    assert (timeline.ahead("lunch"), timeline.sat("lunch")) == (0.0, 0.0)


def test_what_is_dropped_is_forgotten() -> None:
    timeline = Timeline()
    timeline.begin("tea", 10.0)
    timeline.drop("tea")
    assert timeline.run(20.0) == []
    assert timeline.sat("tea") == 0.0


def test_marks_put_it_back_where_it_was() -> None:
    before, after = Timeline(), Timeline()
    before.begin("tea", 60.0)
    before.begin("parked", 60.0)
    before.park("parked")
    before.run(12.3456)
    after.set_clock(before.sitting)
    for name in ("tea", "parked"):
        after.restore(name, *before.marks(name))
    assert [
        (each.sitting, each.due_in("tea"), each.sat("tea"), each.due_in("parked")) for each in (before, after)
    ] == [(12.3456, 47.6544, 12.3456, None)] * 2


def test_many_small_steps_do_not_drift() -> None:
    timeline = Timeline()
    timeline.begin("tea", 3600.0)
    due = [step for step in range(36_001) if timeline.run(0.1)]
    assert due == [35_999]
    assert timeline.sitting == pytest.approx(3600.1, abs=0.001)


def test_a_hair_before_the_deadline_is_on_time() -> None:
    timeline = Timeline()
    timeline.begin("tea", 10.0)
    assert timeline.run(9.998) == []
    assert timeline.run(0.0015) == ["tea"]


# ---- what it stands on ---------------------------------------------------------------------------------

OURS = {"Job.should_run", "Job.run", "Job._schedule_next_run", "Scheduler.idle_seconds"}


def asks_the_time(node: ast.AST) -> bool:
    return any(
        isinstance(each, ast.Attribute) and each.attr in ("now", "today", "utcnow") for each in ast.walk(node)
    )


def test_schedule_asks_the_time_only_where_we_answer_for_it() -> None:
    """All but `until`, a method of the fluent interface that is not used here."""
    tree = ast.parse(inspect.getsource(schedule))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    methods = {
        f"{each.name}.{method.name}": asks_the_time(method)
        for each in classes
        for method in each.body
        if isinstance(method, ast.FunctionDef)
    }
    assert {name for name, asks in methods.items() if asks} == OURS | {"Job.until"}
    assert not any(asks_the_time(node) for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("name", sorted(OURS))
def test_each_of_these_is_overridden(name: str) -> None:
    owner, method = name.split(".")
    ours, theirs = {"Job": (_Job, schedule.Job), "Scheduler": (_Clock, schedule.Scheduler)}[owner]
    assert method in vars(ours)
    assert method in vars(theirs)


def test_nothing_asks_the_clock_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoClock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            pytest.fail("the real clock was asked")

        @classmethod
        def utcnow(cls) -> Any:
            pytest.fail("the real clock was asked")

    monkeypatch.setattr("schedule.datetime.datetime", NoClock)
    timeline = Timeline()
    timeline.begin("tea", 60.0)
    timeline.begin("posture", 30.0)
    timeline.retime("tea", 50.0)
    timeline.postpone("posture", 10.0)
    assert timeline.run(55.0) == ["posture", "tea"]
    assert timeline.next_due() is None
    timeline.drop("tea")
    timeline.begin("tea", 60.0)
    assert timeline.run(60.0) == ["tea"]


def test_a_scheduler_runs_what_is_due_in_the_order_of_its_time_and_drops_nothing() -> None:
    """`run_pending` sorts by `next_run`, asks `should_run`, calls `run` and cancels on CancelJob alone."""
    clock = _Clock()
    ran: list[str] = []
    for name, seconds in (("late", 20.0), ("soon", 5.0), ("later", 50.0)):
        job = _Job(1, clock)
        job.do(ran.append, name)
        job.next_run = clock.now + timedelta(seconds=seconds)
    clock.now += timedelta(seconds=30)
    clock.run_pending()
    clock.run_pending()
    assert (ran, len(clock.get_jobs()), clock.idle_seconds) == (["soon", "late"], 3, 20.0)


def test_the_version_is_one_that_was_looked_at() -> None:
    from importlib.metadata import version

    assert version("schedule").startswith("1.2.")
