"""What is left of a text when it is shown, and streams that let through no more than that."""

import io

import pytest
from support.poison import LEFT, POISON, poison_in

from neckguard.texts import ALARM, BELL, BOLD, PLAIN, CleanStream, brief, clean, cleaned, one_line


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "two\nlines\tand a tab",
        "\U0001f469\u200d\U0001f680 \u2764\ufe0f",  # an astronaut, a heart: joiner and selector
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # the flag of England
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, with a non-joiner
        "\u05e9\u05dc\u05d5\u05dd!\u200f (neckguard)\u200e",  # Hebrew and its marks
        "\ue0b0 nbsp:\xa0soft\xadhyphen",
        "C:\\x1b \\u202e",
    ],
)
def test_what_people_write_is_shown_as_it_is(text: str) -> None:
    assert clean(text) == text


def test_what_commands_a_terminal_or_turns_lines_around_is_not_shown() -> None:
    assert clean(f"a{POISON}z") == f"a{LEFT}z"
    assert not poison_in(LEFT)


def test_every_control_override_and_noncharacter_is_left_out() -> None:
    poison = {letter for letter in map(chr, range(0x30000)) if poison_in(letter)}
    assert {letter for letter in poison if letter in clean(letter)} == set()


def test_a_byte_that_is_no_text_is_seen_to_be_missing() -> None:
    assert clean("J\udcf6rg") == "J\ufffdrg"


def test_all_text_in_plain_data_is_cleaned() -> None:
    given = {"a\x1b": ["b\x9b", ("c\u202e", 5, None, True)], "d": {"e": "\x07"}}
    assert cleaned(given) == {"a": ["b", ("c", 5, None, True)], "d": {"e": ""}}


def test_one_line_has_no_gaps() -> None:
    assert one_line(" a\n\tb\u2028 \x1bc ") == "a b c"


def test_what_others_call_themselves_is_cut() -> None:
    assert brief("x\n" + "y" * 1_000_000) == "x " + "y" * 78


def test_a_terminal_gets_our_own_commands_and_no_others() -> None:
    terminal = Terminal()
    print(f"{BELL}{BOLD}{POISON.translate({0xFDD1: None, 0xFDD7: None})}{PLAIN}", file=CleanStream(terminal))
    assert terminal.getvalue() == f"\a\x1b[1m{LEFT}\x1b[0m\n"


def test_what_is_no_terminal_gets_no_commands() -> None:
    file = io.StringIO()
    print(f"{BELL}{ALARM}{POISON}{PLAIN}", file=CleanStream(file))
    assert file.getvalue() == f"{LEFT}\n"
