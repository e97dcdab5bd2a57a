"""`neckguard doctor`: the self-test of this desktop."""

import argparse
import json
import logging
import sys
import textwrap
from typing import TYPE_CHECKING

from neckguard import __version__
from neckguard.cli.terminal import DIM, WARN, paint, width
from neckguard.words import as_started

if TYPE_CHECKING:
    from neckguard.doctor.finding import Finding

_DONE, _FAILED = 0, 1
_STYLES = {"ok": "32", "warning": WARN, "problem": "31"}
_NARROWEST = 50
_LEVEL, _NAME = 9, 17  # columns


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--no-prompt", action="store_true", help="show no test notification")
    parser.epilog = (
        "It takes about ten seconds, and names no person and no application:\n"
        "what it prints can go into a bug report. Exit code 1 if you must do something.\n\n"
        "Example:\n  neckguard doctor --no-prompt"
    )


def run(args: argparse.Namespace) -> int:
    """Print what was found, each as soon as it is known; 1 if a person must do something."""
    import asyncio

    from neckguard.doctor.examine import examine

    logging.disable()  # what adapters warn of is among the findings
    found: list[Finding] = []

    def tell(finding: "Finding") -> None:
        found.append(finding)
        if not args.json:
            print(_page(finding), flush=True)

    if not (args.json or args.no_prompt) and sys.stdout.isatty():
        print(paint("A test notification is about to appear: click it, or let it be.", DIM), flush=True)
    asyncio.run(examine(tell, prompt=not args.no_prompt))
    bad = sum(finding.level == "problem" for finding in found)
    if args.json:
        findings = [
            {"level": each.level, "name": each.name, "text": each.text, "remedy": each.remedy}
            for each in found
        ]
        print(json.dumps({"version": __version__, "findings": findings, "ok": not bad}, ensure_ascii=False))
    else:
        print(f"\n{_verdict(bad)}")
    return _FAILED if bad else _DONE


def _page(finding: "Finding") -> str:
    """The finding, its remedy below it on lines of its own."""
    wide = max(_NARROWEST, width())
    margin = " " * (_LEVEL + _NAME)
    first, *rest = textwrap.wrap(
        finding.text,
        wide - len(margin),
        break_on_hyphens=False,
    )
    level = paint(f"{finding.level:{_LEVEL}}", _STYLES[finding.level])
    lines = [f"{level}{finding.name:{_NAME}}{first}", *(margin + line for line in rest)]
    if finding.remedy:
        remedy = textwrap.wrap(
            as_started(finding.remedy),
            wide,
            initial_indent=f"{margin}fix: ",
            subsequent_indent=f"{margin}     ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        lines += [paint(line, DIM) for line in remedy]
    return "\n".join(lines)


def _verdict(bad: int) -> str:
    if not bad:
        return "Nothing here needs you."
    return f"{bad} problem{'s' if bad > 1 else ''} that only you can mend."
