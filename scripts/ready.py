"""Makes a fresh checkout ready: virtual environment, locked packages, system libraries.

Runs on any Python of 3.11 or newer with its standard library alone. A second run on a ready
machine only compares a fingerprint. What apt may not install is printed as one line to type.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCKS = {"run": "requirements.lock", "test": "requirements-dev.lock"}

QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
TEST_TOOLS = {
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "zbarimg": "zbar-tools",
    "sqlite3": "sqlite3",
}


class NotReady(Exception):
    """Something is missing that only the machine's owner can install."""


def main(purpose: str) -> int:
    """Make the checkout ready for `run` or `test`; 0, or 1 with the reason on standard error."""
    try:
        install_system_packages(missing_system_packages(purpose))
        if not is_ready(purpose):
            make_venv()
            install_packages(purpose)
            stamp_file(purpose).write_text(fingerprint(purpose), encoding="utf-8")
    except NotReady as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        command = " ".join(map(str, error.cmd))
        print(f"This step failed, its own words are above: {command}", file=sys.stderr)
        return 1
    return 0


def fingerprint(purpose: str) -> str:
    """Return a digest of everything that decides what the environment holds."""
    digest = hashlib.sha256(sys.version.encode() + str(ROOT).encode())
    for name in (LOCKS[purpose], "pyproject.toml", "scripts/ready.py"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def stamp_file(purpose: str) -> Path:
    """Return the file that remembers what the environment was made from."""
    return VENV / f"ready-{purpose}"


def is_ready(purpose: str) -> bool:
    """Tell whether the environment was made from what the checkout holds now."""
    stamp = stamp_file(purpose)
    return PYTHON.exists() and stamp.exists() and stamp.read_text("utf-8") == fingerprint(purpose)


def make_venv() -> None:
    """Create `.venv` with pip in it, whichever way this Python allows."""
    if PYTHON.exists() and has_module(PYTHON, "pip"):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if not has_module(sys.executable, "ensurepip") and not has_module(sys.executable, "pip"):
        install_system_packages(["python3-venv"])
    if has_module(sys.executable, "ensurepip"):
        run([sys.executable, "-m", "venv", VENV])
    else:
        run([sys.executable, "-m", "venv", "--without-pip", VENV])
        pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", PYTHON]
        run([*pip, "install", "--quiet", "pip"])


def has_module(python: str | Path, name: str) -> bool:
    """Tell whether a Python can import a module."""
    done = subprocess.run(
        [python, "-c", f"import {name}"], check=False, capture_output=True, timeout=60
    )
    return done.returncode == 0


def install_packages(purpose: str) -> None:
    """Install the locked packages and this checkout itself, editable."""
    pip: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--quiet",
    ]
    run([*pip, "--requirement", ROOT / LOCKS[purpose]])
    run([*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT])


def missing_system_packages(purpose: str) -> list[str]:
    """Return the Debian packages that Qt and, for tests, the tools need and are not here."""
    if not sys.platform.startswith("linux"):
        return []
    missing = [package for name, package in QT_LIBRARIES.items() if not can_load(name)]
    if purpose == "test":
        missing += [package for tool, package in TEST_TOOLS.items() if not shutil.which(tool)]
    return missing


def can_load(library: str) -> bool:
    """Tell whether the dynamic loader finds a library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_system_packages(packages: list[str]) -> None:
    """Install Debian packages where we may; raise NotReady with the line to type otherwise."""
    if not packages:
        return
    line = f"sudo apt-get install --no-install-recommends {' '.join(packages)}"
    prefix = apt_prefix()
    if prefix is None:
        raise NotReady(f"System packages are missing. Type this, then try again:\n  {line}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    apt = [*prefix, "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    install = [*apt, "install", "--yes", "--no-install-recommends", *packages]
    print(f"Installing system packages: {' '.join(packages)}", file=sys.stderr)
    run([*apt, "update"], environment, timeout=300)
    try:
        run(install, environment, timeout=1200)
    except subprocess.CalledProcessError as error:
        raise NotReady(f"apt could not install what is missing. Try:\n  {line}") from error


def apt_prefix() -> list[str] | None:
    """Return what to put before `apt-get`, or None where we may not install."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if (
        sudo
        and subprocess.run([sudo, "-n", "true"], check=False, capture_output=True).returncode == 0
    ):
        return [sudo, "-n"]
    return None


def run(
    command: Sequence[str | Path], environment: dict[str, str] | None = None, timeout: int = 3600
) -> None:
    """Run a command that must succeed; only its complaints are shown."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment, timeout=timeout)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "run"))
