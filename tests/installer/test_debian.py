"""What the .deb tells the system agrees with the program, and its scripts touch no shop."""

from __future__ import annotations

import configparser
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from installer.debian import build
from pos_desktop.app import DESKTOP_ENTRY
from pos_desktop.cli.main import parser
from pos_desktop.shop_folder import MACHINE_WIDE

FILES = Path(build.HERE) / "files"
SHOP = str(MACHINE_WIDE["posix"])


def text(name: str) -> str:
    return (FILES / name).read_text(encoding="utf-8")


@pytest.fixture
def packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of a folder that stands for the programs, unpacked again."""
    if not shutil.which("dpkg-deb"):
        pytest.skip("packages are built on Debian and its kin")
    folder = tmp_path / "frozen"
    (folder / "licences").mkdir(parents=True)
    for name in ("pos-desktop", "posctl", "sbom.cdx.json"):
        (folder / name).write_text("", encoding="utf-8")
    monkeypatch.setattr(build, "OUT", tmp_path / "out")
    (tmp_path / "out").mkdir()
    package = build.build(folder)
    subprocess.run(["dpkg-deb", "-R", package, tmp_path / "unpacked"], check=True, timeout=60)
    return tmp_path / "unpacked"


def test_the_package_lays_everything_where_the_system_looks(packed: Path) -> None:
    control = (packed / "DEBIAN/control").read_text(encoding="utf-8")
    assert f"Version: {build.version()}\n" in control
    assert "libxcb1" in control
    assert "Depends: libc6 (>= 2.35), " in control
    for name in ("pos-desktop", "posctl"):
        assert (packed / "usr/bin" / name).readlink() == Path("/opt/pos-desktop") / name
        assert (packed / "opt/pos-desktop" / name).stat().st_mode & 0o111
    for script in build.SCRIPTS:
        assert (packed / "DEBIAN" / script).stat().st_mode & 0o777 == 0o755
    assert not (packed / SHOP.lstrip("/")).exists(), "the shop is no part of the package"
    assert (packed / "usr/share/doc/pos-desktop/changelog.gz").exists()


@pytest.mark.parametrize("part", ["--fsys-tarfile", "--ctrl-tarfile"])
def test_nobody_but_root_may_change_what_is_installed(packed: Path, part: str) -> None:
    (package,) = packed.parent.glob("out/*.deb")
    command = ["dpkg-deb", part, str(package)]
    content = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        modes = {one.name: (one.mode, one.isdir()) for one in archive if not one.issym()}
    run = {f"./{name}" for name in build.SCRIPTS}
    run |= {f"./{build.PLACE}/{name}" for name in ("pos-desktop", "posctl")}
    assert run & {*modes}
    for name, (mode, is_folder) in modes.items():
        assert mode == (0o755 if is_folder or name in run else 0o644), name


def test_the_package_depends_on_the_c_library_that_its_parts_ask_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shutil.which("objdump"):
        pytest.skip("packages are built where there are binutils")
    shutil.copyfile(sys.executable, tmp_path / "python")
    (tmp_path / "text").write_text("GLIBC_9.99")
    (tmp_path / "link").symlink_to("python")
    monkeypatch.setattr(build, "OLDEST_LIBC", ("2", "2"))
    told = subprocess.run(
        ["objdump", "-p", sys.executable], check=True, capture_output=True, text=True, timeout=60
    ).stdout
    major, _dot, minor = build.oldest_libc(tmp_path).partition(".")
    assert f"GLIBC_{major}.{minor}" in told
    assert int(minor) > 2
    later = [n for n in range(int(minor) + 1, 99) if re.search(rf"GLIBC_2\.{n}\b", told)]
    assert later == []


@pytest.mark.parametrize("script", ["preinst", "prerm"])
@pytest.mark.parametrize(
    ("program", "group", "told"),
    [
        ("/opt/pos-desktop/pos-desktop", "0::/user.slice", "The till is open"),
        ("/opt/pos-desktop/posctl", "0::/user.slice", "posctl works (process 4711)"),
        ("/opt/pos-desktop/posctl (deleted)", "", "posctl works (process 4711)"),
        ("/opt/pos-desktop/posctl", "0::/system.slice/pos-desktop-queue@shop.service", ""),
        ("/usr/bin/python3", "0::/user.slice", ""),
    ],
)
def test_nothing_is_replaced_under_a_program_that_somebody_uses(
    tmp_path: Path, script: str, program: str, group: str, told: str
) -> None:
    process = tmp_path / "proc" / "4711"
    process.mkdir(parents=True)
    (process / "exe").symlink_to(program)
    (process / "cgroup").write_text(group)
    words = text(script).replace("/proc/", f"{tmp_path}/proc/")
    words = words.replace("/run/systemd", f"{tmp_path}/run/systemd")
    done = subprocess.run(
        ["sh", "-c", words, script, "upgrade"],
        check=False,
        text=True,
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, told in done.stderr) == (1 if told else 0, True)
    assert bool(told) == ("Nothing was changed." in done.stderr)


@pytest.mark.parametrize("script", build.SCRIPTS)
def test_the_scripts_are_sound_and_remove_no_shop(script: str) -> None:
    told = text(script)
    assert told.startswith("#!/bin/sh\n")
    assert "\nset -e\n" in told
    subprocess.run(["sh", "-n", FILES / script], check=True, timeout=20)
    commands = [line for line in told.splitlines() if not line.strip().startswith(("#", "echo"))]
    assert not [line for line in commands if re.search(r"\brm\b", line)]


class System:
    """A machine with systemd in a folder, on which scripts of the package are run as dpkg does."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.asked = place / "asked"
        self.asked.touch()
        for name in ("run/systemd/system", "proc/7", "bin"):
            (place / name).mkdir(parents=True)
        wants = place / "etc/systemd/system/multi-user.target.wants"
        wants.mkdir(parents=True)
        (wants / "pos-desktop-queue@1.service").symlink_to("/nowhere")
        for name in ("getent", "mkdir", "chown", "chmod", "udevadm"):
            self._command(name, "exit 0")
        self._command("systemctl", f'echo "$*" >> {self.asked}')

    def _command(self, name: str, does: str) -> None:
        path = self.place / "bin" / name
        path.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        path.chmod(0o755)

    def open_till(self) -> None:
        (self.place / "proc/7/exe").symlink_to("/opt/pos-desktop/pos-desktop")

    def run(self, script: str, *arguments: str) -> tuple[int, str]:
        """Run a script of the package; return its exit code and what systemd was asked."""
        self.asked.write_text("", encoding="utf-8")
        told = text(script)
        for name in ("/proc", "/run/systemd", "/run/udev", "/etc/systemd"):
            told = told.replace(f"{name}/", f"{self.place}{name}/")
        path = f"{self.place}/bin:{os.environ['PATH']}"
        done = subprocess.run(
            ["sh", "-c", told, script, *arguments], env={"PATH": path}, check=False, timeout=20
        )
        return done.returncode, self.asked.read_text(encoding="utf-8")


@pytest.fixture
def system(tmp_path: Path) -> System:
    return System(tmp_path)


@pytest.mark.parametrize(("rights", "is_told"), [("root 755", True), ("pos-desktop 2770", False)])
def test_a_folder_of_others_is_told_with_the_line_that_mends_it(
    system: System, rights: str, is_told: bool
) -> None:
    there = system.place / "var/lib/pos-desktop"
    there.mkdir(parents=True)
    system._command("stat", f"echo {rights}")
    told = text("postinst").replace("/var/lib/pos-desktop", str(there))
    told = told.replace("/run/", f"{system.place}/nowhere/")
    done = subprocess.run(
        ["sh", "-c", told, "postinst", "configure", "0.1"],
        env={"PATH": f"{system.place}/bin:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert done.returncode == 0
    assert (f"chmod 2770 {there}" in done.stderr) is is_told


def test_only_serial_cables_are_taken_from_the_modem_manager() -> None:
    rules = [line for line in text("udev.rules").splitlines() if "ID_MM_DEVICE_IGNORE" in line]
    (rule,) = rules
    drivers = re.search(r'DRIVERS=="([^"]+)"', rule)
    assert drivers
    assert set(drivers[1].split("|")) == {"ftdi_sio", "pl2303", "ch341*", "cp210x"}


@pytest.mark.parametrize("what", ["upgrade", "remove", "failed-upgrade"])
def test_under_a_till_that_is_open_the_workers_go_on(system: System, what: str) -> None:
    system.open_till()
    assert system.run("prerm", what, "0.2") == (1, "")


def test_an_upgrade_ends_the_workers_and_starts_them_again(system: System) -> None:
    assert system.run("prerm", "upgrade", "0.2") == (0, "stop pos-desktop-queue@*\n")
    assert system.run("preinst", "upgrade", "0.1") == (0, "")
    code, asked = system.run("postinst", "configure", "0.1")
    assert (code, asked.splitlines()[-1]) == (0, "start pos-desktop-queue@1.service")


def test_an_upgrade_that_broke_off_starts_them_again_too(system: System) -> None:
    system.run("prerm", "upgrade", "0.2")
    system.open_till()
    assert system.run("preinst", "upgrade", "0.1") == (1, "")
    code, asked = system.run("postinst", "abort-upgrade", "0.2")
    assert (code, asked.splitlines()[-1]) == (0, "start pos-desktop-queue@1.service")


def test_the_unit_runs_a_command_that_posctl_knows_on_the_machine_wide_shop() -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[method-assign,assignment]
    unit.read_string(text("pos-desktop-queue@.service"))
    program, *arguments = unit["Service"]["ExecStart"].split()
    assert program == "/opt/pos-desktop/posctl"
    assert parser().parse_args(arguments).grace == 30
    assert int(unit["Service"]["TimeoutStopSec"]) > 30, "the grace has to fit in"
    assert unit["Service"]["Environment"] == f"POS_DATA_DIR={SHOP}"
    assert unit["Unit"]["ConditionPathExists"] == f"{SHOP}/shop.sqlite"
    assert unit["Service"]["UMask"] == "0007", "files of the shop are the group's"


def test_the_shop_s_folder_is_made_where_the_program_looks() -> None:
    assert f"mkdir -p {SHOP}\n" in text("postinst")
    assert f"chmod 2770 {SHOP}\n" in text("postinst")


def test_menu_and_catalogue_name_the_same_program() -> None:
    entry = configparser.RawConfigParser(strict=False)
    entry.optionxform = str  # type: ignore[method-assign,assignment]
    entry.read_string(text("pos-desktop.desktop"))
    told = ET.fromstring(text("metainfo.xml"))
    assert told.findtext("id") == entry["Desktop Entry"]["Icon"] == build.APPLICATION
    assert build.APPLICATION == DESKTOP_ENTRY
    assert told.findtext("launchable") == f"{build.APPLICATION}.desktop"
    assert {one.text for one in told.iter("binary")} == {"pos-desktop", "posctl"}
    assert entry["Desktop Entry"]["Exec"] == "pos-desktop"
