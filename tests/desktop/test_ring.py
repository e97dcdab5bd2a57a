"""The sound of a timer: stand-ins for the tools that play it, a real sound server, and real capabilities."""

import asyncio
import io
import logging
import sys
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.helpers import eventually, need, wait_until
from support.media_helpers import Machine, machine_in, only_tools_of, pulseaudio
from support.notification_helpers import Desk, Terminal, at_work

from neckguard.desktop.alarm import ring
from neckguard.desktop.alarm.ring import Bell
from neckguard.texts import BELL

LACKING = "A timer rings unheard: it takes canberra-gtk-play, pw-play or paplay, and a sound server."


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """Only its tools are there, and no sounds yet."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_DIRS", f"{tmp_path}/local:{tmp_path}/share")
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    with machine_in(tmp_path / "machine") as machine, only_tools_of(machine):
        yield machine


def sound(folder: Path, name: str) -> str:
    file = folder / "sounds" / "freedesktop" / "stereo" / f"{name}.oga"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    return str(file)


def player(machine: Machine, name: str, then: str = "") -> None:
    """One that notes how it was called."""
    machine.tool(name, f'echo {name} "$@" >> {machine.runtime}/played\n{then}')


def played(machine: Machine) -> list[str]:
    log = machine.runtime / "played"
    return log.read_text().splitlines() if log.exists() else []


def rings(times: int = 1) -> Bell:
    """A bell that has rung."""

    async def story() -> Bell:
        bell = Bell(lambda: False)
        for _ in range(times):
            bell.ring()
            await eventually(lambda: bell._ringing is not None and bell._ringing.done())
        return bell

    return asyncio.run(story())


def test_the_person_s_sound_theme_comes_first(machine: Machine, tmp_path: Path) -> None:
    sound(tmp_path / "share", "alarm-clock-elapsed")
    for name in ("paplay", "pw-play", "canberra-gtk-play"):
        player(machine, name)
    rings()
    assert played(machine) == ["canberra-gtk-play -i alarm-clock-elapsed"]


def test_a_tool_that_fails_leaves_it_to_the_next(machine: Machine, tmp_path: Path) -> None:
    file = sound(tmp_path / "share", "alarm-clock-elapsed")
    player(machine, "canberra-gtk-play", "exit 1")
    player(machine, "pw-play", "exit 1")
    player(machine, "paplay")
    rings()
    assert played(machine) == [
        "canberra-gtk-play -i alarm-clock-elapsed",
        f"pw-play {file}",
        f"paplay {file}",
    ]


@pytest.mark.parametrize(
    ("there", "taken"),
    [
        ((("share", "bell"), ("share", "complete")), 1),
        ((("share", "complete"), ("local", "bell")), 0),
        ((("share", "alarm-clock-elapsed"), ("local", "alarm-clock-elapsed")), 1),
        ((("share", "alarm-clock-elapsed"), ("home", "alarm-clock-elapsed")), 1),
        ((("home", "bell"), ("share", "alarm-clock-elapsed")), 1),
    ],
)
def test_the_best_sound_there_is_is_played(
    there: tuple[tuple[str, str], ...], taken: int, machine: Machine, tmp_path: Path
) -> None:
    files = [sound(tmp_path / folder, name) for folder, name in there]
    player(machine, "paplay")
    rings()
    assert played(machine) == [f"paplay {files[taken]}"]


def test_a_tool_that_hangs_is_killed(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ring, "_LIMIT", 0.5)
    sound(tmp_path / "share", "bell")
    pid = machine.runtime / "pid"
    machine.tool("pw-play", f"echo $$ > {pid}; exec /bin/sleep 1000")
    player(machine, "paplay")
    rings()
    assert len(played(machine)) == 1
    assert not Path(f"/proc/{pid.read_text().strip()}").exists()


def test_a_second_ring_while_it_sounds_is_the_same_one(machine: Machine) -> None:
    player(machine, "canberra-gtk-play")

    async def story() -> None:
        bell = Bell(lambda: False)
        bell.ring()
        bell.ring()
        await eventually(lambda: bell._ringing is not None and bell._ringing.done())

    asyncio.run(story())
    assert len(played(machine)) == 1


def test_without_any_tool_a_terminal_beeps(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    for names in (("stdout",), ("stderr", "stdout")):  # the second beeps on one of them only
        for name in names:
            monkeypatch.setattr(sys, name, terminal)
        rings()
    assert terminal.getvalue() == BELL * 2


@pytest.mark.parametrize("closed", [False, True])
def test_that_nothing_can_play_is_said_once(
    closed: bool, machine: Machine, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    player(machine, "paplay")  # but there is no file
    if closed:
        monkeypatch.setattr(sys, "stderr", None)
    with caplog.at_level(logging.WARNING, "neckguard.desktop.alarm.ring"):
        rings(times=2)
    assert (caplog.messages, played(machine)) == ([LACKING], [])


def test_status_tells_of_a_ring_that_nobody_heard_until_one_is_heard(
    machine: Machine, tmp_path: Path
) -> None:
    async def story() -> tuple[str, str]:
        bell = Bell(lambda: False)
        problems = []
        for _ in range(2):
            bell.ring()
            await wait_for_silence()
            problems.append(bell.problem)
            player(machine, "paplay")
            sound(tmp_path / "share", "bell")
        return problems[0], problems[1]

    lacking = f"{LACKING[:1].lower()}{LACKING[1:].rstrip('.')}"
    assert asyncio.run(story()) == (lacking, "")


async def wait_for_silence() -> None:
    """Until what rings has rung."""
    await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}))


def test_it_is_heard_on_a_real_sound_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need("paplay", "parec")
    loud(Path(sound(tmp_path, "bell")))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path))
    with machine_in(tmp_path / "machine") as machine, pulseaudio(machine):
        monkeypatch.setenv("PULSE_SERVER", machine.environment["PULSE_SERVER"])
        hearing = machine.start("parec", "-d", "out.monitor", "--raw", "--latency-msec=50").stdout
        assert hearing is not None
        silence = hearing.read(1000)
        rings()
        assert not any(silence)
        wait_until(lambda: any(hearing.read(100_000)))


def loud(file: Path) -> None:
    """Write a hum into it: players look at what a file holds, not at its name."""
    with wave.open(str(file), "wb") as hum:
        hum.setnchannels(1)
        hum.setsampwidth(2)
        hum.setframerate(44100)
        hum.writeframes(b"\x00\x20" * 10_000 + b"\x00\x00" * 1000)


@pytest.mark.parametrize(("capability", "expected"), [("sound", 0), ("body", 1)])
def test_a_server_that_plays_sounds_itself_is_left_to_it(
    capability: str, expected: int, desk: Desk, machine: Machine
) -> None:
    player(machine, "canberra-gtk-play")

    async def story() -> None:
        desk.server(capability)
        async with at_work(desk.bus.address) as work:
            await eventually(lambda: work.notifier.status()["ok"])
            bell = Bell(lambda: work.notifier.sounds)
            bell.ring()
            await eventually(lambda: bell._ringing is None or bell._ringing.done())

    asyncio.run(story())
    assert len(played(machine)) == expected
