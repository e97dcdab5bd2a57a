"""The flare-up plan and its packs in words."""

from collections.abc import Iterable
from typing import Any

from neckguard.cli.status.page import PACKS, say_timer
from neckguard.cli.terminal import clock, say
from neckguard.content import loader
from neckguard.core import FlareTexts, Passage, Urgency
from neckguard.texts import ALARM, BOLD

_STAGES = {
    "first_48h": "The first 48 hours",
    "after_48h": "After the first 48 hours",
    "return": "Coming back",
}
_SIDES = {"": "", "left": "on the left", "right": "on the right", "both": "on both sides"}
_EXERCISES = {
    "none": "none, until you end this flare-up.",
    "safe": "only the movements that are safe in a flare-up.",
    "half": "the safe movements, and some others at half the range, without holding.",
    "full": "stretches at full range again.",
}


def say_flare(flare: dict[str, Any] | None, timer: dict[str, Any] | None) -> None:
    """All that holds now."""
    if timer:
        say(say_timer(timer), style=BOLD)
    if not flare:
        say("No flare-up. To begin one: neckguard flare start")
        return
    texts = loader.load_flare()
    say(_headline(flare), style=BOLD)
    if noted := _noted(flare):
        say(noted)
    say_advice(texts, flare["urgency"], flare["flags"])
    say(f"Exercises: {_EXERCISES[flare['exercises']]}")
    if flare["exercises"] != "none":
        say(texts.stop_rules["pain"].text)
    say_plan(texts, flare["stage"])


def say_advice(texts: FlareTexts, urgency: str, flags: Iterable[str]) -> None:
    """What follows from the checklist, and from which of its lines."""
    if not urgency:
        return
    for line in texts.advice[urgency].lines:
        say(line, style=ALARM if urgency == Urgency.EMERGENCY else BOLD)
    say("You named:")
    for flag in texts.red_flags:
        if flag.id in flags:
            say(flag.text, before="  * ")


def say_plan(texts: FlareTexts, stage: str, *, begins: bool = False) -> None:
    """What to do in this stage, and the verbs that help with it."""
    if stage in _STAGES:
        if begins:
            say("Now", style=BOLD)
            _say_lines(texts.stages["onset"])
        say(_STAGES[stage], style=BOLD)
        _say_lines(texts.stages[stage])
        say(f"{texts.notices['worse'].text} {texts.notices['constant_spasms'].text}")
    for verb, purpose in _verbs(stage):
        say(purpose, before=f"  {verb:<20}  ")


def say_pack(kind: str) -> None:
    """How to use a pack, `cold` or `heat`."""
    packs = loader.load_flare().packs
    say(PACKS[kind], style=BOLD)
    _say_lines(packs[kind])
    _say_lines(packs["both"])


def _say_lines(passage: Passage) -> None:
    """Its sentences as a list."""
    for line in passage.lines:
        say(line, before="  * ")


def _verbs(stage: str) -> tuple[tuple[str, str], ...]:
    if stage not in _STAGES:
        return (("neckguard flare end", "once somebody has had a look"),)
    pack = (
        ("neckguard flare cold", "a cold pack with a timer (or: heat)")
        if stage == "first_48h"
        else ("neckguard flare heat", "a heat pack with a timer")
    )
    return (
        pack,
        ("neckguard flare log", "note how it goes"),
        ("neckguard flare", "say this again"),
        ("neckguard flare end", "when it is over"),
    )


def _headline(flare: dict[str, Any]) -> str:
    parts = (
        f"Flare-up since {clock(flare['since'])}",
        f"day {flare['day']}",
        _SIDES[flare["side"]],
        "" if flare["severity"] is None else f"{flare['severity']} of 10 when it began",
    )
    return f"{', '.join(part for part in parts if part)}."


def _noted(flare: dict[str, Any]) -> str:
    parts = (
        "" if flare["last_score"] is None else f"pain {flare['last_score']} of 10",
        "mostly comfortable" if flare["comfortable"] else "",
        f"days of sleep or work lost: {flare['lost_days']}" if flare["lost_days"] else "",
    )
    noted = ", ".join(part for part in parts if part)
    return f"Last noted: {noted}." if noted else ""
