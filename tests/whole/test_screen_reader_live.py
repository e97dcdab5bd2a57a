"""A screen reader is switched on and off while the program runs, at the real accessibility bus."""

from typing import Any

import pytest
from jeepney import DBusAddress, new_method_call
from jeepney.wrappers import unwrap_msg
from support.dnd_helpers import startable
from support.helpers import wait_until
from support.life import Life
from support.notification_helpers import PrivateBus

NAME = "org.a11y.Bus"


def test_a_screen_reader_is_noticed(life: Life, session: PrivateBus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GSETTINGS_BACKEND", "memory")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(life.base / "run"))
    session.end()
    startable(session.services, NAME)
    session.start()
    life.begin()
    assert reader(life) == {"ok": True, "problem": "", "on": False}
    switch(session, on=True)
    wait_until(lambda: reader(life)["on"])
    switch(session, on=False)
    wait_until(lambda: not reader(life)["on"])


def reader(life: Life) -> dict[str, Any]:
    found: dict[str, Any] = life.status()["services"]["screen_reader"]
    return found


def switch(session: PrivateBus, *, on: bool) -> None:
    properties = DBusAddress("/org/a11y/bus", NAME, "org.freedesktop.DBus.Properties")
    arguments = ("org.a11y.Status", "ScreenReaderEnabled", ("b", on))
    with session.connect() as connection:
        unwrap_msg(connection.send_and_get_reply(new_method_call(properties, "Set", "ssv", arguments)))
