"""Where neckguard keeps its files: whether it can."""

import os
import stat
import tempfile

from neckguard import paths
from neckguard.doctor.finding import Finding, ok, problem, warning

NAME = "files"
_ENOUGH = 20 * 1024 * 1024  # bytes: more than history and state will need for years


def check() -> list[Finding]:
    """The state and the runtime directory, and room on the disk."""
    findings = [_place("state", paths.state_dir()), _place("runtime", paths.runtime_dir())]
    if not os.environ.get("XDG_RUNTIME_DIR"):
        text = f"XDG_RUNTIME_DIR is not set; {paths.runtime_dir()} is used"
        findings.append(warning(NAME, text, "run this inside your login session"))
    return findings


def _place(what: str, directory: str) -> Finding:
    """Whether files can be made there; a directory that is not there yet is judged by where it would be."""
    there = directory
    while not os.path.lexists(there):
        there = os.path.dirname(there)
    refused = _refused(there, mine=there == directory)
    if refused:
        return problem(
            NAME, f"the {what} directory {directory} cannot be used: {refused}", _remedy(directory, there)
        )
    free = os.statvfs(there).f_bavail * os.statvfs(there).f_frsize
    if free < _ENOUGH:
        text = f"the {what} directory {directory} is on a disk with only {free // 1024**2} MB left"
        return problem(NAME, text, "make room on that disk")
    made = "writable" if there == directory else "not there yet, but can be made"
    return ok(NAME, f"the {what} directory {directory} is {made}")


def _refused(directory: str, *, mine: bool) -> str:
    """Why no file can be made in the directory; empty if one was, and is gone again."""
    try:
        found = os.stat(directory)
        if not stat.S_ISDIR(found.st_mode):
            return "there is something else of that name"
        if mine and found.st_uid != os.getuid():
            return "it belongs to somebody else"
        with tempfile.TemporaryFile(dir=directory):
            return ""
    except OSError as error:
        return error.strerror or "it cannot be written"


def _remedy(directory: str, there: str) -> str:
    if there == directory:
        return f"remove {directory}, or make it yours and writable"
    return f"make {there} writable for you"
