"""One question: what do the settings file and the environment say, and what is wrong with it?"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache

from pydantic import ValidationError

from neckguard.config import environment, reading
from neckguard.config.build import make_plan
from neckguard.config.hours import read_week
from neckguard.config.locate import find_line
from neckguard.config.models import Settings
from neckguard.config.problems import say_error
from neckguard.config.render import flatten, settings_of
from neckguard.config.rules import reminder_troubles
from neckguard.config.words import Path, did_you_mean, show, show_path
from neckguard.core import BUILT_IN, Plan, Problem, avoidable

MOST_PROBLEMS = 100  # nobody reads more


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer: a plan, or else at least one problem."""

    plan: Plan | None
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]  # what is valid but may not be what was meant
    given: Mapping[str, str] = field(default_factory=dict)  # who gave a key path: "line 3", or a variable


def check(path: str, *, explicit: bool, environ: Mapping[str, str]) -> Checked:
    """Read and validate everything; `explicit` if the person named the file, so that it has to be there."""
    document = reading.read(path, explicit=explicit)
    variables = environment.read(environ)
    hours, troubles = read_week(document.tree.get("hours"), variables.tree.get("hours"))
    troubles += reminder_troubles(document.tree, variables.tree)
    settings: Settings | None = None
    try:
        settings = Settings.load(environment=variables.tree, file=document.tree)
    except ValidationError as error:
        found = error.errors(include_url=False)[: MOST_PROBLEMS + 1]
        troubles = [*map(say_error, found), *troubles]
    placed = [_place(where, message, path, document, variables) for where, message in troubles]
    problems = [problem for problem in (document.problem, *placed, *variables.problems) if problem]
    if problems or settings is None:
        return Checked(None, _in_order(problems), ())
    plan = make_plan(settings, hours)
    return Checked(plan, (), tuple(_notes(plan)), _given(document, variables))


def origins(checked: Checked) -> dict[str, str]:
    """Who gave each setting that is not at its default, by key path.

    Days are grouped anew when hours are shown, so `[hours]` has one origin for all of it.
    """
    if checked.plan is None:
        return {}
    defaults = flatten(settings_of(make_plan(Settings.load(environment={}, file={}), ())))
    settings = flatten(settings_of(checked.plan))
    changed = {key for key, value in settings.items() if value != defaults.get(key)}
    keys = {"hours" if key.startswith("hours.") else key for key in changed}
    return {key: origin for key, origin in checked.given.items() if key in keys}


def _place(
    where: Path, message: str, file: str, document: reading.Document, variables: environment.Environment
) -> Problem:
    variable = variables.behind(where, in_file=where in document.lines)
    if variable:
        return Problem(environment.FILE, 0, variable, message)
    return Problem(file, find_line(document.lines, where), show_path(where), message)


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    """By line, the environment last, each once, not endless."""
    unique = list(dict.fromkeys(problems))
    ordered = sorted(unique, key=lambda problem: (problem.file == environment.FILE, problem.line))
    if len(ordered) <= MOST_PROBLEMS:
        return tuple(ordered)
    rest = Problem(ordered[0].file, 0, "", "there are more problems; mend these first")
    return (*ordered[:MOST_PROBLEMS], rest)


def _notes(plan: Plan) -> Iterator[str]:
    for reminder in plan.reminders:
        near = [] if reminder.built_in else get_close_matches(reminder.name, BUILT_IN, n=1, cutoff=0.75)
        if near:
            yield f"reminders.{reminder.name} is a reminder of your own; did you mean {near[0]}?"
    yield from _unknown_words("stretches.avoid", plan.stretches.avoid, _stretch_words, "stretch --list")
    yield from _unknown_words("posture.avoid", plan.posture_avoid, _posture_words, "posture")


def _given(document: reading.Document, variables: environment.Environment) -> dict[str, str]:
    given = {show_path(path): f"line {line}" for path, line in document.lines.items()}
    given |= {show_path(path): name for path, name in variables.variables.items()}
    if "hours" in variables.tree:
        given["hours"] = variables.behind(("hours",), in_file=False)
    return given


def _unknown_words(
    key: str, words: tuple[str, ...], known: Callable[[], frozenset[str]], verb: str
) -> Iterator[str]:
    """Words that mean nothing; the catalogue is read only if there are words at all."""
    for word in words:
        if word not in known():
            hint = did_you_mean(word, known())
            yield f"{key}: {show(word)} is in no list{hint} (see: neckguard {verb})"


@cache
def _stretch_words() -> frozenset[str]:
    from neckguard.content import loader  # slow, and few settings name anything of it

    return avoidable(loader.load_stretches())


@cache
def _posture_words() -> frozenset[str]:
    from neckguard.content import loader

    return frozenset(posture.id for posture in loader.load_postures())
