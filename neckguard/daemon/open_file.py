"""A file handed to the person's own program for it, on a click."""

import logging
import os

from neckguard import process

_OPENER = "xdg-open"
_log = logging.getLogger(__name__)


async def open_file(path: str) -> bool:
    """Open it; whether that went well. What hindered it is in the log, too."""
    code = await process.hand_over(*process.outside_the_service({}), _OPENER, path, env=os.environ)
    if code:
        _log.warning("%s was not opened: %s ended with exit code %d.", path, _OPENER, code)
    return not code
