"""The installed program and a real dunst: a person chooses in its menu."""

import asyncio

import pytest
from support.dunst_helpers import Dunst
from support.helpers import wait_until
from support.life import Life

SETTINGS = """
[reminders.{name}]
every = "5s"
expire_after = "1h"
[quiet]
settle = "0s"
"""


@pytest.mark.parametrize(
    ("name", "action", "expected"),
    [
        ("posture", "done", ("done", "counting", 5.0)),
        ("posture", "skip", ("skipped", "counting", 5.0)),  # Not now
        ("stretch", "snooze", ("snoozed", "snoozed", 300.0)),  # In 5 min
    ],
)
def test_a_button_of_a_prompt_every_five_seconds_has_its_effect(
    life: Life, dunst: Dunst, name: str, action: str, expected: tuple[str, str, float]
) -> None:
    outcome, state, due_in = expected
    life.begin(SETTINGS.format(name=name))
    assert wait_until(lambda: life.status()["prompt"])["reminder"] == name
    asyncio.run(dunst.choose(action))
    wait_until(lambda: f"{name}: {outcome}" in life.ask("why", name).out)
    answered = life.reminder(name)
    assert (answered["state"], answered["owed"]) == (state, False)
    assert due_in - 4 < answered["due_in"] <= due_in
