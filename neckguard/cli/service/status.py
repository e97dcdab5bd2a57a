"""`neckguard service status`: is it installed, and does it run."""

import json
import os
from typing import Any

from neckguard import paths
from neckguard.cli.service import manager, running, startup

_DONE, _NOT_RUNNING = 0, 3


def run(*, as_json: bool) -> int:
    """Print it; 0 if the daemon runs, else 3."""
    facts = _facts()
    print(json.dumps(facts) if as_json else _tell(facts))
    return _DONE if facts["running"] else _NOT_RUNNING


def _facts() -> dict[str, Any]:
    answers = running.answer() is not None
    absent = manager.absence()
    unit = {} if absent else manager.unit()
    return {
        "running": answers or unit.get("ActiveState") == "active",
        "answers": answers,
        "pid": running.pid(),
        "unit": {
            "file": _if_there(paths.unit_file()),
            "enabled": unit.get("UnitFileState", "unknown"),
            "state": unit.get("ActiveState", "unknown"),
            "result": unit.get("Result", "unknown"),
        },
        "manager_problem": absent,
        "graphical_session": "unknown" if absent else manager.session_state(),
        "autostart": _if_there(paths.autostart_file()),
        "log": manager.LOG,
    }


def _tell(facts: dict[str, Any]) -> str:
    unit = facts["unit"]
    state = (
        f"{unit['state']}, {unit['enabled']}" if unit["file"] else "not installed (neckguard service install)"
    )
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
    if facts["unit"]["file"]:
        return "neckguard is not running; to start it: systemctl --user start neckguard"
    return "neckguard is not running; to start it: neckguard run"


def _if_there(path: str) -> str | None:
    return path if os.path.exists(path) else None
