"""`neckguard posture`."""

import json
from pathlib import Path

import pytest

from neckguard.cli import main
from neckguard.content import loader
from neckguard.core.codec import to_plain
from neckguard.core.plan import Answers
from neckguard.storage.health import save_answers

ALL = [each for each in loader.load_postures() if not each.only_for]


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("NECKGUARD_CONFIG", raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "neckguard").mkdir()
    return tmp_path / "neckguard" / "config.toml"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main.main(["posture", *words]) == 0
    return capsys.readouterr().out


def items(shown: str) -> list[str]:
    flat = shown.replace("\n    ", " ")
    return [line[4:] for line in flat.splitlines() if line.startswith("  * ")]


def test_the_checklist_has_what_to_do_first_and_then_the_desk(capsys: pytest.CaptureFixture[str]) -> None:
    shown = said(capsys)
    ordered = [each.text for sort in ("shift", "setup") for each in ALL if each.sort == sort]
    assert items(shown) == ordered
    assert [line for line in shown.splitlines() if line in ("Now and then", "Your desk")] == [
        "Now and then",
        "Your desk",
    ]
    assert "not medical advice" in shown


def test_what_the_settings_leave_out_is_left_out(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.write_text('[posture]\navoid = ["varifocals", "sit-back"]\n')
    assert len(items(said(capsys))) == len(ALL) - 2
    found = json.loads(said(capsys, "--json"))
    expected = [each for each in ALL if each.id not in ("varifocals", "sit-back")]
    assert found == {"postures": to_plain(expected)}


def test_forty_columns_are_enough(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert max(map(len, said(capsys).splitlines())) <= 40


def test_broken_settings_are_no_obstacle(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.write_text("[posture\n")
    assert main.main(["posture"]) == 0
    shown = capsys.readouterr()
    assert len(items(shown.out)) == len(ALL)
    assert shown.err == "neckguard: the settings have a mistake; see: neckguard config check\n"


def test_what_a_need_rules_out_is_left_out_and_what_suits_it_comes(
    monkeypatch: pytest.MonkeyPatch, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(home.parent))
    save_answers(str(home.parent / "neckguard"), Answers(needs=("seated", "magnifier")))
    shown = said(capsys)
    assert "standing" not in shown
    assert "Try a nearer screen or larger text" in shown
