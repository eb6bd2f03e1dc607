"""Makes a fresh checkout ready: virtual environment, locked packages, system libraries, languages.

Runs on any Python of 3.11 or newer with its standard library alone. A second run on a ready
machine only compares a fingerprint. What apt may not install is printed as one line to type.
An environment that was left half made, moved here, or made by another Python is made anew.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
CATALOGUES = ROOT / "resources" / "pos_resources" / "translations"
MADE_BY = VENV / "made-by"
"""Remembers which Python made the environment and where; absent while packages are installed."""
BASE: str = getattr(sys, "_base_executable", sys.executable)
"""The Python below a virtual environment that someone activated: it may be the one to renew."""
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
TEST_TOOLS = {"zbarimg": "zbar-tools", "pdftotext": "poppler-utils", "objdump": "binutils"}


class NotReady(Exception):
    """Something is missing that only the machine's owner can install."""


def main(purpose: str) -> int:
    """Make the checkout ready for `run` or `test`; 0, or 1 with the reason on standard error."""
    try:
        make_ready(purpose)
    except NotReady as error:
        print(error, file=sys.stderr)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        command = " ".join(map(str, error.cmd))
        print(f"This step failed, its own words are above: {command}", file=sys.stderr)
    except OSError as error:
        print(f"{VENV} cannot be made, mend this and try again: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("Interrupted; the next run takes it up.", file=sys.stderr)
    else:
        return 0
    return 1


def make_ready(purpose: str) -> None:
    """Install what is missing, and nothing where nothing is."""
    install_system_packages(missing_system_packages(purpose))
    if not is_ready(purpose):
        make_environment(purpose)
    if not texts_are_compiled():
        run([PYTHON, ROOT / "scripts" / "catalogues.py"])


def make_environment(purpose: str) -> None:
    """Make the virtual environment with everything that the lock names."""
    print("Installing the locked packages into .venv, about a minute ...", file=sys.stderr)
    if not is_usable():
        make_venv()
    MADE_BY.unlink(missing_ok=True)
    install_packages(purpose)
    stamp_file(purpose).write_text(fingerprint(purpose), encoding="utf-8")
    MADE_BY.write_text(maker(), encoding="utf-8")


def texts_are_compiled() -> bool:
    """Tell whether every catalogue of translations was compiled after its last change."""
    return all(
        compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime
        for source in CATALOGUES.glob("*.po")
        for compiled in [source.with_suffix(".mo")]
    )


def maker() -> str:
    """Return which Python, and which place, the environment is good for."""
    return f"{sys.version} {ROOT}"


def fingerprint(purpose: str) -> str:
    """Return a digest of everything that decides what the environment holds."""
    digest = hashlib.sha256(maker().encode())
    for name in (LOCKS[purpose], "pyproject.toml", "scripts/ready.py"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def stamp_file(purpose: str) -> Path:
    """Return the file that remembers what the environment was made from."""
    return VENV / f"ready-{purpose}"


def text_of(file: Path) -> str:
    """Return what a file holds; nothing where there is none."""
    return file.read_text(encoding="utf-8") if file.exists() else ""


def is_ready(purpose: str) -> bool:
    """Tell whether the environment was made, to the end, from what the checkout holds now.

    What tests need holds what running needs.
    """
    return is_usable() and any(
        text_of(stamp_file(made)) == fingerprint(made) for made in {purpose, "test"}
    )


def is_usable() -> bool:
    """Tell whether the environment was made here, by this Python, and no install broke off."""
    return PYTHON.exists() and text_of(MADE_BY) == maker()


def make_venv() -> None:
    """Create `.venv` with pip in it, whichever way this Python allows."""
    shutil.rmtree(VENV, ignore_errors=True)
    if find_spec("ensurepip"):
        run([BASE, "-m", "venv", VENV])
    else:
        run([BASE, "-m", "venv", "--without-pip", VENV])
        pip_install([BASE, "-m", "pip", "--python", PYTHON], "pip")


def install_packages(purpose: str) -> None:
    """Install the locked packages and this checkout itself, editable."""
    pip: list[str | Path] = [PYTHON, "-I", "-m", "pip"]
    pip_install(pip, "--requirement", ROOT / LOCKS[purpose])
    pip_install(pip, "--no-deps", "--no-build-isolation", "--editable", ROOT)


def pip_install(pip: Sequence[str | Path], *what: str | Path) -> None:
    """Let pip install, into the environment even where its configuration says `user`."""
    command = [*pip, "--disable-pip-version-check", "install", "--quiet", *what]
    run(command, os.environ | {"PIP_USER": "0"})


def missing_system_packages(purpose: str) -> list[str]:
    """Return the Debian packages that Python, Qt and, for tests, the tools need and lack."""
    if not sys.platform.startswith("linux"):
        return []
    missing = [package for name, package in QT_LIBRARIES.items() if not can_load(name)]
    if purpose == "test":
        missing += [package for tool, package in TEST_TOOLS.items() if not shutil.which(tool)]
    if not (is_usable() or find_spec("ensurepip") or has_pip(BASE)):
        missing.append(f"python3.{sys.version_info.minor}-venv")
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
    prefix = apt_prefix()
    if prefix is None:
        raise NotReady(
            "System packages are missing. On Debian and Ubuntu type this, then try again:\n  "
            + line_to_type(packages)
        )
    print(f"Installing system packages: {' '.join(packages)}", file=sys.stderr)
    apt = [*prefix, "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=300"]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with suppress(subprocess.CalledProcessError):  # one source out of reach is not the end
        run([*apt, "update"], environment, timeout=300)
    install = [*apt, "install", "--yes", "--no-install-recommends", *packages]
    try:
        run(install, environment, timeout=1200)
    except subprocess.CalledProcessError as error:
        raise NotReady(
            f"apt could not install what is missing. Try:\n  {line_to_type(packages)}"
        ) from error


def line_to_type(packages: list[str]) -> str:
    """Return the one line that installs packages, for a shell of someone who may."""
    commands = "apt-get update", f"apt-get install --no-install-recommends {' '.join(packages)}"
    if shutil.which("sudo"):
        return " && ".join(f"sudo {command}" for command in commands)
    return f"su - -c '{' && '.join(commands)}'"


def apt_prefix() -> list[str] | None:
    """Return what to put before `apt-get`, or None where we may not install."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    return [sudo, "-n"] if sudo and succeeds([sudo, "-n", "true"]) else None


def has_pip(python: str) -> bool:
    """Tell whether a Python has pip."""
    return succeeds([python, "-m", "pip", "--version"])


def succeeds(command: Sequence[str]) -> bool:
    """Tell whether a command ends well, without showing what it says."""
    return subprocess.run(command, check=False, capture_output=True, timeout=60).returncode == 0


def run(
    command: Sequence[str | Path], environment: dict[str, str] | None = None, timeout: int = 3600
) -> None:
    """Run a command that must succeed; only its complaints are shown."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment, timeout=timeout)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "run"))
