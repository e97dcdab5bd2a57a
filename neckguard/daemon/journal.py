"""The log: readable lines on a terminal, priorities for the journal, never a reason to fail."""

import logging
import os
import sys
import time

# sd-daemon(3): the journal takes the priority from the start of each line, and adds the time itself.
_PRIORITIES = ((logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))
_DEBUG_PRIORITY = 7

_OURS = "neckguard"


def set_up(level: str = "info") -> None:
    """Send the log to stderr; once, at the start."""
    logging.raiseExceptions = False  # a closed terminal or a full disk must not add tracebacks to the trouble
    handler = logging.StreamHandler()
    handler.setFormatter(_ForJournal() if _under_journal() else _ForPeople())
    logging.captureWarnings(True)  # plyer's backends warn in their own way
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)  # what the libraries we use have to say beyond that is nobody's business
    set_level(level)


def set_level(level: str) -> None:
    """How much to tell: `debug`, `info`, `warning` or `error`."""
    logging.getLogger(_OURS).setLevel(level.upper())


def _under_journal() -> bool:
    """Whether stderr is the very stream JOURNAL_STREAM names; the variable alone may be inherited."""
    try:
        found = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError, AttributeError):  # closed, replaced, or not there at all
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{found.st_dev}:{found.st_ino}"


class _ForJournal(logging.Formatter):
    """A priority before every line, or a long message would be cut into lines of different weight."""

    def format(self, record: logging.LogRecord) -> str:
        found = (number for level, number in _PRIORITIES if record.levelno >= level)
        mark = f"<{next(found, _DEBUG_PRIORITY)}>"
        return "\n".join(mark + line for line in super().format(record).splitlines() or [""])


class _ForPeople(logging.Formatter):
    """The local time before every line, and the level where it is more than information."""

    def format(self, record: logging.LogRecord) -> str:
        mark = time.strftime("%Y-%m-%d %H:%M:%S ", time.localtime(record.created))
        if record.levelno >= logging.WARNING:
            mark += f"{record.levelname.lower()}: "
        return "\n".join(mark + line for line in super().format(record).splitlines() or [""])
