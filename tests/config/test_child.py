"""The short-lived child: one JSON object, whatever the file holds."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.helpers import patient

from neckguard.config import __main__ as child
from neckguard.config import check as check_module
from neckguard.core.codec import from_plain
from neckguard.core.plan import Plan, Problem

BASE = {name: value for name, value in os.environ.items() if not name.startswith("NECKGUARD_")}


def ask(*arguments: str, **variables: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "neckguard.config", *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, env=BASE | variables, timeout=patient(60), check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    answer: dict[str, Any] = json.loads(done.stdout)
    assert list(answer) == ["plan", "problems", "notes"]
    return answer


def test_a_valid_file_gives_the_plan_and_what_may_not_be_meant(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[quiet]\nsettle = "0s"\n[stretches]\navoid = ["wrist"]\n')
    answer = ask(str(path), NECKGUARD_PAUSE__DEFAULT="5m")
    plan = from_plain(Plan, answer["plan"])
    assert (plan.quiet.settle, plan.pause_default) == (0.0, 300.0)
    assert answer["problems"] == []
    (note,) = from_plain(tuple[Problem, ...], answer["notes"])
    assert (note.line, note.key, note.severity) == (4, "stretches.avoid", "note")


def test_a_wrong_file_gives_its_problems(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[log]\nlevel = "é"\n', encoding="utf-8")
    answer = ask(str(path), NECKGUARD_LOG__LEVL="info", LC_ALL="C")
    hint = "is no setting of neckguard; did you mean NECKGUARD_LOG__LEVEL?"
    assert answer["plan"] is None
    assert from_plain(tuple[Problem, ...], answer["problems"]) == (
        Problem(str(path), 2, "log.level", '"é" is not allowed (allowed: debug, info, warning, error)'),
        Problem("environment", 0, "NECKGUARD_LOG__LEVL", hint),
    )


def test_a_missing_file_is_a_problem_only_when_it_was_named(tmp_path: Path) -> None:
    path = str(tmp_path / "none.toml")
    assert ask(path)["problems"] == []
    assert ask(path, "--explicit")["plan"] is None


def test_a_fault_of_ours_is_an_answer_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("oh")

    message = "neckguard failed to read its settings (ZeroDivisionError: oh); please report this"
    monkeypatch.setattr(check_module, "check", broken)
    monkeypatch.setenv("PYDANTIC_DISABLE_PLUGINS", "")
    assert child.answer("config.toml", explicit=False) == {
        "plan": None,
        "problems": [
            {
                "file": "config.toml",
                "line": 0,
                "key": "",
                "message": message,
                "severity": "problem",
            }
        ],
        "notes": [],
    }


def test_a_wrong_call_says_how(capsys: pytest.CaptureFixture[str]) -> None:
    assert child.main([]) == 2
    assert "usage" in capsys.readouterr().err


def test_it_imports_nothing_it_does_not_need(tmp_path: Path) -> None:
    program = (
        "import sys; from neckguard.config.__main__ import main; main(sys.argv[1:]);"
        "unneeded = {'asyncio.events', 'ssl', '_hashlib', 'jeepney', 'plyer', 'schedule', 'sqlite3', 'yaml'};"
        "unneeded |= {'requests', 'neckguard.content.loader', 'neckguard.core.engine'};"
        "print(sorted(unneeded & set(sys.modules)), file=sys.stderr)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "none.toml")]
    assert subprocess.run(command, capture_output=True, text=True, check=True, env=BASE).stderr == "[]\n"
