"""Cycles on the sitting clock, and no other clock than that."""

from datetime import datetime
from typing import Any

import pytest
import schedule

from neckguard.core.timing.timeline import Timeline

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


def test_nothing_asks_the_clock_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """`schedule` asks it in many places: whoever steps into one that is not answered for finds out here."""

    class NoClock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            pytest.fail("the real clock was asked")

    monkeypatch.setattr("schedule.datetime.datetime", NoClock)
    with pytest.raises(pytest.fail.Exception, match="the real clock was asked"):
        schedule.Scheduler().every(1).seconds.do(print)

    timeline = Timeline()
    timeline.begin("tea", 60.0)
    timeline.begin("posture", 30.0, ahead=5.0)
    timeline.retime("tea", 50.0)
    timeline.postpone("posture", 10.0)
    timeline.arrive("posture")  # five seconds nearer
    assert timeline.next_due() == 5.0
    assert timeline.run(55.0) == ["posture", "tea"]
    assert timeline.next_due() is None
    timeline.set_back(45.0)
    assert (timeline.undo("tea"), timeline.undo("posture")) == (True, False)
    assert timeline.marks("tea") == (0.0, 50.0)
    timeline.drop("tea")
    timeline.restore("tea", 0.0, 105.0)
    assert timeline.run(60.0) == ["tea"]
