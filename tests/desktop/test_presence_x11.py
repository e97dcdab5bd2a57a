import asyncio
import os
import struct
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from support.helpers import eventually, patient
from support.x11_helpers import (
    INPUTS,
    SAVER,
    SERVES_ALL,
    XWAYLAND,
    Ear,
    FakeX,
    XServer,
    fake,
    served,
    source_at,
    xvfb,
)

from neckguard.desktop.display import x11_wire
from neckguard.desktop.display.x11_wire import X11Link
from neckguard.desktop.presence import x11
from neckguard.errors import SourceLost

RAW_EVENT = 35
KEPT = ["kept awake", "idle"]
KEYBOARD_CHANGED = 34  # told to every client, wanted or not: xdotool changes the layout


@pytest.fixture
def server() -> Iterator[XServer]:
    with xvfb() as running:
        yield running


@pytest.fixture
def packets(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The kinds of all packets that came."""
    kinds: list[int] = []
    take = X11Link._take

    def watched(link: X11Link, packet: bytes) -> None:
        kinds.append(packet[0])
        take(link, packet)

    monkeypatch.setattr(X11Link, "_take", watched)
    return kinds


def shorten_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a server that hangs; one that answers may be slow here."""
    monkeypatch.setattr(x11_wire, "LIMIT", 0.5)


async def reason_of(display: str, **variables: str) -> str:
    """Why the source is lost."""
    source = source_at(display, **variables)
    source.watch(0.5)
    with pytest.raises(SourceLost) as lost:
        async with asyncio.timeout(patient(30)):
            await source.serve(Ear())
    assert await source.look() is None
    return str(lost.value)


def reason_with(liar: FakeX) -> str:
    async def story() -> str:
        async with fake(liar) as display:
            return await reason_of(display)

    return asyncio.run(story())


# ---- a real server --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "inputs", [("key", "a"), ("mousemove_relative", "7", "3"), ("click", "1")], ids=["key", "mouse", "button"]
)
def test_idleness_is_told_at_the_threshold_and_so_is_the_input_that_ends_it(
    server: XServer, packets: list[int], inputs: tuple[str, ...]
) -> None:
    async def story() -> None:
        ear, source = Ear(), source_at(server.display)
        source.watch(2)
        async with served(source, ear):
            await eventually(lambda: ear.trace == ["input", "idle"])
            assert ear.heard[-1][1] >= 2
            assert RAW_EVENT not in packets
            source.watch(60)
            await eventually(lambda: ear.trace == ["input", "idle", "input"])  # by the new threshold
            source.watch(2)
            await eventually(lambda: ear.trace == ["input", "idle", "input", "idle"])
            await server.do(*inputs)
            await eventually(lambda: ear.trace == ["input", "idle", "input", "idle", "input"])
            assert RAW_EVENT in packets

    asyncio.run(story())


def test_of_all_inputs_after_a_question_only_the_first_is_heard(server: XServer, packets: list[int]) -> None:
    async def story() -> None:
        ear, source = Ear(), source_at(server.display)
        source.watch(300)
        async with served(source, ear):
            await eventually(lambda: ear.trace == ["input"])
            await server.do("key", "a")
            await eventually(lambda: RAW_EVENT in packets)
            assert await source.look() is not None  # it has heard that we want no more
            before = len(packets)
            await server.do("type", "hello")
            await server.do("mousemove_relative", "5", "5", "click", "1", "mousemove_relative", "9", "9")
            assert await source.look() is not None  # behind all that
            assert [kind for kind in packets[before:] if kind != KEYBOARD_CHANGED] == [1]
            assert ear.trace == ["input"]

    asyncio.run(story())


# ---- what only resets the saver --------------------------------------------------------------------


def warp_the_pointer(server: XServer) -> Coroutine[Any, Any, None]:
    return server.do("mousemove", "50", "60", "mousemove", "60", "50")


@pytest.mark.parametrize("reset", [XServer.reset_saver, warp_the_pointer], ids=["saver", "pointer"])
def test_what_only_resets_the_saver_is_no_input_but_keeps_awake(
    server: XServer, reset: Callable[[XServer], Coroutine[Any, Any, None]]
) -> None:
    async def story() -> None:
        ear, source = Ear(), source_at(server.display)
        source.watch(2)

        async def resets_until(trace: list[str]) -> None:
            async with asyncio.timeout(30):
                while ear.trace != trace:
                    await reset(server)
                    await asyncio.sleep(0.1)

        async with served(source, ear):
            await eventually(lambda: ear.trace == ["input", "idle"])
            await reset(server)
            source.watch(2)
            await resets_until(["input", "idle", *KEPT])
            assert ear.heard[-1][1] >= 2
            await server.do("key", "a")
            await resets_until(["input", "idle", *KEPT, "let sleep", "input"])
            await resets_until(["input", "idle", *KEPT, "let sleep", "input", *KEPT])
            idle, seen = ear.heard[-1][1], await source.look()
            assert seen is not None
            assert seen >= idle >= 2

    asyncio.run(story())


def test_what_kept_it_awake_has_ended_when_no_reset_comes_any_more(
    server: XServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(x11, "_RESETS_WITHIN", 1.5)

    async def story() -> None:
        ear, source = Ear(), source_at(server.display)
        source.watch(2)
        async with served(source, ear):
            await eventually(lambda: ear.trace == ["input", "idle"])
            await server.reset_saver()
            source.watch(1)
            await eventually(lambda: ear.trace == ["input", "idle", *KEPT, "let sleep", "idle"])
            last_reset = ear.heard[-2][1]
            assert 1.5 <= last_reset < ear.heard[-1][1] - 1

    asyncio.run(story())


def test_looking_tells_the_idle_time(server: XServer) -> None:
    async def story() -> None:
        ear, source = Ear(), source_at(server.display)
        assert await source.look() is None  # not served yet
        async with served(source, ear):
            await eventually(lambda: ear.trace == ["input"])
            first = await source.look()
            assert first is not None
            assert 0 <= first < 60
            await asyncio.sleep(0.05)
            second = await source.look()
            assert second is not None
            assert second > first

    asyncio.run(story())


def test_a_threshold_of_a_moment_works(server: XServer) -> None:
    async def story() -> None:
        ear, source = Ear(), source_at(server.display)
        source.watch(0.001)
        async with served(source, ear):
            await eventually(lambda: "idle" in ear.trace)
            before = len(ear.heard)
            await server.do("key", "a")
            await eventually(lambda: "idle" in [word for word, _ in ear.heard[before:]])

    asyncio.run(story())


@pytest.mark.parametrize("threshold", [300, 0.5], ids=["there", "away"])
def test_a_server_that_dies_is_noticed_at_once(server: XServer, threshold: float) -> None:
    async def story() -> None:
        ear, source = Ear(), source_at(server.display)
        source.watch(threshold)
        async with served(source, ear) as serving:
            await eventually(lambda: ear.trace == (["input"] if threshold > 1 else ["input", "idle"]))
            server.kill()
            with pytest.raises(SourceLost, match="the X server went away"):
                await asyncio.wait_for(serving, 30)

    asyncio.run(story())


def test_a_server_that_hangs_is_lost_and_the_loop_goes_on(
    server: XServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        ear, source = Ear(), source_at(server.display)
        source.watch(300)
        async with served(source, ear) as serving:
            await eventually(lambda: ear.trace == ["input"])
            server.stop()
            shorten_limit(monkeypatch)
            source.watch(301)  # asks at once
            beats = 0
            while not serving.done():
                await asyncio.sleep(0.05)
                beats += 1
            assert beats > 2
            with pytest.raises(SourceLost, match="the X server does not answer"):
                await serving
        assert await reason_of(server.display) == "the X server does not answer"  # nor does it greet

    asyncio.run(story())


def test_a_hanging_server_does_not_keep_the_program_from_ending(server: XServer) -> None:
    async def story() -> None:
        ear, source = Ear(), source_at(server.display)
        async with served(source, ear):
            await eventually(lambda: ear.trace == ["input"])
            server.stop()
            source.watch(301)
            async with served(source_at(server.display), ear):  # one that waits for the greeting
                await asyncio.sleep(0.1)

    asyncio.run(story())
    assert threading.enumerate() == [threading.main_thread()]


def test_a_server_that_comes_back_is_served_again(server: XServer, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        source = source_at(server.display)
        server.stop()
        with monkeypatch.context() as meanwhile:
            shorten_limit(meanwhile)
            with pytest.raises(SourceLost):
                await source.serve(Ear())
        server.go_on()
        ear = Ear()

        async def serve() -> None:
            """As the chooser does: a server that resets for want of clients hangs up on the next one."""
            while True:
                with suppress(SourceLost):
                    await source.serve(ear)

        serving = asyncio.create_task(serve())
        await eventually(lambda: ear.trace == ["input"])
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)

    asyncio.run(story())


# ---- keys to it -----------------------------------------------------------------------------------


def entry(family: int, host: bytes, number: bytes, key: bytes) -> bytes:
    words = (host, number, b"MIT-MAGIC-COOKIE-1", key)
    return struct.pack(">H", family) + b"".join(struct.pack(">H", len(word)) + word for word in words)


@pytest.mark.parametrize("family", [256, 65535], ids=["this host", "any host"])
def test_the_key_is_taken_from_the_file_that_the_desktop_names(tmp_path: Path, family: int) -> None:
    keys, authority = tmp_path / "server", tmp_path / "client"
    keys.write_bytes(entry(65535, b"", b"", b"0123456789abcdef"))

    async def story(display: str) -> None:
        number = display[1:].encode()
        wrong = entry(256, b"elsewhere", number, bytes(16)) + entry(
            256, os.uname().nodename.encode(), b"x", b""
        )
        right = entry(family, os.uname().nodename.encode(), number, b"0123456789abcdef")
        authority.write_bytes(wrong + right)
        ear = Ear()
        async with served(source_at(display, XAUTHORITY=str(authority)), ear):
            await eventually(lambda: ear.trace == ["input"])
        assert os.environ.get("XAUTHORITY") != str(authority)

    with xvfb("-auth", str(keys)) as server:
        asyncio.run(story(server.display))


@pytest.mark.parametrize("content", [None, b"", b"\1\0\0"], ids=["absent", "empty", "broken"])
def test_without_the_key_the_server_s_refusal_is_told(
    tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    keys, authority = tmp_path / "server", tmp_path / "client"
    keys.write_bytes(entry(65535, b"", b"", b"0123456789abcdef"))
    if content is not None:
        authority.write_bytes(content)
    with xvfb("-auth", str(keys)) as server:
        reason = asyncio.run(reason_of(server.display, XAUTHORITY=str(authority)))
    assert reason.startswith("the X server refuses neckguard: Authorization required")
    assert capsys.readouterr().out == ""


# ---- none -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("display", "reason"),
    [
        ("", "there is no X display"),
        (":69999", "cannot reach the X server :69999: Connection refused"),
        ("box:0", "the X display 'box:0' is not on this machine, and neckguard uses no network"),
        ("nonsense", "the X display 'nonsense' is not on this machine, and neckguard uses no network"),
    ],
)
def test_no_server_is_told_with_its_reason(display: str, reason: str) -> None:
    assert asyncio.run(reason_of(display)) == reason


# ---- servers that cannot tell, and liars ----------------------------------------------------------


def without(name: str) -> dict[str, int]:
    return {each: number for each, number in SERVES_ALL.items() if each != name}


def spoilt(offset: int, value: bytes) -> Any:
    return lambda answer: answer[:offset] + value + answer[offset + len(value) :]


def test_a_truthful_fake_is_believed() -> None:
    async def story() -> None:
        ear = Ear()
        async with fake(FakeX(idle=4321)) as display, served(source_at(display), ear):
            await eventually(lambda: ear.trace == ["input"])
            assert ear.heard[0][1] == pytest.approx(4.821, abs=0.5)

    asyncio.run(story())


@pytest.mark.skipif(sys.byteorder == "big", reason="they were recorded on a little-endian machine")
def test_requests_are_those_of_python_xlib() -> None:
    """Recorded from python-xlib 0.33 with the numbers of the fake server."""

    async def story(server: FakeX) -> None:
        ear = Ear()
        async with fake(server) as display:
            source = source_at(display)
            source.watch(0.5)
            async with served(source, ear):
                await eventually(lambda: ear.trace == ["idle"])
                source.watch(300)
                await eventually(lambda: ear.trace == ["idle", "input"])
                await source.look()

    server = FakeX()
    asyncio.run(story(server))
    assert {request for request in server.asked if request[0] in {SAVER, INPUTS}} == {
        b"\x8d/\x02\0\x02\0\x02\0",  # XIQueryVersion
        b"\x8c\x01\x02\0c\0\0\0",  # ScreenSaverQueryInfo
        b"\x8d.\x05\0c\0\0\0\x01\0\0\0\x01\0\x01\0\0\xe0\xc3\x01",  # XISelectEvents
    }


@pytest.mark.parametrize(
    "server",
    [FakeX(serves={**SERVES_ALL, "XWAYLAND": XWAYLAND}), FakeX(output=b"XWAYLAND0")],
    ids=["by its extension", "by its output"],
)
def test_xwayland_is_refused(server: FakeX) -> None:
    assert reason_with(server) == "the X server is Xwayland, which does not see all inputs"


@pytest.mark.parametrize(
    ("server", "reason"),
    [
        (FakeX(serves=without("MIT-SCREEN-SAVER")), "the X server lacks the extension MIT-SCREEN-SAVER"),
        (FakeX(serves=without("XInputExtension")), "the X server lacks the extension XInputExtension"),
        (
            FakeX(inputs_version=(2, 0)),
            "the X server lacks version 2.2 of the extension XInputExtension",
        ),
    ],
)
def test_what_a_server_lacks_is_named(server: FakeX, reason: str) -> None:
    assert reason_with(server) == reason


def test_randr_is_not_needed() -> None:
    async def story() -> None:
        ear = Ear()
        async with fake(FakeX(serves=without("RANDR"))) as display, served(source_at(display), ear):
            await eventually(lambda: ear.trace == ["input"])

    asyncio.run(story())


@pytest.mark.parametrize(
    ("server", "reason"),
    [
        (FakeX(idle=2**32 - 5), "the X server answers nonsense: idle for 4294967291 ms"),
        (FakeX(idle=2**31), "the X server answers nonsense: idle for 2147483648 ms"),
        (FakeX(spoil=spoilt(2, b"\x7f\x7f")), "the X server answers nonsense"),  # to another question
        (FakeX(spoil=spoilt(4, b"\xff\xff\xff\xff")), "the X server answers nonsense"),  # 16 GB will follow
        (FakeX(spoil=spoilt(0, bytes([0, SAVER]))), f"the X server answers with error {SAVER}"),
        (FakeX(spoil=lambda answer: answer * 2), "the X server answers nonsense"),  # twice
        (FakeX(greeting=struct.pack("=BxHHH", 1, 11, 0, 1) + bytes(4)), "the X server answers nonsense"),
        (FakeX(greeting=bytes(8)), "the X server refuses neckguard: it gives no reason"),
    ],
    ids=["before now", "25 days", "astray", "endless", "error", "twice", "no screen", "refusal"],
)
def test_a_liar_is_lost(server: FakeX, reason: str) -> None:
    assert reason_with(server) == reason
