"""`status`: once, followed, and for status bars."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from support.command import PROGRAM, Outcome, neckguard, nowhere, started
from support.fake_daemon import FakeDaemon, fake_daemon, reminder, short_directory
from support.helpers import need, patient, wait_until

PAUSED = {
    "state": "paused",
    "holds": [
        {"reason": "paused", "since": "2026-03-02T15:00:00+01:00", "until": "2026-03-02T15:30:00+01:00"}
    ],
}


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    with fake_daemon() as running:
        yield running


def following(*words: str, env: dict[str, str]) -> AbstractContextManager[subprocess.Popen[str]]:
    """A `status --follow` under way."""
    pipe = subprocess.PIPE
    return started(PROGRAM, "status", "--follow", *words, env=env, stdout=pipe, stderr=pipe, text=True)


def read(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().rstrip("\n")


def test_the_status_is_a_short_page(daemon: FakeDaemon) -> None:
    assert neckguard("status", env=daemon.env) == Outcome(
        0,
        "Running since Mon 2 Mar 09:00.\n"
        "Next: posture in 12 min.\n"
        "  posture  in 12 min  every 20 min\n"
        "  stretch  in 32 min  every 40 min\n"
        "  break    in 52 min  every 1 h\n"
        "  off: eyes\n"
        "5 h 10 min at the screen today.\n"
        "Settings: /home/ann/.config/neckguard/config.toml\n",
        "",
    )


def test_for_programs_it_is_the_daemons_own_object(daemon: FakeDaemon) -> None:
    assert json.loads(neckguard("status", "--json", env=daemon.env).out) == daemon.status


@pytest.mark.parametrize(
    ("form", "out"),
    [
        (
            "waybar",
            (
                '{"text": "posture 12m", "alt": "running", "tooltip": "Running since Mon 2 Mar 09:00.\\n'
                'Next: posture in 12 min.\\n5 h 10 min at the screen today.", "class": "running",'
                ' "percentage": 40}\n'
            ),
        ),
        ("i3blocks", "posture 12m\n12m\n"),
        ("polybar", "posture 12m\n"),
        ("{next} in {due_in} ({{{state}}})", "posture in 12m ({running})\n"),
    ],
)
def test_status_bars_get_what_they_read(daemon: FakeDaemon, form: str, out: str) -> None:
    assert neckguard("status", "--format", form, env=daemon.env) == Outcome(0, out, "")


@pytest.mark.parametrize(
    ("form", "out"),
    [
        (
            "waybar",
            (
                '{"text": "stopped", "alt": "stopped", "tooltip": "neckguard is not running.",'
                ' "class": "stopped", "percentage": 0}\n'
            ),
        ),
        ("i3blocks", "stopped\nstopped\n#888888\n"),
        ("polybar", "stopped\n"),
        ("{state}{next}", "stopped\n"),
    ],
)
def test_without_a_daemon_bars_show_it_and_scripts_see_exit_code_3(
    form: str, out: str, tmp_path: Path
) -> None:
    shown = neckguard("status", "--format", form, env=nowhere(tmp_path))
    assert (shown.code, shown.out) == (3, out)
    assert "neckguard is not running" in shown.err


@pytest.mark.parametrize(
    "form",
    [
        "waybr",
        "",
        "{nope}",
        "{next.__class__}",
        "{0}",
        "{}",
        "{next",
        "next}",
        "{next!r}",
        "{next:>9}",
        "{{next}}",
    ],
)
def test_a_template_that_means_nothing_lists_what_there_is(form: str, tmp_path: Path) -> None:
    shown = neckguard("status", f"--format={form}", env=nowhere(tmp_path))
    assert (shown.code, shown.out) == (2, "")
    assert "choose waybar, i3blocks, polybar or a template with {state} {since} {next} {due_in}" in shown.err


def test_a_follower_prints_each_change_once_and_outlives_the_daemon() -> None:
    with short_directory() as base, following("--format", "{state} {next}", env=nowhere(base)) as process:
        lines = [read(process)]
        for _ in range(2):
            daemon = FakeDaemon(base)
            daemon.start()
            lines.append(read(process))
            daemon.change(timer="something the template does not show")
            daemon.change(**PAUSED)
            lines.append(read(process))
            daemon.stop()
            lines.append(read(process))
    assert lines == ["stopped ", *(["running posture", "paused posture", "stopped "] * 2)]


def test_a_json_follower_gets_whole_objects_with_the_same_fields_when_stopped() -> None:
    with short_directory() as base, following("--json", env=nowhere(base)) as process:
        stopped = json.loads(read(process))
        daemon = FakeDaemon(base)
        daemon.start()
        running = json.loads(read(process))
        daemon.stop()
        assert json.loads(read(process)) == stopped
    assert (stopped["state"], running["state"]) == ("stopped", "running")
    assert set(running) - set(stopped) == {"pid"}


def test_a_follower_for_people_prints_sentences(daemon: FakeDaemon) -> None:
    with following(env=daemon.env) as process:
        assert read(process) == "Running since Mon 2 Mar 09:00. Next: posture in 12 min."
        daemon.change(**PAUSED, next=None)
        assert read(process) == "Paused until Mon 2 Mar 15:30."


def test_a_follower_for_i3blocks_writes_the_json_that_a_persistent_block_reads(daemon: FakeDaemon) -> None:
    with following("--format", "i3blocks", env=daemon.env) as process:
        assert json.loads(read(process)) == {"full_text": "posture 12m", "short_text": "12m"}
        daemon.change(
            prompt={"id": 7, "reminder": "break", "shown_at": "2026-03-02T10:00:00+01:00", "title": 'A "b'}
        )
        assert json.loads(read(process)) == {
            "full_text": "break now",
            "short_text": "now",
            "color": "#ffb000",
        }


@pytest.mark.parametrize("running", [True, False])
def test_a_follower_ends_when_nobody_reads_it_though_nothing_changes(running: bool) -> None:
    with fake_daemon() as daemon:
        env = daemon.env if running else nowhere(daemon.base / "empty")
        with following(env=env) as process:
            read(process)
            assert process.stdout
            assert process.stderr
            process.stdout.close()
            assert process.wait(timeout=patient(10)) == 0
            assert process.stderr.read() == ""
        wait_until(lambda: not daemon.server._followers)


def test_a_follower_on_a_terminal_ends_with_it(daemon: FakeDaemon) -> None:
    ours, theirs = os.openpty()
    how = {"env": daemon.env, "stdout": theirs, "stderr": subprocess.PIPE}
    with started(PROGRAM, "status", "--follow", **how) as process:
        os.close(theirs)
        shown = b""
        while not shown.endswith(b"\n"):
            shown += os.read(ours, 1024)
        os.close(ours)
        assert process.communicate(timeout=patient(10))[1] == b""


def test_a_refused_follower_says_why(daemon: FakeDaemon) -> None:
    daemon.server._allowed = frozenset()
    with following(env=daemon.env) as process:
        assert process.wait(timeout=patient(10)) == 1
        assert process.stderr
        assert process.stderr.read() == "neckguard: This neckguard belongs to another user.\n"


def test_i3blocks_itself_shows_it(daemon: FakeDaemon) -> None:
    need("i3blocks")
    config = daemon.base / "i3blocks.conf"
    config.write_text(
        f"[live]\ncommand={PROGRAM} status --follow --format i3blocks\ninterval=persist\nformat=json\n"
        f"[once]\ncommand={PROGRAM} status --format i3blocks\ninterval=once\n"
    )
    pipe = subprocess.PIPE
    with started("i3blocks", "-c", config, env=daemon.env, stdin=pipe, stdout=pipe, text=True) as bar:
        assert bar.stdout
        blocks: dict[str, tuple[str, str, str]] = {}
        for line in bar.stdout:
            if line.startswith(","):
                for block in json.loads(line[1:]):
                    if "name" in block:
                        blocks[block["name"]] = (
                            block["full_text"],
                            block["short_text"],
                            block.get("color", ""),
                        )
            if blocks == {"live": ("posture 12m", "12m", ""), "once": ("posture 12m", "12m", "")}:
                daemon.change(state="away", reminders=[reminder("posture")])
            if blocks.get("live") == ("away", "away", "#888888"):
                break
        bar.terminate()
        bar.communicate(timeout=patient(10))
    assert blocks["live"] == ("away", "away", "#888888")
