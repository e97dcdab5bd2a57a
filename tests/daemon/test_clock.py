"""The clocks, on real timers of the kernel."""

import asyncio
import errno
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from support.helpers import eventually

from neckguard.daemon import clock, libc
from neckguard.daemon.clock import BootTimer, Clock, SleepGauge, WallJumps

SUMMER = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
BERLIN = "/usr/share/zoneinfo/Europe/Berlin"


def boot() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def take_timerfd_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_name: str, *_arguments: object) -> int:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(libc, "call", missing)


@pytest.fixture
def _restored_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def localtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _restored_zone: None) -> Path:
    """A stand-in for /etc/localtime, which the C library is told of as well."""
    file = tmp_path / "localtime"
    monkeypatch.setattr(clock, "_LOCALTIME", str(file))
    monkeypatch.setattr(clock, "_TIMEZONE", str(tmp_path / "timezone"))
    monkeypatch.setattr(time, "tzset", lambda: None)
    monkeypatch.setattr(clock, "_offset", lambda: datetime.now(ZoneInfo("Europe/Berlin")).utcoffset())
    monkeypatch.delenv("TZ", raising=False)
    return file


def test_now_tells_boot_time_and_the_local_wall_clock() -> None:
    before = boot(), datetime.now(UTC)
    now = Clock().now()
    after = boot(), datetime.now(UTC)

    assert before[0] <= now.boot <= after[0]
    assert before[1] <= now.wall <= after[1]


@pytest.mark.usefixtures("_restored_zone")
def test_a_changed_tz_variable_is_followed_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    present = Clock()
    seen = []
    for name in ("Europe/Berlin", ":Asia/Kolkata", BERLIN):
        monkeypatch.setenv("TZ", name)
        seen.append((str(present.now().wall.tzinfo), time.strftime("%z")[:3]))

    berlin = time.strftime("%z")[:3]
    assert seen == [("Europe/Berlin", berlin), ("Asia/Kolkata", "+05"), ("Europe/Berlin", berlin)]


@pytest.mark.usefixtures("_restored_zone")
@pytest.mark.parametrize(
    ("rule", "hours"), [("XYZ-3", 3), ("", 0), ("No/Where", 0), ("../../etc/passwd", 0), ("/etc/passwd", 0)]
)
def test_a_tz_without_a_name_gives_the_offset_the_c_library_uses(
    rule: str, hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", rule)
    assert Clock().now().wall.tzinfo == timezone(timedelta(hours=hours))


def test_the_zone_comes_from_the_link(localtime: Path) -> None:
    localtime.symlink_to(BERLIN)
    assert str(Clock().now().wall.tzinfo) == "Europe/Berlin"


def test_a_retargeted_link_is_followed(localtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    localtime.symlink_to(BERLIN)
    present = Clock()
    first = str(present.now().wall.tzinfo)
    localtime.unlink()
    localtime.symlink_to("/usr/share/zoneinfo/Asia/Tokyo")
    monkeypatch.setattr(clock, "_offset", lambda: timedelta(hours=9))

    assert (first, str(present.now().wall.tzinfo)) == ("Europe/Berlin", "Asia/Tokyo")


def test_a_copied_file_is_named_by_etc_timezone(localtime: Path) -> None:
    localtime.write_bytes(Path(BERLIN).read_bytes())
    localtime.with_name("timezone").write_text("Europe/Berlin\n")
    assert str(Clock().now().wall.tzinfo) == "Europe/Berlin"


def test_a_stale_etc_timezone_is_not_believed(localtime: Path) -> None:
    localtime.write_bytes(Path(BERLIN).read_bytes())
    localtime.with_name("timezone").write_text("America/New_York\n")
    found = Clock().now().wall.tzinfo

    assert str(found) == "localtime"
    assert SUMMER.astimezone(found).utcoffset() == timedelta(hours=2)


def test_without_any_file_the_offset_remains(localtime: Path) -> None:
    assert Clock().now().wall.tzinfo == timezone(clock._offset())


def test_the_zones_are_found_without_all_that_python_knows_of_its_build() -> None:
    code = (
        "import neckguard.daemon.clock, os, sys, zoneinfo\n"
        "loaded = any('sysconfigdata' in name for name in sys.modules)\n"
        "print(loaded, 'PYTHONTZPATH' in os.environ, zoneinfo.ZoneInfo('Europe/Berlin'))"
    )
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONTZPATH"}
    said = subprocess.run([sys.executable, "-c", code], env=bare, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False", "False", "Europe/Berlin"]


def test_the_zone_is_looked_up_once(localtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    localtime.symlink_to(BERLIN)
    present = Clock()
    first = present.now().wall.tzinfo
    monkeypatch.delattr(clock, "_find")
    assert present.now().wall.tzinfo is first


def test_sleep_is_what_boottime_counts_and_monotonic_does_not() -> None:
    clocks = {time.CLOCK_BOOTTIME: 100.0, time.CLOCK_MONOTONIC: 40.0}
    gauge = SleepGauge(clocks.__getitem__)

    def pass_time(awake: float, asleep: float) -> float:
        clocks[time.CLOCK_MONOTONIC] += awake
        clocks[time.CLOCK_BOOTTIME] += awake + asleep
        return round(gauge.taken(), 6)

    assert [pass_time(*step) for step in ((5, 0), (5, 0.05), (1, 30), (1, 0), (0, 7200))] == [
        0,
        0,
        30.05,
        0,
        7200,
    ]


def test_being_stopped_between_two_readings_is_not_sleep() -> None:
    clock_time = 0.0

    def read(_clock: int) -> float:
        nonlocal clock_time
        clock_time += 2.0
        return clock_time

    gauge = SleepGauge(read)
    assert [gauge.taken() for _ in range(3)] == [0, 0, 0]


def test_the_real_machine_did_not_sleep_during_this_test() -> None:
    assert SleepGauge().taken() == 0.0


def timer_rings(arm: Callable[[BootTimer], None], until: int = 1) -> list[float]:
    """When the timer rang, in seconds after it was made."""

    async def scenario() -> list[float]:
        start = boot()
        rung: list[float] = []
        timer = BootTimer(lambda: rung.append(boot() - start))
        arm(timer)
        await eventually(lambda: len(rung) >= until)
        timer.close()
        return rung

    return asyncio.run(scenario())


@pytest.fixture(params=["timerfd", "loop"])
def _each_timer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "loop":
        take_timerfd_away(monkeypatch)


@pytest.mark.usefixtures("_each_timer")
def test_the_timer_rings_once_at_its_deadline() -> None:
    (rung,) = timer_rings(lambda timer: timer.arm(boot() + 0.05))
    assert 0.05 <= rung < 5


@pytest.mark.usefixtures("_each_timer")
def test_a_deadline_in_the_past_rings_at_once() -> None:
    assert len(timer_rings(lambda timer: timer.arm(boot() - 1000))) == 1
    assert len(timer_rings(lambda timer: timer.arm(-5.0))) == 1


@pytest.mark.usefixtures("_each_timer")
def test_only_the_last_deadline_counts() -> None:
    async def scenario() -> list[str]:
        rung: list[str] = []
        replaced = BootTimer(lambda: rung.append("replaced"))
        replaced.arm(boot())
        replaced.arm(boot() + 3600)
        disarmed = BootTimer(lambda: rung.append("disarmed"))
        disarmed.arm(boot() + 0.01)
        disarmed.arm(None)
        closed = BootTimer(lambda: rung.append("closed"))
        closed.arm(boot() + 0.01)
        closed.close()
        later = BootTimer(lambda: rung.append("later"))
        later.arm(boot() + 0.05)
        await eventually(lambda: rung)
        for timer in (replaced, disarmed, later):
            timer.close()
        return rung

    assert asyncio.run(scenario()) == ["later"]


@pytest.mark.usefixtures("_each_timer")
def test_the_timer_can_be_armed_from_its_own_callback_and_very_far() -> None:
    async def scenario() -> int:
        rings = 0

        def ring() -> None:
            nonlocal rings
            rings += 1
            timer.arm(boot() if rings < 3 else None)

        timer = BootTimer(ring)
        timer.arm(math.inf)
        timer.arm(1e18)
        timer.arm(boot())
        await eventually(lambda: rings == 3)
        timer.close()
        return rings

    assert asyncio.run(scenario()) == 3


def test_a_ring_that_was_overtaken_by_a_new_deadline_is_none() -> None:
    async def scenario() -> list[str]:
        rung: list[str] = []
        timer = BootTimer(lambda: rung.append("early"))
        timer.arm(boot())
        timer.arm(boot() + 3600)
        timer._ring()  # the loop had seen the first one already
        timer.close()
        return rung

    assert asyncio.run(scenario()) == []


def test_a_missing_timerfd_is_said(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    take_timerfd_away(monkeypatch)
    timer_rings(lambda timer: timer.arm(boot()))
    assert caplog.messages == [
        "No exact timer here (Function not implemented); prompts may come late after sleep."
    ]


def test_the_loop_timer_looks_at_the_boot_clock_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_RECHECK", 0.01)

    take_timerfd_away(monkeypatch)
    (rung,) = timer_rings(lambda timer: timer.arm(boot() + 0.1))
    assert rung >= 0.1


def test_a_set_clock_is_told_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The alarm is a real one; that the clock was set is played, for no test may set it."""

    async def scenario() -> int:
        jumps = 0

        def jumped() -> None:
            nonlocal jumps
            jumps += 1

        listener = WallJumps(jumped)
        armed = listener._fd
        read = os.read

        def cancelled(fd: int, count: int) -> bytes:
            if fd == armed:
                raise OSError(errno.ECANCELED, "Operation canceled")
            return read(fd, count)

        monkeypatch.setattr(os, "read", cancelled)
        for expected in (1, 2):
            clock._set(armed, 1, 1e-6)  # an alarm of long ago makes the descriptor readable, as a jump does
            await eventually(lambda expected=expected: jumps == expected)  # type: ignore[misc]
        listener.close()
        return jumps

    assert asyncio.run(scenario()) == 2


def test_without_timerfd_nobody_tells_of_jumps(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    take_timerfd_away(monkeypatch)

    async def scenario() -> list[int]:
        loop, heard = asyncio.get_running_loop(), list[int]()
        monkeypatch.setattr(loop, "add_reader", lambda fd, _told: heard.append(fd))
        monkeypatch.setattr(loop, "remove_reader", heard.append)
        jumps = WallJumps(lambda: None)
        jumps.close()
        return heard

    assert (asyncio.run(scenario()), caplog.messages) == ([], [])  # the next wake tells as much


def test_memory_is_given_back_where_the_c_library_can(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def malloc_trim(pad: int) -> int:
        asked.append(pad)
        return 1

    monkeypatch.setattr(libc, "_LIBC", SimpleNamespace(malloc_trim=malloc_trim))
    libc.trim()
    monkeypatch.setattr(libc, "_LIBC", SimpleNamespace())  # musl has no such function
    libc.trim()
    assert asked == [0]
