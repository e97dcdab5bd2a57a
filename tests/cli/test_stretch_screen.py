"""How the screen of a session looks, in 80 columns and in 40, tall and short."""

import io

import pytest
from rich.console import Console

from neckguard.cli.stretch.screen import StretchScreen, _Page
from neckguard.cli.stretch.session import Session, cues
from neckguard.content import loader
from neckguard.core import Ease

BY_ID = {each.id: each for each in loader.load_stretches()}

NARROW = """\
 Head turn
 Left side, 1 of 5

 Turn your head slowly to the left.
 Hold.

   ████
   █
   ████
   █  █
   ████

 ━╸                     1 min 24 s left

 Only as far as is comfortable. Stop if
 anything hurts.

 space pause   n next   q quit
"""
SHORT = """\
 Head turn
 Paused
 Turn your head slowly to the left. Hold.
 6 s
 ━━━                                        1 min 24 s left
 Only as far as is comfortable. Stop if anything hurts.
 space go on   n next   q quit
"""


def page(monkeypatch: pytest.MonkeyPatch, session: Session, columns: int, rows: int, name: str) -> str:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("LINES", str(rows))
    stretch = BY_ID[name]
    screen = StretchScreen(stretch.name, (), stretch.safety)
    out = Console(width=columns, height=rows, file=io.StringIO(), color_system=None)
    with out.capture() as shown:
        out.print(_Page(screen._page(session)))
    return "".join(f"{line.rstrip()}\n" for line in shown.get().splitlines())


def test_forty_columns_hold_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(cues(BY_ID["head-turn"], Ease.NONE))
    session.next()
    session.next()
    session.pass_time(1.5)
    assert page(monkeypatch, session, 40, 24, "head-turn") == NARROW


def test_a_short_terminal_has_small_digits_and_no_blank_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(cues(BY_ID["head-turn"], Ease.NONE))
    session.next()
    session.next()
    session.pass_time(1.5)
    session.go_on()
    assert page(monkeypatch, session, 80, 10, "head-turn") == SHORT


@pytest.mark.parametrize("name", BY_ID)
@pytest.mark.parametrize(("columns", "rows"), [(40, 24), (80, 24), (40, 12)])
def test_every_step_fits_with_its_keys_and_nothing_jumps(
    monkeypatch: pytest.MonkeyPatch, name: str, columns: int, rows: int
) -> None:
    session = Session(cues(BY_ID[name], Ease.NONE))
    session.next()
    heights = set()
    while not session.over:
        lines = page(monkeypatch, session, columns, rows, name).splitlines()
        assert len(lines) <= rows
        assert max(map(len, lines)) <= columns
        assert "Stop if anything hurts." in " ".join(line.strip() for line in lines)
        heights.add(len(lines))
        session.next()
    assert len(heights) == 1
