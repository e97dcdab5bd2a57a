"""Pages to look at in a browser: written as a whole, and handed to the desktop."""

from __future__ import annotations

import os
import stat

from neckguard.errors import NeckguardError, reason_of

_OPENER = "xdg-open"


def write(path: str, text: str) -> None:
    """Put a page there as a whole, for the person's eyes only: it tells about their health.

    Raises:
        NeckguardError: something else is there, or it cannot be written.
    """
    import tempfile
    from contextlib import suppress

    real = os.path.realpath(path)
    try:
        if os.path.lexists(real) and not _is_ours(real):
            raise NeckguardError(
                f"{path} is there and no page of neckguard; name another file with --output."
            )
        fd, new = tempfile.mkstemp(prefix=".neckguard-", suffix=".html", dir=os.path.dirname(real))
        try:
            with open(fd, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(new, real)
        except OSError:
            with suppress(OSError):
                os.unlink(new)
            raise
    except OSError as error:
        raise NeckguardError(
            f"{path} cannot be written: {reason_of(error)}; name another place with --output."
        ) from None


def _is_ours(path: str) -> bool:
    from neckguard.report.document import MARK

    if not stat.S_ISREG(os.stat(path).st_mode):
        return False
    with open(path, "rb") as file:
        return file.read(len(MARK)) == MARK.encode()


def show(path: str) -> None:
    """Hand it to the desktop; a browser that was not running yet may take over this terminal's place."""
    import subprocess

    try:
        status = subprocess.run([_OPENER, path], check=False).returncode  # noqa: S603 - the desktop's own
    except OSError as error:
        raise NeckguardError(f"cannot start {_OPENER}: {error.strerror}; open the file by hand.") from None
    if status:
        raise NeckguardError(f"{_OPENER} ended with status {status}; open the file by hand.")
