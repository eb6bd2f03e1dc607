"""Where the Windows build keeps what it makes, and what it is called."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
LOCK = ROOT / "requirements-freeze.lock"
SPEC = ROOT / "installer" / "pos_desktop.spec"
MADE = ROOT / "build" / "windows"
OUT = MADE / "out"
"""The installers."""
FROZEN = MADE / "dist" / "pos-desktop"
"""The folder with both programs."""
ICON = MADE / "pos-desktop.ico"
NAME = "POS Desktop"
PUBLISHER = "The POS Desktop authors"
OLDEST_BUILD = 17763
"""Of Windows 10, version 1809. A VersionNT has not grown since Windows 8.1."""
TOO_OLD = f"{NAME} needs Windows 10, version 1809, or a newer one, of 64 bits."


def version() -> str:
    """Return the version that pyproject.toml tells."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def four_numbers(text: str) -> str:
    """Return a version as Windows has it, `1.2.3.0`: what follows its numbers is left out."""
    numbers = []
    for part in text.split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(str(int(digits)))
        if digits != part:
            break
    return ".".join([*numbers, "0", "0", "0", "0"][:4])


def setup_file() -> Path:
    """Return the file of the setup program."""
    return OUT / f"pos-desktop-{version()}-setup.exe"


def msi_file() -> Path:
    """Return the file of the package for Windows Installer."""
    return OUT / f"pos-desktop-{version()}.msi"
