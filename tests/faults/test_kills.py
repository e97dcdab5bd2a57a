"""Killed at any moment, in one boot or many: what was acknowledged is there afterwards, once."""

import json
import shutil
import subprocess
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from support.chance import Chance
from support.helpers import patient
from support.life import Life
from support.wire import Wire

_MOMENT = 5.0  # seconds by which the end of a pause may be off: those between the verb and its answer


class Books:
    """What the daemon must know; of the verb that was under way when it died, either may be true."""

    def __init__(self) -> None:
        self.notes: Counter[str] = Counter()
        self.skipped = 0
        self.paused_until: float | None = None
        self.flared = False
        self.acknowledged = 0
        self._doubt: Callable[[], None] | None = None

    def draw(self, chance: Chance) -> tuple[str, dict[str, object], Callable[[], None]]:
        """A verb, and what is true once it is done."""
        span = 600.0 * chance.randint(1, 200)
        note = uuid.UUID(int=chance.getrandbits(128)).hex
        verbs: list[tuple[str, dict[str, object], Callable[[], None]]] = [
            ("pause", {"duration": span}, lambda: self._pause(time.time() + span)),
            ("resume", {}, lambda: self._pause(None)),
            ("checkin", {"score": chance.randint(0, 10), "note": note}, lambda: self._note(note)),
            ("flare_log", {"score": 4, "note": note}, lambda: self._note(note)),
            ("flare_start", {"severity": 5}, lambda: self._flare(True)),
            ("flare_end", {}, lambda: self._flare(False)),
            ("skip", {"reminder": "posture"}, self._skip),
        ]
        return chance.choice(verbs)

    def take(self, answer: dict[str, Any] | None, effect: Callable[[], None]) -> None:
        """Enter what the answer says of it."""
        if answer is None:
            self._doubt = effect
        elif answer["ok"]:
            effect()
            self.acknowledged += 1

    def compare(self, life: Life) -> None:
        """Hold them against what the daemon tells."""
        found = _told(life)
        if self._doubt and not self._agree(found):
            self._doubt()
        self._doubt = None
        assert self._agree(found), f"expected {vars(self)}, found {found}"

    def _agree(self, found: dict[str, Any]) -> bool:
        until = found["until"]
        ends = until == self.paused_until or (
            None not in (until, self.paused_until) and abs(until - self.paused_until) < patient(_MOMENT)
        )
        mine = {"notes": self.notes, "skipped": self.skipped, "flared": self.flared}
        return ends and mine == {name: found[name] for name in mine}

    def _pause(self, until: float | None) -> None:
        self.paused_until = until

    def _note(self, note: str) -> None:
        self.notes[note] += 1

    def _flare(self, begun: bool) -> None:
        self.flared = begun

    def _skip(self) -> None:
        self.skipped += 1


def _told(life: Life) -> dict[str, Any]:
    with Wire(life.runtime) as wire:
        answer = wire.say("status")
    assert answer is not None
    status = answer["data"]
    history = json.loads(life.ask("export", "--format", "json").out)
    ends = [each["until"] for each in status["holds"] if each["reason"] == "paused"]
    return {
        "until": datetime.fromisoformat(ends[0]).timestamp() if ends else None,
        "flared": status["flare"] is not None,
        "notes": Counter(each["note"] for each in history["entries"] if each["note"]),
        "skipped": sum(each["how"] == "skipped" for each in history["outcomes"]),
    }


def _talk_until_killed(life: Life, books: Books, chance: Chance) -> None:
    """Verb after verb, until the daemon is gone in the midst of one."""
    killer = threading.Timer(chance.uniform(0, 0.4), life.kill)
    with Wire(life.runtime) as wire:
        killer.start()
        answer: dict[str, Any] | None = {}
        while answer is not None:
            command, arguments, effect = books.draw(chance)
            answer = wire.say(command, **arguments)
            books.take(answer, effect)
    killer.join()


def _kill_as_it_starts(life: Life, chance: Chance) -> None:
    life.start()
    time.sleep(chance.uniform(0, 0.5))
    life.kill()


def test_what_was_acknowledged_outlives_a_kill_at_any_moment(life: Life, chance: Chance) -> None:
    books = Books()
    for _ in chance.rounds():
        if chance.one_in(4):
            _kill_as_it_starts(life, chance)
        life.begin()
        books.compare(life)
        _talk_until_killed(life, books, chance)
    life.begin()
    books.compare(life)
    assert books.acknowledged
    assert "Traceback" not in life.text()


def _other_boot(life: Life, chance: Chance) -> list[str]:
    """What, put before the daemon, starts it as if in another boot: its id and the time since are others."""
    boot_id = life.base / "boot_id"
    boot_id.write_text(f"{uuid.UUID(int=chance.getrandbits(128), version=4)}\n")
    shift = round(chance.choice((30 - time.clock_gettime(time.CLOCK_BOOTTIME), chance.uniform(0, 1e6))))
    shutil.rmtree(life.runtime, ignore_errors=True)
    mount = f'mount --bind {boot_id} /proc/sys/kernel/random/boot_id && exec "$@"'
    return ["unshare", "--mount", "--time", f"--boottime={shift}", "sh", "-c", mount, "sh"]


def test_what_was_acknowledged_outlives_power_cuts(life: Life, chance: Chance) -> None:
    tried = subprocess.run([*_other_boot(life, chance), "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"needs clocks and mounts of its own: {tried.stderr}")
    books = Books()
    for _ in chance.rounds():
        life.wrapper = _other_boot(life, chance)
        life.begin()
        books.compare(life)
        _talk_until_killed(life, books, chance)
    life.wrapper = _other_boot(life, chance)
    life.begin()
    books.compare(life)
    assert books.acknowledged
    assert "Traceback" not in life.text()
