"""Every way in which editors and tools change a file, with the real inotify."""

import asyncio
import errno
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest
from support.helpers import eventually, give_up, patient

from neckguard.daemon import libc, places, watch
from neckguard.daemon.inotify import OVERFLOW, Inotify
from neckguard.daemon.watch import FileWatch, RuntimeWatch

Step = Callable[[Path], None]


def nothing(file: Path) -> None:
    pass


def in_place(file: Path) -> None:
    file.write_text("changed")


def append(file: Path) -> None:
    with file.open("a") as opened:
        opened.write("more")


def rename_over(file: Path) -> None:
    new = file.with_name("4913")
    new.write_text("changed")
    new.rename(file)


def vim(file: Path) -> None:
    backup = file.with_name(file.name + "~")
    file.rename(backup)
    file.write_text("changed")
    backup.unlink()


def emacs(file: Path) -> None:
    file.rename(file.with_name(file.name + "~"))
    new = file.with_name("#config.toml#")
    new.write_text("changed")
    new.rename(file)


def vscode(file: Path) -> None:
    with file.open("r+") as opened:
        opened.truncate(0)
        opened.flush()
        opened.write("changed")


def delete(file: Path) -> None:
    file.unlink()


def delete_and_create(file: Path) -> None:
    file.unlink()
    file.write_text("changed")


def through_hard_link(file: Path) -> None:
    other = file.parent.parent / "other-name"
    other.hardlink_to(file)
    other.write_text("changed")


def chmod(file: Path) -> None:
    file.chmod(0o600)


def replace_directory(file: Path) -> None:
    shutil.rmtree(file.parent)
    file.parent.mkdir()
    file.write_text("changed")


def swap_directories(file: Path) -> None:
    new = file.parent.with_name("new-directory")
    new.mkdir()
    (new / file.name).write_text("changed")
    file.parent.rename(file.parent.with_name("old-directory"))
    new.rename(file.parent)


def move_an_ancestor(file: Path) -> None:
    file.parent.parent.rename(file.parent.parent.with_name("elsewhere"))


def remove_all(file: Path) -> None:
    shutil.rmtree(file.parent.parent)


def watched(path: Path, *steps: Callable[[], object]) -> int:
    """How often the callback came, after each step was noticed."""

    async def scenario() -> int:
        calls = 0

        def changed() -> None:
            nonlocal calls
            calls += 1

        watching = FileWatch(Inotify(), str(path), changed)
        assert watching.problem == ""
        for step in steps:
            before = calls
            step()
            await eventually(lambda before=before: calls > before)  # type: ignore[misc]
        watching.close()
        return calls

    return asyncio.run(scenario())


def hears(path: Path, step: Callable[[], object]) -> bool:
    """Whether the watch stirs at all. What inotify has to say is there as soon as the step is done."""

    async def scenario() -> bool:
        watching = FileWatch(Inotify(), str(path), lambda: None)
        step()
        for _ in range(5):
            await asyncio.sleep(0)  # a round of the loop, which reads all there is
        stirred = watching._pending is not None
        watching.close()
        return stirred

    return asyncio.run(scenario())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "home" / "neckguard" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text("before")
    path.chmod(0o644)
    return path


@pytest.mark.parametrize(
    "way",
    [
        in_place,
        append,
        rename_over,
        vim,
        emacs,
        vscode,
        delete_and_create,
        through_hard_link,
        chmod,
        replace_directory,
        swap_directories,
    ],
)
def test_a_change_is_seen_once(way: Step, file: Path) -> None:
    assert watched(file, lambda: way(file)) == 1


@pytest.mark.parametrize("way", [delete, move_an_ancestor, remove_all])
def test_a_file_that_is_gone_is_told_once_and_after_a_while(
    way: Step, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_GONE", 0.2)
    began = time.monotonic()
    assert watched(file, lambda: way(file)) == 1
    assert time.monotonic() - began >= 0.2


def test_a_file_that_comes_back_in_time_was_only_changed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> tuple[bool, int, bool]:
        calls: list[None] = []
        watching = FileWatch(Inotify(), str(file), lambda: calls.append(None))
        delete(file)
        await eventually(lambda: watching._vanished)
        waits = not calls
        in_place(file)
        await eventually(lambda: calls)
        watching.close()
        return waits, len(calls), watching._vanished is None

    assert asyncio.run(scenario()) == (True, 1, True)


def test_a_file_that_cannot_be_reached_is_not_gone(file: Path) -> None:
    def tie() -> None:
        file.unlink()
        file.symlink_to(file)  # a link that leads nowhere for ever

    assert watched(file, tie) == 1


@pytest.mark.parametrize("way", [in_place, rename_over, vim, emacs, delete_and_create, replace_directory])
def test_the_next_change_is_seen_as_well(way: Step, file: Path) -> None:
    assert watched(file, lambda: way(file), lambda: way(file), lambda: in_place(file)) == 3


def test_a_file_created_after_the_start_is_seen(file: Path) -> None:
    file.unlink()
    assert watched(file, lambda: file.write_text("new"), lambda: in_place(file)) == 2


def test_directories_created_after_the_start_are_followed(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c" / "config.toml"

    def create() -> None:
        deep.parent.mkdir(parents=True)
        deep.write_text("new")

    assert watched(deep, create, lambda: in_place(deep)) == 2


def test_directories_created_one_by_one_are_followed(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "config.toml"

    async def scenario() -> bool:
        calls: list[None] = []
        watching = FileWatch(Inotify(), str(deep), lambda: calls.append(None))
        for directory in (deep.parent.parent, deep.parent):
            directory.mkdir()
            await asyncio.sleep(0)  # the loop reads the event before the next one happens
            await asyncio.sleep(0)
        deep.write_text("new")
        await eventually(lambda: calls)
        watching.close()
        return watching.problem == ""

    assert asyncio.run(scenario())


def test_a_swapped_link_is_seen_and_its_new_target_watched(tmp_path: Path) -> None:
    one, two, link = tmp_path / "d1" / "one", tmp_path / "d2" / "two", tmp_path / "d3" / "config.toml"
    for path in (one, two):
        path.parent.mkdir()
        path.write_text(path.name)
    link.parent.mkdir()
    link.symlink_to(one)

    def swap() -> None:
        new = link.with_name("new")
        new.symlink_to("../d2/two")
        new.rename(link)

    assert watched(link, lambda: in_place(one), swap, lambda: in_place(two), lambda: rename_over(two)) == 4


def test_places_of_the_past_are_let_go(tmp_path: Path) -> None:
    link = tmp_path / "config.toml"
    for name in ("d0", "d1", "d2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    link.symlink_to("d0/file")

    async def scenario() -> list[int]:
        calls: list[None] = []
        watching = FileWatch(Inotify(), str(link), lambda: calls.append(None))
        information = Path(f"/proc/self/fdinfo/{watching._inotify._fd}")
        counts = [count(information)]
        for name in ("d1", "d2"):
            repoint(name)
            await eventually(lambda: calls)
            calls.clear()
            counts.append(count(information))
        watching.close()
        return counts

    def count(information: Path) -> int:
        return information.read_text().count("inotify wd")

    def repoint(name: str) -> None:
        (tmp_path / "new").symlink_to(f"{name}/file")
        (tmp_path / "new").rename(link)

    first, *others = asyncio.run(scenario())
    assert others == [first, first]


def test_what_happens_while_the_watch_is_laid_is_not_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file's directory appears after it was looked for, and before its parent is listened to."""
    real, file = libc.call, tmp_path / "late" / "config.toml"

    def call(name: str, *arguments: object) -> int:
        if name == "inotify_add_watch":
            file.parent.mkdir(exist_ok=True)
        return real(name, *arguments)

    monkeypatch.setattr(libc, "call", call)
    assert watched(file, lambda: file.write_text("new")) == 1


def test_each_link_of_a_chain_is_watched(tmp_path: Path) -> None:
    file, middle, link = tmp_path / "file", tmp_path / "d" / "middle", tmp_path / "config.toml"
    middle.parent.mkdir()
    file.write_text("one")
    link.symlink_to("d/middle")
    middle.symlink_to("../file")

    def repoint() -> None:
        middle.unlink()
        middle.symlink_to(tmp_path / "other")
        (tmp_path / "other").write_text("two")

    assert watched(link, lambda: rename_over(file), repoint) == 2


def test_a_swapped_data_directory_is_seen(tmp_path: Path) -> None:
    """The way of Kubernetes volumes: `config.toml` → `..data/config.toml`, `..data` → a directory."""
    for version in ("..1", "..2", "..3"):
        (tmp_path / version).mkdir()
        (tmp_path / version / "config.toml").write_text(version)
    (tmp_path / "..data").symlink_to("..1")
    (tmp_path / "config.toml").symlink_to("..data/config.toml")

    def swap(version: str) -> None:
        (tmp_path / "..new").symlink_to(version)
        (tmp_path / "..new").rename(tmp_path / "..data")

    assert watched(tmp_path / "config.toml", lambda: swap("..2"), lambda: swap("..3")) == 2


def test_a_dangling_link_is_watched_where_it_leads(tmp_path: Path) -> None:
    link = tmp_path / "config.toml"
    link.symlink_to("dotfiles/neckguard.toml")

    def create() -> None:
        (tmp_path / "dotfiles").mkdir()
        (tmp_path / "dotfiles" / "neckguard.toml").write_text("new")

    assert watched(link, create) == 1


def test_a_link_to_itself_is_no_obstacle(tmp_path: Path) -> None:
    link = tmp_path / "config.toml"
    link.symlink_to("config.toml")

    def mend() -> None:
        link.unlink()
        link.write_text("new")

    assert watched(link, mend) == 1


def test_a_directory_somebody_stands_in_is_followed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    assert watched(file, lambda: replace_directory(file), lambda: in_place(file)) == 2


def test_other_files_are_ignored(file: Path) -> None:
    other = file.with_name("config.toml.bak")

    def noise() -> None:
        in_place(other)
        rename_over(other)
        other.chmod(0o600)
        other.unlink()
        (file.parent.parent / "neighbour").write_text("x")
        (file.parent.parent / "neighbour").unlink()

    assert hears(file, noise) is False
    assert hears(file, lambda: in_place(file)) is True


def test_reading_the_file_is_no_change(file: Path) -> None:
    assert hears(file, lambda: (file.read_text(), list(file.parent.iterdir()))) is False


def test_a_burst_is_one_change_and_constant_writing_is_still_seen(file: Path) -> None:
    async def scenario() -> tuple[int, float]:
        calls: list[float] = []
        start = time.monotonic()
        watching = FileWatch(Inotify(), str(file), lambda: calls.append(time.monotonic() - start))
        while not calls:
            append(file)
            await asyncio.sleep(0.01)
        watching.close()
        return len(calls), calls[0]

    calls, first = asyncio.run(scenario())
    assert calls == 1
    assert watch._QUIET < first < patient(5)


class Loop:
    """A clock that the test sets, and what it is asked for, in seconds after 100."""

    now = 100.0

    def __init__(self) -> None:
        self.asked: list[float] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, _report: object) -> Mock:
        self.asked.append(round(when - 100.0, 3))
        return Mock()


def reports(file: Path, *events: tuple[float, int]) -> list[float]:
    """When the watch would report, after each event of such a mask at so many seconds."""

    async def scenario() -> list[float]:
        watching, loop = FileWatch(Inotify(), str(file), lambda: None), Loop()
        watching._loop = loop  # type: ignore[assignment]
        name = next(iter(watching._names))
        for after, mask in events:
            loop.now = 100.0 + after
            watching._hear([(name, mask, "")])
        watching.close()
        return loop.asked

    return asyncio.run(scenario())


def test_each_write_puts_the_report_off_but_not_beyond_all_patience(file: Path) -> None:
    saved = [(after, places.CLOSE_WRITE) for after in (0.0, 0.02, 0.2, 0.28, 0.29)]
    assert reports(file, *saved) == [0.03, 0.05, 0.23, 0.3, 0.3]


def test_while_somebody_writes_the_report_waits_but_not_for_ever(file: Path) -> None:
    written = [(after, places.MODIFY) for after in (0.0, 2.9, 5.8, 8.7)]
    assert reports(file, *written) == [3.0, 5.9, 8.8, 10.0]


@pytest.mark.parametrize(
    ("mask", "report"),
    [
        (places.CLOSE_WRITE, 1.03),
        (places.MOVED_TO, 1.03),
        (places.MOVED_FROM, 1.03),
        (places.DELETE, 1.03),
        (places.CREATE, 1.03),  # what there is, somebody has filled already
        (OVERFLOW, 1.03),
        (places.ATTRIB, 4.0),  # it says nothing about writing
    ],
)
def test_who_writes_no_more_is_not_waited_for(
    file: Path, monkeypatch: pytest.MonkeyPatch, mask: int, report: float
) -> None:
    monkeypatch.setattr(watch, "_PATIENCE", 60.0)
    assert reports(file, (0.0, places.MODIFY), (1.0, mask)) == [3.0, report]


@pytest.mark.parametrize("mode", ["w", "r+", "a"])
def test_a_slow_save_in_place_is_told_once_and_when_it_is_closed(file: Path, mode: str) -> None:
    async def scenario() -> list[None]:
        calls: list[None] = []
        watching = FileWatch(Inotify(), str(file), lambda: calls.append(None))
        with file.open(mode) as opened:
            for piece in ("[remin", "ders.posture]\n", 'every = "20m"\n'):
                opened.write(piece)
                opened.flush()
                await asyncio.sleep(4 * watch._QUIET)
                assert calls == []
        await eventually(lambda: calls)
        watching.close()
        return calls

    assert asyncio.run(scenario()) == [None]


def test_a_file_that_is_made_and_filled_later_is_told_once_it_is_closed(file: Path) -> None:
    async def scenario() -> int:
        calls: list[None] = []
        watching = FileWatch(Inotify(), str(file), lambda: calls.append(None))
        os.rename(file, f"{file}~")
        with file.open("x") as opened:
            await asyncio.sleep(3 * watch._QUIET)
            assert calls == []
            opened.write("changed")
        await eventually(lambda: calls)
        watching.close()
        return len(calls)

    assert asyncio.run(scenario()) == 1


def test_all_who_watch_share_one_inotify_and_hear_what_is_theirs(tmp_path: Path) -> None:
    """Here even one directory: each goes on when the other has left."""
    file, socket = tmp_path / "config.toml", tmp_path / "control.sock"

    async def scenario() -> list[list[str]]:
        told: list[str] = []
        inotify = Inotify()
        runtime = RuntimeWatch(inotify, str(tmp_path), lambda: told.append("deleted"))
        watching = FileWatch(inotify, str(file), lambda: told.append("changed"))
        runtime.renew()  # narrower than what the other wants to know
        found = []
        for step, expected in ((lambda: file.write_text("new"), "changed"), (socket.unlink, "deleted")):
            socket.touch()
            told.clear()
            step()
            await eventually(lambda expected=expected: expected in told)  # type: ignore[misc]
            found.append(list(told))
        watching.close()
        socket.touch()
        socket.unlink()
        told.clear()
        await eventually(lambda: told)
        runtime.close()
        return [*found, told]

    assert asyncio.run(scenario()) == [["changed"], ["deleted"], ["deleted"]]


def test_an_overflowing_queue_counts_as_a_change(file: Path) -> None:
    """What was lost may have been ours, though all we could read is about others."""
    room = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    if room > 100_000:
        give_up(f"the queue of inotify has room for {room} events")
    other = file.with_name("other")

    def flood() -> None:
        for _ in range(room // 2 + 1):  # each is a creation and a deletion
            other.touch()
            other.unlink()

    assert watched(file, flood) == 1


def test_stale_compares_the_file_with_what_was_last_seen_and_a_deleted_one_gets_its_while(file: Path) -> None:
    async def scenario() -> list[bool]:
        watching = FileWatch(Inotify(), str(file), lambda: None)
        answers = []
        for change in (nothing, in_place, nothing, delete, nothing):
            change(file)
            answers.append(watching.stale())
        rename_over(file)
        answers.append(watching.stale())
        watching.close()
        return answers

    assert asyncio.run(scenario()) == [False, True, False, False, False, True]


def test_a_change_that_was_called_back_is_not_stale(file: Path) -> None:
    async def scenario() -> bool:
        calls: list[None] = []
        watching = FileWatch(Inotify(), str(file), lambda: calls.append(None))
        in_place(file)
        await eventually(lambda: calls)
        stale = watching.stale()
        watching.close()
        return stale

    assert asyncio.run(scenario()) is False


def test_it_listens_to_a_disk_that_is_mounted_over_the_directory_once_asked(file: Path) -> None:
    async def scenario() -> list[bool]:
        watching = FileWatch(Inotify(), str(file), lambda: None)
        deaf = [watching.deaf]
        watching._device = 0  # as if another disk had been there when it began to listen
        rename_over(file)
        deaf.append(watching.deaf)
        assert watching.stale() is True
        deaf.append(watching.deaf)
        watching.close()
        return deaf

    assert asyncio.run(scenario()) == [False, True, False]


@pytest.mark.parametrize(
    ("function", "code", "reason"),
    [
        (
            "inotify_init1",
            errno.EMFILE,
            "all inotify instances or open files are in use (sysctl fs.inotify.max_user_instances)",
        ),
        (
            "inotify_add_watch",
            errno.ENOSPC,
            "all inotify watches are in use (sysctl fs.inotify.max_user_watches)",
        ),
        ("inotify_init1", errno.ENOSYS, "Function not implemented"),
    ],
)
def test_exhausted_inotify_is_said_and_tried_again(
    function: str, code: int, reason: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, exhausted = libc.call, True

    def call(name: str, *arguments: object) -> int:
        if exhausted and name == function:
            raise OSError(code, os.strerror(code))
        return real(name, *arguments)

    monkeypatch.setattr(libc, "call", call)

    async def scenario() -> None:
        nonlocal exhausted
        calls: list[None] = []
        watching = FileWatch(Inotify(), str(file), lambda: calls.append(None))
        assert watching.problem == f"Changes to the settings may apply late: {reason}."
        in_place(file)
        assert [watching.stale(), watching.stale()] == [True, False]
        exhausted = False
        assert (watching.stale(), watching.problem) == (False, "")
        in_place(file)
        await eventually(lambda: calls)
        watching.close()

    asyncio.run(scenario())


def test_a_lasting_problem_is_one_warning(
    file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def exhausted(_name: str, *_arguments: object) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(libc, "call", exhausted)

    async def scenario() -> str:
        watching = FileWatch(Inotify(), str(file), lambda: None)
        for _ in range(3):
            watching.stale()
        watching.close()
        return watching.problem

    problem = asyncio.run(scenario())
    assert caplog.messages == [problem]


def test_places_that_are_gone_are_forgotten(tmp_path: Path) -> None:
    place = tmp_path / "runtime"

    async def scenario() -> int:
        calls: list[None] = []
        inotify = Inotify()
        place.mkdir()
        watching = RuntimeWatch(inotify, str(place), lambda: calls.append(None))
        for _ in range(3):
            calls.clear()
            place.rmdir()
            await eventually(lambda: calls)
            place.mkdir()
            watching.renew()
        known = len(inotify._asked)
        watching.close()
        return known

    assert asyncio.run(scenario()) == 1


def test_many_lives_leave_no_descriptors(file: Path) -> None:
    async def scenario() -> tuple[int, int]:
        before = len(os.listdir("/proc/self/fd"))
        for _ in range(50):
            watching = FileWatch(Inotify(), str(file), lambda: None)
            rename_over(file)
            watching.close()
        return before, len(os.listdir("/proc/self/fd"))

    before, after = asyncio.run(scenario())
    assert before == after
