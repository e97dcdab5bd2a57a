"""The flare-up plan and its packs in words."""

from collections.abc import Collection, Iterable
from typing import Any

from neckguard.cli.status.page import PACKS, say_timer
from neckguard.cli.terminal import clock, say
from neckguard.content import loader
from neckguard.core import FlareTexts, Urgency
from neckguard.texts import ALARM, BOLD

_STAGES = {
    "first_48h": "The first 48 hours",
    "after_48h": "After the first 48 hours",
    "return": "Coming back",
}
_SIDES = {"": "", "left": "on the left", "right": "on the right", "both": "on both sides"}
_EXERCISES = {
    "none": "none, until somebody has looked at it.",
    "safe": "tiny turns and nods, and the movements that are safe in a flare-up.",
    "half": "the safe movements, and some others at half the range, without holding.",
    "full": "stretches at full range again.",
}
_ONCE_LOOKED = (("neckguard flare cleared", "once somebody has looked at it"),)
_IN_PLAN = (
    ("neckguard flare cold", "a cold pack with a timer (or: heat)"),
    ("neckguard flare log", "note how it goes"),
    ("neckguard flare", "say this again"),
    ("neckguard flare end", "when it is over"),
)


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
    say(f"Exercises: {_EXERCISES[flare['exercises']]}")
    if flare["stage"] == "red_flags":
        say_help(texts, flare["urgency"], flare["flags"])
        return
    if flare["flags"]:
        say_advice(texts, flare["urgency"], flare["flags"])
        _say_verbs(_ONCE_LOOKED)
    say(texts.stop_rules["pain"].text)
    say_plan(texts, flare["stage"])


def say_help(texts: FlareTexts, urgency: str, flags: Collection[str]) -> None:
    """Where somebody must look first. What to do now comes last, so that it stays before the eyes."""
    _say_named(texts, flags)
    say(loader.load_wording()["flare"].text)
    if urgency != Urgency.EMERGENCY:
        _say_verbs(_ONCE_LOOKED)
    _say_advice(texts, urgency)
    for flag in texts.instructions:
        if flag in flags:
            say(texts.instructions[flag].text, style=ALARM)


def say_advice(texts: FlareTexts, urgency: str, flags: Collection[str]) -> None:
    """What follows from lines of the checklist that let the plan go on."""
    _say_named(texts, flags)
    _say_advice(texts, urgency)


def say_begin(texts: FlareTexts, *, flagged: bool) -> None:
    """What to expect, and what to do at once; `flagged`: a doctor comes before a pharmacist."""
    say("What to expect", style=BOLD)
    expect = texts.stages["expect"].lines
    _say_lines(expect[:1] if flagged else expect)
    say("Now", style=BOLD)
    _say_lines(texts.stages["onset"].lines)


def say_plan(texts: FlareTexts, stage: str) -> None:
    """What to do in this stage, and the verbs that help with it."""
    say(_STAGES[stage], style=BOLD)
    _say_lines(texts.stages[stage].lines)
    say(texts.stages["any"].text)
    say(loader.load_wording()["flare"].text)
    _say_verbs(_IN_PLAN)


def _say_named(texts: FlareTexts, flags: Collection[str]) -> None:
    say("You named:")
    for flag in texts.red_flags:
        if flag.id in flags:
            say(flag.text, before="  * ")


def _say_advice(texts: FlareTexts, urgency: str) -> None:
    for line in texts.advice[urgency].lines:
        say(line, style=ALARM if urgency == Urgency.EMERGENCY else BOLD)


def say_pack(kind: str) -> None:
    """How to use a pack, `cold` or `heat`."""
    packs = loader.load_flare().packs
    say(PACKS[kind], style=BOLD)
    _say_lines(packs[kind].lines)
    _say_lines(packs["both"].lines)


def _say_lines(lines: Iterable[str]) -> None:
    """A list."""
    for line in lines:
        say(line, before="  * ")


def _say_verbs(verbs: Iterable[tuple[str, str]]) -> None:
    for verb, purpose in verbs:
        say(purpose, before=f"  {verb:<20}  ")


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
