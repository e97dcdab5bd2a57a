"""What is handed on, an archive of the sources and a wheel: whole, and the same from any copy."""

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest
from support.helpers import patient

from neckguard import __version__

ROOT = Path(__file__).parents[1]
NAME = f"neckguard-{__version__}"
WHOLE = ("neckguard", "tests", "systemd", ".ci", ".github/debian", ".github/workflows")
SINGLE = (
    *("pyproject.toml", "LICENSE", "README.md", "CHANGELOG.md", "CONTRIBUTING.md"),
    *("config.example.toml", ".gitignore", ".pre-commit-config.yaml"),
)
OF_THE_WHEEL = {
    "neckguard/content/neckguard.service",
    "neckguard/content/config.example.toml",
    "neckguard/py.typed",
    f"{NAME}.data/data/share/man/man1/neckguard.1",
    f"{NAME}.dist-info/licenses/LICENSE",
}


def sources() -> set[str]:
    inside = (each for folder in WHOLE for each in (ROOT / folder).rglob("*") if each.is_file())
    return {*SINGLE, *(str(each.relative_to(ROOT)) for each in inside if "__pycache__" not in each.parts)}


def build(project: Path, place: Path) -> tuple[Path, Path]:
    """The archive of the sources and the wheel."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", place],
        cwd=project,
        check=True,
        capture_output=True,
        timeout=patient(60),
    )
    return next(place.glob("*.tar.gz")), next(place.glob("*.whl"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return build(ROOT, tmp_path_factory.mktemp("dist"))


def test_the_archive_holds_all_that_it_takes_to_go_on(built: tuple[Path, Path]) -> None:
    with tarfile.open(built[0]) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert held == {*sources(), "PKG-INFO"}


def test_the_wheel_holds_the_unit_the_example_the_manual_and_the_licence(built: tuple[Path, Path]) -> None:
    with ZipFile(built[1]) as wheel:
        held = set(wheel.namelist())
    assert held >= OF_THE_WHEEL
    assert {name.partition("/")[0] for name in held} == {
        "neckguard",
        f"{NAME}.data",
        f"{NAME}.dist-info",
    }


def test_a_copy_of_other_dates_and_permissions_makes_the_very_same(
    built: tuple[Path, Path], tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    for name in sorted(sources(), reverse=True):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, copy / name)  # dated now
        (copy / name).chmod((ROOT / name).stat().st_mode & 0o700)
    again = build(copy, tmp_path)
    assert [each.read_bytes() for each in again] == [each.read_bytes() for each in built]


def test_the_archive_makes_the_same_wheel_as_the_repository(built: tuple[Path, Path], tmp_path: Path) -> None:
    subprocess.run(["tar", "-xzf", built[0], "-C", tmp_path], check=True)
    assert build(tmp_path / NAME, tmp_path)[1].read_bytes() == built[1].read_bytes()
