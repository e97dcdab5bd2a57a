"""The control socket: one JSON object a line, between the command line and the daemon."""

from __future__ import annotations

import sys
from _socket import SO_PEERCRED, SOL_SOCKET, socket

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio.trsock import TransportSocket

VERSION = 1  # of the protocol; the "v" of every message
_UCRED_SIZE = 12  # struct ucred: pid, uid, gid, four bytes each


def peer(connection: socket | TransportSocket) -> tuple[int, int]:
    """The process id and the user id at the other end, as the kernel knows them (SO_PEERCRED, unix(7))."""
    credentials = connection.getsockopt(SOL_SOCKET, SO_PEERCRED, _UCRED_SIZE)
    pid, uid = (int.from_bytes(credentials[at : at + 4], sys.byteorder) for at in (0, 4))
    return pid, uid
