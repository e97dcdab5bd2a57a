"""What a check finds, and how it is kept fit to be pasted into a bug report."""

import os
import pwd
import re
from contextlib import suppress
from dataclasses import replace
from enum import StrEnum

from neckguard.texts import one_line
from neckguard.value import value

_LONGEST = 500  # characters; whatever a strange server answers
_SHORTEST_NAME = 2  # a user named "a" cannot be found in a sentence
# Names of people and machines that tell nobody apart, and would be missed in a sentence.
_NOBODY = frozenset({"desktop", "laptop", "localhost", "neckguard", "nobody", "pc", "root", "test", "user"})


class Level(StrEnum):
    """How bad it is: fine; less good than it could be; a person must do something."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@value
class Finding:
    """One line of the report. `remedy` is what to type or to do, empty where nothing is needed."""

    level: Level
    name: str
    text: str
    remedy: str = ""


def ok(name: str, text: str) -> Finding:
    """It works."""
    return Finding(Level.OK, name, text)


def warning(name: str, text: str, remedy: str = "") -> Finding:
    """It works less well than it could."""
    return Finding(Level.WARNING, name, text, remedy)


def problem(name: str, text: str, remedy: str = "") -> Finding:
    """A person must do something."""
    return Finding(Level.PROBLEM, name, text, remedy)


def discreet(finding: Finding) -> Finding:
    """The same without who and where: the home directory as ~, the names of user and machine left out."""
    text = _tidy(finding.text)
    for name, shown in _names().items():
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", shown, text)
    return replace(finding, text=text, remedy=_tidy(finding.remedy))


def _tidy(text: str) -> str:
    """One clean line, not endless, with ~ for the home directory."""
    line = one_line(text)
    for home in sorted(_homes(), key=len, reverse=True):
        line = re.sub(rf"{re.escape(home)}(?![\w.-])", "~", line)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _homes() -> set[str]:
    """The home directory in all spellings: /home may be a link."""
    given = {os.path.expanduser("~").rstrip("/"), _account_home()}
    return {path for home in given for path in (home, os.path.realpath(home)) if len(path) > 1}


def _account_home() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_dir.rstrip("/")
    except KeyError:
        return ""


def _names() -> dict[str, str]:
    """Words that tell who it is, and what stands in their place."""
    users = {os.environ.get("USER", ""), os.environ.get("LOGNAME", "")}
    with suppress(KeyError):
        users.add(pwd.getpwuid(os.getuid()).pw_name)
    host = os.uname().nodename
    named = dict.fromkeys((host, host.partition(".")[0]), "HOST") | dict.fromkeys(users, "USER")
    known = {name: shown for name, shown in named.items() if name.lower() not in _NOBODY}
    return {name: shown for name, shown in known.items() if len(name) >= _SHORTEST_NAME}
