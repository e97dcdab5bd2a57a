"""Files that cannot be settings: one clear problem each, never a traceback, never a wait."""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from support.config_helpers import check_text, plan_of, problems_of
from support.helpers import give_up

from neckguard.config.check import check


def only_message(path: Path, *, explicit: bool = False) -> tuple[int, str]:
    checked = check(str(path), explicit=explicit, environ={})
    assert checked.plan is None
    (problem,) = checked.problems
    assert (problem.file, problem.key) == (str(path), "")
    return problem.line, problem.message


def message_for(tmp_path: Path, data: bytes) -> tuple[int, str]:
    path = tmp_path / "config.toml"
    path.write_bytes(data)
    return only_message(path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "bom.toml").write_bytes(b'\xef\xbb\xbf[pause]\ndefault = "2h"\n')
    checked = check(str(tmp_path / "bom.toml"), explicit=True, environ={})
    assert checked.plan is not None
    assert checked.plan.pause_default == 7200.0


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_utf_16_is_recognised(tmp_path: Path, encoding: str) -> None:
    assert message_for(tmp_path, "a = 1".encode(encoding)) == (
        0,
        "the file is saved as UTF-16; save it as UTF-8",
    )


def test_a_nul_byte_is_named_with_its_line(tmp_path: Path) -> None:
    line, message = message_for(tmp_path, b"# a\na = 1\0\n")
    assert line == 2
    assert message.startswith("a NUL byte")


def test_latin_1_is_named_with_byte_and_line(tmp_path: Path) -> None:
    assert message_for(tmp_path, b'[reminders.tea]\nevery = "1h"\nmessage = "caf\xe9"\n') == (
        3,
        "not UTF-8: byte 0xe9 does not belong here; save the file as UTF-8",
    )


def test_a_directory_is_refused(tmp_path: Path) -> None:
    assert only_message(tmp_path) == (0, "this is a directory; name the file in it")


def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert only_message(tmp_path / "pipe")[1].startswith("this is a pipe, socket or device")


def test_a_pipe_that_takes_the_place_of_the_file_is_refused_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe, said = tmp_path / "pipe", list[tuple[int, str]]()
    os.mkfifo(pipe)
    was_a_file = os.stat(__file__)
    monkeypatch.setattr(os, "stat", lambda *_, **__: was_a_file)
    reader = threading.Thread(target=lambda: said.append(only_message(pipe)))
    reader.start()
    reader.join(10.0)
    if reader.is_alive():  # it waits for a writer: let it go, so that the test can end
        os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
        reader.join()
        said.clear()
    assert [message[:33] for _, message in said] == ["this is a pipe, socket or device;"]


def test_devices_and_sockets_are_refused(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        assert only_message(tmp_path / "socket")[1].startswith("this is a pipe, socket or device")
    assert only_message(Path("/dev/zero"))[1].startswith("this is a pipe, socket or device")


def test_a_link_to_nothing_is_a_problem_even_where_the_file_may_be_missing(tmp_path: Path) -> None:
    (tmp_path / "config.toml").symlink_to("gone.toml")
    assert only_message(tmp_path / "config.toml") == (
        0,
        "this is a link to gone.toml, which is not there; mend or remove it",
    )


def test_a_link_to_itself_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "config.toml").symlink_to("config.toml")
    assert "which is not there" in only_message(tmp_path / "config.toml")[1]


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, '[pause]\ndefault = "2h"\n')
    (tmp_path / "link.toml").symlink_to("config.toml")
    assert check(str(tmp_path / "link.toml"), explicit=True, environ={}).plan == plan


@pytest.mark.parametrize("name", ["config.toml/below", "x" * 300, "nul\0"])
def test_an_impossible_path_is_a_problem(tmp_path: Path, name: str) -> None:
    (tmp_path / "config.toml").touch()
    assert only_message(tmp_path / name)[1].startswith("the file cannot be read: ")


def test_no_permission_is_a_problem(tmp_path: Path) -> None:
    if os.geteuid() == 0 and not Path("/usr/bin/setpriv").exists():
        give_up("needs setpriv to be somebody other than root")
    path = tmp_path / "config.toml"
    path.write_text("")
    path.chmod(0)
    program = (
        "import sys; from neckguard.config.reading import read;"
        "print(read(sys.argv[1], explicit=False).problem.message)"
    )
    command = [sys.executable, "-c", program, str(path)]
    if os.geteuid() == 0:
        command = ["/usr/bin/setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert answer.stdout.startswith("no permission to read the file")


def test_a_huge_file_is_not_even_parsed(tmp_path: Path) -> None:
    line, message = message_for(tmp_path, os.urandom(10_000_000))
    assert (line, message) == (0, "the file is larger than 1,000,000 bytes: too big to be a settings file")


def test_binary_garbage_is_one_problem(tmp_path: Path) -> None:
    assert message_for(tmp_path, bytes(range(256)) * 100)[1]


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 100_000, "a = " + "{b=" * 50_000, "a = " + "[" * 400 + "]" * 400]
)
def test_brackets_without_end_are_one_problem(tmp_path: Path, text: str) -> None:
    checked = check_text(tmp_path, text)
    assert checked.plan is None
    assert len(checked.problems) == 1


def test_numbers_without_end_are_one_problem(tmp_path: Path) -> None:
    assert problems_of(tmp_path, "a = " + "9" * 5000)[0][2].startswith("this is no valid TOML")
    assert problems_of(tmp_path, "quiet = 0x" + "f" * 5000) == [
        (1, "quiet", "a huge number is not a table; write [quiet] and its keys below it")
    ]


def test_deeply_dotted_keys_are_one_problem(tmp_path: Path) -> None:
    ((line, _, message),) = problems_of(tmp_path, ".".join(["a"] * 3000) + " = 1")
    assert line == 1
    assert message.startswith("unknown table")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[quiet]\nsettle = 20s", 2, '(column 12): text and spans need quotes; write settle = "20s"'),
        ("[quiet]\nsettle = 20s # why", 2, '(column 12): text and spans need quotes; write settle = "20s"'),
        ("[quiet]\nsettle = none", 2, '(column 10): text and spans need quotes; write settle = "none"'),
        ("[quiet]\nsettle = \u201c20s\u201d", 2, '(column 10): use straight quotes; write settle = "20s"'),
        ("[log]\nlevel = \u201edebug\u201c", 2, '(column 9): use straight quotes; write level = "debug"'),
        (
            "[posture]\navoid = ['mouse', \u2018desk\u2019]",
            2,
            "(column 19): use straight quotes; write avoid = ['mouse', 'desk']",
        ),
        (
            "[quiet]\n\u201csettle\u201d = '20s'",
            2,
            "(column 1): use straight quotes; write \"settle\" = '20s'",
        ),
        (
            "[log]\nlevel = \u201c" + "x" * 90 + "\u201d",
            2,
            '(column 9): use straight quotes; write "20m"',
        ),
        (
            "[reminders.tea]\ntitle = 'a \u201cnice\u201d tea'x",
            2,
            "there is more on the line than one key and its value",
        ),
        ("[quiet]\n\ndnd = True", 3, "(column 7): write dnd = true"),
        ("[quiet]\ndnd = off", 2, "(column 7): write dnd = false"),
        (
            "[quiet]\ndnd =\ncalls = true",
            2,
            "(column 6): the value is missing or not valid; text needs quotes",
        ),
        (
            "[quiet]\ndnd =",
            2,
            ": the file ends in the middle of a value; something like a closing ] is missing",
        ),
        ("[quiet]\ndnd", 2, ": a key needs = and a value after it"),
        ("[quiet]\ndnd = true\r\ndnd = false", 3, "this key stands there twice; keep one of them"),
        ("[quiet]\n[log]\n[quiet]\n", 3, "this table stands there twice; put its keys under one header"),
        ("[quiet\ndnd = true", 1, "the header lacks its closing ]"),
        ("[quiet]\ncalls_ignore = ['a',\n", 2, "the file ends in the middle of a value"),
        ("[quiet]\ncalls_ignore = ['a'\n[log]", 3, "the list lacks its closing ]"),
        ("[log]\nlevel = 'info\n", 2, "the string lacks its closing quote"),
        ('[log]\nlevel = "info\n', 2, "the string lacks its closing quote"),
        ('[log]\nlevel = """info\n', 2, "the string lacks its closing quote"),
        ('[notify]\nicon = "C:\\icons"\n', 2, "a \\ in a string must be written \\\\"),
        ("quiet = {dnd = true}\n[quiet]\ncalls = true", 2, "twice; put its keys under one header"),
        ("quiet = {dnd = true}\nquiet.calls = true", 2, "this table is complete already"),
        ("= 3", 1, "a key or a [header] should start here"),
    ],
)
def test_broken_toml_is_explained_where_it_breaks(tmp_path: Path, text: str, line: int, message: str) -> None:
    ((found_line, key, said),) = problems_of(tmp_path, text)
    assert (found_line, key) == (line, "")
    assert said.startswith("not valid TOML")
    assert message in said


def test_broken_toml_does_not_hide_what_is_wrong_in_the_environment(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, "a = ", {"NECKGUARD_LOG__LEVEL": "loud"})
    assert [key for _, key, _ in problems] == ["", "NECKGUARD_LOG__LEVEL"]
