"""`neckguard service`: start at login, and prove it."""

import argparse
import json
import os
import sys
from typing import Any

from neckguard import paths
from neckguard.cli.service import launcher, running, startup
from neckguard.errors import NeckguardError
from neckguard.process import find, started_by

_DONE, _FAILED, _NOT_RUNNING = 0, 1, 3


def run(args: argparse.Namespace) -> int:
    """Do it; the exit code.

    Raises:
        NeckguardError: it cannot be done.
    """
    if os.geteuid() == 0 and "SUDO_USER" in os.environ:
        raise NeckguardError("the service belongs to a person, not to the system: run this without sudo.")
    if args.action == "status":
        return show_status(as_json=args.json)
    if args.action == "uninstall":
        return _uninstall(purge=args.purge)
    program = startup.program()
    if startup.is_short_lived(program):
        print(f"Note: a reboot may clear away {program}; installed with pipx it stays.", file=sys.stderr)
    return _install_autostart(program) if args.autostart else _install_unit(program)


def _install_unit(program: str) -> int:
    absent = running.absence()
    if absent:
        print(f"Nothing was installed: no systemd user manager answers here ({absent}).", file=sys.stderr)
        print(startup.other_ways(program), file=sys.stderr)
        return _FAILED
    _make_way(startup.remove(paths.autostart_file()))
    unit, entry = startup.install_unit(program), launcher.install(program)
    running.must("daemon-reload")
    running.must("enable", startup.UNIT)
    running.systemctl("reset-failed", startup.UNIT)  # forgets earlier starts, which count against the limit
    _, said = running.systemctl("restart", startup.UNIT)  # one that runs already may be an older version
    print(f"{_place(unit, paths.unit_file())}\n{_place(entry, paths.launcher_file())}")
    if not _comes_up():
        return _explain(said)
    print(f"{running.proof()}\nLog: {running.LOG}")
    return _conclude(program)


def _place(found: str, own: str) -> str:
    return f"Installed {found}" if found == own else f"In use, as its package installed it: {found}"


def _make_way(autostarted: bool) -> None:
    """Two daemons exclude each other: the service's needs the others gone."""
    if running.unit().get("ActiveState") == "active" or not running.pid():
        return
    if not autostarted:
        raise NeckguardError(
            f"a neckguard you started yourself runs (process {running.pid()}); end it, then install again."
        )
    print("Replacing the autostart entry and the neckguard it started.")
    running.stop()


def _comes_up() -> bool:
    """Whether the unit became active and the daemon answers; a failed unit ends the wait."""

    def settled() -> bool:
        state = running.unit().get("ActiveState")
        return state in ("failed", "inactive") or (state == "active" and running.answer() is not None)

    return running.wait_for(settled, 15) and running.unit().get("ActiveState") == "active"


def _explain(said: str) -> int:
    unit = running.unit()
    print(f"neckguard did not come up: {unit.get('ActiveState')} ({unit.get('Result')}).", file=sys.stderr)
    for heading, text in (("systemctl", said), ("Its last words", running.last_log_lines())):
        if text:
            print(f"{heading}:\n  " + text.replace("\n", "\n  "), file=sys.stderr)
    print("Mend that and install again, or: neckguard service uninstall", file=sys.stderr)
    return _FAILED


def _conclude(program: str) -> int:
    """Say whether it will start at the next login, as far as that can be seen now."""
    session = running.session_state()
    if session == "active":
        print("It starts by itself whenever you log in.")
        return _DONE
    print(
        f"But it will not start by itself in a session like this one: {startup.TARGET} is {session}.\n"
        "(Plain sway, i3 and some XFCE sessions never reach it; GNOME and KDE Plasma do.)",
        file=sys.stderr,
    )
    print(startup.other_ways(program), file=sys.stderr)
    return _FAILED


def _install_autostart(program: str) -> int:
    if _remove_unit():
        print("Removed the service: the autostart entry takes its place.")
    startup.write(paths.autostart_file(), startup.autostart_text(program))
    entry = launcher.install(program)
    print(f"Installed {paths.autostart_file()}\n{_place(entry, paths.launcher_file())}")
    if running.answer() is None:
        alive = running.start(program)
        running.wait_for(lambda: running.answer() is not None or not alive(), 15)
    if running.answer() is None:
        print(f"But neckguard did not come up. To see why: {program} run", file=sys.stderr)
        return _FAILED
    print(running.proof())
    print(
        "Log: where your desktop keeps what programs print, often ~/.xsession-errors or `journalctl --user`"
    )
    line = startup.line_for_this_compositor(program)
    if line:
        print(
            f"But this compositor reads no autostart entries; add to its settings:\n{line}", file=sys.stderr
        )
        return _FAILED
    print("Desktops that read autostart entries (XFCE, LXQt, MATE, Cinnamon, GNOME, KDE) start it at login.")
    return _DONE


def _remove_unit() -> bool:
    """Stop, disable and remove the unit; whether there was one."""
    reachable = running.absence() is None
    if reachable:
        running.systemctl("stop", startup.UNIT)  # fails where there is none: nothing to stop
    removed = startup.remove_unit()
    if removed and reachable:
        running.must("daemon-reload")
        running.systemctl("reset-failed", startup.UNIT)
    return removed


def _uninstall(*, purge: bool) -> int:
    unit, autostart = _remove_unit(), startup.remove(paths.autostart_file())
    known = launcher.remove()
    if autostart:
        running.stop()
    if unit or autostart:
        print("Uninstalled: neckguard no longer starts at login.")
    elif known:
        print("Removed neckguard from the applications; it was not set to start at login.")
    else:
        print("Nothing was installed.")
    left = running.pid()
    if left:
        print(f"A neckguard you started yourself is still running (process {left}).", file=sys.stderr)
        if purge:
            print("Nothing was purged: end it first, then purge again.", file=sys.stderr)
            return _FAILED
    private = [place for place in (paths.state_dir(), paths.runtime_dir()) if os.path.isdir(place)]
    if purge:
        _purge(private)
    elif os.path.isdir(paths.state_dir()):
        print(f"Kept: history and state in {paths.state_dir()} (--purge removes them)")
    if os.path.lexists(paths.config_file()):
        print(f"Kept: your settings, {paths.config_file()}")
    return _DONE


def _purge(directories: list[str]) -> None:
    import shutil

    for directory in directories:
        try:
            shutil.rmtree(directory)
        except OSError as error:
            raise NeckguardError(f"cannot remove {directory}: {error.strerror}.") from None
        print(f"Removed {directory}")


def show_status(*, as_json: bool) -> int:
    """Print it; 0 if the daemon runs, else 3."""
    facts = _facts()
    print(json.dumps(facts) if as_json else _tell(facts))
    return _DONE if facts["running"] else _NOT_RUNNING


def _facts() -> dict[str, Any]:
    answers = running.answer() is not None
    absent = running.absence()
    unit = {} if absent else running.unit()
    program = started_by(unit)
    return {
        "running": answers or unit.get("ActiveState") == "active",
        "answers": answers,
        "pid": running.pid(),
        "unit": {
            "file": unit.get("FragmentPath") or _if_there(paths.unit_file()),
            "enabled": unit.get("UnitFileState", "unknown"),
            "state": unit.get("ActiveState", "unknown"),
            "result": unit.get("Result", "unknown"),
            "missing": program if program and not find(program) else None,
        },
        "manager_problem": absent,
        "graphical_session": "unknown" if absent else running.session_state(),
        "autostart": _if_there(paths.autostart_file()),
        "log": running.LOG,
    }


def _tell(facts: dict[str, Any]) -> str:
    unit = facts["unit"]
    state = f"{unit['state']}, {unit['enabled']}" if unit["file"] else "not installed"
    if not unit["file"] or unit["enabled"] == "disabled":
        state += " (neckguard service install)"
    elif unit["missing"]:
        state += f"; {unit['missing']} is not there (neckguard service install)"
    if facts["manager_problem"]:
        state = f"no systemd user manager ({facts['manager_problem']})"
    return "\n".join(
        (
            _headline(facts),
            f"Service:   {state}",
            f"Session:   {startup.TARGET} is {facts['graphical_session']}",
            f"Autostart: {facts['autostart'] or 'none'}",
            f"Log:       {facts['log']}",
        )
    )


def _headline(facts: dict[str, Any]) -> str:
    if facts["answers"]:
        return running.proof()
    if facts["running"]:
        return (
            "neckguard is running but does not answer; to start it afresh: systemctl --user restart neckguard"
        )
    if facts["unit"]["missing"]:  # its condition keeps such a unit from starting, without a word
        remedy = "neckguard service install"
    else:
        remedy = "systemctl --user start neckguard" if facts["unit"]["file"] else "neckguard run"
    return f"neckguard is not running; to start it: {remedy}"


def _if_there(path: str) -> str | None:
    return path if os.path.exists(path) else None
