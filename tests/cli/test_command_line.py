"""The command as a whole: help, unknown words, exit codes, and ends that are not its fault."""

import os
import pty
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from support.command import PROGRAM, Outcome, neckguard, nowhere, started
from support.fake_daemon import fake_daemon
from support.helpers import patient, wait_until
from support.poison import POISON, poison_in

from neckguard import __version__
from neckguard.cli import main as command_line
from neckguard.daemon import main as daemon_main

DAILY = ["status", "why", "pause", "resume", "now"]
ANSWERS = ["start", "done", "snooze", "skip", "hurt"]
NECK = ["stretch", "posture", "checkin", "flare"]
PAST = ["stats", "report", "export", "history"]
SETTINGS = ["config", "reload", "preview", "doctor", "service", "bar", "completion", "run"]
GROUPS = {
    "Every day": DAILY,
    "Answer": ANSWERS,
    "Your neck": NECK,
    "What happened": PAST,
    "Settings": SETTINGS,
}
VERBS = [verb for group in GROUPS.values() for verb in group]
NOT_RUNNING = (
    "neckguard is not running. Start it with `neckguard service install` (now and at every login)"
    " or `neckguard run` (in this terminal).\n"
)


@pytest.mark.parametrize("words", [(), ("-h",), ("--help",)])
def test_without_a_verb_it_lists_them_all_in_groups(words: tuple[str, ...], tmp_path: Path) -> None:
    shown = neckguard(*words, env=nowhere(tmp_path))
    assert (shown.code, shown.err) == (0, "")
    groups = re.findall(r"^([A-Z][a-z ]+):\n((?:  .+\n)+)", shown.out, re.MULTILINE)
    assert {title: re.findall(r"^  ([a-z]+) ", verbs, re.MULTILINE) for title, verbs in groups} == GROUPS
    assert max(map(len, shown.out.splitlines())) <= 80


@pytest.mark.parametrize("verb", ["config", "service", "history"])
def test_a_verb_that_needs_an_action_lists_them(verb: str, tmp_path: Path) -> None:
    explained = neckguard(verb, "--help", env=nowhere(tmp_path)).out
    assert "\n  ACTION\n" in explained
    assert neckguard(verb, env=nowhere(tmp_path)) == Outcome(2, "", explained)


def test_the_list_imports_no_verb(tmp_path: Path) -> None:
    code = (
        "import sys; from neckguard.cli.main import main; main(['--help']);"
        " print(sorted(name for name in sys.modules if name.startswith('neckguard.')), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    known = ["cli", "cli.main", "cli.verbs", "errors", "paths", "texts", "words"]
    assert ran.stderr == f"{[f'neckguard.{name}' for name in known]}\n"


@pytest.mark.parametrize("word", ["--version", "-V"])
def test_it_names_its_version(word: str, tmp_path: Path) -> None:
    assert neckguard(word, env=nowhere(tmp_path)) == Outcome(0, f"neckguard {__version__}\n", "")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_with_an_example(verb: str, tmp_path: Path) -> None:
    shown = neckguard(verb, "--help", env=nowhere(tmp_path))
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith(f"usage: neckguard {verb}")
    actions = re.findall(r"^    ([a-z]+) ", shown.out, re.MULTILINE) if " ACTION ..." in shown.out else []
    for explained in [neckguard(verb, action, "--help", env=nowhere(tmp_path)) for action in actions] or [
        shown
    ]:
        assert max(map(len, explained.out.splitlines())) <= 80
        assert re.search(rf"Examples?:\s+.*neckguard {verb}", explained.out)


@pytest.mark.parametrize(
    ("words", "config"),
    [
        ("", None),
        ("--config try.toml", "try.toml"),
        ("--config=try.toml", "try.toml"),
        ("--config a --config b", "b"),
        ("--config -", "-"),
    ],
)
def test_run_takes_a_settings_file(words: str, config: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []

    def begin(config: str | None) -> int:
        asked.append(config)
        return 0

    monkeypatch.setattr(daemon_main, "run", begin)
    assert command_line.main(["run", *words.split()]) == 0
    assert asked == [config]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("try.toml", "unrecognized arguments: try.toml"),
        ("--conf try.toml", "unrecognized arguments: --conf try.toml. Did you mean --config?"),
        ("--config", "argument --config: expected one argument"),
        ("--config --json", "argument --config: expected one argument"),
        ("--config a b", "unrecognized arguments: b"),
    ],
)
def test_run_refuses_everything_else(words: str, says: str, tmp_path: Path) -> None:
    usage = "usage: neckguard run [-h] [--config FILE]\n"
    assert neckguard("run", *words.split(), env=nowhere(tmp_path)) == Outcome(
        2, "", f"{usage}neckguard run: error: {says}\n"
    )


@pytest.mark.parametrize("words", [["run"], ["run", "--config", "try.toml"]])
def test_the_daemon_starts_without_argparse(words: list[str]) -> None:
    code = (
        "import sys; from neckguard.daemon import main; main.run = lambda config: 0;"
        f" from neckguard.cli.main import main; main({words});"
        " print(sorted({'argparse', 'gettext', 'neckguard.control.client'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ("paus",),
            "neckguard: there is no verb 'paus'. Did you mean pause? All of them: neckguard --help\n",
        ),
        (("xyzzy",), "neckguard: there is no verb 'xyzzy'. All of them: neckguard --help\n"),
        (
            ("--pause",),
            "neckguard: there is no verb '--pause'. Did you mean pause? All of them: neckguard --help\n",
        ),
        (
            ("x" * 5000,),
            f"neckguard: there is no verb '{'x' * 80}'. All of them: neckguard --help\n",
        ),
        (("juggle",), "neckguard: there is no verb 'juggle'. All of them: neckguard --help\n"),
    ],
)
def test_an_unknown_verb_is_a_usage_error(words: tuple[str, ...], says: str, tmp_path: Path) -> None:
    assert neckguard(*words, env=nowhere(tmp_path)) == Outcome(2, "", says)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("status --jsno", "status: error: unrecognized arguments: --jsno. Did you mean --json?"),
        ("pause --untli=9:00", "pause: error: unrecognized arguments: --untli=9:00. Did you mean --until?"),
        ("pause --xyzzy", "pause: error: unrecognized arguments: --xyzzy"),
        ("config check --jsn", "config check: error: unrecognized arguments: --jsn. Did you mean --json?"),
        (
            "service instal",
            (
                "service: error: argument ACTION: invalid choice: 'instal'. Did you mean install? (choose"
                " from install, uninstall, status)"
            ),
        ),
        (
            "flare start --side lft",
            (
                "flare start: error: argument --side: invalid choice: 'lft'. Did you mean left?"
                " (choose from left, right, both)"
            ),
        ),
        (
            "history xyzzy",
            "history: error: argument ACTION: invalid choice: 'xyzzy' (choose from erase)",
        ),
    ],
)
def test_a_slip_in_an_option_or_action_is_met_with_a_guess(words: str, says: str, tmp_path: Path) -> None:
    refused = neckguard(*words.split(), env=nowhere(tmp_path))
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.splitlines()[-1] == f"neckguard {says}"


@pytest.mark.parametrize(
    "words",
    [
        "pause 30m",
        "resume",
        "status",
        "status --json",
        "why",
        "now posture",
        "start",
        "snooze",
        "skip",
        "done",
        "reload",
        "checkin 3",
        "flare log 3",
        "flare end",
        "flare cold --stop",
        "flare status",
        "flare status --json",
    ],
)
def test_every_verb_says_that_the_daemon_is_not_running(words: str, tmp_path: Path) -> None:
    assert neckguard(*words.split(), env=nowhere(tmp_path)) == Outcome(3, "", NOT_RUNNING)


def test_a_daemon_that_hangs_does_not_hang_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from neckguard.control import client

    with fake_daemon() as daemon, socket.socket(socket.AF_UNIX) as silent:
        daemon.path.unlink()
        silent.bind(str(daemon.path))
        silent.listen()
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(daemon.base))
        monkeypatch.setattr(client.ask, "__kwdefaults__", {"timeout": 0.2})
        assert command_line.main(["status"]) == 1


def test_a_crash_is_one_line_and_its_own_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from neckguard.control import client

    def fail(*_: object, **__: object) -> None:
        raise KeyError("message")

    monkeypatch.setattr(client, "ask", fail)
    assert command_line.main(["resume"]) == 70
    said = capsys.readouterr().err
    assert re.fullmatch(
        r"neckguard: broke at test_command_line\.py:\d+ \(KeyError: 'message'\)\. Please report this .*\n",
        said,
    )


def test_a_reader_that_leaves_early_is_no_error() -> None:
    with fake_daemon() as daemon:
        daemon.status["flare"] = "x" * 1_000_000  # more than a pipe holds
        reading, writing = os.pipe()
        how = {"env": daemon.env, "stdout": writing, "stderr": subprocess.PIPE}
        with started(PROGRAM, "status", "--json", **how) as process:
            os.close(writing)
            os.read(reading, 1)
            os.close(reading)
            assert process.communicate(timeout=patient(10))[1] == b""
            assert process.returncode == 0


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_is_said(unbuffered: str) -> None:
    with fake_daemon() as daemon, open("/dev/full", "w") as full:
        env = {**daemon.env, "PYTHONUNBUFFERED": unbuffered}
        ran = subprocess.run([PROGRAM, "status"], env=env, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (ran.returncode, ran.stderr) == (1, b"neckguard: cannot go on: output: the disk is full.\n")


def test_closed_outputs_are_no_crash() -> None:
    with fake_daemon() as daemon:
        ran = subprocess.run(["sh", "-c", f"{PROGRAM} status >&- 2>&-"], env=daemon.env, check=False)
    assert ran.returncode == 0


def test_ctrl_c_ends_quietly(tmp_path: Path) -> None:
    how = {"env": nowhere(tmp_path), "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with started(PROGRAM, "status", "--follow", **how) as process:
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=patient(10)) == (b"", b"")
        assert process.returncode == 130


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_colour_is_for_terminals_and_only_where_wanted(no_color: str, coloured: bool) -> None:
    with fake_daemon() as daemon:
        ours, theirs = pty.openpty()
        env = {**daemon.env, "TERM": "xterm", "NO_COLOR": no_color}
        subprocess.run([PROGRAM, "status"], env=env, stdout=theirs, check=True)
        os.close(theirs)
        shown = wait_until(lambda: os.read(ours, 65536)).decode()
        os.close(ours)
        assert ("\x1b[" in shown) is coloured
        assert "\x1b[" not in neckguard("status", env=env).out


def test_on_a_terminal_too_nothing_is_a_command_but_our_own(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    env = {**nowhere(tmp_path), "TERM": "xterm", "NECKGUARD_CONFIG": f"/{POISON}"}
    subprocess.run([PROGRAM, "config", "path"], env=env, stdout=theirs, stderr=theirs, check=True)
    os.close(theirs)
    shown = wait_until(lambda: os.read(ours, 65536)).decode()
    os.close(ours)
    assert shown.startswith("/]0;owned[2J")
    assert not poison_in(re.sub(r"\x1b\[[12]m|\a|\r\n", "", shown))


def test_a_text_that_the_terminal_cannot_show_is_no_crash() -> None:
    with fake_daemon() as daemon:
        daemon.change(
            prompt={"id": 1, "reminder": "posture", "shown_at": "2026-03-02T10:00:00+01:00", "title": "通話"}
        )
        shown = neckguard("status", env={**daemon.env, "PYTHONIOENCODING": "latin-1"})
        assert (shown.code, shown.err) == (0, "")
        assert "\\u901a\\u8a71" in shown.out
