"""What Windows shows of a program: its icon, and what its properties say."""

from __future__ import annotations

import os
from typing import Any

from installer.windows.places import ICON, NAME, PUBLISHER, four_numbers, version

DESCRIPTIONS = {
    "pos-desktop": NAME,
    "posctl": f"{NAME}, console program",
}


def look_of(program: str) -> dict[str, Any]:
    """Return what PyInstaller's EXE is told of a program's look: nothing elsewhere than on Windows.

    The icon is drawn where it is not there yet.
    """
    if os.name != "nt":
        return {}
    if not ICON.exists():
        from installer.windows.icon import write_icon

        write_icon(ICON)
    return {"icon": str(ICON), "version": _properties(program)}


def strings(program: str) -> dict[str, str]:
    """Return what a program's properties say."""
    return {
        "CompanyName": PUBLISHER,
        "FileDescription": DESCRIPTIONS.get(program, NAME),
        "FileVersion": version(),
        "InternalName": program,
        "LegalCopyright": "MIT licence",
        "OriginalFilename": f"{program}.exe",
        "ProductName": NAME,
        "ProductVersion": version(),
    }


def _properties(program: str) -> Any:
    from PyInstaller.utils.win32 import versioninfo as told  # type: ignore[import-untyped,unused-ignore]

    numbers = tuple(map(int, four_numbers(version()).split(".")))
    table = [told.StringStruct(name, text) for name, text in strings(program).items()]
    return told.VSVersionInfo(
        ffi=told.FixedFileInfo(filevers=numbers, prodvers=numbers),
        kids=[
            told.StringFileInfo([told.StringTable("040904B0", table)]),
            told.VarFileInfo([told.VarStruct("Translation", [0x0409, 0x04B0])]),
        ],
    )
