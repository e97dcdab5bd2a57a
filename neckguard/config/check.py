"""One question: what do the settings file and the environment say, and what is wrong with it?"""

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from neckguard.config import environment, reading
from neckguard.config.build import make_plan, reminder_troubles
from neckguard.config.defaults import BY_NAME
from neckguard.config.hours import read_week
from neckguard.config.locate import find_line
from neckguard.config.models import ReminderSection, Settings, fields_at
from neckguard.config.notes import Remark, remarks
from neckguard.config.render import as_given, flatten, settings_of
from neckguard.config.words import Path, did_you_mean, listed, show, show_path, too_long
from neckguard.core import Plan, Problem, Severity
from neckguard.value import value

MOST_PROBLEMS = 100  # nobody reads more


@value
class Checked:
    """The answer: a plan, or else at least one problem. A plan may have problems: what cannot run here."""

    plan: Plan | None
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]  # what is valid but may not be what was meant
    given: Mapping[str, str] = field(default_factory=dict)  # who gave a key path: "line 3", or a variable


def check(path: str, *, explicit: bool, environ: Mapping[str, str]) -> Checked:
    """Read and validate everything; `explicit` if the person named the file, so that it has to be there."""
    return _Check(path, reading.read(path, explicit=explicit), environment.read(environ)).result()


def check_over(plan: Plan, environ: Mapping[str, str]) -> Checked:
    """Validate what the environment changes in a plan."""
    return _Check("", reading.Document(as_given(plan)), environment.read(environ)).result()


def origins(checked: Checked) -> dict[str, str]:
    """Who gave each setting that is not at its default, by key path.

    Days are grouped anew when hours are shown, so `[hours]` has one origin for all of it.
    """
    if checked.plan is None:
        return {}
    defaults = flatten(settings_of(built_in_plan()))
    settings = flatten(settings_of(checked.plan))
    changed = {key for key, value in settings.items() if value != defaults.get(key)}
    keys = {"hours" if key.startswith("hours.") else key for key in changed}
    return {key: origin for key, origin in checked.given.items() if key in keys}


def built_in_plan() -> Plan:
    """The plan of somebody who set nothing."""
    return make_plan(Settings.load(environment={}, file={}), ())


class _Check:
    """One check of one file and one environment."""

    def __init__(self, file: str, document: reading.Document, variables: environment.Environment) -> None:
        self._file = file
        self._document = document
        self._variables = variables

    def result(self) -> Checked:
        document, variables = self._document, self._variables
        hours, troubles = read_week(document.tree.get("hours"), variables.tree.get("hours"))
        troubles += reminder_troubles(document.tree, variables.tree)
        settings: Settings | None = None
        try:
            settings = Settings.load(environment=variables.tree, file=document.tree)
        except ValidationError as error:
            found = error.errors(include_url=False)[: MOST_PROBLEMS + 1]
            troubles = [*map(say_error, found), *troubles]
        placed = [self._place(where, message) for where, message in troubles]
        problems = [problem for problem in (document.problem, *placed, *variables.problems) if problem]
        if problems or settings is None:
            return Checked(None, _in_order(problems), ())
        plan = make_plan(settings, hours)
        return Checked(
            plan,
            _in_order([self._place(where, message) for where, message in _missing(plan)]),
            _in_order([self._note(remark) for remark in remarks(plan)]),
            self._given(),
        )

    def _place(self, where: Path, message: str) -> Problem:
        variable = self._variable(where)
        if variable:
            return Problem(environment.FILE, 0, variable, message)
        return Problem(self._file, find_line(self._document.lines, where), show_path(where), message)

    def _note(self, remark: Remark) -> Problem:
        """A note stands where its cause was given, else where its key was."""
        for where in filter(None, (remark.cause, remark.key)):
            line = find_line(self._document.lines, where, shortest=2)
            if self._variable(where) or line:
                file = environment.FILE if self._variable(where) else self._file
                return Problem(file, line, show_path(remark.key), remark.message, Severity.NOTE)
        return Problem(self._file, 0, show_path(remark.key), remark.message, Severity.NOTE)

    def _variable(self, where: Path) -> str:
        return self._variables.behind(where, in_file=where in self._document.lines)

    def _given(self) -> dict[str, str]:
        given = {show_path(path): f"line {line}" for path, line in self._document.lines.items()}
        given |= {show_path(path): name for path, name in self._variables.variables.items()}
        if "hours" in self._variables.tree:
            given["hours"] = self._variables.behind(("hours",), in_file=False)
        return given


def _missing(plan: Plan) -> list[tuple[Path, str]]:
    """What is named and cannot be found; few settings name anything."""
    hooks = plan.hooks
    commands = (hooks.on_prompt, hooks.on_outcome, hooks.on_break_start, hooks.on_break_end)
    if not (any(commands) or plan.notify.sound or plan.notify.icon):
        return []
    from neckguard.lookup import missing  # brings asyncio, 60 ms

    return list(missing(plan))


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    """By line, the environment last, each once, not endless."""
    unique = list(dict.fromkeys(problems))
    ordered = sorted(unique, key=lambda problem: (problem.file == environment.FILE, problem.line))
    if len(ordered) <= MOST_PROBLEMS:
        return tuple(ordered)
    rest = Problem(ordered[0].file, 0, "", "there are more problems; mend these first", ordered[0].severity)
    return (*ordered[:MOST_PROBLEMS], rest)


# What pydantic found, and how we say it; `{value}` is the value, the rest is what pydantic tells about it.
_SENTENCES = {
    "value_error": "{error}",
    "bool_type": "{value} is not true or false (written without quotes)",
    "int_type": "{value} is not a whole number (written without quotes)",
    "greater_than_equal": "{value} is too small; allowed: at least {ge}",
    "less_than_equal": "{value} is too large; allowed: at most {le}",
    "string_unicode": "{value} is not valid UTF-8 text",
    "string_type": "{value} is not text; text needs quotes",
    "list_type": "{value} is not a list; write {list}",
    "dict_type": "{value} is not a table; write [{table}] and its keys below it",
    "model_type": "{value} is not a table; write [{table}] and its keys below it",
}


def say_error(error: ErrorDetails) -> tuple[Path, str]:
    """The key path and the message of one error of pydantic's."""
    path: Path = tuple(error["loc"])
    if error["type"] == "extra_forbidden":
        return path, _unknown_key(path, error["input"])
    if error["type"] in {"string_too_long", "too_long"}:
        return path, too_long(error["input"], error["ctx"]["max_length"])
    sentence = _SENTENCES.get(error["type"], "{value} is not valid here")
    words = error.get("ctx", {}) | {"value": show(error["input"]), "table": show_path(_table(path))}
    if error["type"] == "list_type":
        words["list"] = _as_list(path, error["input"])
    return path, sentence.format(**words)


def _as_list(path: Path, value: Any) -> str:
    """The value as the list that was wanted; a command line as the words that a hook is."""
    if path[0] != "hooks" or not isinstance(value, str):
        return f"[{show(value)}]"
    from neckguard.lookup import as_arguments  # brings asyncio, 60 ms

    return as_arguments(value)


def _table(path: Path) -> Path:
    """An example of a header for what should have been a table."""
    return (*path, "posture") if path == ("reminders",) else path


def _unknown_key(path: Path, value: Any) -> str:
    what = "unknown table" if isinstance(value, dict) else f"unknown key (its value is {show(value)})"
    allowed = fields_at(path[:-1]) or {}
    return f"{what}{_suggestion(path, list(allowed))} (allowed here: {listed(allowed)})"


def _suggestion(path: Path, allowed: list[str]) -> str:
    word = str(path[-1])
    section = path[0]
    if len(path) == 1 and word in BY_NAME:
        return f"; did you mean reminders.{word}?"
    if section in BY_NAME and len(path) > 1 and word in ReminderSection.model_fields:
        return f"; did you mean reminders.{section}.{word}?"
    return did_you_mean(word, allowed) or _elsewhere(word)


def _elsewhere(word: str) -> str:
    """The section that does have a key of this name."""
    home = next((name for name in Settings.model_fields if word in (fields_at((name,)) or ())), None)
    return f"; did you mean {home}.{word}?" if home else ""
