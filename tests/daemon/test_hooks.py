"""The person's own programs, as real children."""

import asyncio
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.helpers import eventually

from neckguard.core import Happening, Outcome, model, plan
from neckguard.daemon.hooks import Hooks
from neckguard.process import find


@pytest.fixture(autouse=True)
def _no_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INVOCATION_ID", raising=False)


def configured(*argv: str, timeout: float = 30.0) -> plan.HookSettings:
    return plan.HookSettings(argv, (), (), (), timeout)


def python(code: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code, *arguments)


def fired(
    settings: plan.HookSettings,
    about: dict[str, str] | None = None,
    until: Callable[[], object] | None = None,
) -> None:
    """Fire on_prompt once and wait for its end, or for `until`, before the hooks are closed."""

    async def scenario() -> None:
        hooks = Hooks(settings)
        hooks.fire("on_prompt", about or {})
        await eventually(until or (lambda: not hooks._running))
        await hooks.close()

    asyncio.run(scenario())


def test_a_hook_gets_its_arguments_as_they_are_and_the_facts_in_its_environment(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code = (
        "import os, sys; names = sorted(n for n in os.environ if n.startswith('NECKGUARD_HOOK_'));"
        "open(sys.argv[1], 'w').write(repr((sys.argv[2:], [(n, os.environ[n]) for n in names])))"
    )
    arguments = ("$HOME", "a b", "`id`", "*")
    fired(configured(*python(code, str(out), *arguments)), {"reminder": "break", "title": "äö\0\n$X"})

    expected = [
        ("NECKGUARD_HOOK_NAME", "on_prompt"),
        ("NECKGUARD_HOOK_REMINDER", "break"),
        ("NECKGUARD_HOOK_TITLE", "äö\n$X"),
    ]
    assert out.read_text() == repr((list(arguments), expected))


def test_a_hook_has_its_own_session_and_nothing_to_read_or_print_to(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    code = (
        "import os, sys; print('noise');"
        "open(sys.argv[1], 'w').write(repr((os.getsid(0) == os.getpid(), sys.stdin.read())))"
    )
    fired(configured(*python(code, str(out))))
    assert (out.read_text(), capfd.readouterr().out) == ("(True, '')", "")


def test_a_hook_that_is_not_set_does_nothing(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    async def scenario() -> bool:
        hooks = Hooks(configured("touch", str(tmp_path / "ran")))
        hooks.fire("on_outcome", {})  # another one than the one that is set
        started = bool(hooks._running)
        await hooks.close()
        return started

    assert asyncio.run(scenario()) is False
    assert (caplog.messages, list(tmp_path.iterdir())) == ([], [])


def test_what_happens_runs_the_hook_that_is_set_for_it_and_tells_it_what_that_was(tmp_path: Path) -> None:
    out = tmp_path / "out"
    facts = ("NAME", "OUTCOME", "REMINDER", "KIND", "PROMPT", "REASON")
    said = " ".join(f"$NECKGUARD_HOOK_{fact}" for fact in facts)
    telling = ("sh", "-c", f'echo "{said}" >> {out}')
    happened = (Happening.SHOWN, Happening.BREAK_START, Happening.BREAK_END, Happening.DUE, Outcome.SKIPPED)

    async def scenario() -> None:
        hooks = Hooks(plan.HookSettings(telling, telling, telling, telling, 30.0))
        for what in happened:
            hooks.hear(model.Record(datetime.now(UTC), what, "rest", plan.Kind.BREAK, 7, "so"))
        await eventually(lambda: not hooks._running)

    asyncio.run(scenario())
    assert sorted(out.read_text().splitlines()) == [
        "on_break_end break_end rest break 7 so",
        "on_break_start break_start rest break 7 so",
        "on_outcome skipped rest break 7 so",
        "on_prompt shown rest break 7 so",
    ]


def test_a_slow_hook_is_killed_with_all_it_started(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    out = tmp_path / "pids"
    script = f"sleep 600 & echo $$ $! > {out}.new; mv {out}.new {out}; wait"
    fired(configured("sh", "-c", script, timeout=1.0))

    def ended(pid: str) -> bool:
        """Nobody may be there to reap an orphan: a zombie has ended."""
        stat = Path(f"/proc/{pid}/stat")
        return not stat.exists() or ") Z " in stat.read_text()

    pids = out.read_text().split()
    assert len(pids) == 2
    asyncio.run(eventually(lambda: all(ended(pid) for pid in pids)))
    assert caplog.messages == ["Hook on_prompt killed: it took longer than 1 s."]


def test_closing_kills_what_still_runs(tmp_path: Path) -> None:
    out = tmp_path / "pid"
    settings = configured("sh", "-c", f"echo $$ > {out}.new; mv {out}.new {out}; exec sleep 600")
    fired(settings, until=out.exists)
    assert not Path(f"/proc/{out.read_text().strip()}").exists()


def remove(program: Path) -> None:
    program.unlink(missing_ok=True)


def told(settings: plan.HookSettings, *, program: Path | None = None) -> tuple[list[str], str]:
    """What `status` says after each of two firings, between which the program goes, and at the end."""

    async def scenario() -> tuple[list[str], str]:
        hooks = Hooks(plan.HookSettings((), (), (), (), 10.0))
        hooks.configure(settings)
        said = []
        for _ in range(2):
            hooks.fire("on_prompt", {})
            await eventually(lambda: not hooks._running)
            said.append(hooks.problem)
            if program:
                remove(program)
        hooks.configure(configured("true"))
        await hooks.close()
        return said, hooks.problem

    return asyncio.run(scenario())


def test_a_program_that_went_is_one_warning_and_a_problem(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    program = tmp_path / "chime"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    why = f"there is no program {program}"
    assert told(configured(str(program)), program=program) == (["", f"on_prompt: {why}"], "")
    assert caplog.messages == [f"Hook on_prompt not run: {why}."]


def test_of_a_program_that_was_never_there_the_settings_have_told(caplog: pytest.LogCaptureFixture) -> None:
    assert told(configured("no-such-program")) == (["", ""], "")
    assert caplog.messages == []


def test_a_hook_that_fails_at_its_own_work_is_no_problem_and_one_that_hangs_is() -> None:
    assert told(configured("false")) == (["", ""], "")
    slow = configured("sleep", "600", timeout=1.0)
    assert told(slow) == (["on_prompt: it took longer than 1 s"] * 2, "")


def test_what_the_kernel_refuses_is_a_warning(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o755)
    fired(configured(str(script)))
    fired(configured("sh", "-c", "nul \0"))

    assert [message.partition(": ")[0] for message in caplog.messages] == ["Hook on_prompt not run"] * 2


def test_a_failing_hook_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="neckguard")
    fired(configured("sh", "-c", "exit 3"))
    assert caplog.messages == ["Hook on_prompt ended with exit code 3."]


def complaints(caplog: pytest.LogCaptureFixture, code: str, *, timeout: float = 30.0) -> list[str]:
    """What the log has of a hook that is this program."""
    caplog.set_level("INFO", logger="neckguard")
    fired(configured(*python(f"import os, sys, time; {code}"), timeout=timeout))
    return caplog.messages


def test_what_a_hook_complains_of_is_logged_and_what_it_prints_is_not(
    caplog: pytest.LogCaptureFixture,
) -> None:
    code = "print('noise'); print('no such player\\n\\n  is it on?', file=sys.stderr); sys.exit(3)"
    assert complaints(caplog, code) == [
        "Hook on_prompt says: no such player",
        "Hook on_prompt says:   is it on?",
        "Hook on_prompt ended with exit code 3.",
    ]


def test_a_complaint_cannot_play_with_the_terminal(caplog: pytest.LogCaptureFixture) -> None:
    said = complaints(caplog, r"os.write(2, b'a\x1b[31mb\xc2\x9b\xe2\x80\xaec\xff\td\x00')")
    assert said == ["Hook on_prompt says: a[31mbc\ufffd\td"]


def test_what_is_said_before_a_hook_is_killed_is_logged_too(caplog: pytest.LogCaptureFixture) -> None:
    code = "print('I wait', file=sys.stderr, flush=True); time.sleep(600)"
    assert complaints(caplog, code, timeout=1.5) == [
        "Hook on_prompt says: I wait",
        "Hook on_prompt killed: it took longer than 1.5 s.",
    ]


@pytest.mark.parametrize(("line", "count"), [("x" * 8, 30), ("x" * 400, 8), ("x" * 4000, 1), ("x", 100_000)])
def test_the_log_keeps_the_beginning_and_says_that_there_was_more(
    caplog: pytest.LogCaptureFixture, line: str, count: int
) -> None:
    said = complaints(caplog, f"sys.stderr.write('{line}\\n' * {count})")
    kept = [each.removeprefix("Hook on_prompt says: ") for each in said[:-1]]
    assert said[-1] == "Hook on_prompt says more than the log keeps."
    assert 1 <= len(kept) <= 10
    assert "\n".join([line] * count).startswith("\n".join(kept))
    assert len("\n".join(kept)) == 2000 or len(kept) == 10


def test_whoever_complains_without_end_is_heard_no_more(caplog: pytest.LogCaptureFixture) -> None:
    messages = complaints(caplog, "\nwhile True: os.write(2, b'again and again\\n' * 500)")
    assert messages[:10] == ["Hook on_prompt says: again and again"] * 10
    assert messages[10] == "Hook on_prompt says more than the log keeps."
    assert messages[11].startswith("Hook on_prompt ended with exit code ")  # not killed after its 30 s


def test_what_a_hook_leaves_behind_goes_on_and_is_not_waited_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="neckguard")
    go, out = tmp_path / "go", tmp_path / "out"
    os.mkfifo(go)
    script = f"(read line < {go}; echo playing >&2; echo still > {out}) & echo begun >&2"

    async def scenario() -> None:
        hooks = Hooks(configured("sh", "-c", script))
        hooks.fire("on_prompt", {})
        await eventually(lambda: not hooks._running)
        await asyncio.to_thread(go.write_text, "on\n")
        await eventually(out.exists)
        await hooks.close()

    asyncio.run(scenario())
    assert caplog.messages == ["Hook on_prompt says: begun"]


def test_hooks_leave_no_descriptors_behind() -> None:
    async def scenario() -> list[int]:
        hooks, counts = Hooks(configured("sh", "-c", "echo done >&2")), list[int]()
        for _ in range(3):
            hooks.fire("on_prompt", {})
            await eventually(lambda: not hooks._running)
            counts.append(len(os.listdir("/proc/self/fd")))
        return counts

    counts = asyncio.run(scenario())
    assert counts == counts[:1] * 3


def test_at_most_four_run_at_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    go = tmp_path / "go"
    os.mkfifo(go)

    async def scenario() -> None:
        hooks = Hooks(configured("sh", "-c", f"echo x >> {tmp_path}/ran; read line < {go}"))
        for _ in range(6):
            hooks.fire("on_prompt", {})
        await eventually(lambda: (tmp_path / "ran").exists() and len((tmp_path / "ran").read_text()) == 8)
        await hooks.close()
        assert not hooks._running

    asyncio.run(scenario())
    assert caplog.messages == ["Hook on_prompt not run: 4 hooks are still at work."] * 2


def test_firing_does_not_wait() -> None:
    async def scenario() -> bool:
        hooks = Hooks(configured("sleep", "600"))
        hooks.fire("on_prompt", {})
        waiting = bool(hooks._running)
        await hooks.close()
        return waiting

    assert asyncio.run(scenario()) is True


def test_under_the_service_a_hook_runs_outside_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "bin" / "systemd-run"
    fake.parent.mkdir()
    fake.write_text(f"#!/bin/sh\nfor each; do printf '%s\\n' \"$each\"; done > {tmp_path}/new\n")
    with fake.open("a") as script:
        script.write(f"mv {tmp_path}/new {tmp_path}/out\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("INVOCATION_ID", "0123")
    fired(configured("sh", "-c", "echo $HOME", timeout=2.5), {"reminder": "tea"})

    assert (tmp_path / "out").read_text().splitlines() == [
        "--user",
        "--collect",
        "--quiet",
        "--wait",
        "--pipe",
        "--property=RuntimeMaxSec=2.5s",
        "--setenv=NECKGUARD_HOOK_REMINDER=tea",
        "--setenv=NECKGUARD_HOOK_NAME=on_prompt",
        "--",
        "sh",
        "-c",
        "echo $$HOME",
    ]


def test_under_the_service_without_systemd_run_a_hook_still_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INVOCATION_ID", "0123")
    shell = find("sh")
    monkeypatch.setenv("PATH", str(tmp_path))
    fired(configured(shell, "-c", f"echo ran > {tmp_path}/out"))
    assert (tmp_path / "out").read_text() == "ran\n"
