"""What is kept of the answers about health, and what becomes of a file that is not ours."""

import logging
import os
import stat
from pathlib import Path

import pytest

from neckguard.core.plan import Answers
from neckguard.errors import NeckguardError
from neckguard.storage.health import load_answers, save_answers

SAID = Answers(("heart", "osteoporosis"), ("wheelchair",), stable_chair=True)


def test_nothing_was_answered_before_the_first_time(tmp_path: Path) -> None:
    assert load_answers(str(tmp_path / "neckguard")) is None


@pytest.mark.parametrize("answers", [SAID, Answers()])
def test_answers_come_back_as_they_were_given(tmp_path: Path, answers: Answers) -> None:
    save_answers(str(tmp_path), Answers(("cancer",)))
    save_answers(str(tmp_path), answers)
    assert load_answers(str(tmp_path)) == answers


def test_answers_to_the_first_questions_hold_but_for_the_chair_whose_back_was_not_asked_about(
    tmp_path: Path,
) -> None:
    old = b'{"version": 1, "answers": {"conditions": ["heart"], "stable_chair": true}}'
    (tmp_path / "health.json").write_bytes(old)
    assert load_answers(str(tmp_path)) == Answers(("heart",), needs=None, stable_chair=False)


def test_only_the_person_can_read_them(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        save_answers(str(tmp_path / "neckguard"), SAID)
    finally:
        os.umask(before)
    file = tmp_path / "neckguard" / "health.json"
    assert [stat.S_IMODE(path.stat().st_mode) for path in (file, file.parent)] == [0o600, 0o700]
    assert [path.name for path in file.parent.iterdir()] == ["health.json"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not JSON"),
        (b'{"version": 1, "answ', "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[]", "not the answers to our questions"),
        (b'{"version": true, "answers": {}}', "not the answers to our questions"),
        (b'{"version": 3, "answers": {}}', "of a newer neckguard"),
        (b'{"version": 0, "answers": {}}', "not the answers to our questions"),
        (b'{"version": 1}', "not the answers to our questions"),
        (b'{"version": 1, "answers": {"conditions": "heart"}}', "not the answers to our questions"),
        (b'{"version": 1, "answers": {"stable_chair": 1}}', "not the answers to our questions"),
        (b'{"version": 1, "answers": {"conditions": [], "mood": 3}}', "not the answers to our questions"),
        (b" " * 70_000, "far too large"),
    ],
)
def test_what_cannot_be_read_is_as_if_nothing_was_answered_and_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes, reason: str
) -> None:
    file = tmp_path / "health.json"
    file.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert [load_answers(str(tmp_path)) for _ in range(3)] == [None] * 3
    assert caplog.messages == [
        f"{file} is unusable ({reason}). To answer again: neckguard stretch --questions"
    ]
    assert file.read_bytes() == content


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_neither_hangs_nor_crashes(tmp_path: Path, make: "type[Path]") -> None:
    make(tmp_path / "health.json")
    assert load_answers(str(tmp_path)) is None


def test_answers_that_cannot_be_written_are_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "health.json").mkdir()
    with pytest.raises(NeckguardError, match=r"health\.json cannot be written"):
        save_answers(str(tmp_path), SAID)
    assert [path.name for path in tmp_path.iterdir()] == ["health.json"]
