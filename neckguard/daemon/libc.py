"""Calls into the C library that Python does not offer (inotify, malloc_trim; timerfd below 3.13)."""

import ctypes
import errno
import os
from contextlib import suppress

_LIBC = ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: object) -> int:
    """The result of a C function that answers -1 on failure.

    Raises:
        OSError: it failed; ENOSYS where the C library or the kernel lacks it.
    """
    function = getattr(_LIBC, name, None)
    if function is None:
        raise OSError(errno.ENOSYS, f"{name}: {os.strerror(errno.ENOSYS)}")
    result = int(function(*arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return result


def trim() -> None:
    """Give memory back to the system that was used and is free now, where the C library can (glibc)."""
    with suppress(OSError):
        call("malloc_trim", 0)
