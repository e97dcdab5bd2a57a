"""Who is at the other end of a unix socket, as the kernel knows it (SO_PEERCRED, unix(7))."""

from __future__ import annotations

import sys
from _socket import SO_PEERCRED, SOL_SOCKET, socket

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio.trsock import TransportSocket

_UCRED_SIZE = 12  # struct ucred: pid, uid, gid, four bytes each


def peer_uid(connection: socket | TransportSocket) -> int:
    """The user id of the process at the other end."""
    credentials = connection.getsockopt(SOL_SOCKET, SO_PEERCRED, _UCRED_SIZE)
    return int.from_bytes(credentials[4:8], sys.byteorder)
