"""The daemon that runs, its settings and its start at login: what each says of itself."""

import asyncio
import json
import os
import time
from collections.abc import Callable, Sequence
from typing import Any

from neckguard import paths
from neckguard.control.client import NotRunning, ask
from neckguard.core import BUILT_IN, Plan, Problem, say_span
from neckguard.daemon.settings_file import SettingsFile
from neckguard.daemon.validator import Verdict, validate
from neckguard.doctor.finding import Finding, ok, problem, warning
from neckguard.errors import NeckguardError
from neckguard.process import exit_of, find, started_by

DAEMON, SETTINGS = "daemon", "settings"
_START = "neckguard service install (now and at every login), or: neckguard run"
_CHECK = "neckguard config check (it says what is allowed)"
_PATIENCE = 2.0  # seconds for the daemon's answer
# Without these it cannot remind, be asked or remember; without the others it does it less well.
_VITAL = frozenset({"settings", "state", "control"})
_DAY = 24 * 3600.0
_MOST = 5  # problems of the settings that are told; one mistake may bring many


# ---- the daemon --------------------------------------------------------------------------------------------


async def ask_daemon() -> dict[str, Any] | NeckguardError:
    """What the daemon says of itself, or why it says nothing."""
    try:
        reply = await asyncio.to_thread(ask, "status", timeout=_PATIENCE)
    except NeckguardError as error:
        return error
    status: dict[str, Any] = reply["data"]
    return status


def word_on_notify(status: dict[str, Any] | NeckguardError) -> str:
    """What it says is wrong with notifications; empty: nothing, or it says nothing."""
    return "" if isinstance(status, NeckguardError) else str(status["services"]["notify"]["problem"])


def check_daemon(status: dict[str, Any] | NeckguardError) -> list[Finding]:
    """Whether it runs, since when, and what it says is wrong; but notifications are looked at apart."""
    if isinstance(status, NotRunning):
        return [problem(DAEMON, "neckguard is not running, so nothing reminds you", _START)]
    if isinstance(status, NeckguardError):
        return [problem(DAEMON, str(status), "systemctl --user restart neckguard")]
    troubles = [
        (problem if name in _VITAL else warning)(DAEMON, f"it says of its {name}: {service['problem']}")
        for name, service in status["services"].items()
        if not service["ok"] and service["problem"] and name != "notify"
    ]
    running = ok(DAEMON, f"running{_for_how_long(status['pid'])}; it is {status['state']}")
    return [running, *troubles, *_old_inhibitors(status["services"]["presence"])]


def _old_inhibitors(presence: dict[str, Any]) -> list[Finding]:
    """What kept the session awake for a day or more, as far as the daemon saw it: that is no film."""
    holders = presence.get("kept_awake", [])  # an older daemon does not tell
    return [_old(each) for each in holders if each["counts"] and each["seconds"] >= _DAY]


def _old(holder: dict[str, Any]) -> Finding:
    words = json.dumps([holder["by"]], ensure_ascii=False)
    return warning(
        DAEMON,
        f"{holder['by']} has kept the session awake for at least {say_span(holder['seconds'])},"
        " so silence counts as sitting, for two hours each time",
        f"end it, or under [presence] in the settings: still_ignore = {words}",
    )


def _for_how_long(pid: int) -> str:
    """How long the process lives; its start is told in ticks of the boot clock, see proc_pid_stat(5)."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return ""
    started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return f" for {say_span(time.clock_gettime(time.CLOCK_BOOTTIME) - started)}"


# ---- the settings ------------------------------------------------------------------------------------------


async def read_settings() -> Verdict | NeckguardError:
    """The plan or its problems, or why there is neither."""
    explicit = ("--explicit",) if paths.config_is_explicit() else ()
    try:
        return await validate(paths.config_file(), *explicit)
    except NeckguardError as error:
        return error


def plan_in_force(verdict: Verdict | NeckguardError) -> Plan | None:
    """The plan, or the last good one, which stands in for it."""
    plan = None if isinstance(verdict, NeckguardError) else verdict[0]
    return plan or _settings_file().last_good()


def check_settings(verdict: Verdict | NeckguardError) -> list[Finding]:
    """Each problem and note in one line, or that there is none; as `neckguard config check` finds them."""
    if isinstance(verdict, NeckguardError):
        return [problem(SETTINGS, str(verdict), _CHECK)]
    plan, problems, notes = verdict
    file = paths.config_file()
    found = [] if plan is None else [ok(SETTINGS, f"{file} is valid")]
    if plan and not os.path.exists(file):
        found = [ok(SETTINGS, f"no {file}, so the defaults hold")]
    wrong = "is not valid" if plan is None else "names what cannot be used here"
    found += _told(problem, problems, wrong)
    if plan is None and not _settings_file().lacks_named_file:
        stays = "last good" if _settings_file().last_good() else "built-in"
        found.append(warning(SETTINGS, f"until that is mended, the {stays} settings stay in force"))
    return found + _told(warning, notes, "may not be what you meant")


def _settings_file() -> SettingsFile:
    path, explicit = paths.config_file(), paths.config_is_explicit()
    return SettingsFile(path, explicit=explicit, state_dir=paths.state_dir())


def _told(level: Callable[[str, str, str], Finding], found: Sequence[Problem], what: str) -> list[Finding]:
    """Where each stands. The message repeats what the person wrote, so it is left to `config check`."""
    lines = [level(SETTINGS, _place(each, what), _CHECK) for each in found[:_MOST]]
    more = len(found) - _MOST
    return [*lines, level(SETTINGS, f"and {more} more", _CHECK)] if more > 0 else lines


def _place(found: Problem, what: str) -> str:
    place = f"{found.file}:{found.line}" if found.line else found.file
    return f"{place}: {_key(found.key)} {what}" if found.key else f"{place}: {what.removeprefix('is ')}"


def _key(key: str) -> str:
    """The key, or the variable, without the name of a reminder of the person's own."""
    joint = "__" if key.startswith("NECKGUARD_") else "."
    section, *rest = key.split(joint)
    if section.lower().endswith("reminders") and rest and rest[0].lower() not in BUILT_IN:
        last = rest[-1] if len(rest) > 1 and rest[-1].isidentifier() else ""
        return joint.join(part for part in (section, "…", last) if part)
    return key


AUTOSTART = "autostart"
_INSTALL = "neckguard service install"
_INSTALL_ENTRY = "neckguard service install --autostart"
_TARGET = "graphical-session.target"
_LIMIT = 5.0  # seconds
_PROPERTIES = "LoadState,ActiveState,UnitFileState,ExecStart"
_SWITCHED_OFF = ("hidden=true", "x-gnome-autostart-enabled=false")  # as startup settings of desktops do it

Unit = dict[str, str]


async def check_autostart() -> list[Finding]:
    """The systemd unit and the autostart entry."""
    entry = _autostart_entry()
    code, said = await exit_of(
        "systemctl",
        "--user",
        "show",
        f"--property={_PROPERTIES}",
        paths.UNIT,
        _TARGET,
        limit=_LIMIT,
    )
    if code:
        return [_without_manager(entry)]
    unit, session = (_unit(part) for part in (*said.split("\n\n"), "")[:2])
    if unit.get("LoadState") != "loaded":
        return [_entry_alone(entry, _INSTALL)]
    if entry == "on":
        return [
            warning(
                AUTOSTART,
                "both the service and an autostart entry start neckguard",
                f"{_INSTALL} (keeps the service)",
            )
        ]
    return [_service(unit, session)]


def _without_manager(entry: str) -> Finding:
    if os.path.exists(paths.unit_file()) and entry != "on":
        text = "the service is installed, but no systemd user manager answers here"
        return warning(AUTOSTART, text, _INSTALL_ENTRY)
    return _entry_alone(entry, _INSTALL_ENTRY)


def _entry_alone(entry: str, install: str) -> Finding:
    match entry:
        case "on":
            return ok(AUTOSTART, "an autostart entry starts neckguard at login; no service is installed")
        case "off":
            return warning(
                AUTOSTART,
                "the autostart entry is switched off",
                "switch it on in the desktop's startup settings",
            )
    return warning(AUTOSTART, "neither a service nor an autostart entry starts neckguard at login", install)


def _service(unit: Unit, session: Unit) -> Finding:
    enabled, state = unit.get("UnitFileState", ""), unit.get("ActiveState", "")
    program = started_by(unit)
    if program and not find(program):  # its condition keeps such a service from failing
        return problem(AUTOSTART, f"the service would run {program}, which is not there", _INSTALL)
    if state == "failed":
        return problem(
            AUTOSTART,
            "the service failed",
            "systemctl --user restart neckguard (log: journalctl --user -u neckguard)",
        )
    if enabled != "enabled":
        return warning(AUTOSTART, f"the service is installed, but {enabled or 'not enabled'}", _INSTALL)
    if session.get("ActiveState") != "active":
        text = f"the service is enabled, but what starts it, {_TARGET}, is not active here"
        return warning(AUTOSTART, text, _INSTALL_ENTRY)
    if state != "active":
        return warning(AUTOSTART, f"the service is enabled, but {state}", "systemctl --user start neckguard")
    return ok(AUTOSTART, "the service is enabled and active; lingering is not needed")


def _unit(text: str) -> Unit:
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


def _autostart_entry() -> str:
    """`on`, `off`, or empty: there is none."""
    try:
        with open(paths.autostart_file(), encoding="utf-8", errors="replace") as file:
            lines = [line.strip().lower().replace(" ", "") for line in file.read(65536).splitlines()]
    except OSError:
        return ""
    return "off" if any(line in _SWITCHED_OFF for line in lines) else "on"
