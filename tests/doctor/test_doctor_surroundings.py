"""Autostart, other reminders, files and versions: what is found around neckguard."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.helpers import wait_until

from neckguard import __version__
from neckguard.doctor import surroundings
from neckguard.doctor.finding import Finding, discreet, ok, problem, warning
from neckguard.doctor.running import check_autostart
from neckguard.doctor.surroundings import check_files, check_others, check_versions

TITLES = ["GNOME Break Timer", "RSIBreak", "Safe Eyes", "Sane Break", "Stretchly", "Workrave"]
UNIT = """
LoadState={load}
ActiveState={active}
UnitFileState={enabled}

LoadState=loaded
ActiveState={session}
UnitFileState=static
"""
ENTRY = "[Desktop Entry]\nType=Application\nExec=neckguard run\n"


class Home:
    """A home directory, and only those programs that the test gives."""

    def __init__(self, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.base = base
        self.bin = base / "bin"
        self.bin.mkdir()
        monkeypatch.setenv("PATH", str(self.bin))
        monkeypatch.setenv("XDG_CONFIG_HOME", str(base / "config"))
        monkeypatch.setenv("XDG_STATE_HOME", str(base / "state"))
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(base))

    def has(self, program: str, script: str) -> None:
        (self.bin / program).write_text(f"#!/bin/sh\n{script}\n")
        (self.bin / program).chmod(0o755)

    def unit(
        self, load: str = "loaded", active: str = "active", enabled: str = "enabled", session: str = "active"
    ) -> None:
        said = UNIT.strip().format(load=load, active=active, enabled=enabled, session=session)
        self.has("systemctl", f"while read -r line; do echo \"$line\"; done <<'END'\n{said}\nEND")

    def entry(self, text: str = ENTRY) -> None:
        file = self.base / "config" / "autostart" / "neckguard.desktop"
        file.parent.mkdir(parents=True)
        file.write_text(text)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    return Home(tmp_path, monkeypatch)


def autostart() -> list[Finding]:
    return asyncio.run(check_autostart())


def test_an_active_service_is_fine(home: Home) -> None:
    home.unit()
    assert autostart() == [ok("autostart", "the service is enabled and active; lingering is not needed")]


def test_a_service_and_an_autostart_entry_are_one_too_many(home: Home) -> None:
    home.unit()
    home.entry()
    text, remedy = (
        "both the service and an autostart entry start neckguard",
        "neckguard service install (keeps the service)",
    )
    assert autostart() == [warning("autostart", text, remedy)]


def test_neither_of_them_is_a_warning(home: Home) -> None:
    home.unit(load="not-found", active="inactive", enabled="")
    text = "neither a service nor an autostart entry starts neckguard at login"
    assert autostart() == [warning("autostart", text, "neckguard service install")]


def test_without_systemd_the_autostart_entry_is_the_remedy(home: Home) -> None:
    text = "neither a service nor an autostart entry starts neckguard at login"
    assert autostart() == [warning("autostart", text, "neckguard service install --autostart")]


def test_an_autostart_entry_alone_is_fine(home: Home) -> None:
    home.entry()
    assert autostart() == [
        ok("autostart", "an autostart entry starts neckguard at login; no service is installed")
    ]


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled = false"])
def test_an_autostart_entry_that_is_switched_off_is_a_warning(home: Home, line: str) -> None:
    home.entry(f"{ENTRY}{line}\n")
    remedy = "switch it on in the desktop's startup settings"
    assert autostart() == [warning("autostart", "the autostart entry is switched off", remedy)]


def test_a_service_that_failed_is_a_problem(home: Home) -> None:
    home.unit(active="failed")
    remedy = "systemctl --user restart neckguard (log: journalctl --user -u neckguard)"
    assert autostart() == [problem("autostart", "the service failed", remedy)]


def test_a_service_whose_program_is_gone_is_a_problem(home: Home) -> None:
    for there in ("/bin/sh", "/opt/my tools/neckguard"):
        start = f"{{ path={there} ; argv[]={there} run ; ignore_errors=no ; pid=0 }}"
        home.unit(active=f"inactive\nExecStart={start}")
        level = warning if there == "/bin/sh" else problem
        assert [each.level for each in autostart()] == [level("", "", "").level]
    text = "the service would run /opt/my tools/neckguard, which is not there"
    assert autostart() == [problem("autostart", text, "neckguard service install")]


def test_a_service_that_is_disabled_or_stopped_is_a_warning(home: Home) -> None:
    home.unit(enabled="disabled")
    assert autostart() == [
        warning("autostart", "the service is installed, but disabled", "neckguard service install")
    ]
    home.unit(active="inactive")
    text, remedy = "the service is enabled, but inactive", "systemctl --user start neckguard"
    assert autostart() == [warning("autostart", text, remedy)]


def test_a_session_that_starts_no_services_is_a_warning(home: Home) -> None:
    home.unit(session="inactive")
    text = "the service is enabled, but what starts it, graphical-session.target, is not active here"
    assert autostart() == [warning("autostart", text, "neckguard service install --autostart")]


# ---- other reminders ---------------------------------------------------------------------------------------


@pytest.fixture
def running(tmp_path: Path) -> Iterator["Running"]:
    programs = Running(tmp_path)
    yield programs
    programs.end()


class Running:
    """Programs that only wait, under the names of others, and a /proc that has no process but theirs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._proc = folder / "proc"
        self._proc.mkdir()
        self._processes: list[subprocess.Popen[bytes]] = []

    def found(self) -> list[Finding]:
        return asyncio.run(check_others(str(self._proc)))

    def program(self, name: str) -> None:
        sleep = shutil.which("sleep", path="/bin:/usr/bin")
        assert sleep
        shutil.copy(sleep, self._folder / name)
        self.start(str(self._folder / name), "60")

    def script(self, name: str) -> None:
        """As Safe Eyes: a Python program."""
        (self._folder / name).write_text("import time\ntime.sleep(60)\n")
        self.start(sys.executable, str(self._folder / name))

    def start(self, *command: str) -> None:
        process = subprocess.Popen(command)
        self._processes.append(process)
        shown = self._proc / str(process.pid)
        shown.symlink_to(f"/proc/{process.pid}")
        wait_until(lambda: (shown / "cmdline").read_bytes().startswith(os.fsencode(command[0])))

    def end(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()


def test_other_reminders_are_named_with_what_to_do(home: Home, running: Running) -> None:
    for name in ("workrave", "rsibreak", "stretchly", "sane-break", "gnome-break-timer-daemon"):
        running.program(name)
    running.script("safeeyes")
    assert running.found() == [
        warning("other reminders", f"{title} also reminds you", f"switch off {title} or neckguard")
        for title in TITLES
    ]


def test_a_file_of_that_name_is_no_reminder(home: Home, running: Running) -> None:
    os.mkfifo(home.base / "workrave")
    running.start("/bin/cat", str(home.base / "workrave"))
    assert running.found() == [ok("other reminders", "none found")]


@pytest.mark.parametrize(
    ("desktop", "script", "reminds"),
    [
        ("ubuntu:GNOME", "echo \"['eyesight', 'movement']\"", True),
        ("GNOME", "echo '@as []'", False),
        ("GNOME", "echo 'No such schema'; exit 1", False),
        ("KDE", "echo \"['eyesight', 'movement']\"", False),
    ],
)
def test_break_reminders_of_gnome_are_noticed(  # noqa: PLR0917 -- what there is, and what comes of it
    home: Home,
    running: Running,
    monkeypatch: pytest.MonkeyPatch,
    desktop: str,
    script: str,
    reminds: bool,
) -> None:
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", desktop)
    home.has("gsettings", script)
    remedy = "gsettings set org.gnome.desktop.break-reminders selected-breaks '[]'"
    gnome = warning("other reminders", "GNOME's screen time settings also remind you of breaks", remedy)
    assert running.found() == [gnome if reminds else ok("other reminders", "none found")]


def test_a_gsettings_that_hangs_is_left_behind(
    home: Home, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surroundings, "_GSETTINGS_LIMIT", 0.3)
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "GNOME")
    home.has("gsettings", "exec /bin/sleep 60")
    assert running.found() == [ok("other reminders", "none found")]


# ---- files -------------------------------------------------------------------------------------------------


def test_directories_that_can_be_made_are_fine(home: Home) -> None:
    assert check_files() == [
        ok("files", f"the state directory {home.base}/state/neckguard is not there yet, but can be made"),
        ok("files", f"the runtime directory {home.base}/neckguard is not there yet, but can be made"),
    ]


def test_directories_that_are_there_are_tried_and_left_as_they_were(home: Home) -> None:
    (home.base / "state" / "neckguard").mkdir(parents=True)
    assert check_files()[0] == ok("files", f"the state directory {home.base}/state/neckguard is writable")
    assert list((home.base / "state" / "neckguard").iterdir()) == []


def test_a_directory_that_cannot_be_made_is_a_problem(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/proc")
    found = check_files()[0]
    assert found.text.startswith("the state directory /proc/neckguard cannot be used: ")
    assert found.remedy == "make /proc writable for you"


def test_something_else_in_place_of_a_directory_is_a_problem(home: Home) -> None:
    (home.base / "state").mkdir()
    (home.base / "state" / "neckguard").write_text("a file")
    place = f"{home.base}/state/neckguard"
    text = f"the state directory {place} cannot be used: there is something else of that name"
    assert check_files()[0] == problem("files", text, f"remove {place}, or make it yours and writable")


def test_a_full_disk_is_a_problem(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "_ENOUGH", 1 << 62)
    assert check_files()[0].remedy == "make room on that disk"


def test_without_a_runtime_directory_of_the_session_it_says_what_is_used(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    found = check_files()[-1]
    assert found.text.startswith("XDG_RUNTIME_DIR is not set; ")
    assert found.remedy == "run this inside your login session"


# ---- versions and privacy ----------------------------------------------------------------------------------


def test_a_daemon_of_another_version_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUDO_USER", raising=False)
    assert check_versions({"version": "0.0.1"})[2:] == [
        warning(
            "versions",
            f"the running daemon is neckguard 0.0.1, this is {__version__}",
            "systemctl --user restart neckguard (started otherwise: end it, then start it again)",
        )
    ]
    assert check_versions({"version": __version__})[2:] == []


def test_a_missing_part_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "_PARTS", ("jeepney", "no-such-part"))
    assert check_versions({"version": __version__})[1] == warning(
        "versions", "no-such-part not found", "pip install no-such-part, or neckguard anew"
    )


def test_root_by_sudo_is_told_whose_desktop_this_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("SUDO_USER", "nora")
    found = check_versions({"version": __version__})[-1]
    assert found == warning("versions", "this examines root's desktop, not yours", "run it without sudo")


def test_people_homes_and_machines_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/nora")
    monkeypatch.setenv("USER", "nora")
    machine = os.uname()
    named = os.uname_result((machine.sysname, "mill.example", *machine[2:]))
    monkeypatch.setattr(os, "uname", lambda: named)
    said = "nora@mill: /home/nora/x,\n/home/norah \x1b[31m mill.example Honora"
    assert discreet(warning("files", said, "rm /home/nora/x")) == warning(
        "files", "USER@HOST: ~/x, /home/norah [31m HOST Honora", "rm ~/x"
    )
    assert discreet(ok("files", "x" * 9999)).text == "x" * 500 + "…"


def test_a_user_named_nobody_turns_no_sentence_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "nobody")
    text = "nobody can tell whether you are there"
    assert discreet(ok("presence", text)).text == text
