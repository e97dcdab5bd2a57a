"""A bus connection at work, and buses that answer byte by byte as a script says."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from jeepney import HeaderFields, Message, new_method_return

from neckguard.desktop.bus.bus import Bus
from neckguard.desktop.bus.link import BusLink
from support.helpers import eventually


@asynccontextmanager
async def running(bus: Bus) -> AsyncIterator[Bus]:
    task = asyncio.create_task(bus.run())
    try:
        yield bus
        assert not task.done()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def connected(address: str) -> AsyncIterator[Bus]:
    async with running(Bus("session", lambda: address)) as bus:
        await eventually(lambda: bus.connected)
        yield bus


@asynccontextmanager
async def pretended_bus(path: Path, script: dict[str, Callable[[Message], bytes]]) -> AsyncIterator[str]:
    """A bus that answers calls byte by byte as the script says; its address."""

    def hello(call: Message) -> bytes:
        return bytes(new_method_return(call, "s", (":1.1",)).serialise(1))

    def yes(call: Message) -> bytes:
        return bytes(new_method_return(call).serialise(2))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = BusLink(reader, writer, "")
        with suppress(EOFError, ConnectionError):
            await reader.readuntil(b"\r\n")
            writer.write(b"OK 1234\r\n")
            await reader.readuntil(b"BEGIN\r\n")
            while (call := await link.receive()) is not None:
                member = call.header.fields[HeaderFields.member]
                # jeepney answers to the sender, which only a real bus fills in
                call.header.fields.setdefault(HeaderFields.sender, ":1.1")
                writer.write({"Hello": hello, **script}.get(member, yes)(call))
        writer.close()

    async with listening(path, serve):
        yield f"unix:path={path}"


@asynccontextmanager
async def listening(path: Path, serve: Callable[..., Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """A socket on which each connection is served so, and ended before the loop ends."""
    served: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.add(asyncio.get_running_loop().create_task(serve(reader, writer)))

    server = await asyncio.start_unix_server(accept, str(path))
    try:
        yield
    finally:
        server.close()
        await asyncio.wait(served)
