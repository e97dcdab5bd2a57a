"""A file handed to the person's own program for it, on a click."""

import logging
from asyncio.subprocess import DEVNULL

from neckguard import process

_OPENER = "xdg-open"
_log = logging.getLogger(__name__)


async def open_file(path: str) -> None:
    """Open it; what hinders that is in the log. Lasts as long as the program that stays with it."""
    try:
        ended = await process.run(*process.outside_the_service({}), _OPENER, path, limit=None, stdout=DEVNULL)
    except OSError as error:
        _log.warning("%s was not opened: %s cannot be run (%s).", path, error.filename, error.strerror)
    else:
        if ended.code:
            _log.warning("%s was not opened: %s ended with exit code %d.", path, _OPENER, ended.code)
