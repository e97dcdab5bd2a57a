"""The test prompt: what comes back from all kinds of notification servers."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from support.doctor_helpers import Person, once_shown
from support.dunst_helpers import Dunst
from support.notification_helpers import NAME, Desk, FakeServer

from neckguard.doctor import notifications
from neckguard.doctor.desktop import check_quiet
from neckguard.doctor.finding import Finding, Level, ok, problem, warning
from neckguard.doctor.notifications import check_notifications
from neckguard.doctor.probe import probing

RESTART = "restart the notification server, or log out and in again"
DESCRIBED = ok("notifications", "fake 1.0 (specification 1.2) offers actions, body, body-markup, persistence")


@pytest.fixture
def at_desk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The session bus of this very process is the private one."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desk.bus.address)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={desk.bus.socket}-none")
    return desk


async def content() -> str:
    """The daemon has nothing to say against its notifications."""
    return ""


def findings(word: Callable[[], Awaitable[str]] = content, *, prompt: bool = True) -> list[Finding]:
    async def examined() -> list[Finding]:
        async with probing(None) as made:
            return await check_notifications(made, word, prompt=prompt)

    return asyncio.run(examined())


def test_a_click_comes_back(at_desk: Desk) -> None:
    server = at_desk.server()
    once_shown(server, lambda: server.act(1, "done"))
    described, shown = findings()
    assert described == DESCRIBED
    assert shown.level == Level.OK
    assert shown.text.startswith("shown; answered with a click after ")
    assert shown.text.endswith(' s, which came as "done"')
    assert server.notes[0][5] == ["default", "I can read this", "done", "I can read this"]


SWITCHES = (
    "org.gnome.desktop.notifications.application:/org/gnome/desktop/notifications/application/neckguard/"
)


@pytest.mark.parametrize(
    ("off", "expected"),
    [
        (
            ("enable", "show-banners"),
            ("problem", "GNOME shows nothing of neckguard: it is switched off", "enable"),
        ),
        (
            ("show-banners", "force-expanded"),
            ("problem", "GNOME puts prompts of neckguard into its list alone", "show-banners"),
        ),
        (("force-expanded",), ("ok", "GNOME shows the buttons of a prompt only under the pointer", "")),
        ((), None),
    ],
)
def test_what_gnome_has_switched_off_for_neckguard_alone_is_said_with_the_remedy(
    off: tuple[str, ...],
    expected: tuple[str, str, str] | None,
    at_desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    keys = ("application-id", "enable", "force-expanded", "show-banners")
    told = "\n".join(f"schema {key} {'false' if key in off else 'true'}" for key in keys)
    program = tmp_path / "gsettings"
    program.write_text(f'#!/bin/sh\n[ "$*" = "list-recursively {SWITCHES}" ] && echo "{told}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    at_desk.server(name="gnome-shell")
    found = findings(prompt=False)[1:]
    if expected is None:
        assert found == []
        return
    level, text, key = expected
    assert ([each.level for each in found], found[0].text[: len(text)]) == ([level], text)
    assert f"gsettings set {SWITCHES} {key or 'force-expanded'} true" in found[0].text + found[0].remedy


def test_a_gnome_that_does_not_know_neckguard_yet_and_other_servers_have_no_such_switches(
    at_desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "gsettings").write_text("#!/bin/sh\necho schema enable false\nexit 1\n")
    (tmp_path / "gsettings").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    at_desk.server(name="gnome-shell")
    assert len(findings(prompt=False)) == 1


def test_to_ask_starts_no_server(at_desk: Desk) -> None:
    started = at_desk.bus.services / "started"
    (at_desk.bus.services / "server.service").write_text(
        f"[D-BUS Service]\nName={NAME}\nExec=/bin/touch {started}\n"
    )
    at_desk.bus.end()
    at_desk.bus.start()
    note = "the notification server is started with the first prompt"
    assert findings(prompt=False) == [ok("notifications", note)]
    assert not started.exists()


def test_a_prompt_that_nobody_answers_is_fine_and_taken_back(
    at_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifications, "_WAIT", 0.5)
    server = at_desk.server()
    assert findings()[1:] == [ok("test prompt", "shown, and nobody answered within 0.5 s")]
    assert server.closed == [1]


def test_a_prompt_that_expires_is_fine(at_desk: Desk) -> None:
    server = at_desk.server()
    once_shown(server, lambda: server.dismiss(1, 1))
    assert findings()[1].text.startswith("shown; it went away by itself after ")


@pytest.mark.parametrize(
    ("name", "click"),
    [
        ("dunst", "click the prompt with the middle button (as dunst is shipped the left one closes it)"),
        ("mako", "click the prompt"),
    ],
)
def test_where_no_buttons_are_drawn_it_is_said_which_click_answers(
    name: str, click: str, at_desk: Desk
) -> None:
    at_desk.server(name=name)
    text = f"{name} draws no buttons: {click}, open its menu, or answer with a verb"
    assert findings(prompt=False)[1] == ok("notifications", text)


def test_where_a_prompt_is_cut_it_is_said_how_to_see_all_of_it(at_desk: Desk) -> None:
    at_desk.server(name="mako")
    shown, more = "five lines of a prompt, as it is shipped", "height=250 in ~/.config/mako/config"
    assert findings(prompt=False)[2:] == [ok("notifications", f"mako shows {shown}; for all of it: {more}")]


@pytest.mark.parametrize(
    ("desktop", "name", "wrong"),
    [
        ("KDE", "fake", True),
        ("KDE", "Plasma", False),
        ("ubuntu:GNOME", "fake", True),
        ("XFCE", "fake", False),
    ],
)
def test_a_server_that_is_not_the_desktops_own_is_named(
    desktop: str, name: str, wrong: bool, at_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", desktop)
    at_desk.server(name=name)
    own = {"KDE": "Plasma"}.get(desktop, "gnome-shell")
    text = f"your desktop has a server of its own, {own}, but {name} was there first"
    named = warning("notifications", text, f"remove {name} or end it, then log out and in again")
    assert findings(prompt=False)[1:] == [named] * wrong


def test_a_prompt_that_somebody_closes_is_fine(at_desk: Desk) -> None:
    server = at_desk.server()
    once_shown(server, lambda: server.dismiss(1))
    text = findings()[1].text
    assert text.startswith("shown; closed after ")
    assert text.endswith(" s, which would have skipped a prompt")


def test_a_prompt_that_is_closed_at_once_is_a_problem(at_desk: Desk) -> None:
    server = at_desk.server()
    server.said = [("NotificationClosed", (1, 2))]
    assert findings() == [
        DESCRIBED,
        problem(
            "test prompt", "the notification server closed it at once", "look for a rule in its settings"
        ),
    ]


def test_a_server_that_refuses_is_a_problem(at_desk: Desk) -> None:
    at_desk.server().error = "org.example.Full"
    text = "not shown: fake did not show it: no room; if it lasts: restart it"
    assert findings()[1:] == [problem("test prompt", text, RESTART)]


def test_a_server_that_dies_of_it_is_a_problem(at_desk: Desk) -> None:
    at_desk.server().dies = True
    _, shown = findings()
    assert (shown.level, shown.text[:11]) == (Level.PROBLEM, "not shown: ")


def test_without_prompt_nothing_is_shown(at_desk: Desk) -> None:
    server = at_desk.server()
    assert findings(prompt=False) == [DESCRIBED]
    assert server.notes == []


def test_a_server_without_buttons_is_a_warning_with_the_verbs(at_desk: Desk) -> None:
    at_desk.server("body", name="plain")
    assert findings(prompt=False) == [
        ok("notifications", "plain 1.0 (specification 1.2) offers body"),
        warning(
            "notifications", "plain offers no buttons", "answer prompts with: neckguard done, snooze or skip"
        ),
    ]


def test_a_server_that_hangs_is_a_problem(at_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "_START_LIMIT", 0.5)
    at_desk.server().answers.clear()
    text = "the notification server does not answer"
    assert findings() == [problem("notifications", text, RESTART)]


def test_a_server_that_lies_is_a_problem(at_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeServer, "_GetCapabilities", lambda _: ("ai", ([-1],)))
    at_desk.server()
    text = "the notification server answered GetCapabilities with [-1] (D-Bus type ai, not as)"
    assert findings() == [problem("notifications", text, RESTART)]


def test_no_server_is_a_problem_that_names_some(at_desk: Desk) -> None:
    ((found),) = findings()
    assert (found.level, found.text) == (Level.PROBLEM, "no notification server is running")
    assert "install and start dunst (X11) or mako (Wayland)" in found.remedy


def test_what_the_daemon_says_is_a_problem_only_where_nothing_else_is_wrong(at_desk: Desk) -> None:
    async def word() -> str:
        return "the sky is falling"

    (missing,) = findings(word)
    assert missing.text == "no notification server is running"
    at_desk.server()
    told = problem(
        "notifications", "the daemon says: the sky is falling", "systemctl --user restart neckguard"
    )
    assert findings(word, prompt=False) == [DESCRIBED, told]


def test_a_prompt_under_do_not_disturb_may_have_been_out_of_sight(
    at_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeServer, "_Get", lambda *_: ("v", (("b", True),)), raising=False)
    monkeypatch.setattr(notifications, "_WAIT", 0.5)
    at_desk.server()

    async def examined() -> list[Finding]:
        async with probing(None) as made:
            return [*await check_quiet(made), *await check_notifications(made, content, prompt=True)]

    found = {finding.name: finding.text for finding in asyncio.run(examined())}
    assert found["do not disturb"].startswith("on, told by ")
    assert found["test prompt"] == (
        "shown, and nobody answered within 0.5 s; do not disturb is on, so it may have been out of sight"
    )


def test_on_a_real_dunst_a_person_answers_in_its_menu(person: Person, dunst: Dunst) -> None:
    async def answer() -> None:
        await dunst.shows(1)
        await asyncio.sleep(1)
        await dunst.choose("done")

    answering = threading.Thread(target=lambda: asyncio.run(answer()))
    answering.start()
    buses = {"DBUS_SESSION_BUS_ADDRESS": dunst.environment["DBUS_SESSION_BUS_ADDRESS"]}
    found = person.findings(DISPLAY=dunst.environment["DISPLAY"], XDG_SESSION_TYPE="x11", **buses)
    answering.join()
    texts = {each["name"]: each["text"] for each in reversed(found)}
    assert texts["notifications"].startswith("dunst ")
    assert texts["test prompt"].startswith("shown; answered with a click after ")
    assert texts["presence"].startswith("told by x11: idle ")
    assert texts["presence"].count(" s") == 3
