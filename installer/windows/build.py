"""Builds the installers for Windows on this machine, under wine: build/windows/out.

What an earlier run made of the same lock is used again.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

from installer.bill import write_bill
from installer.trial import step
from installer.windows import icon, libraries, msi, packages, setup, windows_python
from installer.windows.places import FROZEN, HERE, ICON, LOCK, MADE, OUT, ROOT, SPEC
from installer.windows.wine import Wine, screen
from scripts import ready

DEBIAN = {
    "wine": "wine",
    "wine64": "wine64",
    "x86_64-w64-mingw32-gcc": "gcc-mingw-w64-x86-64",
    "makensis": "nsis",
    "wixl": "wixl",
    "msibuild": "msitools",
    "Xvfb": "xvfb",
}
"""The package of Debian that brings each program."""
NEVER_SHIPPED = (*libraries.WINE_LACKS, "api-ms-*.dll", "ucrtbase.dll")
"""Windows has its own; a copy from wine would break there."""


def install_tools() -> None:
    """Install what is missing; raises NotReady with the line to type where that is not allowed."""
    missing = [package for tool, package in DEBIAN.items() if not _is_there(tool)]
    ready.install_system_packages(missing)


def _is_there(tool: str) -> bool:
    return bool(shutil.which(tool)) or Path(f"/usr/lib/wine/{tool}").exists()


def make_environment() -> Path:
    """Return a Python for Windows that has all locked packages, and this checkout's."""
    python = MADE / "python" / "python.exe"
    stamp, site = python.with_name("made-from"), python.parent / "Lib" / "site-packages"
    if not (stamp.exists() and stamp.read_text(encoding="ascii") == fingerprint()):
        wheels = MADE / "wheels"
        with step("the packages of the lock, for Windows") as notes:
            shutil.rmtree(wheels, ignore_errors=True)
            packages.download(wheels)
            notes.append(f"{len(list(wheels.iterdir()))} packages")
        with step("a Python for Windows"):
            windows_python.make(python.parent, MADE / "carrier")
            packages.install(wheels, site)
            stamp.write_text(fingerprint(), encoding="ascii")
    with step("this checkout, as a package"):
        ours = MADE / "ours"
        shutil.rmtree(ours, ignore_errors=True)
        packages.build_our_own(ours)
        packages.replace(ours, site)
    return python


def fingerprint() -> str:
    """Return a digest of everything that decides what the Python for Windows holds."""
    digest = hashlib.sha256(sys.version.encode())
    for name in ("packages.py", "windows_python.py", "libraries.py"):
        digest.update((HERE / name).read_bytes())
    digest.update(LOCK.read_bytes())
    return digest.hexdigest()


def freeze(wine: Wine, python: Path) -> int:
    """Freeze both programs; return the size of their folder. Raises SystemExit if that fails."""
    icon.write_icon(ICON)
    options = ["--noconfirm", "--log-level", "WARN", "--distpath", str(FROZEN.parent)]
    options += ["--workpath", str(MADE / "work")]
    made = wine.run(python, "-m", "PyInstaller", *options, SPEC)
    (MADE / "freeze.log").write_text(made.stdout + made.stderr, encoding="utf-8")
    if made.returncode or not (FROZEN / "posctl.exe").exists():
        raise SystemExit(f"PyInstaller failed: {MADE.relative_to(ROOT)}/freeze.log")
    stray = [file.name for name in NEVER_SHIPPED for file in FROZEN.rglob(name)]
    if stray:
        raise SystemExit(f"these are wine's and must not be shipped: {', '.join(stray)}")
    write_bill(FROZEN)
    return sum(file.stat().st_size for file in FROZEN.rglob("*") if file.is_file())


def main() -> int:
    """Build all; 0, or 1 with the reason on standard error."""
    try:
        install_tools()
    except ready.NotReady as error:
        print(error, file=sys.stderr)
        return 1
    python = make_environment()
    with screen() as display:
        wine = Wine(MADE / "wine", display)
        if not wine.is_made():
            with step("a Windows under wine"):
                wine.make(python.parent / "Lib/site-packages/PySide6/Qt6Core.dll")
        with step("both programs, frozen") as notes:
            notes.append(f"{freeze(wine, python) / 1e6:.0f} MB")
        wine.end()
    OUT.mkdir(exist_ok=True)
    for kind in (setup, msi):
        with step(f"the installer of {kind.__name__.rpartition('.')[2]}") as notes:
            file = kind.make()
            notes.append(f"{file.name}, {file.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
