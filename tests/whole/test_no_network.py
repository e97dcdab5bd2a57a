"""Nothing leaves the machine: the sockets that the program, and all that it starts, ask the kernel for."""

import re
import subprocess
from pathlib import Path

from support.command import PROGRAM
from support.helpers import need, patient, wait_until
from support.life import QUICK, Life
from support.notification_helpers import Desk

_SOCKET = re.compile(r"\bsocket(?:pair)?\((\w+)")
_HOOK = '[hooks]\non_outcome = ["true"]\n'


def watched(said: Path, *options: str) -> list[str]:
    """What goes before a command whose sockets are to be written down, with those of its children."""
    need("strace")
    return ["strace", *options, "-f", "-qq", "-e", "trace=socket,socketpair,execve", "-o", str(said)]


def families(said: Path) -> set[str]:
    return set(_SOCKET.findall(said.read_text()))


def test_the_daemon_and_its_children_open_no_socket_but_unix_ones(
    life: Life, desk: Desk, tmp_path: Path
) -> None:
    said = tmp_path / "daemon"
    life.wrapper = watched(said, "-D")  # beside the daemon, which ends as ever
    desk.server()
    life.begin(QUICK)
    wait_until(lambda: life.status()["prompt"])
    life.save(QUICK.replace("1s", "30m") + _HOOK)
    wait_until(lambda: life.reminder("posture")["every"] == 1800.0)
    assert life.ask("skip", "posture").code == 0
    wait_until(lambda: "true" in said.read_text().split('execve("')[-1])
    assert life.end() == 0
    assert '"neckguard.config"' in said.read_text(), "the settings were not read by a child"
    assert families(said) == {"AF_UNIX"}


def test_nor_does_the_command_line(life: Life, tmp_path: Path) -> None:
    life.begin()
    for words in ("pause 1h", "report --output {home}/page.html", "doctor --no-prompt"):
        said = tmp_path / words.split()[0]
        command = [*watched(said), str(PROGRAM), *words.format(home=life.base).split()]
        subprocess.run(command, env=life.env, capture_output=True, timeout=patient(60), check=False)
        assert str(PROGRAM) in said.read_text()
        assert families(said) <= {"AF_UNIX"}, words
    assert families(tmp_path / "pause") == {"AF_UNIX"}
