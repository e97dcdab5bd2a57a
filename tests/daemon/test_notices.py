"""What neckguard itself has to say, on a card that some servers cut after a few lines."""

import pytest

from neckguard.core.plan import Problem
from neckguard.daemon.notices import config_card

UNKNOWN = 'unknown key (its value is "20m"); did you mean every?'
LIST = " (allowed here: at, daily, days, duration, enabled, every)"
HOME_FILE = "/home/anna/.config/neckguard/config.toml"


@pytest.mark.parametrize(
    ("problem", "lines"),
    [
        (
            Problem(HOME_FILE, 12, "reminders.posture.evry", UNKNOWN + LIST),
            (f"reminders.posture.evry: {UNKNOWN}", "In ~/.config/neckguard/config.toml, line 12"),
        ),
        (
            Problem("/etc/neckguard.toml", 0, "", "cannot be read"),
            ("cannot be read", "In /etc/neckguard.toml"),
        ),
        (Problem("/home/annabel/x.toml", 1, "", "no TOML"), ("no TOML", "In /home/annabel/x.toml, line 1")),
    ],
)
def test_of_broken_settings_the_mistake_and_what_was_meant_come_first(
    problem: Problem, lines: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/anna")
    stays = "The last good settings stay in force."
    assert config_card((problem,), built_in=False).lines == (*lines, stays)
    more = "1 more; see: neckguard config check"
    assert config_card((problem, problem), built_in=False).lines == (*lines, more, stays)
