"""Which stretch it will be, and why another may not come: settings, answers, and what the daemon knows."""

import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from difflib import get_close_matches
from typing import Any

from neckguard import paths
from neckguard.control.client import NotRunning, Refused, ask
from neckguard.core import RED_FLAG, Answers, Limits, Plan, Purpose, Rotation, Scope, Stretch, choose
from neckguard.errors import NeckguardError
from neckguard.value import value

NOT_NOW = " ".join(("no", *" ".join(RED_FLAG).split()[1:]))
"""Why, once a red flag was named."""
_NOT_UNDERSTOOD = 2  # the exit code with which a daemon of another version refuses


@value
class Advice:
    """What the daemon says; nothing of it while there is none."""

    suggested: str = ""
    hurt: Mapping[str, str] = field(default_factory=dict)  # until which ISO date, by id
    scope: Scope = Scope.ALL


@value
class Situation:
    """All that decides what may be suggested to this person."""

    limits: Limits
    advice: Advice

    def why_not(self, stretch: Stretch) -> str:
        """Why this one is not offered; empty if it may be."""
        until = self.advice.hurt.get(stretch.id)
        if until:
            return f"it hurt, so it is put away until {until}"
        return "" if self.limits.allow(stretch) else _why_hidden(stretch, self.limits)


def read_plan() -> Plan | None:
    """The settings in effect; None, said on standard error, while they have a mistake."""
    from neckguard.config.check import check  # pydantic: slow

    checked = check(paths.config_file(), explicit=paths.config_is_explicit(), environ=os.environ)
    if checked.plan is None:
        _note("the settings have a mistake; see: neckguard config check")
    return checked.plan


def ask_advice() -> Advice:
    """What the daemon suggests; nothing if it cannot be asked.

    Raises:
        Refused: there is a reason not to stretch now; the message says which.
    """
    try:
        data = ask("suggest")["data"]
    except NotRunning:
        return Advice()
    except Refused as refusal:
        if refusal.exit_code != _NOT_UNDERSTOOD:
            raise
        _note("the running neckguard is of another version: systemctl --user restart neckguard")
        return Advice()
    except NeckguardError as error:
        _note(str(error))
        return Advice()
    return _read_advice(data)


def situation(answers: Answers | None, advice: Advice) -> Situation:
    """What holds now."""
    return Situation(limits_of(read_plan(), answers, advice.scope), advice)


def limits_of(plan: Plan | None, answers: Answers | None, scope: Scope = Scope.ALL) -> Limits:
    """What may be suggested. Settings that cannot be read leave the gentlest ones."""
    if plan is None:
        return Limits(gentle_only=True, answers=answers, scope=scope)
    chosen = plan.stretches
    return Limits(chosen.avoid, chosen.standing, chosen.gentle_only, answers, scope)


def pick(stretches: Sequence[Stretch], here: Situation) -> Stretch:
    """The stretch whose turn it is.

    Raises:
        NeckguardError: nothing is left.
    """
    by_id = {each.id: each for each in stretches}
    suggested = by_id.get(here.advice.suggested)
    if suggested and not here.why_not(suggested):
        return suggested
    allowed = [each for each in stretches if not here.why_not(each)]
    for purpose in (Purpose.STRETCH, Purpose.BREAK):
        portion = choose(allowed, here.limits, Rotation(), purpose, time.time())
        if portion:
            return by_id[portion.stretch]
    raise NeckguardError("no stretch is left to suggest; why each is put away: neckguard stretch --list")


def named(name: str, stretches: Sequence[Stretch], here: Situation) -> Stretch:
    """The stretch with this id.

    Raises:
        NeckguardError: there is none, or this person should not do it now.
    """
    by_id = {each.id: each for each in stretches}
    found = by_id.get(name)
    if found is None:
        near = get_close_matches(name.lower().replace(" ", "-"), by_id, n=1, cutoff=0.6)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise NeckguardError(f"there is no stretch {name!r}.{hint} All of them: neckguard stretch --list")
    reason = here.why_not(found)
    if reason:
        raise NeckguardError(f"{name} is not for now: {reason}. Others: neckguard stretch --list")
    return found


def _why_hidden(stretch: Stretch, limits: Limits) -> str:
    """The first of the limits that stands in its way: a red flag, then those that the person set."""
    if limits.scope is Scope.NOTHING:
        return NOT_NOW
    avoided = sorted(stretch.words.intersection(limits.avoid))
    if avoided:
        return f'"{avoided[0]}" is in your settings, [stretches] avoid'
    if stretch.standing_only and not limits.standing:
        return "your settings leave out standing ones, [stretches] standing"
    if not limits.fits(stretch):
        return f"it does not fit the needs you named; {_TO_CHANGE}"
    if not replace(limits, scope=Scope.ALL).allow(stretch):
        return _why_unhealthy(stretch, limits)
    return "the flare-up plan leaves it out"


def _why_unhealthy(stretch: Stretch, limits: Limits) -> str:
    answers = limits.answers
    if answers is None:
        gentle = limits.gentle_only and replace(limits, gentle_only=False, scope=Scope.ALL).allow(stretch)
        return _GENTLE_ONLY if gentle else "the health questions are not answered yet"
    if answers.conditions and not Limits(answers=replace(answers, stable_chair=True)).allow(stretch):
        return "your health answers leave it out; ask a clinician first"
    if limits.gentle_only and not Limits(gentle_only=True).allow(stretch):
        return _GENTLE_ONLY
    return f"it needs a stable chair with a low back, and you said yours is none; {_TO_CHANGE}"


_TO_CHANGE = "to change that: neckguard stretch --questions"
_GENTLE_ONLY = "your settings allow only the gentlest, [stretches] gentle_only"


def _read_advice(data: dict[str, Any]) -> Advice:
    """The reply in our own words. Nothing is known of the other side but that it is a neckguard."""
    suggested, hurt, scope = data.get("stretch"), data.get("hurt"), data.get("scope")
    return Advice(
        suggested if isinstance(suggested, str) else "",
        {str(key): str(day)[:10] for key, day in hurt.items()} if isinstance(hurt, dict) else {},
        Scope(scope) if scope in list(Scope) else Scope.ALL,
    )


def _note(text: str) -> None:
    print(f"neckguard: {text}", file=sys.stderr)
