"""Loading settings: the real validating child, and what it leaves behind for the next start."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.helpers import eventually

from neckguard.core.plan import Plan
from neckguard.daemon import settings_file, validator
from neckguard.daemon.settings_file import Loaded, SettingsFile
from neckguard.daemon.validator import validate
from neckguard.errors import NeckguardError

TEN = '[reminders.posture]\nevery = "10m"\n'
BROKEN = '[reminders.posture]\nevry = "5m"\n'


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("NECKGUARD_"):
            monkeypatch.delenv(name)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config" / "config.toml"
    path.parent.mkdir()
    return path


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The arguments of each real child that was started."""
    started: list[tuple[str, ...]] = []

    async def counted(*arguments: str, environment: dict[str, str] | None = None) -> validator.Verdict:
        started.append(arguments)
        return await validate(*arguments, environment=environment)

    monkeypatch.setattr(settings_file, "validate", counted)
    return started


def save(file: Path, content: str) -> None:
    file.write_text(content)


def remove(file: Path) -> None:
    file.unlink()


def load(file: Path, state: Path, *, explicit: bool = False) -> Loaded:
    """What a daemon finds that starts now."""
    return asyncio.run(SettingsFile(str(file), explicit=explicit, state_dir=str(state)).load())


def last_good(file: Path, state: Path) -> Plan | None:
    return SettingsFile(str(file), explicit=False, state_dir=str(state)).last_good()


def posture(plan: Plan | None) -> float | None:
    assert plan
    return plan.reminders[0].every


def test_a_valid_file_gives_a_plan(file: Path, state: Path) -> None:
    file.write_text(TEN)
    loaded = load(file, state)
    assert (posture(loaded.plan), loaded.problems) == (600.0, ())
    assert loaded.loaded_at.tzinfo


def test_a_file_that_never_existed_gives_the_defaults(file: Path, state: Path) -> None:
    assert posture(load(file, state).plan) == 1200.0


def test_a_missing_file_that_was_asked_for_is_a_problem(file: Path, state: Path) -> None:
    loaded = load(file, state, explicit=True)
    assert loaded.plan is None
    assert [(problem.file, "no such file" in problem.message) for problem in loaded.problems] == [
        (str(file), True)
    ]


def test_a_broken_file_names_line_and_key_and_keeps_the_last_good_plan(file: Path, state: Path) -> None:
    file.write_text(TEN)
    load(file, state)
    file.write_text(BROKEN)
    (problem,) = load(file, state).problems

    assert (problem.file, problem.line, problem.key) == (str(file), 2, "reminders.posture.evry")
    assert posture(last_good(file, state)) == 600.0


def saved(file: Path, state: Path, meanwhile: Callable[[], object] = lambda: None) -> Loaded | None:
    """What a daemon makes of the file when it was just touched, and `meanwhile` happens."""

    async def scenario() -> Loaded | None:
        settings = SettingsFile(str(file), explicit=False, state_dir=str(state))
        taking = asyncio.create_task(settings.load_saved())
        await eventually(lambda: taking.done() or settings._busy.locked())
        await eventually(lambda: not settings._busy.locked())
        meanwhile()
        return await taking

    return asyncio.run(scenario())


def test_a_broken_file_that_was_saved_like_that_is_told(
    file: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_file, "_HALF_WRITTEN", 0.1)
    file.write_text(BROKEN)
    loaded = saved(file, state)
    assert loaded is not None
    assert [problem.key for problem in loaded.problems] == ["reminders.posture.evry"]


@pytest.mark.parametrize("further", [TEN, BROKEN + "#", None], ids=["mended", "broken", "deleted"])
def test_a_broken_file_that_somebody_is_still_at_is_not_told(
    file: Path, state: Path, monkeypatch: pytest.MonkeyPatch, further: str | None
) -> None:
    monkeypatch.setattr(settings_file, "_HALF_WRITTEN", 0.5)
    file.write_text(BROKEN)
    assert saved(file, state, lambda: file.write_text(further) if further else file.unlink()) is None


def test_a_good_file_is_not_waited_for(file: Path, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_file, "_HALF_WRITTEN", 3600.0)
    file.write_text(TEN)
    loaded = saved(file, state)
    assert loaded is not None
    assert posture(loaded.plan) == 600.0


def test_the_second_start_needs_no_child(file: Path, state: Path, children: list[tuple[str, ...]]) -> None:
    file.write_text(TEN)
    first, second = load(file, state), load(file, state)

    assert children == [(str(file),)]
    assert second == Loaded(first.plan, (), first.notes, loaded_at=second.loaded_at)


def test_what_was_remembered_is_private(file: Path, state: Path) -> None:
    file.write_text(TEN)
    load(file, state)
    assert {(path.name, oct(path.stat().st_mode)) for path in (state, state / "plan.json")} == {
        ("state", "0o40700"),
        ("plan.json", "0o100600"),
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda file, _: file.write_text('[reminders.posture]\nevery = "11m"\n'),
        lambda _, patch: patch.setenv("NECKGUARD_REMINDERS__POSTURE__EVERY", "11m"),
        lambda _, patch: patch.setattr("neckguard.__version__", "99"),
        lambda _, patch: patch.setattr(settings_file, "_code", lambda: [("other", 1, 1)]),
    ],
    ids=["file", "environment", "version", "code"],
)
def test_whatever_decides_about_the_plan_asks_the_child_again(
    change: Callable[[Path, pytest.MonkeyPatch], object],
    file: Path,
    state: Path,
    monkeypatch: pytest.MonkeyPatch,
    children: list[tuple[str, ...]],
) -> None:
    file.write_text(TEN)
    load(file, state)
    change(file, monkeypatch)
    load(file, state)
    assert len(children) == 2


def test_a_touched_file_with_the_same_content_is_no_change(
    file: Path, state: Path, children: list[tuple[str, ...]]
) -> None:
    file.write_text(TEN)
    load(file, state)
    file.unlink()
    file.write_text(TEN)
    assert posture(load(file, state).plan) == 600.0
    assert len(children) == 1


def spoil_json(kept: Path) -> None:
    kept.write_text("{")


def spoil_shape(kept: Path) -> None:
    kept.write_text("[]")


def spoil_bytes(kept: Path) -> None:
    kept.write_bytes(b"\xff\x00" * 1000)


def spoil_plan(kept: Path) -> None:
    content: dict[str, Any] = json.loads(kept.read_text())
    content["plan"]["from_the_future"] = 1
    kept.write_text(json.dumps(content))


def spoil_field(kept: Path) -> None:
    content: dict[str, Any] = json.loads(kept.read_text())
    del content["plan"]["quiet"]
    kept.write_text(json.dumps(content))


def spoil_kind(kept: Path) -> None:
    kept.unlink()
    kept.mkdir()


@pytest.mark.parametrize("spoil", [spoil_json, spoil_shape, spoil_bytes, spoil_plan, spoil_field, spoil_kind])
def test_a_remembered_plan_of_no_use_is_ignored(
    spoil: Callable[[Path], None], file: Path, state: Path
) -> None:
    file.write_text(TEN)
    load(file, state)
    spoil(state / "plan.json")

    assert last_good(file, state) is None
    assert posture(load(file, state).plan) == 600.0


def test_the_plan_of_another_file_is_not_this_files_last_good_one(file: Path, state: Path) -> None:
    file.write_text(TEN)
    load(file, state)
    assert last_good(file.with_name("other.toml"), state) is None


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("explicit", [False, True])
def test_a_file_that_is_gone_means_the_defaults_unless_it_was_named(
    explicit: bool, restart: bool, file: Path, state: Path
) -> None:
    file.write_text(TEN)

    def loader() -> SettingsFile:
        return SettingsFile(str(file), explicit=explicit, state_dir=str(state))

    async def scenario() -> tuple[Loaded, Plan | None, Loaded]:
        first = loader()
        await first.load()
        remove(file)
        second = loader() if restart else first
        gone = await second.load()
        kept = second.last_good()
        save(file, TEN)
        return gone, kept, await second.load()

    gone, kept, back = asyncio.run(scenario())
    if explicit:
        assert (gone.plan, posture(kept)) == (None, 600.0)
        assert "no such file" in gone.problems[0].message
    else:
        assert (posture(gone.plan), gone.problems, posture(kept)) == (1200.0, (), 1200.0)
    assert (posture(back.plan), back.problems) == (600.0, ())


def test_notes_are_remembered_with_the_plan(file: Path, state: Path, children: list[tuple[str, ...]]) -> None:
    file.write_text('[reminders.brake]\nevery = "2h"\n')
    first, second = load(file, state), load(file, state)
    assert [(note.line, note.key, note.severity) for note in first.notes] == [(1, "reminders.brake", "note")]
    assert (second.notes, len(children)) == (first.notes, 1)


def test_what_cannot_run_is_a_problem_of_a_plan_that_is_in_force(file: Path, state: Path) -> None:
    file.write_text(f'{TEN}[hooks]\non_prompt = ["no-such-program"]\n')
    loaded = load(file, state)
    assert (posture(loaded.plan), posture(last_good(file, state))) == (600.0, 600.0)
    assert [(problem.line, problem.key) for problem in loaded.problems] == [(4, "hooks.on_prompt")]


def test_a_program_that_comes_or_goes_is_noticed_at_the_next_load(
    file: Path, state: Path, tmp_path: Path, children: list[tuple[str, ...]]
) -> None:
    program = tmp_path / "chime"
    program.touch(mode=0o755)
    file.write_text(f'[hooks]\non_prompt = ["{program}"]\n')
    told = [load(file, state).problems for _ in range(2)]
    assert (told, len(children)) == ([(), ()], 1)
    program.unlink()
    ((problem,), (same,)) = (load(file, state).problems for _ in range(2))
    assert problem == same
    program.touch(mode=0o755)
    assert load(file, state).problems == ()


def test_two_loads_at_once_both_tell_the_newest(file: Path, state: Path) -> None:
    file.write_text(TEN)

    async def scenario() -> list[Loaded]:
        loader = SettingsFile(str(file), explicit=False, state_dir=str(state))
        first = asyncio.create_task(loader.load())
        await eventually(loader._busy.locked)
        save(file, TEN.replace("10m", "12m"))
        return [await first, await loader.load()]

    assert [posture(loaded.plan) for loaded in asyncio.run(scenario())] == [720.0, 720.0]


def test_a_file_that_changes_under_validation_is_read_again(
    file: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(TEN)
    changes = iter(["12m", "13m"])

    async def slow(*arguments: str, environment: dict[str, str] | None = None) -> validator.Verdict:
        verdict = await validate(*arguments, environment=environment)
        if new := next(changes, None):
            save(file, TEN.replace("10m", new))
        return verdict

    monkeypatch.setattr(settings_file, "validate", slow)
    assert posture(load(file, state).plan) == 780.0
    assert posture(last_good(file, state)) == 780.0


def test_the_defaults_need_neither_file_nor_environment(
    file: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(BROKEN)
    monkeypatch.setenv("NECKGUARD_REMINDERS__POSTURE__EVRY", "1m")

    async def scenario() -> tuple[Loaded, Loaded]:
        loader = SettingsFile(str(file), explicit=True, state_dir=str(state))
        return await loader.load(), await loader.defaults()

    broken, defaults = asyncio.run(scenario())
    assert broken.plan is None
    assert (posture(defaults.plan), defaults.problems) == (1200.0, ())
    assert not (state / "plan.json").exists()


@pytest.mark.parametrize("special", ["directory", "pipe", "huge"])
def test_what_is_no_settings_file_is_a_problem_at_once(special: str, file: Path, state: Path) -> None:
    if special == "directory":
        file.mkdir()
    elif special == "pipe":
        os.mkfifo(file)
    else:
        file.write_bytes(b"# " + b"x" * 2_000_000)
    loaded = load(file, state)
    assert (loaded.plan, len(loaded.problems)) == (None, 1)


def test_a_full_or_forbidden_state_directory_prevents_nothing(
    file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("no directory")
    file.write_text(TEN)

    async def scenario() -> tuple[Loaded, Plan | None]:
        loader = SettingsFile(str(file), explicit=False, state_dir=str(blocked))
        return await loader.load(), loader.last_good()

    loaded, kept = asyncio.run(scenario())
    assert posture(loaded.plan) == posture(kept) == 600.0
    assert caplog.messages == [f"cannot use {blocked}: File exists. The next start takes a moment longer."]


def child(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(validator, "_command", lambda: (sys.executable, "-c", code))


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import sys; sys.exit('first\\nlast words')", "exit code 1. last words"),
        ("import os; os.kill(os.getpid(), 11)", "exit code -11. "),
        ("print('[1')", "the answer makes no sense."),
        ("print('[1]')", "the answer makes no sense."),
        ('print(\'{"plan": 3, "problems": [], "notes": []}\')', "the answer makes no sense."),
        ('print(\'{"plan": null, "problems": [], "notes": []}\')', "the answer is empty."),
        ("print('[' * 100000)", "the answer makes no sense."),
        ("", "the answer makes no sense."),
    ],
)
def test_a_child_that_fails_is_one_problem(
    code: str, message: str, file: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(monkeypatch, code)
    loaded = load(file, state)
    assert loaded.plan is None
    assert [problem.message for problem in loaded.problems] == [f"The settings cannot be checked: {message}"]


def test_an_interpreter_that_is_gone_is_one_problem(
    file: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    (problem,) = load(file, state).problems
    assert "/no/such/python" in problem.message


@pytest.mark.parametrize(
    "code", ["import time; time.sleep(60)", "while True: print('x' * 10000)"], ids=["hangs", "never stops"]
)
def test_a_child_that_takes_too_long_is_killed(
    code: str, file: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(monkeypatch, f"import os; open({str(file)!r}, 'w').write(str(os.getpid()))\n{code}")
    monkeypatch.setattr(validator, "_TIMEOUT", 1.0)
    loaded = asyncio.run(SettingsFile(str(file), explicit=False, state_dir=str(state)).defaults())

    assert [problem.message for problem in loaded.problems] == [
        "The settings cannot be checked: no result within 1 s."
    ]
    assert not Path(f"/proc/{file.read_text()}").exists()


def test_a_cancelled_load_leaves_no_child(file: Path, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child(monkeypatch, f"import os, time; open({str(file)!r}, 'w').write(str(os.getpid())); time.sleep(60)")

    async def scenario() -> str:
        loading = asyncio.create_task(SettingsFile(str(file), explicit=False, state_dir=str(state)).load())
        pid = await eventually(lambda: file.exists() and file.read_text())
        loading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await loading
        return str(pid)

    assert not Path(f"/proc/{asyncio.run(scenario())}").exists()


def test_stray_modules_in_the_working_directory_are_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "types.py").write_text("raise SystemExit('stray')")
    monkeypatch.chdir(tmp_path)
    plan, problems, _ = asyncio.run(validate("/no/such/file"))
    assert (posture(plan), problems) == (1200.0, ())


def test_a_deleted_working_directory_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    doomed = tmp_path / "doomed"
    doomed.mkdir()
    monkeypatch.chdir(doomed)
    doomed.rmdir()
    try:
        plan, _, _ = asyncio.run(validate("/no/such/file"))
    except NeckguardError as error:
        pytest.fail(str(error))
    finally:
        os.chdir(tmp_path)
    assert posture(plan) == 1200.0
