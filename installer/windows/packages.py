"""The locked packages for Windows: which they are, and how they come without Windows."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from packaging.requirements import Requirement

from installer.windows.places import LOCK, ROOT

WINDOWS = {
    "sys_platform": "win32",
    "platform_system": "Windows",
    "platform_machine": "AMD64",
    "os_name": "nt",
}
PIP = [sys.executable, "-I", "-m", "pip", "--disable-pip-version-check", "-qq"]
TARGET = [
    *("--platform", "win_amd64", "--implementation", "cp"),
    *("--python-version", f"{sys.version_info.major}.{sys.version_info.minor}"),
    *("--only-binary", ":all:"),
]


def wanted(lines: Iterable[str]) -> list[str]:
    """Return those lines of a lock that hold on Windows, without their conditions."""
    requirements = [Requirement(line) for line in lines]
    return [
        f"{one.name}{one.specifier}"
        for one in requirements
        if one.marker is None or one.marker.evaluate(dict(WINDOWS))
    ]


def download(folder: Path) -> None:
    """Bring the wheel of each locked package into the folder, and none besides."""
    folder.mkdir(parents=True, exist_ok=True)
    names = wanted(LOCK.read_text(encoding="utf-8").splitlines())
    try:
        _pip("download", "--no-deps", "--dest", folder, *TARGET, *names)
    except subprocess.CalledProcessError:
        for name in names:
            _download_one(folder, name)


def _download_one(folder: Path, name: str) -> None:
    """Bring one package's wheel; made of its source where there is none, if it is plain Python."""
    try:
        _pip("download", "--no-deps", "--dest", folder, *TARGET, name)
    except subprocess.CalledProcessError:
        options = ["--no-deps", "--no-binary", ":all:", "--wheel-dir"]
        _pip("wheel", *options, folder, name)
        for built in folder.glob("*linux*.whl"):
            built.unlink()
            raise SystemExit(
                f"{name} has no wheel for Windows, and would need its compiler"
            ) from None


def build_our_own(folder: Path) -> None:
    """Bring the wheel of this checkout into the folder."""
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT)


def install(wheels: Path, site: Path) -> None:
    """Unpack all wheels of a folder into the place where a Python of Windows looks for them."""
    files = sorted(map(str, wheels.glob("*.whl")))
    _pip("install", "--no-deps", "--no-index", "--no-compile", "--target", site, *TARGET, *files)


def replace(wheels: Path, site: Path) -> None:
    """Put the wheel of this checkout in the place of an earlier one."""
    for earlier in (*site.glob("pos_*"), *site.glob("bin")):
        shutil.rmtree(earlier)
    install(wheels, site)


def _pip(act: str, *arguments: str | Path) -> None:
    command: Sequence[str | Path] = [*PIP, act, *arguments]
    subprocess.run(command, check=True, cwd=ROOT, timeout=1800)
