"""What the README promises: its two first commands, on a machine that has next to nothing; its examples."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from support.command import neckguard, nowhere

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
LINES = [line for line in README.splitlines() if "python3 -m venv" in line]

APT_GET = """
case "$*" in
    *update*) touch lists ;;
    *install*python3-venv*) test -e lists || exit 100; touch venv ;;
esac
"""
PYTHON = """
test -e venv || exit 1
mkdir -p .venv/bin
for name in pip neckguard pytest; do
    printf '#!/bin/sh\\necho %s $*\\n' $name > .venv/bin/$name
    chmod +x .venv/bin/$name
done
"""


@pytest.mark.parametrize("sudo", [True, False])
@pytest.mark.parametrize(
    ("number", "ends"),
    [(0, "pip install -q .\nneckguard run\n"), (1, "pip install -q -e .[test]\npytest -n 3\n")],
)
def test_they_bring_what_is_missing(tmp_path: Path, number: int, ends: str, *, sudo: bool) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("sh", "touch", "mkdir", "chmod"):
        (programs / name).symlink_to(str(shutil.which(name)))
    scripts = {"apt-get": APT_GET, "python3": PYTHON} | ({"sudo": 'exec "$@"'} if sudo else {})
    for name, script in scripts.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    assert len(LINES) == 2
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", LINES[number]],
        cwd=tmp_path,
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
        check=False,
        executable=shutil.which("bash"),
    )
    assert (ran.returncode, ran.stdout) == (0, ends), ran.stderr


def test_the_day_in_it_is_a_day_with_neckguard(tmp_path: Path) -> None:
    told = re.search(r"\$ cat day.txt\n(.*?)\$ neckguard (preview.*?)\n(.*?)```", README, flags=re.DOTALL)
    assert told
    day, command, shown = told.groups()
    (tmp_path / "day.txt").write_text(day)
    words = [str(tmp_path / word) if word == "day.txt" else word for word in command.split()]
    assert neckguard(*words, env=nowhere(tmp_path)).out == shown


def test_every_example_of_settings_in_it_is_valid(tmp_path: Path) -> None:
    examples = re.findall(r"```toml\n(.*?)```", README, flags=re.DOTALL)
    assert len(examples) >= 3
    (tmp_path / "ssh").symlink_to("/bin/sh")  # one of them is for machines that have it
    env = nowhere(tmp_path)
    env["PATH"] += f":{tmp_path}"
    for number, example in enumerate(examples):
        file = tmp_path / f"{number}.toml"
        file.write_text(example)
        assert neckguard("config", "check", str(file), env=env).out.endswith("ok\n"), example


def test_its_pictures_are_there_and_small() -> None:
    pictures = set(re.findall(r"\.github/pictures/[a-z-]+\.png", README))
    assert pictures
    assert all(0 < (ROOT / picture).stat().st_size < 60_000 for picture in pictures)
