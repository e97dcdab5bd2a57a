"""What the icon and its menu show, with the real engine in virtual time."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from support.virtual import Desk

from neckguard.core import Problem, QuietReason, verbs
from neckguard.core.events import AwayBegan, QuietChanged
from neckguard.core.model import Away
from neckguard.daemon.tray import TrayDesk
from neckguard.desktop.tray.item import Look


def tray(desk: Desk, problem: str = "", *, limit: bool = False) -> tuple[TrayDesk, Any]:
    """The icon's answers about this desk, and the daemon that they are of."""
    outside = SimpleNamespace(status=lambda: {"notify": {"problem": problem, "limit": limit}, "other": {}})
    daemon: Any = SimpleNamespace(
        engine=desk.engine,
        config=SimpleNamespace(problems=(), path="/x"),
        outside=outside,
        busy=False,
        wake=lambda: None,
    )
    return TrayDesk(daemon), daemon


def labels(desk: Desk) -> list[str]:
    return [entry.label for entry in tray(desk)[0].draw()]


def test_each_state_has_its_shape_and_words() -> None:
    desk = Desk()
    assert tray(desk)[0].look() == Look("", "Next: posture about 09:20")
    broken = "the server is gone"
    assert tray(desk, broken)[0].look() == Look(
        "problem", "Next: posture about 09:20\nProblem: notify: the server is gone"
    )
    assert tray(desk, broken, limit=True)[0].look() == replace(tray(desk, broken)[0].look(), shape="")
    desk.do(QuietChanged(QuietReason.DND, "do not disturb"))
    assert tray(desk)[0].look() == Look("quiet", "Next: posture about 09:20\nQuiet: do not disturb")
    desk.do(verbs.Pause(1800.0))
    assert tray(desk, broken)[0].look().shape == "paused"
    assert tray(desk)[0].look().words == "Paused until 09:30"


def test_long_lines_are_cut_in_the_menu_alone() -> None:
    face, _ = tray(Desk(), "x" * 100)
    line = face.draw()[1].label
    assert (len(line), line[-1]) == (60, "…")
    assert face.look().words.endswith("x" * 100)


def test_a_mistake_in_the_settings_is_told_before_the_line_is_cut() -> None:
    face, daemon = tray(Desk())
    words = 'unknown key; did you mean "every"? (allowed here: at, every, title)'
    daemon.config.problems = (
        Problem("/home/ann/.config/neckguard/config.toml", 11, "reminders.posture.evry", words),
        Problem("/x", 0, "", "not found"),
    )
    told = ('reminders.posture.evry: unknown key; did you mean "every"?', "not found")
    assert face.look().words.splitlines()[1:] == [f"Problem: {each}" for each in told]


def test_the_menu_says_how_long_the_day_was_until_now() -> None:
    desk = Desk().pass_time(1500.0)
    assert "25 min at the screen today" in labels(desk)


def about_breaks(desk: Desk) -> dict[str, Any]:
    """What the menu says of breaks, each thing once, and what a click on it does."""
    entries = [entry for entry in tray(desk)[0].draw() if "reak" in entry.label]
    assert len({entry.label for entry in entries}) == len(entries)
    return {entry.label: entry.choice for entry in entries}


def test_a_break_is_offered_as_long_as_it_is_and_longer() -> None:
    desk = Desk()
    longer = about_breaks(desk)["Break now: 15 min"]
    assert about_breaks(desk) == {"Break now": verbs.Now("break"), "Break now: 15 min": longer}
    desk.do(longer)
    desk.do(verbs.Start())
    assert "Break until 09:15" in about_breaks(desk)


def test_a_break_that_is_taken_is_not_offered_again_but_its_end_is() -> None:
    desk = Desk()
    desk.do(verbs.Now("break"))
    desk.do(verbs.Start())
    end = about_breaks(desk)["End the break"]
    assert about_breaks(desk) == {"Break until 09:05": None, "End the break": end}
    desk.do(verbs.Pause(60.0))
    assert about_breaks(desk) == {"Break until 09:05": None, "End the break": end}
    desk.do(verbs.Resume())
    desk.took()
    desk.do(end)
    assert desk.took() == ["09:00:00 break break_end"]
    assert "Break now" in about_breaks(desk)


def test_a_break_that_is_over_before_anybody_is_back_is_no_more_in_the_menu() -> None:
    desk = Desk()
    desk.do(verbs.Now("break"))
    desk.do(verbs.Start())
    desk.do(AwayBegan(Away.LOCKED))
    assert "Break now" in about_breaks(desk.pass_time(301.0))
    assert desk.engine.world.breaks.taken


def test_the_end_of_a_break_is_not_offered_where_the_answer_would_be_to_something_else() -> None:
    desk = Desk()
    desk.do(verbs.Timer("cold"))
    desk.pass_time(540.0).do(verbs.Now("break"))
    desk.do(verbs.Start())
    desk.do(verbs.Now("posture"))
    assert about_breaks(desk) == {"Break until 09:14": None}
    desk.do(verbs.Done())
    assert "End the break" in about_breaks(desk)
    desk.pass_time(60.0)
    assert desk.engine.rules.timers.ringing
    assert about_breaks(desk) == {"Break until 09:14": None}


@pytest.mark.parametrize("kind", ["cold", "heat"])
def test_the_end_of_a_pack_can_be_said(kind: str) -> None:
    desk = Desk()
    assert [label for label in labels(desk) if "pack" in label] == []
    desk.do(verbs.Timer(kind))
    assert f"The {kind} pack is off" in labels(desk)


def test_the_day_of_a_flare_up_is_named() -> None:
    desk = Desk()
    assert "Flare-up…" in labels(desk)
    desk.do(verbs.FlareStart(5))
    assert "Flare-up, day 1…" in labels(desk)
