"""`neckguard stretch --list --open`: one page of all movements, with pictures."""

import base64
import re
from pathlib import Path

import pytest
from support.command import neckguard, nowhere

from neckguard.content import loader

STRETCHES = loader.load_stretches()


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return nowhere(tmp_path) | {"XDG_STATE_HOME": str(tmp_path / "state")}


def test_the_page_has_every_movement_with_its_words_dose_safety_and_source(
    env: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "moves.html"
    shown = neckguard("stretch", "--list", "--output", str(file), env=env)
    assert (shown.code, shown.out, shown.err) == (0, f"The page of all movements is in {file}\n", "")
    page = file.read_text(encoding="utf-8")
    cards = dict(re.findall(r'<article id="([a-z-]+)" class="movement">(.*?)</article>', page))
    assert set(cards) == {each.id for each in STRETCHES}
    for each in STRETCHES:
        card = cards[each.id].replace("&#x27;", "'").replace("&quot;", '"')
        dose = "at most" if each.until_tired else "in all"
        for needed in (each.name, each.safety, each.source, f"neckguard stretch {each.id}", dose):
            assert needed in card
    assert "The health questions are not answered yet" in cards["levator"]
    assert "Not for now" not in cards["chin-tuck"]
    assert loader.disclaimer() in page


def test_its_pictures_are_in_the_page_itself_and_it_asks_for_nothing(
    env: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "moves.html"
    neckguard("stretch", "--list", "--output", str(file), env=env)
    page = file.read_text(encoding="utf-8")
    pictures = re.findall(
        r'<img src="data:image/svg\+xml;base64,([^"]+)" width="132" height="132" alt="">', page
    )
    assert len(pictures) == len(STRETCHES) - 2
    assert all(base64.b64decode(each).startswith(b"<svg ") for each in pictures)
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page.replace("&#x27;", "'")


def test_every_short_name_of_a_source_is_explained_on_the_page(env: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "moves.html"
    neckguard("stretch", "--list", "--output", str(file), env=env)
    explained = re.findall(r'<th scope="row">([^<]+)</th>', file.read_text(encoding="utf-8"))
    assert "PC" in explained
    assert len(explained) == len(loader.load_sources())


def test_open_shows_it_in_the_browser(env: dict[str, str], tmp_path: Path) -> None:
    opener = tmp_path / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/opened\n')
    opener.chmod(0o755)
    there = {**env, "PATH": f"{opener.parent}:{env['PATH']}"}
    shown = neckguard("stretch", "--list", "--open", env=there, cwd=tmp_path)
    page = tmp_path / "neckguard-movements.html"
    assert shown.out == f"The page of all movements is in {page}\n"
    assert (tmp_path / "opened").read_text() == f"{page}\n"
    assert page.stat().st_mode & 0o777 == 0o600


def test_what_is_no_page_of_ours_is_left_alone(env: dict[str, str], tmp_path: Path) -> None:
    diary = tmp_path / "diary.html"
    diary.write_text("Dear diary")
    shown = neckguard("stretch", "--list", "--output", str(diary), env=env)
    assert (shown.code, diary.read_text()) == (1, "Dear diary")
    assert "is there and no page of neckguard; name another file with --output" in shown.err


def test_a_page_belongs_to_the_list(env: dict[str, str]) -> None:
    shown = neckguard("stretch", "--open", env=env)
    assert shown.code == 2
    assert "--open and --output belong to --list" in shown.err
