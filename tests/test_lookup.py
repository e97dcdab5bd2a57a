"""What the settings name on this machine: looked up where it would be used."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.virtual import plan

from neckguard.core.plan import HookSettings, NotifySettings
from neckguard.lookup import as_arguments, missing


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine of its own: a home, and a program, a sound and an icon in it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "share"))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/playerctl").touch(mode=0o755)
    sounds = tmp_path / "share/sounds/freedesktop/stereo"
    sounds.mkdir(parents=True)
    (sounds / "message.oga").touch()
    (tmp_path / "neck.svg").touch()
    return tmp_path


def hook(*argv: str) -> list[str]:
    """What is said of this as on_break_end."""
    found = missing(replace(plan(), hooks=HookSettings((), (), (), argv, 10.0)))
    assert {path for path, _ in found} <= {("hooks", "on_break_end")}
    return [message for _, message in found]


def notified(**given: str) -> list[tuple[str, str]]:
    settings = NotifySettings(
        **{"backend": "auto", "urgency": "normal", "sound": "", "icon": "", **given}, buttons=True
    )
    found = missing(replace(plan(), notify=settings))
    return [(".".join(path), message) for path, message in found]


def test_by_default_nothing_is_named() -> None:
    assert missing(plan()) == []


def test_a_program_on_the_path_is_there_with_whatever_arguments() -> None:
    assert hook("playerctl", "no such thing") == []


def test_a_program_that_is_nowhere_is_missing(home: Path) -> None:
    assert hook("play") == ['there is no program "play"; install it, or name it with its whole path']
    assert hook(f"{home}/neck.svg") == [
        f'"{home}/neck.svg" cannot be run; allow it with: chmod +x {home}/neck.svg'
    ]


def test_a_command_line_in_one_string_is_taken_apart() -> None:
    assert hook("playerctl pause") == [
        'there is no program "playerctl pause"; its arguments stand apart: ["playerctl", "pause"]'
    ]
    assert as_arguments("notify-send 'Stand up'") == '["notify-send", "Stand up"]'
    assert as_arguments("say it's") == '["say", "it\'s"]'
    assert as_arguments("") == '[""]'


@pytest.mark.parametrize("name", ["message", "message-new-instant"])
def test_a_sound_of_a_theme_is_there_also_by_what_stands_for_it(name: str) -> None:
    assert notified(sound=name) == []


def test_a_sound_that_no_theme_has_and_a_file_are_no_sounds() -> None:
    assert notified(sound="bell") == [
        ("notify.sound", 'no sound theme here has "bell"; see /usr/share/sounds for names')
    ]
    assert notified(sound="~/bell.oga") == [
        ("notify.sound", '"~/bell.oga" is a file; write the name of a sound, such as message-new-instant')
    ]


@pytest.mark.parametrize("icon", ["~/neck.svg", "appointment-soon", "file://{home}/neck.svg"])
def test_an_icon_file_that_is_there_and_a_name_are_fine(icon: str, home: Path) -> None:
    assert notified(icon=icon.format(home=home)) == []


def test_an_icon_file_that_is_not_there_is_named(home: Path) -> None:
    assert notified(icon="~/neck.png") == [("notify.icon", f'there is no file "{home}/neck.png"')]
