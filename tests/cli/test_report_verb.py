"""`neckguard report`."""

import os
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command import PROGRAM
from support.fake_daemon import short_directory
from support.history_helpers import write_history
from support.web_page import read_page, read_tables

from neckguard.cli import main

NOTE = "worse after long calls"


@pytest.fixture(autouse=True)
def desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A directory to be in, and an hour of sitting that ended an hour ago."""
    now = time.time()
    offset = time.localtime(now).tm_gmtoff
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    write_history(
        tmp_path / "state" / "neckguard" / "history.db",
        spans=[("present", "", now - 7200, now - 3600, offset)],
        entries=[(now - 7200, offset, "checkin", 4, "", NOTE)],
    )
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    with short_directory() as runtime:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
        yield here


def report(*words: str) -> int:
    return main.main(["report", *words])


def test_it_goes_to_a_private_file_here_and_says_where(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report() == 0
    (file,) = desk.iterdir()
    assert file.name == f"neckguard-report-{time.strftime('%Y-%m-%d')}.html"
    assert capsys.readouterr().out == f"The report of the last 90 days is in {file}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert checkins(file.read_text()) == ["4"]


def checkins(text: str) -> list[str]:
    return [score for _, score in read_tables(read_page(text))["Check-ins"][1:]]


def test_a_report_is_replaced_and_anything_else_left_alone(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report("--output", "neck.html")
    assert report("--days", "7", "--output", "neck.html") == 0
    assert capsys.readouterr().out.splitlines()[1] == f"The report of the last 7 days is in {desk}/neck.html"
    (desk / "diary.html").write_text("<!doctype html>\n<p>Dear diary")
    assert report("--output", "diary.html") == 1
    expected = (
        f"neckguard: {desk}/diary.html is there and no page of neckguard; name another file with --output.\n"
    )
    assert capsys.readouterr().err == expected
    assert (desk / "diary.html").read_text() == "<!doctype html>\n<p>Dear diary"
    assert sorted(each.name for each in desk.iterdir()) == ["diary.html", "neck.html"]


def test_a_link_to_a_report_stays_a_link(desk: Path) -> None:
    report("--output", "real.html")
    (desk / "link.html").symlink_to("real.html")
    before = (desk / "real.html").read_text()
    assert report("--days", "7", "--output", "link.html") == 0
    assert (desk / "link.html").is_symlink()
    assert (desk / "real.html").read_text() != before


@pytest.mark.parametrize("name", ["a-directory", "a-pipe"])
def test_what_is_no_file_is_left_alone(name: str, desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "a-directory").mkdir()
    os.mkfifo(desk / "a-pipe")
    assert report("--output", name) == 1
    assert "is there and no page of neckguard" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_named(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report("--output", "nowhere/neck.html") == 1
    assert capsys.readouterr().err == (
        f"neckguard: {desk}/nowhere/neck.html cannot be written: No such file or directory;"
        " name another place with --output.\n"
    )


def test_a_full_disk_leaves_the_report_before_as_it_was(desk: Path) -> None:
    report("--output", "neck.html")
    before = (desk / "neck.html").read_text()
    ran = subprocess.run(
        ["sh", "-c", f"ulimit -f 8; exec {PROGRAM} report --days 7 --output neck.html"],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (
        1,
        f"neckguard: {desk}/neck.html cannot be written: File too large; name another place with --output.\n",
    )
    assert (desk / "neck.html").read_text() == before
    assert [each.name for each in desk.iterdir()] == ["neck.html"]


def test_a_dash_is_standard_output(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report("--output", "-") == 0
    assert checkins(capsys.readouterr().out) == ["4"]
    assert not list(desk.iterdir())


def test_notes_go_out_only_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    report("--output", "-")
    assert NOTE not in capsys.readouterr().out
    report("--output", "-", "--notes")
    assert NOTE in capsys.readouterr().out


def test_open_hands_it_to_the_desktop(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opener = program(desk, monkeypatch, 'printf %s "$1" >opened')
    assert report("--open", "--output", "neck.html") == 0
    assert (desk / "opened").read_text() == f"{desk}/neck.html"
    opener.write_text("#!/bin/sh\nexit 3\n")
    assert report("--open", "--output", "neck.html") == 1
    assert capsys.readouterr().err == "neckguard: xdg-open ended with status 3; open the file by hand.\n"
    opener.unlink()
    assert report("--open", "--output", "neck.html") == 1
    expected = "neckguard: cannot start xdg-open: No such file or directory; open the file by hand.\n"
    assert capsys.readouterr().err == expected


def program(desk: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> Path:
    """An `xdg-open` that is the only one."""
    directory = desk / "bin"
    directory.mkdir()
    opener = directory / "xdg-open"
    opener.write_text(f"#!/bin/sh\n{does}\n")
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", str(directory))
    return opener


def test_standard_output_cannot_be_opened(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        report("--open", "--output", "-")
    assert ended.value.code == 2
    assert "--open needs a file; leave out --output -" in capsys.readouterr().err


def test_without_a_history_it_says_so_and_is_empty(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/nonexistent")
    assert report("--output", "-") == 0
    said = capsys.readouterr()
    assert said.err == "neckguard: no history is kept yet; the report is empty.\n"
    assert "Nothing is on record for this period yet." in read_page(said.out).text


def test_a_damaged_history_makes_no_report(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk.parent / "state" / "neckguard" / "history.db").write_bytes(b"no database" * 1000)
    assert report() == 1
    assert "history.db cannot be read" in capsys.readouterr().err
    assert not list(desk.iterdir())
