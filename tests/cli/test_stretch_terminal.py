"""`neckguard stretch` in a real terminal: keys, the screen taken over and given back, bells and colour."""

import re
import signal

import pytest
from support.terminal import Home, Terminal

from neckguard.control.protocol import Request

TAKEN, GIVEN_BACK = "\x1b[?1049h", "\x1b[?1049l"
GOODBYE = "Ended here, which is fine. If it hurt, put it away: neckguard hurt seated-twist\r\n"
BEGIN = "Press space to begin, q to leave."


def test_a_whole_session_is_shown_rung_and_told(known: Home) -> None:
    terminal = known.open("stretch", pace=60)
    terminal.until("Stop if anything hurts.")
    terminal.until(BEGIN)
    terminal.type(" ")
    assert terminal.end() == 0
    assert terminal.shown.count("\a") == 6
    assert terminal.shown.endswith("Counted.\r\n")
    assert terminal.shown.index(TAKEN) < terminal.shown.index(GIVEN_BACK) < terminal.shown.index("Counted.")
    assert terminal.restored
    assert known.daemon.requests == [Request("suggest", {}), Request("stretched", {"id": "seated-twist"})]


@pytest.mark.parametrize("size", [(40, 24), (40, 8), (20, 5)])
def test_no_terminal_is_too_small(known: Home, size: tuple[int, int]) -> None:
    terminal = known.open("stretch", size=size, pace=60)
    terminal.until("begin,")
    terminal.type(" ")
    assert terminal.end() == 0
    assert terminal.restored


@pytest.mark.parametrize(("key", "code"), [("q", 0), ("\x04", 0), ("\x03", 130), ("SIGTERM", 130)])
@pytest.mark.parametrize("begun", [False, True])
def test_ending_it_gives_the_terminal_back_with_a_friendly_word(
    known: Home, key: str, code: int, begun: bool
) -> None:
    terminal = known.open("stretch")
    terminal.until(BEGIN)
    if begun:
        terminal.type(" ")
        terminal.until("Get ready")
    if key == "SIGTERM":
        terminal.process.send_signal(signal.SIGTERM)
    else:
        terminal.type(key)
    assert terminal.end() == code
    assert terminal.shown.endswith(GOODBYE)
    assert (terminal.shown.count(TAKEN), terminal.shown.count(GIVEN_BACK)) == (begun, begun)
    assert terminal.shown.rfind("\x1b[?25h") >= terminal.shown.rfind("\x1b[?25l")  # the cursor is back
    assert terminal.restored
    assert known.daemon.requests == [Request("suggest", {})]


def test_keys_go_on_pause_and_go_on_again(known: Home) -> None:
    terminal = known.open("stretch")
    terminal.until(BEGIN)
    terminal.type(" n")
    terminal.until("Left side")
    terminal.type(" ")
    terminal.until("Paused")
    terminal.until("space go on")
    terminal.type(" ")
    terminal.until("space pause")
    terminal.type("nn")
    terminal.until("Now the right side.")
    terminal.type("nnn")
    assert terminal.end() == 0
    assert "so it was not counted" in terminal.shown


def test_ctrl_z_gives_the_screen_back_first(known: Home) -> None:
    terminal = known.open("stretch")
    terminal.until(BEGIN)
    terminal.type(" ")
    terminal.until("Get ready")
    terminal.type("\x1a")  # without a shell to wait for it, the kernel lets it go on at once
    terminal.until(GIVEN_BACK)
    terminal.until(TAKEN)
    terminal.type("q")
    assert (terminal.end(), terminal.restored) == (0, True)


def test_plain_never_redraws_and_rings_at_each_change(known: Home) -> None:
    terminal = known.open("stretch", "--plain", pace=60)
    terminal.until("Space pauses and goes on, n is the next step, q ends. Press space to begin.")
    terminal.type(" ")
    assert terminal.end() == 0
    lines = terminal.shown.split("\r\n\r\n")[1].split("\r\n")
    assert lines[0] == "\aSit tall, feet flat or supported, hands on your thighs. (get ready, 7 s)"
    assert [line[:1] for line in lines] == ["\a"] * 6 + ["C", ""]
    assert "\x1b" not in terminal.shown


def test_plain_says_that_it_is_paused(known: Home) -> None:
    terminal = known.open("stretch", "--plain")
    terminal.until("Press space to begin.")
    terminal.type("  ")
    terminal.until("Paused. Space goes on.")
    terminal.type(" ")
    terminal.until("(get ready, 7 s)")
    terminal.type("q")
    assert terminal.end() == 0
    assert terminal.shown.endswith(GOODBYE)


def test_a_terminal_that_cannot_redraw_gets_lines(known: Home) -> None:
    terminal = known.open("stretch", pace=60, env={"TERM": "dumb"})
    terminal.until("Press space to begin.")
    terminal.type(" ")
    assert terminal.end() == 0
    assert "\x1b" not in terminal.shown


@pytest.mark.parametrize(("env", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colour_is_only_there_where_it_is_wanted(known: Home, env: dict[str, str], coloured: bool) -> None:
    terminal = known.open("stretch", pace=60, env=env)
    terminal.until("begin,")
    terminal.type(" ")
    assert terminal.end() == 0
    assert bool(re.search(r"\x1b\[[0-9;]*3[0-8]", terminal.shown)) is coloured


def band_raise(home: Home, *keys: str) -> Terminal:
    """The strength exercise, begun and, after a while, ended by these keys."""
    terminal = home.open("stretch", "band-raise", pace=60)
    terminal.until(BEGIN)
    terminal.type(" ")
    terminal.until("Number 3")
    for key in keys:
        terminal.type(key)
    return terminal


def test_who_tires_has_done_the_strength_exercise_and_is_asked_about_the_band(known: Home) -> None:
    terminal = band_raise(known, "q")
    terminal.until("Which band was it")
    terminal.until("> ")
    terminal.type("green\n")
    terminal.until("How many repetitions?")
    terminal.until("> ")
    terminal.type("many\n")
    terminal.until("repetitions are a whole number")
    terminal.until("> ")
    terminal.type("18\n")
    assert terminal.end() == 0
    assert "Was all of it easy?" not in terminal.shown
    assert terminal.shown.endswith("Counted.\r\n")
    told = {"id": "band-raise", "band": "green", "repetitions": 18}
    assert known.daemon.requests[-1] == Request("stretched", told)


def test_two_minutes_that_were_easy_suggest_the_next_band(known: Home) -> None:
    terminal = band_raise(known)
    for question, reply in (("Which band", "\n"), ("How many", "\n"), ("Was all of it easy?", "yes\n")):
        terminal.until(question)
        terminal.until("> ")
        terminal.type(reply)
    terminal.until("Then take a stronger band next time.")
    assert terminal.end() == 0
    assert known.daemon.requests[-1] == Request("stretched", {"id": "band-raise", "repetitions": 30})


def test_the_questions_about_a_band_can_be_left(known: Home) -> None:
    terminal = band_raise(known, "q")
    terminal.until("Which band was it")
    terminal.until("> ")
    terminal.type("\x04")
    assert terminal.end() == 0
    (told,) = [each.args for each in known.daemon.requests if each.command == "stretched"]
    assert told.keys() == {"id", "repetitions"}
