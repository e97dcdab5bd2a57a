"""Who may import whom, and what the small processes must not import."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import neckguard

PACKAGE = Path(neckguard.__file__).parent
LEAVES = {"errors", "paths", "__init__"}

# For each part of the package: what it may import besides itself, core and the leaves.
ALLOWED = {
    "core": set[str](),
    "content": {"core"},
    "config": {"core", "content"},
    "storage": {"core"},
    "stats": set[str](),
    "report": {"stats"},
    "control": {"core"},
    "desktop": {"core"},
    "daemon": {"core", "content", "control", "desktop", "storage"},
    "preview": {"content", "stats"},
    "doctor": {"config", "content", "control", "daemon", "desktop", "storage"},
    "cli": {
        "core",
        "config",
        "content",
        "control",
        "daemon",
        "doctor",
        "preview",
        "report",
        "stats",
        "storage",
    },
}
# What adapters share, and the parts that one adapter is made of.
SHARED = ("bus", "child")
FAMILIES = ("notify", "bus", "presence", "media", "dnd")


def imports(file: Path) -> set[str]:
    """The neckguard modules a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name.removeprefix("neckguard.") for name in found if name.startswith("neckguard.")}


def files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("file", files(), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_imports_point_towards_the_core(file: Path) -> None:
    part = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if part in {*LEAVES, "__main__"}:
        return
    for name in imports(file):
        target = name.split(".")[0]
        assert target in {part, "core", *ALLOWED[part], *LEAVES, "__version__"}, f"{file} imports {name}"
        if part == "desktop" and target == "desktop":
            other, own = name.split(".")[1], file.stem
            family = [stem for stem in FAMILIES if own.startswith(stem) and other.startswith(stem)]
            assert other.startswith(SHARED) or family, f"{file}: adapters do not import one another ({name})"
        assert not (part == "desktop" and name.startswith("core.engine")), f"{file} imports the engine"


CORE_MAY_IMPORT = {
    "__future__", "collections", "contextlib", "dataclasses", "datetime", "difflib", "enum", "functools",
    "itertools", "math", "re", "schedule", "types", "typing",
}  # fmt: skip


def test_the_core_is_pure() -> None:
    for file in (PACKAGE / "core").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                root = name.split(".")[0]
                assert root in CORE_MAY_IMPORT | {"neckguard"}, f"{file.name} imports {name}"
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in {"open", "print", "input"}, f"{file.name} calls {called}"
                assert called.split(".")[-1] not in {"now", "today", "utcnow"}, f"{file.name} calls {called}"


def loaded_by(code: str) -> set[str]:
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{code}\nimport sys\nprint(*(name for name, found in sys.modules.items() if found))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ran.stdout.split())


def test_the_resident_process_stays_small() -> None:
    loaded = loaded_by("import neckguard.daemon.main")
    heavy = {
        "pydantic",
        "pydantic_settings",
        "ssl",
        "_ssl",
        "_hashlib",
        "email",
        "http",
        "tkinter",
        "unittest",
        "pathlib",
        "argparse",
        "difflib",
        "plyer",
        "plyer.facades",
        "_random",
    }
    if sys.version_info < (3, 13):  # from then on dataclasses cannot do without inspect
        heavy |= {"ast", "dis"}
    assert not loaded & heavy


def test_what_is_put_off_is_there_when_it_is_wanted() -> None:
    later = "import inspect, random, textwrap; from locale import getencoding; from asyncio import sslproto"
    used = "inspect.signature(random.randint), textwrap.dedent(''), getencoding(), sslproto.SSLProtocol"
    assert {"inspect", "ast", "_random"} <= loaded_by(f"import neckguard.daemon.main; {later}; {used}")


def test_all_of_plyer_knows_the_facade_that_was_loaded_alone() -> None:
    mine = "from neckguard.desktop.notify_dbus import DesktopNotification"
    same = "from plyer.facades import Notification; assert issubclass(DesktopNotification, Notification)"
    assert "plyer.facades.battery" in loaded_by(f"{mine}; {same}")


@pytest.mark.parametrize("verb", ["pause", "status", "why", "prompts", "checkin", "flare"])
def test_the_client_imports_little(verb: str) -> None:
    loaded = loaded_by(f"import neckguard.cli.main, neckguard.cli.{verb}")
    heavy = {
        "asyncio",
        "dataclasses",
        "pydantic",
        "jeepney",
        "schedule",
        "plyer",
        "sqlite3",
        "subprocess",
        "inspect",
    }
    assert not loaded & heavy
