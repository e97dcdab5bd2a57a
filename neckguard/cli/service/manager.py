"""The systemd user manager, asked through systemctl."""

from neckguard.cli.service.startup import TARGET, UNIT
from neckguard.errors import NeckguardError

LOG = "journalctl --user -u neckguard"
_PATIENCE = 45.0  # seconds: more than the unit's TimeoutStartSec
_TOO_SLOW = 124  # as timeout(1) says it


def absence() -> str | None:
    """Why no user manager can be asked, or None if one answers."""
    code, said = systemctl("show", "--property=Version")
    return None if code == 0 else (said or "systemctl failed")


def systemctl(*arguments: str) -> tuple[int, str]:
    """Exit code and what was said, of `systemctl --user ...`."""
    return _run("systemctl", "--user", *arguments)


def must(*arguments: str) -> None:
    """As `systemctl`, for what has to succeed.

    Raises:
        NeckguardError: it did not.
    """
    code, said = systemctl(*arguments)
    if code:
        raise NeckguardError(f"`systemctl --user {' '.join(arguments)}` failed: {said or code}")


def unit() -> dict[str, str]:
    """The unit's properties as systemd knows them now; empty where no manager answers."""
    wanted = "LoadState,ActiveState,SubState,UnitFileState,MainPID,Result,StatusText"
    code, said = systemctl("show", f"--property={wanted}", UNIT)
    if code:
        return {}
    return dict(line.split("=", 1) for line in said.splitlines() if "=" in line)


def session_state() -> str:
    """The state of graphical-session.target: `active` in sessions that systemd knows of."""
    return systemctl("is-active", TARGET)[1] or "unknown"


def last_log_lines(count: int = 10) -> str:
    """What the unit said last; empty where there is no journal to read."""
    code, said = _run(*LOG.split(), "--lines", str(count), "--no-pager", "--quiet", "--output", "cat")
    return said if code == 0 else ""


def _run(*command: str) -> tuple[int, str]:
    import asyncio

    from neckguard.process import exit_of

    try:
        return asyncio.run(exit_of(*command, limit=_PATIENCE))
    except TimeoutError:
        return _TOO_SLOW, f"no answer within {_PATIENCE:g} s"
