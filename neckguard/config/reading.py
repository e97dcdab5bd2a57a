"""The settings file as a TOML tree, or the one reason why there is none. Never hangs, never raises."""

import os
import re
import stat
import tomllib
from dataclasses import field
from typing import Any

from neckguard.config.locate import locate
from neckguard.config.words import Path, show
from neckguard.core import Problem
from neckguard.value import value

LARGEST = 1_000_000  # bytes; far more than anyone writes by hand

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_BARE_VALUE = re.compile(r"\s*([A-Za-z0-9_.-]+)\s*=\s*([^\"'\[{#]*[^\"'\[{#\s])\s*(?:#.*)?")
_DOUBLE, _SINGLE = (
    "\u201c\u201d\u201e\u201f\u00ab\u00bb",
    "\u2018\u2019\u201a",
)  # curly, low and pointed quotes
_CURLY = re.compile(rf"(?:^|[=\[,])\s*[{_DOUBLE}{_SINGLE}]")  # where a string begins
_STRAIGHT = {ord(quote): '"' for quote in _DOUBLE} | {ord(quote): "'" for quote in _SINGLE}
_LONGEST = 80  # characters of a line that a message repeats
_UNFINISHED = ("Invalid value", "Invalid initial character for a key part")  # at the end of the file
_SAYS_YES, _SAYS_NO = {"true", "yes", "on"}, {"false", "no", "off"}

# What tomllib says, and what a person can do about it.
_SENTENCES = (
    ("Cannot overwrite a value", "this key stands there twice; keep one of them"),
    ("Cannot declare", "this table stands there twice; put its keys under one header"),
    ("Cannot redefine namespace", "this table is defined twice; put its keys under one header"),
    ("Cannot mutate immutable", "this table is complete already; put all its keys in one place"),
    ("Expected '=' after a key", "a key needs = and a value after it"),
    ("Expected ']'", "the header lacks its closing ]"),
    ("Unclosed array", "the list lacks its closing ]"),
    ("Unclosed inline table", "the inline table lacks its closing }"),
    ('Expected "\'"', "the string lacks its closing quote"),
    ("Unterminated string", "the string lacks its closing quote"),
    ("Illegal character '\\n'", "the string lacks its closing quote"),
    ("Unescaped '\\' in a string", "a \\ in a string must be written \\\\"),
    ("Expected newline or end of document", "there is more on the line than one key and its value"),
    ("Invalid statement", "a key or a [header] should start here"),
    ("Invalid initial character for a key part", "a key should start here"),
    ("Invalid value", "the value is missing or not valid; text needs quotes"),
)


@value
class Document:
    """What the file gives: its keys and their lines, or a problem."""

    tree: dict[str, Any] = field(default_factory=dict)
    lines: dict[Path, int] = field(default_factory=dict)
    problem: Problem | None = None


class _UnusableError(Exception):
    """Carries the message, and the line where there is one, out of the steps below."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def read(path: str, *, explicit: bool) -> Document:
    """The file's keys; none of them when it is missing and nobody asked for it by name (`explicit`)."""
    try:
        data = _load(path)
        return Document() if data is None and not explicit else _parse(_decode(_demand(data)))
    except _UnusableError as error:
        return Document(problem=Problem(path, error.line, "", str(error)))


def _demand(data: bytes | None) -> bytes:
    if data is None:
        raise _UnusableError("there is no such file; make it with `neckguard config init`, or name another")
    return data


def _load(path: str) -> bytes | None:
    try:
        if not os.path.exists(path) and os.path.islink(path):
            raise _UnusableError(
                f"this is a link to {os.readlink(path)}, which is not there; mend or remove it"
            )
        _demand_regular(os.stat(path).st_mode)
        # A pipe that came here in the meantime must not make us wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:
            _demand_regular(os.fstat(descriptor).st_mode)
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _UnusableError(_say(error)) from None
    if len(data) > LARGEST:
        raise _UnusableError(f"the file is larger than {LARGEST:,} bytes: too big to be a settings file")
    return data


def _demand_regular(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise _UnusableError("this is a directory; name the file in it")
    if not stat.S_ISREG(mode):
        raise _UnusableError("this is a pipe, socket or device; settings are read from a regular file only")


def _say(error: OSError | ValueError) -> str:
    if isinstance(error, PermissionError):
        return "no permission to read the file; allow it with `chmod u+r`, or for its directories `chmod u+x`"
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return f"the file cannot be read: {reason}"


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _UnusableError("the file is saved as UTF-16; save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")  # editors of other systems put a mark in front: it does no harm
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _UnusableError(
            f"not UTF-8: byte 0x{data[error.start]:02x} does not belong here; save the file as UTF-8", line
        ) from None
    if "\0" in text:
        raise _UnusableError("a NUL byte: this is no text, or UTF-16; save it as UTF-8", _line_at(text, "\0"))
    return text


def _parse(text: str) -> Document:
    try:
        return Document(tomllib.loads(text), locate(text))
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(text, str(error)) from None
    except RecursionError:
        raise _UnusableError("brackets are nested too deeply") from None
    except ValueError as error:  # such as a number of more than 4300 digits
        raise _UnusableError(f"this is no valid TOML: {show(str(error))}") from None


def _syntax_error(text: str, said: str) -> _UnusableError:
    place = _PLACE.search(said)
    reason = said[: place.start()] if place else said
    sentence = next((ours for theirs, ours in _SENTENCES if reason.startswith(theirs)), reason)
    if not place or not place[1]:
        if reason.startswith(_UNFINISHED):
            sentence = "the file ends in the middle of a value; something like a closing ] is missing"
        return _UnusableError(f"not valid TOML: {sentence}", text.rstrip().count("\n") + 1)
    number, column = int(place[1]), place[2]
    line = text.split("\n")[number - 1].rstrip("\r")
    hint = _curly_hint(line)
    if not hint and reason.startswith(("Invalid value", "Expected newline")):
        hint = _quotes_hint(line)
    return _UnusableError(f"not valid TOML (column {column}): {hint or sentence}", number)


def _curly_hint(line: str) -> str:
    """What to write instead of the quotes that word processors make; empty if no value or key has them."""
    if not _CURLY.search(line):
        return ""
    straight = line.strip().translate(_STRAIGHT)
    example = straight if straight.isprintable() and len(straight) <= _LONGEST else '"20m"'
    return f"use straight quotes; write {example}"


def _quotes_hint(line: str) -> str:
    """What to write instead of `every = 20m` or `enabled = True`; empty if it is something else."""
    found = _BARE_VALUE.fullmatch(line)
    if not found:
        return ""
    key, value = found[1], found[2]
    if value.lower() in _SAYS_YES | _SAYS_NO:
        return f"write {key} = {'true' if value.lower() in _SAYS_YES else 'false'}"
    return f"text and spans need quotes; write {key} = {show(value)}"


def _line_at(text: str, mark: str) -> int:
    return text.count("\n", 0, text.index(mark)) + 1
