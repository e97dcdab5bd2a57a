"""The Wayland source: right, absent, dying, hanging, lying compositors."""

import asyncio
import socket
import struct
from pathlib import Path

import pytest
from support.helpers import eventually, patient
from support.wayland_helpers import (
    Compositor,
    Listener,
    answering,
    compositor,
    idle_for,
    loss,
    serving,
    source_at,
)

from neckguard.desktop.presence import wayland_idle
from neckguard.desktop.presence.wayland import NO_DISPLAY
from neckguard.desktop.presence.wayland_seat import NO_NOTIFIER, VERSION_1

PROBED = ["input:500:seat0", "plain:500:seat0"]
HELD = ["idle", "kept awake"]
LOST = "the connection to the Wayland display was lost"


def about(seconds: float) -> object:
    """Late by the pace of a busy machine, never early."""
    return pytest.approx(seconds + 1.0, abs=1.01)


# ---- right -------------------------------------------------------------------------------------------------


def test_it_tells_idleness_the_return_and_idleness_again(tmp_path: Path) -> None:
    told = Listener()

    async def life(server: Compositor) -> None:
        source = source_at(server.path)
        source.watch(2.2)
        assert await source.look() is None
        async with serving(source, told):
            await eventually(lambda: told.words == ["idle"])
            assert source.note == ""
            assert server.asked() == PROBED  # the return is told by these just as well
            server.do("input")
            await eventually(lambda: told.words == ["idle", "input"])
            assert await source.look() is None
            assert server.asked() == ["input:2200:seat0", "plain:2200:seat0"]
            await eventually(lambda: told.words == ["idle", "input", "idle"])
            idle = await source.look()
            assert idle is not None
            assert idle >= 2.2
        assert await source.look() is None

    with compositor(tmp_path) as server:
        asyncio.run(life(server))
    assert told.trace == [("idle", about(0.5)), ("input", 0.0), ("idle", about(2.2))]


@pytest.mark.parametrize(
    ("threshold", "counted"),
    [(1.0, 500), (5.0, 5000), (300.0, 60_000), (float("inf"), 60_000)],
)
def test_it_counts_to_the_threshold_but_never_beyond_a_minute(
    tmp_path: Path, threshold: float, counted: int
) -> None:
    told = Listener()

    async def life(server: Compositor) -> None:
        source = source_at(server.path)
        source.watch(threshold)
        async with serving(source, told):
            await eventually(lambda: told.words == ["idle"])
            server.do("input")
            await eventually(lambda: told.words[:2] == ["idle", "input"])
            await eventually(lambda: server.asked() == [f"input:{counted}:seat0", f"plain:{counted}:seat0"])

    with compositor(tmp_path) as server:
        asyncio.run(life(server))


def test_another_threshold_while_idle_is_answered_exactly_and_counts_after_the_return(tmp_path: Path) -> None:
    told = Listener()

    async def life(server: Compositor) -> None:
        source = source_at(server.path)
        async with serving(source, told):
            await eventually(lambda: told.words == ["idle"])
            source.watch(1.0)
            await eventually(lambda: told.words == ["idle", "idle"])
            assert told.trace[1][1] > told.trace[0][1]
            source.watch(40.0)
            await eventually(lambda: told.words == ["idle", "idle", "idle"])
            assert server.asked() == PROBED
            server.do("input")
            await eventually(lambda: told.words[3:] == ["input"])
            assert server.asked() == ["input:40000:seat0", "plain:40000:seat0"]

    with compositor(tmp_path) as server:
        asyncio.run(life(server))


def test_another_threshold_while_active_counts_anew(tmp_path: Path) -> None:
    told = Listener()

    async def life(server: Compositor) -> None:
        source = source_at(server.path)
        async with serving(source, told):
            await eventually(lambda: told.words == ["idle"])
            server.do("input")
            await eventually(lambda: server.asked() == ["input:60000:seat0", "plain:60000:seat0"])
            source.watch(1.0)
            await eventually(lambda: told.words == ["idle", "input", "input", "idle"])

    with compositor(tmp_path) as server:
        asyncio.run(life(server))
    assert told.trace[1:] == [("input", 0.0), ("input", about(0.0)), ("idle", about(0.5))]


def test_another_threshold_in_a_pause_moves_the_last_input_only_until_the_elder_count_is_through(
    tmp_path: Path,
) -> None:
    told = Listener()

    async def life(server: Compositor) -> None:
        source = source_at(server.path)
        source.watch(5.0)
        async with serving(source, told):
            await eventually(lambda: told.words == ["idle"])
            server.do("input")
            await eventually(lambda: told.words == ["idle", "input"])
            await asyncio.sleep(1.5)  # they pause
            source.watch(2.5)
            await eventually(lambda: told.words == ["idle", "input", "input", "idle", "idle"])
            assert server.do("idle") == "3"  # the elder plain one is of no use
            server.do("input")
            await eventually(lambda: told.words[5:] == ["input"])
            assert server.asked() == ["input:2500:seat0", "plain:2500:seat0"]

    with compositor(tmp_path) as server:
        asyncio.run(life(server))
    assert [idle for _, idle in told.trace[2:]] == [about(1.5), about(2.5), about(5.0), 0.0]


def test_among_many_thresholds_the_elder_count_is_one_that_saw_an_input(tmp_path: Path) -> None:
    told = Listener()

    async def life(server: Compositor) -> None:
        source = source_at(server.path)
        source.watch(50.0)
        async with serving(source, told):
            await eventually(lambda: told.words == ["idle"])
            server.do("input")
            await eventually(lambda: told.words == ["idle", "input"])
            source.watch(40.0)
            await eventually(lambda: server.asked() == beside("50000", "40000"))
            source.watch(2.2)
            await eventually(lambda: server.asked() == beside("50000", "2200"))
            until = asyncio.get_running_loop().time() + 2.4
            while asyncio.get_running_loop().time() < until:  # they type, longer than it counts to
                server.do("input")
                await asyncio.sleep(0.05)
            source.watch(20.0)
            await eventually(lambda: server.asked() == beside("2200", "20000"))
            await eventually(lambda: told.words[-1] == "idle")

    with compositor(tmp_path) as server:
        asyncio.run(life(server))
    assert told.trace[-1] == ("idle", about(2.2))


def test_while_inputs_go_on_it_tells_so_about_every_threshold(tmp_path: Path) -> None:
    told = Listener()

    async def life(server: Compositor) -> None:
        source = source_at(server.path)
        source.watch(2.0)
        async with serving(source, told), asyncio.timeout(patient(20)):
            while ("input", 1.5) not in told.trace:
                server.do("input")
                await asyncio.sleep(0.05)

    with compositor(tmp_path) as server:
        asyncio.run(life(server))
    # Half a threshold and the way of the news: so recent was an input if nobody was idle all that time.
    assert told.trace[-2:] == [("input", 0.75), ("input", 1.5)]


def test_a_bumped_mouse_is_told_once(tmp_path: Path) -> None:
    told = Listener()

    async def life(server: Compositor) -> None:
        source = source_at(server.path)
        source.watch(1.0)
        async with serving(source, told):
            await eventually(lambda: told.words == ["idle"])
            server.do("bump")
            await eventually(lambda: told.words == ["idle", "input", "idle"])

    with compositor(tmp_path) as server:
        asyncio.run(life(server))


# ---- applications that keep the session awake --------------------------------------------------------------


def test_idle_hands_under_an_inhibitor_are_told_as_such_until_it_ends(tmp_path: Path) -> None:
    told = Listener()

    async def life(server: Compositor) -> None:
        source = source_at(server.path)
        server.do("inhibit")
        async with serving(source, told):
            await eventually(lambda: told.words == ["idle", "kept awake"])
            server.do("permit")
            await eventually(lambda: told.words == ["idle", "kept awake", "let sleep"])

    with compositor(tmp_path) as server:
        asyncio.run(life(server))
    # Kept awake since the last input; let sleep when the count of the plain notification began.
    assert told.trace == [("idle", about(0.5)), ("kept awake", about(1.0)), ("let sleep", 0.5)]


def test_an_inhibitor_that_comes_while_idle_is_no_input(tmp_path: Path) -> None:
    told = Listener()

    async def life(server: Compositor) -> None:
        source = source_at(server.path)
        async with serving(source, told):
            await idle_for(source, 1.2)  # longer than two notifications may lie apart
            assert told.words == ["idle"]
            server.do("inhibit")
            await eventually(lambda: told.words == ["idle", "kept awake"])
            server.do("input")
            await eventually(lambda: told.words == ["idle", "kept awake", "let sleep", "input"])

    with compositor(tmp_path) as server:
        asyncio.run(life(server))
    assert told.trace[1:] == [("kept awake", about(0.5)), ("let sleep", 0.0), ("input", 0.0)]


def test_plain_idleness_is_nobody_kept_awake(tmp_path: Path) -> None:
    told = Listener()

    async def life(server: Compositor) -> None:
        source = source_at(server.path)
        source.watch(1.0)
        async with serving(source, told):
            for _ in range(2):
                await idle_for(source, 1.2)  # longer than two notifications may lie apart
                server.do("input")
                await eventually(lambda: told.words[-1] == "input")

    with compositor(tmp_path) as server:
        asyncio.run(life(server))
    assert set(told.words) == {"idle", "input"}


def test_at_version_1_it_says_what_it_cannot_know(tmp_path: Path) -> None:
    told = Listener()

    async def life(server: Compositor) -> None:
        source = source_at(server.path)
        source.watch(4.0)
        async with serving(source, told):
            await eventually(lambda: told.words == ["idle"])
            assert source.note == VERSION_1
            assert server.asked() == ["plain:500:seat0"]
            server.do("input")
            await eventually(lambda: told.words == ["idle", "input"])
            assert server.asked() == ["plain:4000:seat0"]

    with compositor(tmp_path, version=1) as server:
        asyncio.run(life(server))


@pytest.mark.parametrize(("version", "silent"), [(1, ["silenced"]), (2, [])])
def test_a_long_silence_is_doubted_where_an_application_can_hold_up_all_news(
    tmp_path: Path, version: int, silent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wayland_idle, "STILL_AT_MOST", 1.0)
    told = Listener()

    async def life(server: Compositor) -> None:
        source = source_at(server.path)
        source.watch(2.2)
        async with serving(source, told):
            await eventually(lambda: told.words == ["idle"])
            server.do("input")
            server.do("inhibit")
            await eventually(lambda: told.words == ["idle", "input", *silent, *([] if silent else HELD)])
            server.do("permit")
            again = ["tells again", "idle"] if silent else [*HELD, "let sleep"]
            await eventually(lambda: told.words == ["idle", "input", *silent, *again])
            server.do("input")
            await eventually(lambda: told.words[-1] == "input")

    with compositor(tmp_path, version=version) as server:
        asyncio.run(life(server))


def test_silence_while_nobody_is_there_is_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wayland_idle, "STILL_AT_MOST", 0.6)  # a little more than the first count
    told = Listener()

    async def life(server: Compositor) -> None:
        source = source_at(server.path)
        async with serving(source, told):
            await idle_for(source, 1.5)

    with compositor(tmp_path, version=1) as server:
        asyncio.run(life(server))
    assert told.words == ["idle"]


def test_of_several_seats_the_machines_own_is_taken(tmp_path: Path) -> None:
    async def life(server: Compositor) -> None:
        async with serving(source_at(server.path), Listener()):
            await eventually(lambda: server.asked() == PROBED)

    with compositor(tmp_path, seats=("virtual", "seat0", "other")) as server:
        asyncio.run(life(server))


def test_without_a_seat0_the_first_seat_is_taken(tmp_path: Path) -> None:
    async def life(server: Compositor) -> None:
        async with serving(source_at(server.path), Listener()):
            await eventually(lambda: server.asked() == ["input:500:one", "plain:500:one"])

    with compositor(tmp_path, seats=("one", "two")) as server:
        asyncio.run(life(server))


# ---- absent ------------------------------------------------------------------------------------------------


def test_no_display_is_said(tmp_path: Path) -> None:
    dead = str(tmp_path / "wayland-0")
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(dead)
    for paths in ([], [str(tmp_path / "none")], [dead]):
        assert asyncio.run(loss(source_at(*paths).serve(Listener()))) == NO_DISPLAY


def test_a_compositor_that_does_not_offer_it_is_said_with_the_remedy(tmp_path: Path) -> None:
    with compositor(tmp_path, version=0) as server:
        assert asyncio.run(loss(source_at(server.path).serve(Listener()))) == NO_NOTIFIER


def test_the_first_display_that_can_tell_is_taken(tmp_path: Path) -> None:
    told = Listener()
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()

    async def life(old: Compositor, new: Compositor) -> None:
        source = source_at(str(tmp_path / "none"), old.path, new.path)
        async with serving(source, told):
            await eventually(lambda: told.words == ["idle"])
            assert new.asked() == PROBED

    with compositor(tmp_path / "old", version=0) as old, compositor(tmp_path / "new") as new:
        asyncio.run(life(old, new))


# ---- dying and hanging -------------------------------------------------------------------------------------


def test_a_dying_compositor_is_noticed_at_once_and_its_successor_serves(tmp_path: Path) -> None:
    told = Listener()
    source = source_at(str(tmp_path / "wayland-test"))

    async def life(server: Compositor) -> None:
        async with serving(source, told) as task:
            await eventually(lambda: told.words == ["idle"])
            server.die()
            assert await loss(task) == LOST
        assert await source.look() is None

    async def next_life() -> None:
        async with serving(source, told):
            await eventually(lambda: told.words == ["idle", "idle"])

    with compositor(tmp_path) as server:
        asyncio.run(life(server))
    with compositor(tmp_path):
        asyncio.run(next_life())


def test_a_lost_seat_and_an_error_are_said(tmp_path: Path) -> None:
    async def life(server: Compositor, word: str) -> str:
        told = Listener()
        async with serving(source_at(server.path), told) as task:
            await eventually(lambda: told.words == ["idle"])
            server.do(word)
            return await loss(task)

    with compositor(tmp_path) as server:
        error = asyncio.run(life(server, "post_error"))
        gone = asyncio.run(life(server, "remove_seat"))
    assert error == "the Wayland display reports an error: no such luck"
    assert gone == "the Wayland compositor took its seat or its idle notifier away"


def test_a_stopped_compositor_does_not_hold_anybody_up(tmp_path: Path) -> None:
    with compositor(tmp_path) as server:
        server.stall()
        problem = asyncio.run(loss(source_at(server.path).serve(Listener())))
    assert problem == "the Wayland display does not answer"


# ---- lying -------------------------------------------------------------------------------------------------


def test_events_out_of_turn_change_nothing(tmp_path: Path) -> None:
    told = Listener()

    async def life(server: Compositor) -> None:
        source = source_at(server.path)
        source.watch(1.0)
        async with serving(source, told):
            await eventually(lambda: told.words == ["idle"])
            await eventually(lambda: _both_idle(server))
            server.do("lie")
            await eventually(lambda: told.words[:3] == ["idle", "input", "idle"])

    with compositor(tmp_path) as server:
        asyncio.run(life(server))


def test_idleness_longer_than_anybody_watched_is_not_believed(tmp_path: Path) -> None:
    told = Listener()

    async def life(server: Compositor) -> None:
        source = source_at(server.path)
        async with serving(source, told):
            await eventually(lambda: told.words == ["idle"])
            server.do("input")
            await eventually(lambda: server.asked() == ["input:60000:seat0", "plain:60000:seat0"])
            server.do("lie")
            await eventually(lambda: told.words == ["idle", "input", "idle", "input"])

    with compositor(tmp_path) as server:
        asyncio.run(life(server))
    assert told.trace[2] == ("idle", about(0.0))  # though the notification counts to a minute


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "the Wayland display talks nonsense: a message of 12590 bytes"),
        (struct.pack("=II", 1, 4 << 16), "the Wayland display talks nonsense: a message of 4 bytes"),
        (struct.pack("=II", 2, 0xFFFC0000), "the Wayland display talks nonsense: a message of 65532 bytes"),
        # A global whose interface is said to be longer than the message.
        (
            struct.pack("=IIII", 2, 16 << 16, 1, 0xFFFFFFFF),
            "the Wayland display talks nonsense: a string of 4294967295 bytes",
        ),
        # It hangs up in the middle of a message.
        (struct.pack("=III", 2, 64 << 16, 1), LOST),
        (b"", LOST),
    ],
)
def test_nonsense_is_said(tmp_path: Path, answer: bytes, problem: str) -> None:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        writer.close()

    async def life() -> str:
        async with answering(str(tmp_path / "liar"), talk) as path:
            return await loss(source_at(path).serve(Listener()))

    assert asyncio.run(life()) == problem


def test_messages_in_pieces_and_about_unknown_objects_are_read(tmp_path: Path) -> None:
    """An event of object 77, then both roundtrips' answers, byte by byte; no notifier among the globals."""
    unknown = struct.pack("=III", 77, 12 << 16 | 5, 1)
    forged = struct.pack("=III", 1, 12 << 16 | 1, 77)  # delete_id of what never was
    done = struct.pack("=III", 3, 12 << 16, 0)

    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for byte in unknown + forged + done:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0)
        writer.close()

    async def life() -> str:
        async with answering(str(tmp_path / "slow"), talk) as path:
            return await loss(source_at(path).serve(Listener()))

    assert asyncio.run(life()) == NO_NOTIFIER


def beside(elder: str, younger: str) -> list[str]:
    """The notifications that stand while a count goes on beside its successor, by what they count to."""
    return sorted([f"input:{elder}:seat0", f"input:{younger}:seat0", f"plain:{younger}:seat0"])


def _both_idle(server: Compositor) -> bool:
    return server.do("idle") == "2"
