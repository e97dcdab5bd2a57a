"""A Wayland compositor that does nothing but tell idleness: `wayland_compositor.py SOCKET VERSION SEAT...`.

It counts as wlroots does (types/wlr_idle_notify_v1.c): from the creation, from each input, and from the end
of an inhibitor. Each word on standard input is obeyed, then answered by a line.
"""

import os
import sys
from collections.abc import Callable
from typing import Any

from pywayland import ffi, lib
from pywayland.protocol.ext_idle_notify_v1 import ExtIdleNotificationV1, ExtIdleNotifierV1
from pywayland.protocol.wayland import WlSeat
from pywayland.scanner.argument import ArgumentType
from pywayland.server.display import Display
from pywayland.server.eventloop import EventLoop


class Compositor:
    """What is offered, and which notifications stand."""

    def __init__(self, version: int, seats: list[str]) -> None:
        self.display = Display()
        self.loop = self.display.get_event_loop()
        self.inhibited = False
        self.standing: list[Notification] = []
        self._notifiers: list[Any] = []  # Python objects must live as long as what they stand for
        self._seats: dict[int, tuple[Any, str]] = {}  # by address
        self._globals = [self._offer_seat(name) for name in seats]
        if version:
            self._globals.append(self._offer(ExtIdleNotifierV1, version, self._on_notifier))
        self.loop.add_fd(0, self._on_words, EventLoop.FdMask.WL_EVENT_READABLE, None)

    def answer(self, word: str) -> str:
        """What a question asks for; anything else is done, and said again."""
        match word:
            case "asked":
                return " ".join(sorted(each.description for each in self.standing))
            case "idle":
                return str(sum(each.idle for each in self.standing))
        self._obey(word)
        return word

    def _obey(self, word: str) -> None:
        match word:
            case "input" | "bump":
                for each in self.standing * (1 if word == "input" else 3):
                    each.on_input()
            case "inhibit" | "permit":
                self.inhibited = word == "inhibit"
                for each in self.standing:
                    each.on_inhibitor()
            case "post_error":
                self.standing[0].resource._post_error(7, "no such luck")
            case "remove_seat":
                lib.wl_global_destroy(self._globals[0]._ptr)
            case "lie":
                for each in self.standing:
                    each.lie()

    def _offer_seat(self, name: str) -> Any:
        def on_bind(resource: Any) -> None:
            self._seats[address(resource._ptr)] = resource, name
            listen(resource, {})
            resource.capabilities(0)
            resource.name(name)

        return self._offer(WlSeat, 7, on_bind)

    def _offer(self, interface: Any, version: int, on_bind: Callable[[Any], None]) -> Any:
        offered = interface.global_class(self.display, version)
        offered.bind_func = on_bind
        return offered

    def _on_notifier(self, resource: Any) -> None:
        def notify(kind: str) -> Any:
            def on_request(notifier: Any, number: int, timeout: int, seat: int) -> None:
                client = lib.wl_resource_get_client(notifier._ptr)
                made = ExtIdleNotificationV1.resource_class(client, notifier.version, number)
                Notification(self, made, kind, timeout, self._seats[seat][1])

            return on_request

        requests = {"get_idle_notification": "plain", "get_input_idle_notification": "input"}
        listen(resource, {request: notify(kind) for request, kind in requests.items()})
        self._notifiers.append(resource)

    def _on_words(self, _fd: int, _mask: int, _data: Any) -> int:
        for word in os.read(0, 4096).decode().split():
            answer = self.answer(word)
            self.display.flush_clients()
            print(answer, flush=True)  # noqa: T201 - the answer
        return 0


class Request:
    """Reads the arguments of one kind of request: numbers, of new objects too, and addresses of objects."""

    def __init__(self, message: Any) -> None:
        self._kinds = [argument.argument_type for argument in message.arguments]

    def c_to_arguments(self, given: Any) -> list[int]:
        return [
            address(given[at].o) if kind is ArgumentType.Object else given[at].u
            for at, kind in enumerate(self._kinds)
        ]


def address(pointer: Any) -> int:
    return int(ffi.cast("uintptr_t", pointer))


def listen(resource: Any, handlers: dict[str, Callable[..., None]]) -> None:
    """Let these handlers answer requests."""
    for request, handler in handlers.items():
        resource.dispatcher[request] = handler
    # Two faults of pywayland 0.4.19: it registers no data with its dispatcher, which then fails on NULL
    # (resource.py), and it takes the arguments of requests for those of events (message.py).
    resource.dispatcher.messages = [Request(message) for message in resource.dispatcher.messages]
    handle = resource._handle
    lib.wl_resource_set_dispatcher(
        resource._ptr, lib.dispatcher_func, handle, handle, lib.resource_destroy_func
    )


class Notification:
    """One that somebody asked for."""

    def __init__(self, compositor: Compositor, resource: Any, kind: str, timeout: int, seat: str) -> None:
        self.description = f"{kind}:{timeout}:{seat}"
        self.resource = resource
        self._compositor = compositor
        self._heeds = kind == "plain"
        self._timeout = timeout
        self.idle = False
        self._timer = compositor.loop.add_timer(self._on_timer, None)
        listen(resource, {"destroy": self._on_destroy})
        compositor.standing.append(self)
        self._count()

    def on_input(self) -> None:
        if not self._held:
            self._set(False)
            self._count()

    def on_inhibitor(self) -> None:
        if self._heeds:
            if self._held:
                self._set(False)
            self._count()

    def lie(self) -> None:
        """Some of these are against the protocol, whatever was told before."""
        self.resource.resumed()
        self.resource.idled()
        self.resource.idled()
        self.resource.resumed()

    @property
    def _held(self) -> bool:
        return self._heeds and self._compositor.inhibited

    def _count(self) -> None:
        self._timer.timer_update(0 if self._held else self._timeout)

    def _on_timer(self, _data: Any) -> int:
        self._set(True)
        return 0

    def _on_destroy(self, resource: Any) -> None:
        self._timer.remove()
        self._compositor.standing.remove(self)
        resource.destroy()

    def _set(self, idle: bool) -> None:
        if idle != self.idle:
            self.idle = idle
            event = self.resource.idled if idle else self.resource.resumed
            event()


if __name__ == "__main__":
    compositor = Compositor(int(sys.argv[2]), sys.argv[3:])
    compositor.display.add_socket(sys.argv[1])
    print("ready", flush=True)  # noqa: T201 - the sign that it listens
    compositor.display.run()
