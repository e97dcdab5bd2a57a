"""On which line of a TOML text each key stands; `tomllib` does not say.

The text has been read by `tomllib` already: what is seen here is valid, so the scanner only finds its way.
"""

import bisect
import re
import tomllib

from neckguard.config.words import Path

_BLANK = re.compile(r"(?:[ \t\r\n]|\#[^\n]*)*")
_KEY_PART = re.compile(r"""[ \t]*([A-Za-z0-9_-]+|"(?:\\.|[^"\\])*"|'[^']*')[ \t]*(\.?)""")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'  # a closing """ may follow up to two quotes that belong to the text
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'",
    re.DOTALL,
)
_PLAIN = re.compile(r"[^,\]}\n#]*")


def locate(text: str) -> dict[Path, int]:
    """The 1-based line of every key path and list item; of a table, where it is first named."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


def find_line(lines: dict[Path, int], path: Path, *, shortest: int = 1) -> int:
    """The line of the path, or of the nearest table around it with a path of so many parts; 0 without one."""
    for end in range(len(path), shortest - 1, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return 0


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._ends = [found.start() for found in re.finditer("\n", text)]
        self._listed: dict[Path, int] = {}  # how many [[tables]] of a name there were
        self.lines: dict[Path, int] = {}

    def document(self) -> None:
        table: Path = ()
        while self._skip_blank():
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        start, double = self._at, self._text.startswith("[[", self._at)
        self._at += 1 + double
        path = self._resolve(self._key())
        self._at += 1 + double
        if double:
            count = self._listed.get(path, 0)
            self._listed[path] = count + 1
            self._note(path, start)
            path = (*path, count)
        self._note(path, start)
        return path

    def _resolve(self, names: Path) -> Path:
        """The path a header means: the name of a list of tables stands for its latest table."""
        path: Path = ()
        for place, name in enumerate(names, start=1):
            path = (*path, name)
            if place < len(names) and path in self._listed:
                path = (*path, self._listed[path] - 1)
        return path

    def _pair(self, table: Path) -> None:
        start = self._at
        path = table + self._key()
        self._note(path, start)
        self._at += 1  # the =
        self._value(path)

    def _key(self) -> Path:
        parts: list[str | int] = []
        while found := _KEY_PART.match(self._text, self._at):
            self._at = found.end()
            parts.append(_unquoted(found[1]))
            if not found[2]:
                break
        return tuple(parts)

    def _value(self, path: Path) -> None:
        self._skip_blank()
        opening = self._text[self._at]
        if opening == "[":
            self._items(path)
        elif opening == "{":
            self._inline(path)
        else:
            found = _STRING.match(self._text, self._at) or _PLAIN.match(self._text, self._at)
            # Always forward: what tomllib and we see differently must not keep us here for ever.
            self._at = max(found.end() if found else 0, self._at + 1)

    def _items(self, path: Path) -> None:
        self._at += 1
        count = 0
        while self._skip_blank() and self._text[self._at] != "]":
            self._note((*path, count), self._at)
            self._value((*path, count))
            self._skip_comma()
            count += 1
        self._at += 1

    def _inline(self, path: Path) -> None:
        self._at += 1
        while self._skip_blank() and self._text[self._at] != "}":
            self._pair(path)
            self._skip_comma()
        self._at += 1

    def _skip_comma(self) -> None:
        if self._skip_blank() and self._text[self._at] == ",":
            self._at += 1

    def _skip_blank(self) -> bool:
        """Past spaces, line ends and comments; false at the end of the text."""
        found = _BLANK.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._at < len(self._text)

    def _note(self, path: Path, offset: int) -> None:
        line = bisect.bisect_left(self._ends, offset) + 1
        for end in range(1, len(path) + 1):
            self.lines.setdefault(path[:end], line)


def _unquoted(part: str) -> str:
    if part[0] not in "\"'":
        return part
    name: str = tomllib.loads(f"key = {part}")["key"]
    return name
