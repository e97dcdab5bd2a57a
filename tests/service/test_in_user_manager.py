"""The service in a real user manager."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.helpers import patient, wait_until
from support.user_manager import UserManager, user_manager

# A session in the way of gnome-session.target: graphical-session.target refuses to be started by hand.
_SESSION = "[Unit]\nBindsTo=graphical-session.target\nBefore=graphical-session.target\n"


class Desk:
    """A person logged in there, with neckguard in a directory of an unlucky name."""

    def __init__(self, manager: UserManager) -> None:
        self.manager = manager
        self.home = Path(manager.env["HOME"])
        self.config = Path(manager.env["XDG_CONFIG_HOME"])
        self.settings = self.config / "neckguard/config.toml"
        self.program = self.home / "My tools; 100% $HOME" / "neckguard"
        self.program.parent.mkdir()
        self.program.symlink_to(Path(sys.executable).with_name("neckguard"))

    def service(self, *arguments: str, **extra: str) -> tuple[int, str, str]:
        done = self.manager.run(str(self.program), "service", *arguments, **extra)
        complaints = [line for line in done.stderr.splitlines() if not line.startswith("Note: a reboot")]
        return done.returncode, done.stdout, "\n".join(complaints)  # the tests live under /tmp

    def status(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.service("status", "--json")[1])
        return found

    def loaded_at(self) -> str:
        out = self.manager.run(str(self.program), "status", "--json").stdout
        return str(json.loads(out)["config"]["loaded_at"])

    def log_in(self) -> None:
        self.manager.write_unit("session.target", _SESSION)
        self.manager.systemctl("start", "session.target")

    def main_pid(self) -> int:
        return int(self.manager.show("MainPID"))

    def active(self) -> bool:
        return self.manager.show("ActiveState") == "active"

    def restarted(self, before: int) -> bool:
        return self.active() and self.main_pid() not in (0, before)

    def save(self, settings: str) -> None:
        self.manager.write(self.settings, settings)

    def drop_in(self, text: str) -> None:
        self.manager.write_unit("neckguard.service.d/test.conf", text)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with user_manager() as manager:
        yield Desk(manager)


def test_install_in_a_graphical_session_ends_with_proof(desk: Desk) -> None:
    desk.log_in()
    code, out, err = desk.service("install")
    assert (code, err) == (0, "")
    installed, known, running, since, *_, log, login = out.splitlines()
    assert (installed, known, running, log, login) == (
        f"Installed {desk.config}/systemd/user/neckguard.service",
        f"Installed {desk.home}/.local/share/applications/neckguard.desktop",
        f"neckguard is running (process {desk.main_pid()}).",
        "Log: journalctl --user -u neckguard",
        "It starts by itself whenever you log in.",
    )
    assert since.startswith("Running since ")
    assert "Next: posture in 20 min." in out
    assert desk.status() == {
        "running": True,
        "answers": True,
        "pid": desk.main_pid(),
        "unit": {
            "file": f"{desk.config}/systemd/user/neckguard.service",
            "enabled": "enabled",
            "state": "active",
            "result": "success",
            "missing": None,
        },
        "manager_problem": None,
        "graphical_session": "active",
        "autostart": None,
        "log": "journalctl --user -u neckguard",
    }
    assert desk.service("status")[0] == 0


def test_installing_twice_leaves_one_daemon_running(desk: Desk) -> None:
    desk.log_in()
    assert desk.service("install")[0] == 0
    first = desk.main_pid()
    assert desk.service("install")[0] == 0
    assert desk.restarted(first)


def test_installed_it_comes_and_goes_with_the_graphical_session(desk: Desk) -> None:
    desk.log_in()
    assert desk.service("install")[0] == 0
    desk.manager.systemctl("stop", "session.target", "graphical-session.target")
    wait_until(lambda: desk.manager.show("ActiveState") == "inactive")
    desk.manager.systemctl("start", "session.target")
    wait_until(desk.active)


def test_install_outside_a_graphical_session_starts_it_but_claims_no_success(desk: Desk) -> None:
    code, out, err = desk.service("install")
    assert code == 1
    assert "neckguard is running (process " in out
    assert "It starts by itself" not in out
    assert "graphical-session.target is inactive" in err
    assert "neckguard service install --autostart" in err
    assert desk.active()


def test_reload_is_told_to_the_daemon_and_finishes(desk: Desk) -> None:
    desk.log_in()
    desk.service("install")
    before, loaded_at = desk.main_pid(), desk.loaded_at()

    def loaded_afresh() -> bool:
        desk.manager.systemctl("reload", "neckguard.service")
        return desk.loaded_at() > loaded_at

    wait_until(loaded_afresh)  # the time is told in whole seconds
    assert (desk.active(), desk.main_pid()) == (True, before)


def test_a_reload_of_broken_settings_fails_and_the_daemon_goes_on(desk: Desk) -> None:
    desk.log_in()
    desk.service("install")
    before = desk.main_pid()
    desk.save('[reminders.posture]\nevry = "5m"\n')
    assert desk.manager.run("systemctl", "--user", "reload", "neckguard.service").returncode != 0
    assert (desk.active(), desk.main_pid()) == (True, before)


def test_a_crash_is_mended_by_a_restart(desk: Desk) -> None:
    desk.log_in()
    desk.service("install")
    before = desk.main_pid()
    desk.manager.run("kill", "-KILL", str(before))
    wait_until(lambda: desk.restarted(before))
    assert desk.status()["answers"]


def test_a_hanging_daemon_is_restarted_by_the_watchdog(desk: Desk) -> None:
    desk.drop_in("[Service]\nWatchdogSec=1s\nTimeoutAbortSec=1s\n")
    desk.log_in()
    desk.service("install")
    before = desk.main_pid()
    healthy_until = time.monotonic() + 2.5
    wait_until(lambda: time.monotonic() > healthy_until)
    assert desk.main_pid() == before, "a healthy loop feeds the watchdog"
    desk.manager.run("kill", "-STOP", str(before))
    wait_until(lambda: desk.restarted(before), 20)


def test_it_stops_within_a_second(desk: Desk) -> None:
    desk.log_in()
    desk.service("install")
    began = time.monotonic()
    desk.manager.systemctl("stop", "neckguard.service")
    assert time.monotonic() - began < patient(1)
    assert (desk.manager.show("ActiveState"), desk.manager.show("Result")) == ("inactive", "success")
    code, out, _ = desk.service("status")
    assert (code, out.splitlines()[0]) == (
        3,
        "neckguard is not running; to start it: systemctl --user start neckguard",
    )


def test_a_program_that_was_moved_away_is_named_with_the_remedy(desk: Desk) -> None:
    desk.log_in()
    desk.service("install")
    unit = desk.config / "systemd/user/neckguard.service"
    where, lines = str(desk.program.parent).replace("%", "%%"), unit.read_text().splitlines()
    desk.manager.write_unit(unit.name, "\n".join(line.replace(where, "/opt/gone") for line in lines) + "\n")
    _, out, _ = desk.service("status")
    told = "active, enabled; /opt/gone/neckguard is not there (neckguard service install)"
    assert out.startswith("neckguard is running (")
    assert f"Service:   {told}\n" in out
    desk.manager.systemctl("restart", "neckguard.service")  # it fails no command: its condition is not met
    code, out, _ = desk.service("status")
    assert code == 3
    assert out.startswith("neckguard is not running; to start it: neckguard service install\n")
    assert f"Service:   in{told}\n" in out
    assert desk.service("install")[0] == 0
    assert "is not there" not in desk.service("status")[1]


@pytest.mark.parametrize("status", [1, 2])
def test_refusal_and_wrong_usage_are_not_tried_again(desk: Desk, status: int) -> None:
    desk.drop_in(f"[Service]\nExecStart=\nExecStart=/bin/sh -c 'exit {status}'\nRestartSec=100ms\n")
    desk.log_in()
    code, _, err = desk.service("install")
    assert code == 1
    assert "neckguard did not come up: failed (exit-code)." in err
    assert (desk.manager.show("SubState"), desk.manager.show("NRestarts")) == ("failed", "0")


def test_a_crash_at_the_start_is_tried_again_and_reported(desk: Desk) -> None:
    desk.drop_in("[Service]\nExecStart=\nExecStart=/bin/sh -c 'exit 70'\nRestartSec=50ms\n")
    desk.log_in()
    code, _, err = desk.service("install")
    assert code == 1
    assert "neckguard did not come up: failed" in err
    assert int(desk.manager.show("NRestarts")) >= 4


def test_a_second_daemon_started_by_hand_is_named_instead_of_fought(desk: Desk) -> None:
    desk.manager.run("setsid", "-f", "sh", "-c", '"$1" run >/dev/null 2>&1 &', "sh", str(desk.program))
    wait_until(lambda: desk.status()["answers"])
    code, _, err = desk.service("install")
    assert code == 1
    assert f"a neckguard you started yourself runs (process {desk.status()['pid']})" in err
    assert not (desk.config / "systemd/user/neckguard.service").exists()


def test_uninstall_stops_it_and_says_what_remains(desk: Desk) -> None:
    state = desk.home / ".local/state/neckguard"
    desk.save("")
    desk.log_in()
    desk.service("install")
    code, out, err = desk.service("uninstall")
    assert (code, err) == (0, "")
    assert out == (
        "Uninstalled: neckguard no longer starts at login.\n"
        f"Kept: history and state in {state} (--purge removes them)\n"
        f"Kept: your settings, {desk.settings}\n"
    )
    assert (desk.manager.show("LoadState"), desk.manager.show("ActiveState")) == ("not-found", "inactive")
    assert list((desk.config / "systemd").rglob("*neckguard*")) == []
    code, out, _ = desk.service("uninstall", "--purge")
    assert (code, out.splitlines()) == (
        0,
        [
            "Nothing was installed.",
            f"Removed {state}",
            f"Removed {desk.manager.root}/run/neckguard",
            f"Kept: your settings, {desk.settings}",
        ],
    )
    assert desk.settings.exists()


def test_the_unit_and_the_entry_of_a_package_are_used_and_own_ones_do_not_hide_them(desk: Desk) -> None:
    desk.log_in()
    assert desk.service("install")[0] == 0
    shared = desk.manager.root / "share"
    unit, entry = shared / "systemd/user/neckguard.service", shared / "applications/neckguard.desktop"
    own = (desk.config / unit.relative_to(shared), desk.home / ".local/share" / entry.relative_to(shared))
    for brought, file in zip((unit, entry), own, strict=True):
        brought.parent.mkdir(parents=True)
        brought.write_text(file.read_text())
    code, out, err = desk.service("install")
    assert (code, err, out.splitlines()[:2]) == (
        0,
        "",
        [f"In use, as its package installed it: {file}" for file in (unit, entry)],
    )
    assert [file for file in own if file.exists()] == []
    assert not (desk.home / ".local/share/icons/hicolor/scalable/apps/neckguard.svg").exists()
    assert desk.status()["unit"] == {
        "file": str(unit),
        "enabled": "enabled",
        "state": "active",
        "result": "success",
        "missing": None,
    }
    assert desk.service("uninstall")[1].startswith("Uninstalled: neckguard no longer starts at login.\n")
    assert (desk.manager.show("UnitFileState"), desk.manager.show("ActiveState")) == ("disabled", "inactive")
    assert unit.exists()
    assert "Service:   inactive, disabled (neckguard service install)\n" in desk.service("status")[1]


def test_autostart_takes_the_place_of_the_service_and_the_service_of_autostart(desk: Desk) -> None:
    desk.log_in()
    desk.service("install")
    by_service = desk.main_pid()
    code, out, _ = desk.service("install", "--autostart")
    assert code == 0
    assert out.startswith(
        f"Removed the service: the autostart entry takes its place.\n"
        f"Installed {desk.config}/autostart/neckguard.desktop\n"
        f"Installed {desk.home}/.local/share/applications/neckguard.desktop\nneckguard is running (process "
    )
    now = desk.status()
    assert (now["answers"], now["autostart"]) == (True, f"{desk.config}/autostart/neckguard.desktop")
    assert now["pid"] != by_service
    session = desk.manager.run("cat", f"/proc/{now['pid']}/stat").stdout.rsplit(")")[-1].split()[3]
    assert session == str(now["pid"]), "it outlives the terminal it was started from"
    assert desk.manager.show("LoadState") == "not-found"
    assert desk.service("install")[0] == 0
    assert not (desk.config / "autostart/neckguard.desktop").exists()
    assert desk.status()["pid"] == desk.main_pid()
    desk.service("install", "--autostart")
    assert desk.service("uninstall")[0] == 0
    assert not desk.status()["running"]


def test_the_installed_unit_is_faultless(desk: Desk) -> None:
    desk.service("install")
    done = desk.manager.run(
        "systemd-analyze", "verify", "--user", str(desk.config / "systemd/user/neckguard.service")
    )
    about = [line for line in done.stderr.splitlines() if "neckguard" in line]  # others may be at odds here
    assert (done.returncode, done.stdout, about) == (0, "", [])


def test_the_unit_leaves_little_to_attack(desk: Desk) -> None:
    desk.service("install")
    unit = str(desk.config / "systemd/user/neckguard.service")
    done = desk.manager.run("systemd-analyze", "--user", "security", "--offline=true", "--threshold=60", unit)
    assert done.returncode == 0, done.stdout.splitlines()[-1]


_FORBIDDEN = """
import ctypes, errno, socket
libc = ctypes.CDLL(None, use_errno=True)
def refused(call):
    try: done = call()
    except OSError as error: return errno.errorcode[error.errno]
    return errno.errorcode[ctypes.get_errno()] if done == -1 else "done"
print(
    refused(socket.socket),
    refused(lambda: libc.ptrace(0, 0, 0, 0)),
    refused(lambda: libc.chown(__file__.encode(), -1, -1)),
    refused(lambda: libc.setpriority(0, 0, 0)),
)
"""


def test_what_a_hook_complains_of_is_in_the_log_of_the_service(desk: Desk) -> None:
    settings, log = desk.config / "neckguard/config.toml", desk.home / "log"
    settings.parent.mkdir(parents=True)
    settings.write_text('[hooks]\non_outcome = ["sh", "-c", "echo no such player >&2; exit 3"]\n')
    desk.log_in()
    desk.drop_in(f"[Service]\nStandardError=append:{log}\n")
    desk.service("install")
    assert desk.manager.run(str(desk.program), "skip", "posture").returncode == 0
    wait_until(lambda: "Hook on_outcome ended with exit code 3." in log.read_text())
    assert "Hook on_outcome says: no such player\n" in log.read_text()


def test_the_hardening_is_in_force_and_leaves_no_network(desk: Desk) -> None:
    desk.log_in()
    desk.service("install")
    status = desk.manager.run("cat", f"/proc/{desk.main_pid()}/status").stdout
    assert "NoNewPrivs:\t1\n" in status
    assert "Seccomp:\t2\n" in status
    probe, tried = desk.home / "probe.py", desk.home / "tried"
    desk.manager.write(probe, _FORBIDDEN)
    desk.drop_in(f"[Service]\nExecStartPre=sh -c '{sys.executable} {probe} >{tried}'\n")
    desk.manager.systemctl("restart", "neckguard.service")
    assert tried.read_text() == "EAFNOSUPPORT EPERM EPERM EPERM\n"


def test_what_runs_wild_is_bounded_and_ends_alone(desk: Desk) -> None:
    desk.log_in()
    desk.service("install")
    bounds = {name: desk.manager.show(name) for name in ("MemoryMax", "TasksMax", "OOMPolicy")}
    assert bounds == {"MemoryMax": str(512 << 20), "TasksMax": "128", "OOMPolicy": "continue"}


_TELL_FILTERED = "grep Seccomp: /proc/self/status > {0}.new; mv {0}.new {0}"


def test_hooks_run_outside_the_hardening(desk: Desk) -> None:
    told = desk.home / "told"
    desk.save(f'[hooks]\non_outcome = ["sh", "-c", "{_TELL_FILTERED.format(told)}"]\n')
    desk.log_in()
    desk.service("install")
    assert desk.manager.run(str(desk.program), "skip", "posture").returncode == 0
    wait_until(told.exists)
    assert told.read_text() == "Seccomp:\t0\n"


def test_without_systemd_run_hooks_run_inside_it(desk: Desk) -> None:
    told, tools = desk.home / "told", desk.home / "tools"
    desk.manager.run("mkdir", str(tools))
    desk.manager.run("ln", "-s", "/bin/sh", "/bin/grep", "/bin/mv", str(tools))
    desk.save(f'[hooks]\non_outcome = ["sh", "-c", "{_TELL_FILTERED.format(told)}"]\n')
    desk.drop_in(f"[Service]\nEnvironment=PATH={tools}\n")
    desk.log_in()
    desk.service("install")
    assert desk.manager.run(str(desk.program), "skip", "posture").returncode == 0
    wait_until(told.exists)
    assert told.read_text() == "Seccomp:\t2\n"


def test_root_can_have_it_too() -> None:
    with user_manager(person=0) as manager:
        desk = Desk(manager)
        desk.log_in()
        assert desk.service("install")[0] == 0
        desk.manager.systemctl("reload", "neckguard.service")
        assert desk.status()["answers"]
