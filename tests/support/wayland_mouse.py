"""Moves the pointer of a KWin: `wayland_mouse.py SOCKET`, by org_kde_kwin_fake_input.

A program of its own, of the standard library alone: KWin offers that only to clients of its own user, which
may have to be somebody who cannot read this project.
"""

import socket
import struct
import sys

NAME = b"org_kde_kwin_fake_input\0"
REGISTRY, FIRST_SYNC, MOUSE, LAST_SYNC = 2, 3, 4, 5


def main(path: str) -> None:
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(path)
        link.sendall(request(1, 1, number(REGISTRY)) + request(1, 0, number(FIRST_SYNC)))
        globals_ = until_done(link, FIRST_SYNC)
        name = next(body[:4] for sender, body in globals_ if sender == REGISTRY and NAME in body)
        link.sendall(
            request(REGISTRY, 0, name, string(NAME), number(1), number(MOUSE))
            + request(MOUSE, 0, string(b"test\0"), string(b"test\0"))  # authenticate
            + request(MOUSE, 1, number(5 << 8), number(5 << 8))  # pointer_motion, in 256ths
            + request(1, 0, number(LAST_SYNC))
        )
        until_done(link, LAST_SYNC)


def until_done(link: socket.socket, callback: int) -> list[tuple[int, bytes]]:
    messages: list[tuple[int, bytes]] = []
    while not messages or messages[-1][0] != callback:
        sender, size = struct.unpack("=II", link.recv(8, socket.MSG_WAITALL))
        messages.append((sender, link.recv((size >> 16) - 8, socket.MSG_WAITALL)))
    return messages


def request(target: int, opcode: int, *arguments: bytes) -> bytes:
    body = b"".join(arguments)
    return struct.pack("=II", target, (8 + len(body)) << 16 | opcode) + body


def number(value: int) -> bytes:
    return struct.pack("=I", value)


def string(value: bytes) -> bytes:
    return number(len(value)) + value + b"\0" * (-len(value) % 4)


if __name__ == "__main__":
    main(sys.argv[1])
