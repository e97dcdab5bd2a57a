import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.notification_helpers import POSTURE, SETTINGS

from neckguard import paths
from neckguard.core.model import Button, Card
from neckguard.core.plan import NotifySettings
from neckguard.desktop.notify.layout import NotifyRequest, Server, notify_arguments

TEXT = "a < b & c > d"
OWN_ICON = str(Path(paths.__file__).parent / "content/icons/neckguard.svg")
ODD = Card("k", "Tea\x00 <now>", ("one\ntwo\x1b[31m\x9b", TEXT + "\ud800"))


def server(*capabilities: str, name: str = "GNOME Shell") -> Server:
    return Server(":1.1", name, "1", frozenset(capabilities))


def arguments(
    card: Card, *capabilities: str, settings: NotifySettings = SETTINGS, name: str = "x"
) -> tuple[Any, ...]:
    return notify_arguments(NotifyRequest(card), server(*capabilities, name=name), settings, 7)


def test_a_posture_card_on_a_desktop_that_draws_buttons() -> None:
    assert arguments(POSTURE, "body", "actions", "persistence") == (
        "neckguard",
        7,
        OWN_ICON,
        "Shift a little",
        "Try letting your shoulders drop, and look far away for a moment.",
        ["default", "Done", "done", "Done", "skip", "Not now"],
        {
            "urgency": ("y", 1),
            "category": ("s", "x-neckguard.posture"),
            "desktop-entry": ("s", "neckguard"),
        },
        0,
    )


@pytest.mark.parametrize(
    ("capabilities", "buttons", "name", "actions", "verbs"),
    [
        (["actions"], True, "GNOME Shell", True, False),
        (["actions"], False, "GNOME Shell", False, True),
        ([], True, "notify-osd", False, True),
        (["actions"], True, "dunst", True, True),  # offers actions, but draws no buttons
    ],
)
def test_where_no_buttons_are_drawn_the_last_line_names_the_verbs(
    capabilities: list[str], buttons: bool, name: str, actions: bool, verbs: bool
) -> None:
    settings = replace(SETTINGS, buttons=buttons)
    note = arguments(POSTURE, *capabilities, settings=settings, name=name)
    assert (note[5] != [], note[4].endswith("\n" + POSTURE.verbs)) == (actions, verbs)


@pytest.mark.parametrize(
    ("key", "keys"),
    [
        ("done", ["default", "done", "skip"]),
        ("start", ["default", "start", "skip"]),
        ("hurt", ["hurt", "skip"]),  # "It hurt" at the end of a guide
        ("none", ["none", "skip"]),  # a check-in
    ],
)
def test_a_click_on_the_body_says_no_more_than_yes(key: str, keys: list[str]) -> None:
    card = replace(POSTURE, buttons=(Button(key, "First"), Button("skip", "Skip")))
    assert arguments(card, "actions")[5][::2] == keys


def test_a_click_on_a_card_without_buttons_is_for_neckguard_too() -> None:
    card = replace(POSTURE, buttons=())
    assert arguments(card, "actions")[5] == ["default", "OK"]
    assert arguments(replace(card, click="Open the file"), "actions")[5] == ["default", "Open the file"]
    assert arguments(card)[5] == []


@pytest.mark.parametrize(
    ("name", "themed"),
    [
        ("Plasma", True),
        ("dunst", False),
        ("mako", False),
        ("SwayNotificationCenter", False),
    ],
)
def test_the_own_icon_goes_by_its_name_once_it_is_installed_where_themes_are_known(
    name: str, themed: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert arguments(POSTURE, name=name)[2] == OWN_ICON
    installed = tmp_path / "icons/hicolor/scalable/apps/neckguard.svg"
    installed.parent.mkdir(parents=True)
    installed.touch()
    assert arguments(POSTURE, name=name)[2] == ("neckguard" if themed else OWN_ICON)


def test_gnome_is_sent_the_file_of_an_icon_that_it_has_not_found_yet(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    installed = tmp_path / "icons/hicolor/scalable/apps/neckguard.svg"
    installed.parent.mkdir(parents=True)
    installed.touch()
    assert arguments(POSTURE, name="gnome-shell")[2] == OWN_ICON
    os.utime(installed, (0, 0))
    assert arguments(POSTURE, name="gnome-shell")[2] == "neckguard"


LINES = (
    "Glide your head straight back & hold it there, as if making a double chin.",
    "Hold 5 s, 5 times",
    "Enough?",
    "Feet on the floor",
)


def test_gnome_shows_every_line_at_once_and_elsewhere_they_are_plain() -> None:
    card = Card("k", "Ease your neck", LINES)
    assert arguments(card, "body-markup", name="gnome-shell")[4] == (
        "Glide your head straight back &amp; hold it there, as if\rmaking a double chin.\r"
        "Hold 5 s, 5 times.\rEnough?\rFeet on the floor"
    )
    assert arguments(card, name="Plasma")[4] == f"{LINES[0]}\n{LINES[1]}.\n{LINES[2]}\n{LINES[3]}"


def test_a_carriage_return_that_is_not_ours_gets_through_nowhere() -> None:
    card = Card("k", "Tea", ("one\rtwo\nthree",))
    assert arguments(card, name="gnome-shell")[4] == "one two\rthree"


def test_where_the_default_would_be_drawn_as_a_button_it_is_left_out() -> None:
    def drawn(card: Card) -> Any:
        return arguments(card, "actions", name="Xfce Notify Daemon")[5]

    assert drawn(POSTURE) == ["done", "Done", "skip", "Not now"]
    assert drawn(replace(POSTURE, buttons=())) == []
    assert drawn(replace(POSTURE, buttons=(), click="Open the file")) == ["default", "Open the file"]


@pytest.mark.parametrize(
    ("capabilities", "body"),
    [([], TEXT), (["body-markup"], "a &lt; b &amp; c &gt; d")],
)
def test_markup_is_escaped_only_where_the_server_renders_it(capabilities: list[str], body: str) -> None:
    assert arguments(Card("k", TEXT, (TEXT,)), *capabilities)[3:5] == (TEXT, body)


def test_nothing_that_the_bus_refuses_gets_through() -> None:
    assert arguments(ODD, "actions")[3:5] == ("Tea <now>", f"one\ntwo[31m.\n{TEXT}\ufffd")


def test_settings_choose_urgency_sound_and_icon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/nora")
    settings = replace(SETTINGS, urgency="low", sound="bell", icon="~/neck.svg")
    note = arguments(POSTURE, settings=settings)
    assert (note[2], note[6]["urgency"], note[6]["sound-name"]) == (
        "/home/nora/neck.svg",
        ("y", 0),
        ("s", "bell"),
    )


@pytest.mark.parametrize(
    ("changes", "sound", "hints"),
    [
        ({"resident": True}, "", {"resident": ("b", True)}),
        ({"progress": 0}, "", {"value": ("i", 0)}),
        ({"progress": 40, "silent": True}, "bell", {"value": ("i", 40), "suppress-sound": ("b", True)}),
        ({"urgent": True}, "", {"urgency": ("y", 2), "sound-name": ("s", "alarm-clock-elapsed")}),
        ({"urgent": True}, "bell", {"urgency": ("y", 2), "sound-name": ("s", "bell")}),
        ({"urgent": True, "silent": True}, "", {"urgency": ("y", 2), "suppress-sound": ("b", True)}),
    ],
)
def test_what_guides_and_timers_ask_of_the_server(changes: Any, sound: str, hints: Any) -> None:
    card, settings = replace(POSTURE, kind="timer", **changes), replace(SETTINGS, sound=sound)
    always = {"category": ("s", "x-neckguard.timer"), "desktop-entry": ("s", "neckguard")}
    assert arguments(card, settings=settings)[6] == {"urgency": ("y", 1), **always, **hints}


def test_a_movement_comes_with_its_picture_where_it_has_one() -> None:
    shown = arguments(replace(POSTURE, movement="chin-tuck"))[6]
    assert shown["image-path"] == ("s", paths.picture("chin-tuck"))
    assert "image-path" not in arguments(replace(POSTURE, movement="breath-drop"))[6]
    assert "image-path" not in arguments(POSTURE)[6]


@pytest.mark.parametrize(
    ("name", "replaces", "movement", "pictures"),
    [
        ("Plasma", 7, "", [("s", "face-smile")]),
        ("Plasma", 7, "chin-tuck", [("s", paths.picture("chin-tuck"))]),
        ("Plasma", 0, "", []),  # by itself the icon is sharper
        ("gnome-shell", 7, "", []),
    ],
)
def test_on_plasma_a_figure_is_taken_off_by_the_icon_of_the_card_that_comes_in_its_place(
    name: str, replaces: int, movement: str, pictures: list[Any]
) -> None:
    request = NotifyRequest(replace(POSTURE, movement=movement), icon="face-smile")
    hints = notify_arguments(request, server(name=name), SETTINGS, replaces)[6]
    assert [hints[hint] for hint in hints if hint == "image-path"] == pictures


def test_a_picture_that_was_asked_for_is_shown_instead_of_any_other() -> None:
    mine = {"image-path": ("s", "/mine.png")}
    for movement in ("", "chin-tuck"):
        request = NotifyRequest(replace(POSTURE, movement=movement), hints=mine)
        assert (
            notify_arguments(request, server(name="Plasma"), SETTINGS, 7)[6]["image-path"]
            == mine["image-path"]
        )


@pytest.mark.parametrize(
    ("title", "shown", "lines"),
    [
        ("Time away from the desk: 5 min", "Time away from the desk", ["5 min.", "One."]),
        ("Ease your neck: shoulder blade squeeze", "Ease your neck", ["Shoulder blade squeeze.", "One."]),
        ("Ease your neck: chin tuck", "Ease your neck: chin tuck", ["One."]),
        ("Two minutes of strength, at last", "Two minutes of strength, at last", ["One."]),
    ],
)
def test_where_a_long_title_is_cut_its_end_is_the_first_line(
    title: str, shown: str, lines: list[str]
) -> None:
    card = Card("k", title, ("One", "two"))
    _, _, _, *there = arguments(card, name="Xfce Notify Daemon")[:5]
    assert there == [shown, "\n".join((*lines, "two"))]
    assert arguments(card, name="GNOME Shell")[3:5] == (title, "One.\ntwo")
