"""The database file of the history: opened when it is needed, made again when it is gone or damaged."""

import logging
import os
import re
import sqlite3
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress

from neckguard.errors import NeckguardError, reason_of
from neckguard.paths import make_private
from neckguard.storage.history.rows import STATEMENTS, Change, Waiting
from neckguard.storage.history.tables import code_of, is_damage, migrate, version_of

_log = logging.getLogger(__name__)

Work = Callable[[sqlite3.Connection], bool]

_PRIVATE = 0o600
_PATIENCE = 0.02  # seconds to wait for another program: the daemon has other things to do
_BESIDE = ("", "-wal", "-shm", "-journal")  # what SQLite keeps beside a file is a part of it
_SETTINGS = (
    "auto_vacuum = INCREMENTAL",  # only counts before the first table is made
    "journal_mode = WAL",  # stays as it is where the file system cannot share memory
    "synchronous = NORMAL",  # in WAL mode a power cut may cost the last minutes, never the file
    "cache_size = -200",  # kilobytes; the default costs the daemon 2 MB
    "wal_autocheckpoint = 100",  # pages; often and little instead of seldom and long
    "secure_delete = ON",  # what is too old to be kept is not to be found in the file either
)
_OLD = (("outcomes", "settled"), ("spans", '"end"'), ("entries", "at"))
_SOME = 200  # rows, or pages, that are removed in one go: some milliseconds
# No disk is to blame for these; what leads to them would never be written.
_MISFITS = (
    KeyError,
    sqlite3.IntegrityError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    ValueError,
    OverflowError,
)
_REASONS = {
    sqlite3.SQLITE_BUSY: "another program keeps it locked",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "it is read-only",
}


class HistoryFile:
    """The file at `path`. `damage` says what was damaged and where it went; empty if nothing was.

    `begin` tells what goes on already: it is the first to be written into a file that was just made.
    """

    def __init__(self, path: str, begin: Callable[[], Iterable[Change]]) -> None:
        self.path = path
        self.damage = ""
        self._begin = begin
        self._connection: sqlite3.Connection | None = None
        self._identity = (0, 0)
        self._is_new = False

    def write(self, waiting: Iterable[Waiting], *, kept: bool) -> bool:
        """Write it all, except what cannot be written anywhere; True.

        `kept`: it was kept elsewhere, too, where later lives find it, and may be in the file already.

        Raises:
            NeckguardError: nothing of it was done; the message says why.
        """
        return self._transact(lambda connection: (_apply_new if kept else _apply_all)(connection, waiting))

    def prune(self, before: float) -> bool:
        """Remove some of what was over before then, and give the room back; whether nothing is left of it.

        Raises:
            NeckguardError: nothing of it was done; the message says why.
        """
        return self._transact(lambda connection: _prune(connection, before))

    def condemn(self, reason: str) -> None:
        """Put the file aside that turned out to be damaged without any of our writing failing."""
        try:
            self._put_aside(reason)
        except OSError as error:
            self.damage = f"{self.path} is damaged ({reason}) and cannot be put aside: {reason_of(error)}."
            _log.warning("%s", self.damage)

    def _transact(self, work: Work) -> bool:
        """Do the work, all or nothing.

        Raises:
            NeckguardError: nothing of it was done; the message says why.
        """
        try:
            try:
                return self._attempt(work)
            except sqlite3.Error as error:
                if not is_damage(error):
                    raise
                self._put_aside(str(error))
                return self._attempt(work)
        except sqlite3.Error as error:
            reason = _REASONS.get(code_of(error)) or str(error)
        except OSError as error:
            reason = reason_of(error)
        self.close()  # which undoes what was begun
        raise NeckguardError(f"{self.path} cannot be written: {reason}.")

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _attempt(self, work: Work) -> bool:
        connection = self._current() or self._connect()
        connection.execute("BEGIN IMMEDIATE")
        if self._is_new:
            for change in self._begin():
                _apply(connection, change)
        result = work(connection)
        connection.execute("COMMIT")
        self._is_new = False
        return result

    def _current(self) -> sqlite3.Connection | None:
        """The open connection, unless what it leads to is no longer the file at the path, or was emptied."""
        if self._connection is None:
            return None
        try:
            found = os.stat(self.path)
        except OSError:
            found = None
        if found is None or (found.st_dev, found.st_ino) != self._identity:
            self.close()
        elif found.st_size == 0:
            self._put_aside("it was emptied")
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        make_private(os.path.dirname(self.path))
        self._identity = _make(self.path)
        connection = sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None, cached_statements=16)
        try:
            version_of(connection, self.path)  # nothing in a newer file may be changed
            for setting in _SETTINGS:
                connection.execute(f"PRAGMA {setting}")
            if migrate(connection, self.path) == 0:
                self._is_new = True
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _put_aside(self, reason: str) -> None:
        """Keep the file for whoever wants to look, out of the way.

        Raises:
            OSError: it cannot be moved.
        """
        number = 1
        while any(os.path.lexists(f"{self.path}.broken-{number}{each}") for each in _BESIDE):
            number += 1
        aside = f"{self.path}.broken-{number}"
        for each in _BESIDE:
            with suppress(FileNotFoundError):
                os.rename(f"{self.path}{each}", f"{aside}{each}")
        self.close()  # not before: SQLite would carry what is beside the file into it
        self.damage = f"{self.path} was damaged ({reason}); it is now {aside}, and a new one was begun."
        _log.warning("%s", self.damage)


def erase_files(path: str) -> bool:
    """Remove the history at `path`, and what was put aside; whether there was any.

    Raises:
        NeckguardError: some of it cannot be removed.
    """
    directory, name = os.path.split(path)
    ours = re.compile(rf"{re.escape(name)}(\.broken-\d+)?({'|'.join(_BESIDE)})")
    try:
        found = [each for each in os.listdir(directory) if ours.fullmatch(each)]
        for each in found:
            with suppress(FileNotFoundError):  # a reader tidied up behind it
                os.unlink(os.path.join(directory, each))
    except FileNotFoundError:
        return False
    except OSError as error:
        raise NeckguardError(f"{error.filename} cannot be removed: {reason_of(error)}.") from None
    return bool(found)


def _apply_all(connection: sqlite3.Connection, waiting: Iterable[Waiting]) -> bool:
    for each in waiting:
        _apply(connection, each.change)
    return True


def _apply_new(connection: sqlite3.Connection, waiting: Iterable[Waiting]) -> bool:
    """Those that are not in the file yet: a life may have ended between writing them and saying so."""
    arrived = dict(connection.execute("SELECT life, number FROM arrived"))
    for each in waiting:
        if each.number > arrived.get(each.life, 0):
            _apply(connection, each.change)
            arrived[each.life] = each.number
    connection.executemany("INSERT OR REPLACE INTO arrived VALUES (?, ?)", arrived.items())
    return True


def _apply(connection: sqlite3.Connection, change: Change) -> None:
    try:
        for name, values in change:
            connection.execute(STATEMENTS[name], values)
    except _MISFITS as error:
        _log.warning("Something cannot be kept in the history: %s", error)


def _prune(connection: sqlite3.Connection, before: float) -> bool:
    done = True
    for table, over in _OLD:
        some = f"SELECT id FROM {table} WHERE {over} < ? LIMIT {_SOME}"  # noqa: S608 - fixed names
        removed = connection.execute(f"DELETE FROM {table} WHERE id IN ({some})", (before,))  # noqa: S608 - fixed names
        done = done and removed.rowcount < _SOME
    connection.execute(f"PRAGMA incremental_vacuum({_SOME})").fetchall()
    return done


def _make(path: str) -> tuple[int, int]:
    """Have a private file at the path, if it was not there an empty one; which one it is.

    Raises:
        OSError: that cannot be.
        NeckguardError: something else has this name.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    fd = os.open(path, flags, _PRIVATE)
    try:
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode):
            raise NeckguardError(f"{path} is no file; remove it.")
        if stat.S_IMODE(found.st_mode) != _PRIVATE:
            os.fchmod(fd, _PRIVATE)
    finally:
        os.close(fd)
    return found.st_dev, found.st_ino
