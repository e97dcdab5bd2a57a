"""Cards where there is no notification server: on the console, and through plyer by choice."""

import asyncio
import io
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.helpers import eventually
from support.notification_helpers import POSTURE, SETTINGS, Desk, PrivateBus, Terminal, at_work

from neckguard.core.events import Delivered, Event, NotifierChanged, Undelivered
from neckguard.core.model import Card
from neckguard.desktop.notify import by_plyer
from neckguard.desktop.notify.by_plyer import PlyerNotification
from neckguard.desktop.notify.console import card_text
from neckguard.desktop.notify.server import NO_BUS

READY, KEEPING = NotifierChanged(ready=True, keeps=False), NotifierChanged(ready=True, keeps=True)
GONE = NotifierChanged(ready=False, keeps=False)
DELIVERED = Delivered(POSTURE.key)


def test_a_card_on_the_console() -> None:
    assert card_text(POSTURE, "10:20") == (
        "10:20  Shift a little\n"
        "       Try letting your shoulders drop, and look far away for a moment.\n"
        "       Answer with: neckguard done, neckguard skip\n"
        "\n"
    )
    assert card_text(replace(POSTURE, lines=(), verbs=""), "10:20") == "10:20  Shift a little\n\n"
    odd = Card("k", "Tea", ("one\ntwo", ""))
    assert card_text(odd, "10:20") == "10:20  Tea\n       one\n       two\n\n"


def test_a_card_fits_the_width_and_its_lines_stand_below_one_another() -> None:
    assert card_text(replace(POSTURE, title="Shift a little, and then some more"), "10:20", wide=37) == (
        "10:20  Shift a little, and then some\n"
        "       more\n"
        "       Try letting your shoulders\n"
        "       drop, and look far away for a\n"
        "       moment.\n"
        "       Answer with: neckguard done,\n"
        "       neckguard skip\n"
        "\n"
    )


def test_cards_name_the_program_as_it_was_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["bin/neckguard", "run"])
    card = replace(POSTURE, lines=("To go on: neckguard resume",))

    async def story() -> None:
        async with at_work(None, replace(SETTINGS, backend="console")) as work:
            await work.told(READY)
            work.notifier.show(card)
            assert "To go on: bin/neckguard resume\n" in work.out.getvalue()
            assert "Answer with: bin/neckguard done, bin/neckguard skip\n" in work.out.getvalue()

    asyncio.run(story())


PROMPT = Card("prompt-1", "Ease your neck", ("Chin tuck",), verbs="Answer: start or skip", kind="stretch")
LEFT = Card(
    "prompt-1", "Chin tuck", ("Left side, 1 of 2", "Hold."), verbs="Answer: done", kind="guide", silent=True
)
RIGHT = replace(LEFT, lines=("Right side, 1 of 2", "Hold."))
END = Card("prompt-1", "Done", ("That was the chin tuck.",), kind="guide")


def test_a_guide_on_the_console_says_only_what_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "strftime", lambda _: "10:20")

    async def story() -> None:
        async with at_work(None, replace(SETTINGS, backend="console")) as work:
            await work.told(READY)
            for card in (PROMPT, LEFT, RIGHT, replace(RIGHT, progress=70), END, PROMPT):
                work.notifier.show(card)
                await work.told(Delivered("prompt-1"))
            assert work.out.getvalue() == (
                "10:20  Ease your neck\n       Chin tuck\n       Answer: start or skip\n\n"
                "10:20  Left side, 1 of 2\n       Hold.\n       Answer: done\n\n"
                "10:20  Right side, 1 of 2\n\n"
                "10:20  Done\n       That was the chin tuck.\n\n"
                "10:20  Ease your neck\n       Chin tuck\n       Answer: start or skip\n\n"
            )

    asyncio.run(story())


def test_a_guide_after_another_card_is_said_in_full() -> None:
    assert card_text(LEFT, "10:20", RIGHT) == "10:20  Left side, 1 of 2\n\n"
    assert card_text(LEFT, "10:20", replace(RIGHT, key="prompt-2")) == card_text(LEFT, "10:20")
    assert card_text(replace(LEFT, kind="stretch"), "10:20", RIGHT) == card_text(LEFT, "10:20")


@pytest.mark.parametrize(
    ("out", "journal", "fault"),
    [(Terminal, "", ""), (io.StringIO, "", ""), (io.StringIO, "8:9", f"there is no session bus; {NO_BUS}")],
)
def test_without_any_session_bus_cards_are_printed(
    out: Any, journal: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the journal nobody sees them: there it is a fault."""
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    if journal:
        monkeypatch.setenv("JOURNAL_STREAM", journal)

    async def story() -> None:
        async with at_work(None, out=out()) as work:
            await work.told(READY)
            work.notifier.show(POSTURE)
            work.notifier.hide(POSTURE.key)
            await work.told(DELIVERED)
            assert "Shift a little" in work.out.getvalue()
            assert work.notifier.status() == {
                "backend": "console",
                "server": "",
                "actions": False,
                "ok": not fault,
                "problem": fault,
                "note": "" if fault else "there is no desktop here, so prompts appear on the console",
            }

    asyncio.run(story())


def test_on_a_terminal_cards_are_printed_as_long_as_there_is_no_server(
    session: PrivateBus, desk: Desk
) -> None:
    async def story() -> None:
        async with at_work(session.address, out=Terminal()) as work:
            await work.told(READY)
            assert work.notifier.status()["note"]
            desk.server()
            await work.told(GONE, KEEPING)
            work.notifier.show(POSTURE)
            await work.told(DELIVERED)
            assert work.out.getvalue() == ""

    asyncio.run(story())


def test_a_server_that_is_there_is_never_passed_over_for_the_terminal(desk: Desk) -> None:
    async def story() -> None:
        desk.server()
        async with at_work(desk.bus.address, out=Terminal()) as work:
            await work.told(KEEPING)

    asyncio.run(story())


def test_dbus_by_choice_never_prints() -> None:
    async def story() -> None:
        settings = replace(SETTINGS, backend="dbus")
        async with at_work(None, settings, out=Terminal()) as work:
            await work.told(GONE)
            work.notifier.show(POSTURE)
            problem = f"there is no session bus; {NO_BUS}"
            await work.told(Undelivered(POSTURE.key, problem))
            assert (work.out.getvalue(), work.notifier.status()["problem"]) == ("", problem)

    asyncio.run(story())


def test_the_console_by_choice_leaves_the_server_alone(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address, replace(SETTINGS, backend="console")) as work:
            await work.told(READY)
            work.notifier.show(POSTURE)
            await work.told(DELIVERED)
            assert (server.notes, work.notifier.status()) == (
                [],
                {"backend": "console", "server": "", "actions": False, "ok": True, "problem": ""},
            )

    asyncio.run(story())


def test_a_terminal_that_is_gone_is_undelivered(tmp_path: Path) -> None:
    async def story() -> None:
        out = io.StringIO()
        async with at_work(None, out=out) as work:
            await work.told(READY)
            out.close()
            work.notifier.show(POSTURE)
            problem = "cannot write to the terminal: I/O operation on closed file"
            await work.told(Undelivered(POSTURE.key, problem))

    asyncio.run(story())


# ---- plyer ------------------------------------------------------------------------------------------------


def plyer_shows(notify: Any, *cards: Card, in_turn: bool = False) -> tuple[list[Event], str]:
    """What is told when plyer's `notify` is this function, and the problem at the end.

    `in_turn`: each card when the one before is through.
    """
    events: list[Event] = []

    async def story() -> str:
        plyer = PlyerNotification(events.append, notify)
        for number, card in enumerate(cards, 1):
            plyer.show(card)
            if in_turn:
                await told(number)
        await told(len(cards))
        return plyer.problem

    async def told(number: int) -> None:
        await eventually(lambda: len(events) == number)

    problem = asyncio.run(story())
    return events, problem


def test_plyer_gets_title_lines_and_verbs() -> None:
    calls: list[dict[str, Any]] = []
    assert plyer_shows(lambda **options: calls.append(options), POSTURE) == ([DELIVERED], "")
    assert calls == [
        {
            "title": "Shift a little",
            "message": f"{POSTURE.lines[0]}\n{POSTURE.verbs}",
            "app_name": "neckguard",
            "timeout": 30,
        }
    ]


def test_plyer_gets_clean_text() -> None:
    calls: list[dict[str, Any]] = []
    plyer_shows(lambda **options: calls.append(options), Card("k", "Tea\0\x1b", ("one\x9b", "two\u202e")))
    assert [(call["title"], call["message"]) for call in calls] == [("Tea", "one\ntwo")]


def test_a_failure_of_plyer_is_undelivered() -> None:
    def fail(**_: Any) -> None:
        raise NotImplementedError("No usable implementation found!")

    problem = "plyer failed: No usable implementation found!"
    assert plyer_shows(fail, POSTURE) == ([Undelivered(POSTURE.key, problem)], problem)


def test_plyer_shows_the_beginning_and_the_end_of_a_guide() -> None:
    titles: list[str] = []
    again = replace(LEFT, key="prompt-2", title="Another")
    events, _ = plyer_shows(
        lambda title, **_: titles.append(title), PROMPT, LEFT, RIGHT, END, again, in_turn=True
    )
    assert events == [*[Delivered("prompt-1")] * 4, Delivered("prompt-2")]
    assert titles == ["Ease your neck", "Chin tuck", "Done", "Another"]


def test_what_plyer_could_not_show_is_tried_with_the_next_step() -> None:
    tried: list[str] = []

    def fail(message: str, **_: Any) -> None:
        tried.append(message)
        raise OSError("no room")

    problem = "plyer failed: no room"
    events, _ = plyer_shows(fail, LEFT, RIGHT, in_turn=True)
    assert events == [Undelivered("prompt-1", problem)] * 2
    assert len(tried) == 2


def test_a_plyer_that_hangs_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_plyer, "LIMIT", 0.1)
    end = threading.Event()
    events, _ = plyer_shows(lambda **_: end.wait(), POSTURE, replace(POSTURE, key="next"))
    end.set()
    assert events == [
        Undelivered("next", "plyer is still busy with an earlier notification"),
        Undelivered(POSTURE.key, "plyer did not finish within 0.1 s"),
    ]


def test_plyer_by_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    import plyer

    class Fake:
        def notify(self, **options: Any) -> None:
            shown.append(options["title"])

    shown: list[str] = []
    monkeypatch.setattr(plyer, "notification", Fake())

    async def story() -> None:
        async with at_work(None, replace(SETTINGS, backend="plyer")) as work:
            await work.told(READY)
            work.notifier.show(POSTURE)
            work.notifier.hide(POSTURE.key)
            await work.told(DELIVERED)
            assert (shown, work.notifier.status()) == (
                ["Shift a little"],
                {"backend": "plyer", "server": "", "actions": False, "ok": True, "problem": ""},
            )
            work.notifier.configure(replace(SETTINGS, backend="plyer", sound="bell"))
            await asyncio.sleep(0)  # it chooses again
            work.notifier.show(POSTURE)
            await work.told(DELIVERED)  # and nothing before: it is the same plyer

    asyncio.run(story())
