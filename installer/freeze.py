"""Makes the folder with both programs, as the installers carry it: build/freeze/dist/pos-desktop.

In an environment of its own, of the locked packages alone: what a developer has installed besides
cannot get in. A second run uses that environment again. Any Python of 3.11 or newer runs it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "build" / "freeze"
FOLDER = PLACE / "dist" / "pos-desktop"
LOCK = ROOT / "requirements-freeze.lock"
SPEC = ROOT / "installer" / "pos_desktop.spec"
_ENVIRONMENT = PLACE / "environment"
_STAMP = _ENVIRONMENT / "made-from"


def freeze() -> Path:
    """Return the folder, made anew of what the checkout holds now."""
    python = _python()
    pip: list[str | Path] = [python, "-I", "-m", "pip", "--disable-pip-version-check", "--quiet"]
    if not _is_ready():
        shutil.rmtree(_ENVIRONMENT, ignore_errors=True)
        _run([sys.executable, "-m", "venv", _ENVIRONMENT])
        _run([*pip, "install", "--requirement", LOCK])
        _STAMP.write_text(_fingerprint(), encoding="utf-8")
    _run([*pip, "uninstall", "--yes", "pos-desktop"])
    _run([*pip, "install", "--no-deps", "--no-build-isolation", ROOT])
    options: list[str | Path] = ["--noconfirm", "--log-level", "ERROR", "--distpath", FOLDER.parent]
    _run([python, "-m", "PyInstaller", *options, "--workpath", PLACE / "work", SPEC])
    return FOLDER


def environment_python() -> Path:
    """Return the Python that knows all bundled packages; `freeze` has made it."""
    return Path(_python())


def _python() -> Path:
    names = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return _ENVIRONMENT.joinpath(*names)


def _is_ready() -> bool:
    return _STAMP.exists() and _STAMP.read_text(encoding="utf-8") == _fingerprint()


def _fingerprint() -> str:
    return hashlib.sha256(sys.version.encode() + LOCK.read_bytes()).hexdigest()


def _run(command: Sequence[str | Path]) -> None:
    subprocess.run(command, check=True, cwd=ROOT, timeout=1800)


def main() -> int:
    """Freeze, and say how large it is and how long it took."""
    began = time.monotonic()
    folder = freeze()
    size = sum(file.lstat().st_size for file in folder.rglob("*") if not file.is_symlink())
    print(f"{folder}: {size / 1e6:.0f} MB, {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
