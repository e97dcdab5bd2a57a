"""Locking the screen and sleeping, through the installed program and a mocked logind."""

import asyncio
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from support.helpers import wait_until
from support.life import Life
from support.logind_helpers import Logind, private_bus
from support.notification_helpers import Desk
from support.x11_helpers import XServer, xvfb

SETTINGS = """
[reminders.posture]
every = "1s"
expire_after = "1h"
reset_after = "5m"
[reminders.stretch]
every = "1h"
[reminders.break]
every = "1h"
duration = "2s"
reset_after = "1s"
[quiet]
settle = "1s"
merge_window = "0s"
"""


@pytest.fixture
def logind(home: Path, life: Life) -> Iterator[Logind]:
    with private_bus(home / "system") as system:
        life.env["DBUS_SYSTEM_BUS_ADDRESS"] = system.address
        yield system.logind()


def test_a_locked_screen_hides_the_prompt_and_holds_the_rest(life: Life, desk: Desk, logind: Logind) -> None:
    server = desk.server()
    life.begin(SETTINGS)
    before = wait_until(lambda: life.status()["prompt"])
    logind.session("c1", LockedHint=True)
    wait_until(lambda: life.status()["state"] == "away")
    status = life.status()
    assert [hold["reason"] for hold in status["holds"]] == ["away"]
    assert (status["prompt"], status["quiet"], status["presence"]["state"]) == (None, [], "away")
    assert life.reminder("posture")["owed"]
    assert life.reminder("stretch")["state"] == "held"
    wait_until(lambda: server.closed)
    logind.session("c1", LockedHint=False)
    assert wait_until(lambda: life.status()["prompt"])["id"] == before["id"]


def test_standing_up_without_a_click_is_done(life: Life, desk: Desk, logind: Logind) -> None:
    desk.server()
    life.begin(SETTINGS.replace('every = "1s"\nexpire', 'every = "1h"\nexpire'))
    wait_until(lambda: life.ask("now", "break").code == 0)
    assert wait_until(lambda: life.status()["prompt"])["reminder"] == "break"
    logind.prepare_for_sleep(True)
    wait_until(lambda: life.status()["state"] == "away")
    before = life.reminder("break")["sat"]
    wait_until(lambda: "Nobody is at the screen (asleep)" in life.ask("why").out)
    wait_until(lambda: life.status()["holds"] and _seconds_away(life) >= 1.5)
    assert life.reminder("break")["sat"] == before
    logind.prepare_for_sleep(False)
    wait_until(lambda: "break: done (away long enough)" in life.ask("why", "break").out)
    assert life.reminder("break")["due_in"] > 3590


def _seconds_away(life: Life) -> float:
    since = datetime.fromisoformat(life.status()["holds"][0]["since"])
    return (datetime.now(since.tzinfo) - since).total_seconds() - 1  # the times are to the second


def test_who_types_after_a_sleep_whose_end_nobody_told_is_back(life: Life, logind: Logind) -> None:
    with xvfb() as x:
        life.env["DISPLAY"] = x.display
        life.begin("")
        wait_until(lambda: life.status()["presence"]["source"] == "x11")
        wait_until(lambda: life.status()["services"]["session"]["ok"])
        logind.prepare_for_sleep(True)
        wait_until(lambda: life.status()["state"] == "away")
        wait_until(lambda: _typed(x) and life.status()["state"] != "away")


def _typed(x: XServer) -> bool:
    """One key of somebody who types slowly."""
    asyncio.run(x.do("key", "a"))
    return True


CAFFEINE = f"ret = [('sleep:idle', 'Caffeine', 'a wish', 'block', {os.getuid()}, 7)]"


def test_an_inhibitor_that_keeps_silence_from_being_an_absence_can_be_ignored(
    life: Life, logind: Logind
) -> None:
    manager = "org.freedesktop.login1.Manager"
    method = (manager, "ListInhibitors", "", "a(ssssuu)", CAFFEINE)
    logind.mock.do("/org/freedesktop/login1", "AddMethod", "sssss", *method)
    with xvfb() as x:
        life.env["DISPLAY"] = x.display
        life.begin('[presence]\nidle_after = "2s"\n')
        wait_until(lambda: life.status()["presence"]["state"] == "still")
        assert life.status()["services"]["inhibitors"]["holders"] == ["Caffeine"]
        words = 'still_ignore = ["Caffeine: a wish"]'
        assert f"Kept awake by an application; to ignore it: {words}\n" in life.ask("status").out
        life.save(f'[presence]\nidle_after = "2s"\n{words}\n')
        wait_until(lambda: life.status()["presence"]["state"] == "away")
        (kept,) = life.status()["services"]["presence"]["kept_awake"]
        assert (kept["by"], kept["counts"]) == ("Caffeine: a wish", False)
        assert "still_ignore" not in life.ask("status").out
