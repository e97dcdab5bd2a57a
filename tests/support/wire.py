"""A client at the control socket that is quicker than the program's own, and may behave worse."""

import json
import socket
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from support.helpers import patient


class Wire:
    """One connection to the daemon that lives in this runtime directory."""

    def __init__(self, runtime: Path) -> None:
        self.link = socket.socket(socket.AF_UNIX)
        self.link.settimeout(patient(10))
        try:
            self.link.connect(str(runtime / "control.sock"))
        except OSError:
            self.link.close()
            raise
        self._answers = self.link.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hang_up()

    def say(self, command: str, **arguments: object) -> dict[str, Any] | None:
        """The answer, or None if the daemon was gone before it came."""
        message = {"v": 1, "command": command, **arguments}
        return self.send(json.dumps(message).encode() + b"\n")

    def send(self, line: bytes) -> dict[str, Any] | None:
        """The answer to whatever this is."""
        try:
            self.link.sendall(line)
            answer = self._answers.readline()
        except (BrokenPipeError, ConnectionResetError):
            return None
        if not answer.endswith(b"\n"):
            return None
        told: dict[str, Any] = json.loads(answer)
        return told

    def hang_up(self) -> None:
        self._answers.close()
        self.link.close()
