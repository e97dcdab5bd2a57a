"""Small private files, replaced as a whole or not at all."""

import os
from contextlib import suppress

from neckguard.errors import NeckguardError, reason_of
from neckguard.paths import make_private


def replace(path: str, content: bytes) -> None:
    """Make `content` the durable content of the file, 0600; its directory is made if it is gone.

    Raises:
        NeckguardError: it could not be written; what was there is untouched. The message says why.
    """
    directory = make_private(os.path.dirname(path))
    new = f"{path}.new"
    try:
        _write(new, content)
        os.rename(new, path)
    except OSError as error:
        with suppress(OSError):
            os.unlink(new)
        raise NeckguardError(f"{path} cannot be written: {reason_of(error)}.") from None
    with suppress(OSError):  # not every file system can do this
        _sync_directory(directory)


def read(path: str, limit: int) -> bytes | None:
    """At most `limit` bytes of the file; None if there is no such file.

    Raises:
        OSError: it cannot be read.
    """
    try:
        # Not to hang where somebody put a pipe.
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with open(fd, "rb") as file:
        return file.read(limit)


def _write(path: str, content: bytes) -> None:
    with suppress(FileNotFoundError):  # left by a crash; and a link planted here is not followed
        os.unlink(path)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with open(fd, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(fd)


def _sync_directory(directory: str) -> None:
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
