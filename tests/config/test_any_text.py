"""Whatever the file and the environment hold, there is a plan or there are problems: never an exception."""

import json
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from neckguard.config.check import Checked, check
from neckguard.config.defaults import example as example_text
from neckguard.core.codec import to_plain

EXAMPLE = example_text()
LINES = EXAMPLE.splitlines(keepends=True)
SNIPPETS = [
    *"[]{}\"'=.,#\\\n\r\t\0 -+_:0aé\ud7ff\x0b\u2028",
    '"""',
    "'''",
    "[[",
    "= nan",
    "= -1",
    "= 1e999",
    "= 07:30:00",
    "= 0x" + "f" * 4000,
    "[reminders",
    "reminders.posture.every = 5\n",
    "[hours]\nmon-fri = ['09:00-12:00', '11:00-13:00']\n",
    "every",
    "never",
]
snippets = st.one_of(
    st.sampled_from(SNIPPETS), st.sampled_from(LINES), st.text(st.characters(codec="utf-8"), max_size=5)
)


@st.composite
def mutated_examples(draw: st.DrawFn) -> str:
    """The example with pieces cut out, moved in from elsewhere, or made up."""
    text = draw(st.sampled_from([EXAMPLE, EXAMPLE.replace("\n#", "\n")]))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        text = text[:start] + draw(snippets) + text[end:]
    return text


def checked(data: bytes, environ: dict[str, str]) -> Checked:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "config.toml")
        path.write_bytes(data)
        return check(str(path), explicit=True, environ=environ)


def is_answer(answer: Checked) -> bool:
    """A plan or problems, printable in one line each, and fit to be sent."""
    json.dumps([to_plain(answer.plan), to_plain(answer.problems), list(answer.notes)])
    one_line = all((problem.key + problem.message).isprintable() for problem in answer.problems)
    return (answer.plan is None) == bool(answer.problems) and one_line


@settings(max_examples=150)
@given(mutated_examples())
@example("\n\n\x0b")
@example("\xab\x1f")
def test_a_mutated_example_gives_a_plan_or_problems(text: str) -> None:
    assert is_answer(checked(text.encode(), {}))


@settings(max_examples=100)
@given(st.one_of(st.binary(), st.lists(snippets).map(lambda parts: "".join(parts).encode())))
def test_garbage_gives_a_plan_or_problems(data: bytes) -> None:
    assert is_answer(checked(data, {}))


KEYS = [
    "POSTURE",
    "REMINDERS",
    "QUIET",
    "HOURS",
    "MON_FRI",
    "SETTLE",
    "EVERY",
    "AT",
    "HOOKS",
    "ON_PROMPT",
    "",
    "_",
    "é",
]
VALUES = [
    "",
    "5m",
    "true",
    "-1",
    "[]",
    '["09:00"]',
    '["09:00-10:00"]',
    "[[[",
    "{}",
    "9" * 5000,
    "\udc80",
    "never",
    "null",
]


@settings(max_examples=150)
@given(
    st.dictionaries(
        st.lists(st.sampled_from(KEYS), max_size=4).map(lambda parts: "NECKGUARD_" + "__".join(parts)),
        st.sampled_from(VALUES),
        max_size=4,
    )
)
@example({"NECKGUARD_POSTURE__": ""})
def test_any_environment_gives_a_plan_or_problems(environ: dict[str, str]) -> None:
    assert is_answer(checked(b"", environ))
