"""Who may import whom, and what the small processes must not import."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import neckguard
from neckguard import core
from neckguard.cli.verbs import VERBS

PACKAGE = Path(neckguard.__file__).parent
LEAVES = {"value", "errors", "later", "lookup", "paths", "process", "backoff", "texts", "words", "__init__"}

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
# What every family of adapters may use besides itself.
SHARED_BY_ADAPTERS = {"bus", "display"}


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


@pytest.mark.parametrize("file", sorted((PACKAGE / "desktop").rglob("*.py")), ids=lambda file: file.stem)
def test_families_of_adapters_do_not_know_each_other(file: Path) -> None:
    own = file.relative_to(PACKAGE / "desktop").parts[0].removesuffix(".py")
    for name in imports(file):
        target, _, rest = name.partition(".")
        family = rest.split(".")[0]
        assert target != "desktop" or family in {own, *SHARED_BY_ADAPTERS}, f"{file} imports {name}"
        assert name not in {"core.Engine", "core.view", "core.explain"}, f"{file} imports the engine"


def test_outside_the_core_only_its_face_is_imported() -> None:
    for file in files():
        inside = file.is_relative_to(PACKAGE / "core")
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.ImportFrom) or not node.module:
                continue
            if not inside:
                assert not node.module.startswith("neckguard.core."), f"{file} imports {node.module}"
            elif node.module == "neckguard.core":
                through = {alias.name for alias in node.names} & set(core._HOME_OF)
                assert not through, f"{file}: the core does not go through its own face for {through}"


def test_the_face_offers_the_names_that_its_types_promise() -> None:
    promised: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse(Path(core.__file__).read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = promised.setdefault(node.module.removeprefix("neckguard.core."), set())
            names |= {alias.name for alias in node.names}
    assert promised == {module: set(names.split()) for module, names in core._HOMES.items()}
    for names in promised.values():
        for name in names:
            assert getattr(core, name) is not None


def modules() -> dict[str, Path]:
    """All modules of the package by name."""
    names = {".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts): file for file in files()}
    return {name.removesuffix(".__init__"): file for name, file in names.items()}


def graph() -> dict[str, set[str]]:
    """Which module imports which, for types alone included."""
    known = modules()

    def target(name: str) -> str:
        return name if name in known else name.rpartition(".")[0]

    return {
        own: {target(f"neckguard.{name}") for name in imports(file)} & known.keys() - {own}
        for own, file in known.items()
    }


def test_no_imports_go_in_a_circle() -> None:
    left = {name: set(needs) for name, needs in graph().items()}
    while free := {name for name, needs in left.items() if not needs & left.keys()}:
        for name in free:
            del left[name]
    assert not left, f"a circle within or above: {sorted(left)}"


def test_rules_know_the_world_and_one_another_but_never_the_engine() -> None:
    for own, needs in graph().items():
        room = own.removeprefix("neckguard.core.")
        if room == "world" or room.startswith(("timing.", "person.", "neck.", "reminders.")):
            assert not {name for name in needs if ".core.rules." in name}, f"{own} knows a rule"
        if own.startswith("neckguard.core.") and not room.startswith("told."):
            assert "neckguard.core.engine" not in needs, f"{own} knows the engine"


def test_nobody_writes_past_the_streams_that_clean() -> None:
    around = {"__stdout__", "__stderr__", "buffer", "writelines"}
    found = {
        (str(file.relative_to(PACKAGE)), node.attr)
        for file in files()
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in around
    }
    # The page cleans by itself what it is made of, and the screen shows nothing but our own catalogue.
    assert found == {("cli/history/report.py", "buffer"), ("cli/stretch/screen.py", "__stdout__")}


CORE_MAY_IMPORT = {
    "__future__", "collections", "contextlib", "dataclasses", "datetime", "difflib", "enum", "functools",
    "itertools", "math", "re", "schedule", "types", "typing",
}  # fmt: skip


def test_the_core_is_pure() -> None:
    for file in (PACKAGE / "core").rglob("*.py"):
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
    """All modules that are loaded after it; what only holds the place of one has no specification."""
    told = "import sys; print(*(name for name, it in sys.modules.items() if getattr(it, '__spec__', None)))"
    command = [sys.executable, "-c", f"{code}\n{told}"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


def test_the_resident_process_stays_small() -> None:
    loaded = loaded_by("import neckguard.daemon.main, neckguard.daemon.life")
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
        "sqlite3",
        "plyer",
        "plyer.facades",
        "_random",
        "array",
        "ast",
        "binascii",
        "dis",
        "inspect",
        "jeepney.bus_messages",
        "shlex",
        "neckguard.core.told.explain",
        "neckguard.desktop.notify.by_plyer",
        "neckguard.desktop.presence.wayland_idle",
        "neckguard.desktop.display.wayland_wire",
    }
    assert not loaded & heavy


def test_nothing_makes_typing_read_types_that_are_named_in_texts() -> None:
    watch = "import typing; read = []; typing.ForwardRef.__init__ = lambda *a, **k: read.append(a[1])"
    live = "import neckguard.daemon.life; from neckguard.content.loader import load_content; load_content()"
    assert {"schedule", "tomllib"} <= loaded_by(f"{watch}; {live}; assert not read, read")


def test_what_is_put_off_is_there_when_it_is_wanted() -> None:
    later = (
        "import inspect, random, shlex, textwrap; from locale import getencoding;"
        " from asyncio import sslproto; from array import array;"
        " from binascii import hexlify; same = hexlify(b'~1') == b'7e31';"
        " from jeepney.bus_messages import MatchRule;"
        " from binascii import unhexlify; assert same and unhexlify(b'7e31') == b'~1'"
    )
    used = "inspect.signature(random.randint), textwrap.dedent(''), shlex.join([]), getencoding()"
    wanted = {
        "inspect",
        "ast",
        "_random",
        "array",
        "asyncio.sslproto",
        "binascii",
        "shlex",
        "jeepney.bus_messages",
    }
    assert {*wanted, "jeepney.bus_messages"} <= loaded_by(
        f"import neckguard.daemon.life; {later}; {used}, sslproto.SSLProtocol"
    )


def test_all_of_plyer_knows_the_facade_that_was_loaded_alone() -> None:
    mine = "from neckguard.desktop.notify.dbus import DesktopNotification"
    same = "from plyer.facades import Notification; assert issubclass(DesktopNotification, Notification)"
    assert "plyer.facades.battery" in loaded_by(f"{mine}; {same}")


@pytest.mark.parametrize("verb", ["pause", "status", "why", "done", "checkin", "flare"])
def test_the_client_imports_little(verb: str) -> None:
    loaded = loaded_by(f"import neckguard.cli.main, neckguard.cli.{VERBS[verb][0]}")
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
        "shlex",
        "neckguard.desktop.presence.wayland_idle",
        "neckguard.desktop.display.wayland_wire",
    }
    assert not loaded & heavy
