"""The one root of all errors that are meant for a person's eyes."""

import errno

_PLAIN = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "your share of the disk is used up"}


class NeckguardError(Exception):
    """Something went wrong; the message says what happened and what to do next."""

    exit_code = 1


def reason_of(error: OSError) -> str:
    """Why, in a few words."""
    return _PLAIN.get(error.errno or 0) or error.strerror or str(error)


class SourceLost(NeckguardError):  # noqa: N818 - the name says what happened
    """Who tells of the desktop cannot, or no longer; the message says why, and where it helps, what to do."""
