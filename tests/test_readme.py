"""The first two commands of the README, on a machine that has next to nothing: no venv, empty apt lists."""

import shutil
import subprocess
from pathlib import Path

import pytest

LINES = [
    line
    for line in (Path(__file__).parent.parent / "README.md").read_text().splitlines()
    if "python3 -m venv" in line
]

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
