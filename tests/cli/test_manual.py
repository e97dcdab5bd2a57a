"""The man page."""

import re
import subprocess
from pathlib import Path

from support.helpers import need

from neckguard.cli import manual as manual_module
from neckguard.cli.manual import manual
from neckguard.cli.verbs import VERBS

PAGE = Path(manual_module.__file__).parents[1] / "content" / "neckguard.1"


def test_the_page_says_what_the_parsers_say() -> None:
    assert PAGE.read_text() == manual(), "run: python -m neckguard.cli.manual > neckguard/content/neckguard.1"


def test_man_shows_every_verb_and_finds_no_fault() -> None:
    need("groff")
    shown = subprocess.run(
        ["groff", "-man", "-ww", "-Tascii", "-P-cbou", PAGE], capture_output=True, text=True, check=True
    )
    assert shown.stderr == ""
    headings = re.findall(r"^   neckguard (\w+)", shown.stdout, re.MULTILINE)
    assert list(dict.fromkeys(headings)) == list(VERBS)
    assert "   neckguard config check [F] [--json]\n" in shown.stdout
    assert "--until WHEN\n" in shown.stdout
