"""Books on what a daemon has acknowledged, held against what it tells in its next life."""

import json
import subprocess
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from support.chance import Chance
from support.command import PROGRAM
from support.helpers import patient
from support.life import Life
from support.wire import Wire

_MOMENT = 5.0  # seconds by which the end of a pause may be off: those between the verb and its answer


@dataclass(frozen=True)
class Memory:
    """What a daemon knows of what it was told."""

    paused_until: float | None = None
    flared: bool = False
    notes: frozenset[str] = frozenset()
    skipped: int = 0

    def same_state(self, other: "Memory") -> bool:
        """But for rows of the history."""
        ends = self.paused_until, other.paused_until
        if None in ends:
            return ends == (None, None) and self.flared == other.flared
        return abs(ends[0] - ends[1]) < patient(_MOMENT) and self.flared == other.flared  # type: ignore[operator]

    def holds_rows_of(self, other: "Memory") -> bool:
        return self.notes >= other.notes and self.skipped >= other.skipped


class Books:
    """What it must know for sure, and what has come since that it need not have saved."""

    def __init__(self) -> None:
        self.acknowledged = 0
        self._possible = [Memory()]

    def say_something(self, wire: Wire, chance: Chance) -> bool:
        """Say a verb, and enter what was answered; whether anything was."""
        command, arguments, effect = _draw(chance)
        answer = wire.say(command, **arguments)
        before = self._possible[-1]
        after = effect(before)
        if answer is None or "unsaved" in answer["data"]:
            self._possible.append(after)
        elif answer["ok"] and after != before:  # what changes nothing says nothing of what was not saved
            self._possible = [after]
            self.acknowledged += 1
        return answer is not None

    def compare(self, life: Life) -> None:
        """Hold them against what the daemon tells now."""
        found = _told(life)
        assert any(found.same_state(each) for each in self._possible), (found, self._possible)
        assert found.holds_rows_of(self._possible[0]), (found, self._possible)
        assert self._possible[-1].holds_rows_of(found), (found, self._possible)
        self._possible = [found]


def _draw(chance: Chance) -> tuple[str, dict[str, object], Callable[[Memory], Memory]]:
    """A verb, and what it makes of what is known."""
    span = 600.0 * chance.randint(1, 200)
    note = uuid.UUID(int=chance.getrandbits(128)).hex
    verbs: tuple[tuple[str, dict[str, object], Callable[[Memory], Memory]], ...] = (
        ("pause", {"duration": span}, lambda known: replace(known, paused_until=time.time() + span)),
        ("resume", {}, lambda known: replace(known, paused_until=None)),
        ("flare_start", {"severity": 5}, lambda known: replace(known, flared=True)),
        ("flare_end", {}, lambda known: replace(known, flared=False)),
        ("flare_log", {"score": 4, "note": note}, lambda known: replace(known, notes=known.notes | {note})),
        ("checkin", {"score": 3, "note": note}, lambda known: replace(known, notes=known.notes | {note})),
        ("skip", {"reminder": "posture"}, lambda known: replace(known, skipped=known.skipped + 1)),
    )
    return chance.choice(verbs)


def _told(life: Life) -> Memory:
    with Wire(life.runtime) as wire:
        answer: Any = wire.say("status")
    ends = [each["until"] for each in answer["data"]["holds"] if each["reason"] == "paused"]
    history = json.loads(_export(life))
    notes = [each["note"] for each in history["entries"] if each["note"]]
    assert len(notes) == len(set(notes)), "a row came twice"
    return Memory(
        paused_until=datetime.fromisoformat(ends[0]).timestamp() if ends else None,
        flared=answer["data"]["flare"] is not None,
        notes=frozenset(notes),
        skipped=sum(each["how"] == "skipped" for each in history["outcomes"]),
    )


def _export(life: Life) -> str:
    """As the daemon sees its files."""
    command = [*life.wrapper, str(PROGRAM), "export", "--format", "json"]
    done = subprocess.run(command, env=life.env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
