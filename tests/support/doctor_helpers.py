"""Somebody who runs `neckguard doctor` on a desktop whose parts the test decides on."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.command import Outcome, neckguard
from support.helpers import wait_until
from support.life import Life
from support.notification_helpers import FakeServer

TITLE = "This is a test from neckguard doctor"


@dataclass
class Person:
    """Somebody named nora with a home, and only those programs that the test gives her."""

    life: Life
    bin: Path
    env: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        kept = {name: value for name, value in self.life.env.items() if "DISPLAY" not in name}
        mine = {"PATH": str(self.bin), "USER": "nora", "LOGNAME": "nora", "COLUMNS": "80"}
        self.env = {
            **kept,
            **mine,
            "NO_COLOR": "",
            "XDG_CURRENT_DESKTOP": "sway",
            "XDG_SESSION_TYPE": "wayland",
        }

    def has(self, program: str, script: str) -> None:
        (self.bin / program).write_text(f"#!/bin/sh\n{script}\n")
        (self.bin / program).chmod(0o755)

    def doctor(self, *words: str, **extra: str) -> Outcome:
        return neckguard("doctor", *words, env=self.env | extra)

    def findings(self, *words: str, **extra: str) -> list[dict[str, str]]:
        """Those of `doctor --json`."""
        said = self.doctor("--json", *words, **extra)
        assert said.err == ""
        found: dict[str, Any] = json.loads(said.out)
        assert said.code == (0 if found["ok"] else 1)
        listed: list[dict[str, str]] = found["findings"]
        return listed

    def levels(self, *words: str, **extra: str) -> list[tuple[str, str]]:
        """Name and level of each finding."""
        return [(each["name"], each["level"]) for each in self.findings(*words, **extra)]

    def about(self, name: str, *words: str, **extra: str) -> list[tuple[str, str, str]]:
        """Level, text and remedy of the findings of one name."""
        found = self.findings(*words, **extra)
        return [(each["level"], each["text"], each["remedy"]) for each in found if each["name"] == name]


def once_shown(server: FakeServer, react: Callable[[], object]) -> None:
    """As soon as the server has been handed the test prompt, and a moment has passed."""

    def wait() -> None:
        wait_until(lambda: TITLE in server.titles, 30)
        time.sleep(1.5)  # a person needs longer than what counts as at once
        react()

    threading.Thread(target=wait, daemon=True).start()
