"""`neckguard service` where there is no user manager, and the files it writes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.helpers import give_up, need, patient

from neckguard import paths
from neckguard.cli.service import launcher, startup
from neckguard.errors import NeckguardError

PROGRAM = str(Path(sys.executable).with_name("neckguard"))
ICONS = sorted(Path(paths.shipped_icons()).glob("*.svg"))
TEMPLATE = Path(__file__).parents[2] / "systemd/neckguard.service"
LINES = (
    f"  sway:     exec {PROGRAM} run",
    f"  i3:       exec {PROGRAM} run",
    f"  hyprland: exec-once = {PROGRAM} run",
    f"  river:    riverctl spawn '{PROGRAM} run'",
    f'  niri:     spawn-at-startup "{PROGRAM}" "run"',
)


class Person:
    """Somebody with a home, and only those system programs that the test gives them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.bin = home / "bin"
        self.bin.mkdir()
        (home / "run").mkdir(mode=0o700)
        self.env = {
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(home / "run"),
            "PATH": str(self.bin),
            "LANG": "C.UTF-8",
        }

    def has(self, program: str, script: str) -> None:
        (self.bin / program).write_text(f"#!/bin/sh\n{script}\n")
        (self.bin / program).chmod(0o755)

    def service(self, *arguments: str, **extra: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [PROGRAM, "service", *arguments],
            env=self.env | extra,
            capture_output=True,
            text=True,
            timeout=patient(60),
            check=False,
        )
        complaints = [line for line in done.stderr.splitlines(True) if not line.startswith("Note: a reboot")]
        return done.returncode, done.stdout, "".join(complaints)  # this environment may be under /tmp

    def files(self) -> list[str]:
        return sorted(
            str(file.relative_to(self.home)) for file in self.home.rglob("*neckguard*") if file.is_file()
        )

    def shared(self) -> list[str]:
        return [file for file in self.files() if file.startswith(".local/share/")]


@pytest.fixture
def person(tmp_path: Path) -> Person:
    return Person(tmp_path)


def test_without_systemctl_nothing_is_installed_and_the_other_ways_are_named(person: Person) -> None:
    code, out, err = person.service("install")
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        "Nothing was installed: no systemd user manager answers here (there is no systemctl).",
        "To start it at login on XFCE, LXQt, MATE and other desktops that read autostart entries:",
        "  neckguard service install --autostart",
        "Elsewhere add one line to your compositor's settings:",
        *LINES,
    ]
    assert person.files() == []


def test_without_a_user_manager_systemctls_reason_is_passed_on(person: Person) -> None:
    person.has("systemctl", "echo 'Failed to connect to bus: No medium found' >&2; exit 1")
    code, _, err = person.service("install")
    assert code == 1
    assert "no systemd user manager answers here (Failed to connect to bus: No medium found)." in err
    assert person.files() == []


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("SWAYSOCK", "/run/sway.sock", LINES[0]),
        ("I3SOCK", "/run/i3.sock", LINES[1]),
        ("XDG_CURRENT_DESKTOP", "Hyprland", LINES[2]),
        ("XDG_CURRENT_DESKTOP", "river", LINES[3]),
        ("NIRI_SOCKET", "/run/niri.sock", LINES[4]),
    ],
)
def test_a_compositor_that_is_known_gets_its_one_line(
    person: Person, variable: str, value: str, line: str
) -> None:
    code, _, err = person.service("install", **{variable: value})
    assert code == 1
    assert err.splitlines()[1:] == ["To start it at login, add to your compositor's settings:", line]


def test_a_unit_that_does_not_come_up_is_reported_with_its_last_words(person: Person) -> None:
    person.has(
        "systemctl",
        'case "$*" in\n'
        "*--property=Version*) echo Version=252;;\n"
        "*--property=*) printf 'LoadState=loaded\\nActiveState=failed\\nResult=exit-code\\n';;\n"
        "*restart*) echo 'Job for neckguard.service failed.' >&2; exit 1;;\n"
        "esac",
    )
    person.has("journalctl", "echo 'settings: line 3: no such key'; echo 'stopped'")
    code, out, err = person.service("install")
    assert code == 1
    assert out.splitlines() == [
        f"Installed {person.home}/.config/systemd/user/neckguard.service",
        f"Installed {person.home}/.local/share/applications/neckguard.desktop",
    ]
    assert err == (
        "neckguard did not come up: failed (exit-code).\n"
        "systemctl:\n  Job for neckguard.service failed.\n"
        "Its last words:\n  settings: line 3: no such key\n  stopped\n"
        "Mend that and install again, or: neckguard service uninstall\n"
    )


def test_a_failing_enable_is_an_error_with_systemds_words(person: Person) -> None:
    person.has("systemctl", 'case "$*" in *enable*) echo "Unit is masked." >&2; exit 1;; esac')
    code, _, err = person.service("install")
    assert (code, err) == (
        1,
        "neckguard: `systemctl --user enable neckguard.service` failed: Unit is masked.\n",
    )


def test_status_where_nothing_is(person: Person) -> None:
    code, out, err = person.service("status")
    assert (code, err) == (3, "")
    assert out.splitlines() == [
        "neckguard is not running; to start it: neckguard run",
        "Service:   no systemd user manager (there is no systemctl)",
        "Session:   graphical-session.target is unknown",
        "Autostart: none",
        "Log:       journalctl --user -u neckguard",
    ]
    code, out, _ = person.service("status", "--json")
    assert code == 3
    assert json.loads(out) == {
        "running": False,
        "answers": False,
        "pid": None,
        "unit": {
            "file": None,
            "enabled": "unknown",
            "state": "unknown",
            "result": "unknown",
            "missing": None,
        },
        "manager_problem": "there is no systemctl",
        "graphical_session": "unknown",
        "autostart": None,
        "log": "journalctl --user -u neckguard",
    }


def test_uninstall_where_nothing_is(person: Person) -> None:
    assert person.service("uninstall", "--purge") == (0, "Nothing was installed.\n", "")


def test_uninstall_without_a_manager_still_removes_the_files(person: Person) -> None:
    units = person.home / ".config/systemd/user"
    (units / "graphical-session.target.wants").mkdir(parents=True)
    (units / "neckguard.service").touch()
    (units / "graphical-session.target.wants/neckguard.service").symlink_to(units / "neckguard.service")
    assert person.service("uninstall") == (0, "Uninstalled: neckguard no longer starts at login.\n", "")
    assert [file for file in units.rglob("*") if not file.is_dir()] == []


def test_under_sudo_it_asks_to_be_run_without(person: Person) -> None:
    if os.geteuid() != 0:
        give_up("only root can look like sudo")
    code, _, err = person.service("install", SUDO_USER="kim")
    assert (code, err) == (
        1,
        "neckguard: the service belongs to a person, not to the system: run this without sudo.\n",
    )


@pytest.mark.parametrize("action", [[], ["install"], ["uninstall"], ["status"]])
def test_help_has_an_example(person: Person, action: list[str]) -> None:
    code, out, _ = person.service(*action, "--help")
    assert code == 0
    assert f"\n  {PROGRAM} service {''.join(action) or 'install'}" in out


@pytest.mark.parametrize("arguments", [[], ["instal"], ["install", "--purge"]])
def test_wrong_usage_is_told_apart(person: Person, arguments: list[str]) -> None:
    assert person.service(*arguments)[0] == 2


def test_the_unit_as_it_lies_in_the_repository_is_valid_by_itself(person: Person) -> None:
    need("systemd-analyze")
    (person.home / ".local/bin").mkdir(parents=True)
    (person.home / ".local/bin/neckguard").write_text("#!/bin/sh\n")
    (person.home / ".local/bin/neckguard").chmod(0o755)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", TEMPLATE],
        env=person.env | {"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    about = [line for line in done.stderr.splitlines() if "neckguard" in line]  # others may be at odds here
    assert (done.stdout, about) == ("", [])


def test_the_rendered_unit_differs_from_the_template_in_the_program_alone() -> None:
    rendered = startup.unit_text("/opt/my tools/100%/neckguard").splitlines()
    template = [line for line in TEMPLATE.read_text().splitlines() if "service install" not in line]
    assert [pair for pair in zip(template, rendered, strict=True) if pair[0] != pair[1]] == [
        (
            "ConditionFileIsExecutable=%h/.local/bin/neckguard",
            "ConditionFileIsExecutable=/opt/my tools/100%%/neckguard",
        ),
        ("ExecStart=%h/.local/bin/neckguard run", 'ExecStart="/opt/my tools/100%%/neckguard" run'),
        ("ExecReload=%h/.local/bin/neckguard reload", 'ExecReload="/opt/my tools/100%%/neckguard" reload'),
    ]


@pytest.mark.parametrize("name", ['a"b', "a'b", "a\\b"])
def test_a_path_that_systemd_refuses_is_refused_first(name: str) -> None:
    with pytest.raises(NeckguardError, match="systemd runs no program with a quote or backslash"):
        startup.unit_text(f"/opt/{name}/neckguard")


@pytest.mark.parametrize("directory", ["plain", "my tools", '100% "of" `it` $HOME \\ it\'s'])
def test_the_autostart_entry_is_valid_and_starts_this_very_program(
    directory: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need("desktop-file-validate")
    program = tmp_path / directory / "neckguard"
    program.parent.mkdir()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    startup.write(paths.autostart_file(), startup.autostart_text(str(program)))
    done = subprocess.run(
        ["desktop-file-validate", paths.autostart_file()], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert _first_word_of_exec(Path(paths.autostart_file())) == str(program)


def test_installed_it_is_an_application_and_uninstalled_it_leaves_nothing(person: Person) -> None:
    assert person.service("install", "--autostart")[0] == 0
    try:
        icons = [f".local/share/icons/hicolor/{_place(icon)}" for icon in ICONS]
        entry = ".local/share/applications/neckguard.desktop"
        assert person.shared() == sorted([entry, *icons])
        assert f"\nTryExec={PROGRAM}\n" in (person.home / entry).read_text()
        assert [(person.home / place).read_text() for place in icons] == [icon.read_text() for icon in ICONS]
    finally:
        said = person.service("uninstall")[1]
    assert said.startswith("Uninstalled: neckguard no longer starts at login.\n")
    assert person.shared() == []


def test_a_unit_for_everybody_counts_if_it_runs_this_very_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_DIRS", f"relative:{tmp_path / 'share'}")
    shared = tmp_path / "share/systemd/user/neckguard.service"
    shared.parent.mkdir(parents=True)
    for start in ('ExecStart="/usr/bin/neckguard" run\n', "ExecStart=/usr/bin/neckguard run\n"):
        shared.write_text(start)
        assert startup.install_unit("/usr/bin/neckguard") == str(shared)
        assert startup.install_unit("/home/kim/.local/bin/neckguard") == paths.unit_file()
    assert startup.install_unit("/usr/bin/neckguard") == str(shared)
    assert not Path(paths.unit_file()).exists(), "it would hide the other"


def test_an_entry_for_everybody_counts_if_it_runs_this_very_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "own"))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "share"))
    shared = tmp_path / "share/applications/neckguard.desktop"
    shared.parent.mkdir(parents=True)
    shared.write_text(launcher.entry_text("/usr/bin/neckguard"))
    assert launcher.install("/home/kim/.local/bin/neckguard") == paths.launcher_file()
    assert Path(paths.icon_file()).exists()
    assert launcher.install("/usr/bin/neckguard") == str(shared)
    assert [file for file in (tmp_path / "own").rglob("*") if not file.is_dir()] == []


def test_running_programs_are_told_by_the_date_of_the_theme_that_icons_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    launcher.install(PROGRAM)
    os.utime(paths.icon_theme(), (0, 0))
    launcher.install(PROGRAM)
    assert Path(paths.icon_theme()).stat().st_mtime > 0


def _place(icon: Path) -> str:
    """Where an icon belongs in a theme."""
    return f"{'symbolic' if icon.stem.endswith('-symbolic') else 'scalable'}/apps/{icon.name}"


def test_uninstall_removes_what_only_the_first_run_wrote(person: Person) -> None:
    entry = person.home / ".local/share/applications/neckguard.desktop"
    entry.parent.mkdir(parents=True)
    entry.touch()
    said = "Removed neckguard from the applications; it was not set to start at login.\n"
    assert person.service("uninstall") == (0, said, "")
    assert not entry.exists()


def test_the_launcher_entry_is_valid_and_means_this_very_program(tmp_path: Path) -> None:
    need("desktop-file-validate")
    program = tmp_path / '100% "of" `it` $HOME \\ it\'s' / "neckguard"
    entry = tmp_path / "neckguard.desktop"
    entry.write_text(launcher.entry_text(str(program)))
    done = subprocess.run(["desktop-file-validate", entry], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    lines = entry.read_text().splitlines()
    command = startup.autostart_text(str(program)).partition("Exec=")[2].partition(" run\n")[0]
    assert [line.replace(command, "NECKGUARD") for line in lines if line.startswith("Exec=")] == [
        "Exec=NECKGUARD report --open",
        "Exec=NECKGUARD pause 1h",
        "Exec=NECKGUARD resume",
        "Exec=NECKGUARD now stretch",
        "Exec=NECKGUARD now break",
        "Exec=NECKGUARD report --open",
        "Exec=NECKGUARD config open",
    ]
    assert {"X-GNOME-UsesNotifications=true", "Icon=neckguard"} <= set(lines)


def test_every_verb_of_the_launcher_entry_exists() -> None:
    for line in launcher.entry_text("/bin/neckguard").splitlines():
        if line.startswith("Exec="):
            words = line.partition('" ')[2].split()
            done = subprocess.run([PROGRAM, *words, "--help"], capture_output=True, timeout=60, check=False)
            assert done.returncode == 0, line


def _first_word_of_exec(entry: Path) -> str:
    """Read back as the specification says: string escapes first, then quotes, then field codes."""
    line = next(line for line in entry.read_text().splitlines() if line.startswith("Exec="))
    value = line.removeprefix("Exec=").replace("\\\\", "\\")
    assert value.startswith('"')
    assert value.endswith('" run')
    word, characters = "", iter(value[1:-5])
    for character in characters:
        word += next(characters) if character == "\\" else character
    return word.replace("%%", "%")


def test_the_program_is_the_one_that_was_called_links_and_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = tmp_path / "neckguard"
    link.symlink_to(PROGRAM)
    monkeypatch.setattr(sys, "argv", [str(link), "service", "install"])
    assert startup.program() == str(link)
    monkeypatch.setattr(sys, "argv", ["/somewhere/neckguard/__main__.py", "service", "install"])
    assert startup.program() == PROGRAM


def test_a_program_that_a_reboot_may_clear_away_is_known() -> None:
    assert startup.is_short_lived("/tmp/venv/bin/neckguard")
    assert not startup.is_short_lived("/home/kim/tmp/bin/neckguard")


def test_a_write_that_fails_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    (taken / "inside").mkdir(parents=True)
    with pytest.raises(NeckguardError, match="cannot write"):
        startup.write(str(taken), "text")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["inside", "taken"]


def test_the_units_live_where_the_other_settings_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/home/kim/settings")
    assert paths.unit_file() == "/home/kim/settings/systemd/user/neckguard.service"
    assert paths.autostart_file() == "/home/kim/settings/autostart/neckguard.desktop"
    assert paths.config_home() == "/home/kim/settings"
