"""Nonsense in each place where the program reads: it never dies of it, and says what is wrong."""

import json
import random
import string
from dataclasses import fields
from pathlib import Path
from typing import Any

from support.chance import Chance
from support.helpers import wait_until
from support.life import Life
from support.wire import Wire

from neckguard.core import verbs

_EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
_TAKES = {command: [each.name for each in fields(verb)] for command, verb in verbs.COMMANDS.items()}
_COMMANDS = (*_TAKES, "status", "why", "state", "suggest", "reload", "follow me", "")


def _strange(chance: random.Random, depth: int = 0) -> Any:
    """A JSON value that nobody would expect."""
    extremes: tuple[Any, ...] = (
        *(None, True, False, 0, -1, 1e308, -1e308, 10**400, 2**63, float("nan"), float("inf"), 0.1),
        *("", " ", "\0", "\ud800", "\u202e", "posture", "14:30", "x" * 3000, "9999-12-31 23:59", "tomorrow"),
    )
    if depth > 2 or chance.random() < 0.7:
        return chance.choice(extremes)
    inside = [_strange(chance, depth + 1) for _ in range(chance.randint(0, 3))]
    return chance.choice((inside, {"duration": inside}))


def test_nonsense_on_the_socket_is_answered_and_harms_nobody(life: Life, chance: Chance) -> None:
    life.begin()
    for _ in chance.rounds():
        with Wire(life.runtime) as wire:
            for _ in range(50):
                command = chance.choice(_COMMANDS)
                names = [name for name in _TAKES.get(command, ["reminder"]) if chance.one_in(2)]
                strange = {name: _strange(chance) for name in names}
                line = bytearray(json.dumps({"v": 1, "command": command} | strange).encode())
                if chance.one_in(4):
                    line[chance.randrange(len(line))] = chance.choice(b'\x00\x80\xff{}[]"\\:,0')
                answer = wire.send(bytes(line) + b"\n")
                assert answer is not None, line
                assert "failed at this" not in str(answer.get("error")), line
    assert life.ask("pause", "1h").code == 0
    assert "Traceback" not in life.text()


def _bent(value: Any, chance: Chance) -> Any:
    """The same state, but for one place in it."""
    if not isinstance(value, dict | list) or not value or chance.one_in(6):
        return _strange(chance)
    if isinstance(value, list):
        place = chance.randrange(len(value))
        return [*value[:place], _bent(value[place], chance), *value[place + 1 :]]
    key = chance.choice(sorted(value))
    if chance.one_in(8):
        return {name: each for name, each in value.items() if name != key}
    return value | {key: _bent(value[key], chance)}


def test_a_state_of_any_shape_is_gone_on_from_or_set_aside(life: Life, chance: Chance) -> None:
    life.begin()
    for words in (["flare", "start"], ["checkin", "3"], ["snooze"], ["pause", "2h", "--reason", "lunch"]):
        life.ask(*words)
    life.kill()
    file = life.state / "state.json"
    sound = json.loads(file.read_text())
    for _ in chance.rounds():
        bent = json.dumps(_bent(sound, chance))
        file.write_text(bent if chance.one_in(2) else bent[: chance.randrange(len(bent))])
        with _come_up(life) as wire:
            answer = wire.say("pause", duration=3600)
        assert answer, bent
        assert answer["ok"], bent
        life.kill()
        json.loads(file.read_text())
    assert "Traceback" not in life.text()


def _come_up(life: Life) -> Wire:
    """Start it; a connection to it, as soon as it listens."""
    process = life.start()

    def connected() -> Wire | None:
        assert process.poll() is None, (life.state / "state.json").read_text()
        try:
            return Wire(life.runtime)
        except OSError:
            return None

    wire = wait_until(connected)
    assert wire is not None
    return wire


def _misspelt(text: str, chance: Chance) -> str:
    """The settings, but for some mistakes."""
    lines = text.splitlines(keepends=True)
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(lines))
        line = lines[place]
        at = chance.randrange(len(line))
        lines[place] = chance.choice(
            (
                line[:at] + chance.choice(string.printable + "\0é\u202e") + line[at + 1 :],
                line[:at],
                line * 2,
                line.replace('"', "", 1),
                line.partition("=")[0] + f"= {json.dumps(_strange(chance))}\n",
                line.lstrip("#"),
                "",
            )
        )
    return "".join(lines)


def test_settings_with_any_mistake_are_explained_and_change_nothing(life: Life, chance: Chance) -> None:
    sound = _EXAMPLE.read_text()
    good = sound.replace('every = "20m"', 'every = "17m"', 1)
    life.begin(good)
    for _ in chance.rounds():
        life.save(good)
        assert life.ask("reload").code == 0
        life.config.write_text(_misspelt(good, chance), encoding="utf-8", errors="surrogatepass")
        checked, reloaded = life.ask("config", "check"), life.ask("reload")
        assert checked.code == reloaded.code, (checked, reloaded)
        assert "Traceback" not in checked.out + checked.err + reloaded.err
        if checked.code:
            assert "config.toml" in checked.out + checked.err
            assert life.reminder("posture")["every"] == 17 * 60
    assert "Traceback" not in life.text()
