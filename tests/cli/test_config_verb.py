"""`neckguard config …` as a person runs it."""

import json
import os
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from support.helpers import patient
from support.terminal import Terminal

from neckguard.config.defaults import example
from neckguard.config.schema import schema

PROGRAM = str(Path(sys.executable).with_name("neckguard"))


@dataclass
class Person:
    """Somebody with a home directory and a terminal."""

    home: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        return self.home / ".config/neckguard/config.toml"

    def write(self, text: str) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(text, encoding="utf-8")

    def config(self, *words: str, **variables: str) -> tuple[int, str, str]:
        environ = {"HOME": str(self.home), "PATH": os.environ["PATH"], **self.variables, **variables}
        done = subprocess.run(
            [PROGRAM, "config", *words],
            env=environ,
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=patient(60),
            check=False,
            stdin=subprocess.DEVNULL,
        )
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    before = os.umask(0o022)
    yield Person(tmp_path)
    os.umask(before)


def test_path_prints_the_file_in_use(person: Person) -> None:
    hint = "It is not there yet, so the defaults are in effect; `neckguard config init` makes it.\n"
    assert person.config("path") == (0, f"{person.file}\n", hint)
    person.write("")
    assert person.config("path") == (0, f"{person.file}\n", "")
    elsewhere = person.home / "other.toml"
    elsewhere.touch()
    assert person.config("path", NECKGUARD_CONFIG="~/other.toml") == (0, f"{elsewhere}\n", "")
    xdg = {"XDG_CONFIG_HOME": str(person.home / "xdg")}
    assert person.config("path", **xdg)[1] == f"{person.home}/xdg/neckguard/config.toml\n"


def test_init_writes_the_example_and_its_schema_for_this_person_only(person: Person) -> None:
    code, out, err = person.config("init")
    assert (code, err) == (0, "")
    assert str(person.file) in out
    assert person.file.read_text(encoding="utf-8") == example()
    assert json.loads((person.file.parent / "neckguard.schema.json").read_text()) == schema()
    modes = [
        stat.S_IMODE(path.stat().st_mode)
        for path in (person.home / ".config", person.file.parent, person.file)
    ]
    assert modes == [0o700, 0o700, 0o600]


def test_init_never_overwrites(person: Person) -> None:
    person.write("# mine\n")
    code, out, err = person.config("init")
    assert (code, out) == (1, "")
    assert "is there already" in err
    assert person.file.read_text() == "# mine\n"
    assert [path.name for path in person.file.parent.iterdir()] == ["config.toml"]


def test_init_that_cannot_write_says_why(person: Person) -> None:
    (person.home / ".config").touch()
    code, _, err = person.config("init")
    assert code == 1
    assert err.startswith(f"neckguard: cannot write {person.file}") or "Not a directory" in err
    assert err.count("\n") == 1


WRIST = '"wrist" is in no list; did you mean wrists? (see: neckguard stretch --list)'
BUILT_IN_STAY = "Until that is mended, the built-in settings stay in force."


def test_check_says_ok_and_what_may_not_be_meant(person: Person) -> None:
    assert person.config("check") == (0, f"{person.file} is not there: ok, the defaults are in effect\n", "")
    person.write('[stretches]\navoid = ["wrist"]\n')
    note = f"note: {person.file}:2: stretches.avoid: {WRIST}"
    assert person.config("check") == (0, f"{person.file}: ok\n{note}\n", "")


def test_check_asks_no_neckguard_that_does_not_run(person: Person) -> None:
    person.write("[quiet]\nfullscreen = true\n")
    runtime = person.home / "run"
    runtime.mkdir(mode=0o700)
    assert person.config("check", XDG_RUNTIME_DIR=str(runtime)) == (0, f"{person.file}: ok\n", "")


def test_check_prints_every_problem_with_file_and_line(person: Person) -> None:
    person.write('[reminders.posture]\nevry = "5m"\n[log]\nlevel = 3\n')
    code, out, err = person.config("check", NECKGUARD_LOG__LEVL="info")
    assert (code, out) == (1, "")
    lines = err.splitlines()
    assert lines[0].startswith(f"{person.file}:2: reminders.posture.evry: unknown key")
    assert "did you mean every?" in lines[0]
    assert lines[1:] == [
        f"{person.file}:4: log.level: 3 is not allowed (allowed: debug, info, warning, error)",
        "environment: NECKGUARD_LOG__LEVL: is no setting of neckguard; did you mean NECKGUARD_LOG__LEVEL?",
        BUILT_IN_STAY,
    ]


def test_check_fails_for_what_cannot_run_here_although_it_is_in_force(person: Person) -> None:
    person.write('[hooks]\non_prompt = ["no-such-program"]\n[reminders.break]\nevery = "40m"\n')
    code, out, err = person.config("check")
    assert (code, err.count("\n")) == (1, 1)
    assert err.startswith(f'{person.file}:2: hooks.on_prompt: there is no program "no-such-program"')
    assert out == (
        f"note: {person.file}:4: reminders.stretch: always comes within the break, every 40m:"
        " it is never seen alone\n"
    )
    assert tomllib.loads(person.config("show")[1])["hooks"]["on_prompt"] == ["no-such-program"]


def test_check_takes_another_file(person: Person) -> None:
    (person.home / "try.toml").write_text("[log]\nlevel = 'debug'\n")
    assert person.config("check", "try.toml") == (0, "try.toml: ok\n", "")
    code, _, err = person.config("check", "none.toml")
    assert (code, err.split(":")[0]) == (1, "none.toml")


def test_a_file_named_in_the_environment_has_to_be_there(person: Person) -> None:
    missing = str(person.home / "none.toml")
    code, _, err = person.config("check", NECKGUARD_CONFIG=missing)
    assert code == 1
    assert err.startswith(f"{missing}: there is no such file")
    assert person.config("show", NECKGUARD_CONFIG=missing) == (1, "", err)


def test_check_as_json(person: Person) -> None:
    person.write("[log]\nlevl = 'debug'\n")
    code, out, err = person.config("check", "--json")
    answer = json.loads(out)
    assert (code, err, answer["ok"], answer["notes"]) == (1, "", False, [])
    assert [(problem["line"], problem["key"]) for problem in answer["problems"]] == [(2, "log.levl")]
    person.write('[stretches]\navoid = ["wrist"]\n')
    assert json.loads(person.config("check", "--json")[1]) == {
        "file": str(person.file),
        "ok": True,
        "problems": [],
        "notes": [
            {
                "file": str(person.file),
                "line": 2,
                "key": "stretches.avoid",
                "message": WRIST,
                "severity": "note",
            }
        ],
    }


def test_show_prints_what_is_in_effect_and_who_set_it(person: Person) -> None:
    person.write('[quiet]\nsettle = "10s"\n[hours]\nmon-fri = ["09:00-17:00"]\n')
    code, out, err = person.config("show", NECKGUARD_PAUSE__DEFAULT="30m")
    assert (code, err) == (0, "")
    shown = tomllib.loads(out)
    assert shown["reminders"]["posture"]["every"] == "20m"
    marked = [line for line in out.splitlines() if "  # " in line]
    assert marked == [
        "[hours]  # line 3",
        'settle = "10s"  # line 2',
        'default = "30m"  # NECKGUARD_PAUSE__DEFAULT',
    ]


def test_show_says_first_what_stands_in_for_a_broken_file(person: Person) -> None:
    person.write('[log]\nlevel = 3\n[quiet]\nsettle = "10s"\n')
    code, out, err = person.config("show")
    assert (code, err) == (0, "")
    assert out.splitlines()[:2] == [
        "# The built-in settings are in force until this is mended:",
        f"# {person.file}:2: log.level: 3 is not allowed (allowed: debug, info, warning, error)",
    ]
    assert tomllib.loads(out)["quiet"]["settle"] == "20s"
    answer = json.loads(person.config("show", "--json")[1])
    assert (answer["stand_in"], answer["settings"]["quiet"]["settle"]) == ("built-in", "20s")
    assert [problem["line"] for problem in answer["problems"]] == [2]


@pytest.mark.parametrize("text", ['[quiet]\nsettle = "10s"\n', "[log]\nlevel = 3\n"])
def test_show_prints_toml_wherever_the_file_lies(text: str, person: Person) -> None:
    file = person.file.parent / "settings\ncolour = 1"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    _, out, _ = person.config("show", NECKGUARD_CONFIG=str(file))
    assert "colour" not in tomllib.loads(out)


def test_show_as_json(person: Person) -> None:
    person.write('[quiet]\nsettle = "10s"\n')
    answer = json.loads(person.config("show", "--json")[1])
    assert answer["file"] == str(person.file)
    assert answer["settings"]["quiet"]["settle"] == "10s"
    assert answer["set_by"] == {"quiet.settle": "line 2"}
    assert (answer["stand_in"], answer["problems"]) == ("", [])


def test_schema_prints_the_schema(person: Person) -> None:
    code, out, err = person.config("schema")
    assert (code, err) == (0, "")
    assert json.loads(out) == schema()


def an_editor(person: Person, script: str) -> str:
    editor = person.home / "my editor"
    editor.write_text(f"#!/bin/sh\n{script}\n")
    editor.chmod(0o755)
    return f"'{editor}' --wait"


def test_open_makes_the_file_and_hands_it_to_the_desktop(person: Person) -> None:
    opener = person.home / "xdg-open"
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > {person.home}/opened\n')
    opener.chmod(0o755)
    for _ in range(2):
        assert person.config("open", PATH=str(person.home))[0] == 0
        assert Path((person.home / "opened").read_text()).read_text().startswith("#:schema")
        (person.home / "opened").unlink()


def test_edit_makes_the_file_opens_it_and_checks_it(person: Person) -> None:
    editor = an_editor(person, 'echo "$1"; echo \'colour = "red"\' > "$2"')
    code, out, err = person.config("edit", VISUAL=editor, EDITOR="false")
    assert code == 1
    assert "--wait" in out
    assert err.startswith(f"{person.file}:1: colour: unknown key")
    assert err.splitlines()[-1] == BUILT_IN_STAY  # nobody can be asked whether to edit again
    assert person.file.read_text() == 'colour = "red"\n'


def at_a_terminal(person: Person, editor: str, answer: str) -> tuple[int, str]:
    """The exit code of `config edit` where somebody can be asked, and what was shown."""
    environ = {"HOME": str(person.home), "PATH": os.environ["PATH"], "TERM": "xterm", "EDITOR": editor}
    terminal = Terminal(environ, ["config", "edit"], pace=1.0, size=(300, 24))
    try:
        terminal.until("Edit again?")
        terminal.type(answer)
        return terminal.end(), terminal.shown
    finally:
        terminal.close()


def test_edit_that_ends_in_a_mistake_asks_to_go_on(person: Person) -> None:
    person.write("")
    mistake_then_none = """grep -q colour "$2" && echo > "$2" || echo 'colour = "red"' > "$2\""""
    code, shown = at_a_terminal(person, an_editor(person, mistake_then_none), "\r")
    assert (code, shown.count("colour: unknown key"), f"{person.file}: ok" in shown) == (0, 1, True)
    assert BUILT_IN_STAY in shown


@pytest.mark.parametrize("answer", ["no\r", "\x04"])
def test_who_does_not_want_to_edit_again_leaves_the_mistake(person: Person, answer: str) -> None:
    person.write("")
    code, shown = at_a_terminal(person, an_editor(person, 'echo \'colour = "red"\' > "$2"'), answer)
    assert (code, shown.count("colour: unknown key")) == (1, 1)


def test_edit_leaves_a_file_that_is_there_to_the_editor(person: Person) -> None:
    person.write("# mine\n")
    assert person.config("edit", EDITOR="true") == (0, f"{person.file}: ok\n", "")
    assert person.file.read_text() == "# mine\n"


def test_edit_without_variables_takes_an_editor_of_the_system(person: Person) -> None:
    (person.home / "bin").mkdir()
    nano = person.home / "bin/nano"
    nano.write_text("#!/bin/sh\necho nano here\n")
    nano.chmod(0o755)
    code, out, _ = person.config("edit", PATH=str(person.home / "bin"))
    assert code == 0
    assert "nano here" in out


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"EDITOR": "false"}, "false ended with status 1; check the file with `neckguard config check`."),
        ({"EDITOR": "no-such-editor"}, "cannot start no-such-editor: No such file or directory"),
        ({"EDITOR": "'open quote"}, "cannot start 'open quote: No such file or directory"),
        ({"PATH": "/nowhere"}, "no editor found; set $EDITOR, or edit"),
    ],
)
def test_edit_says_why_it_could_not(person: Person, variables: dict[str, str], message: str) -> None:
    person.write("")
    code, _, err = person.config("edit", **variables)
    assert code == 1
    assert err.startswith(f"neckguard: {message}")


@pytest.mark.parametrize("words", [(), ("nonsense",), ("check", "a", "b"), ("show", "--nonsense")])
def test_a_wrong_call_is_a_usage_error(person: Person, words: tuple[str, ...]) -> None:
    code, out, err = person.config(*words)
    assert (code, out) == (2, "")
    assert "usage" in err


@pytest.mark.parametrize("action", ["path", "init", "check", "show", "schema", "edit"])
def test_every_action_has_help_with_an_example(person: Person, action: str) -> None:
    code, out, err = person.config(action, "--help")
    assert (code, err) == (0, "")
    assert "Example" in out
    assert f"neckguard config {action}" in out
    assert f"    {action} " in person.config("--help")[1]
