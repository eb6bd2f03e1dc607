"""Makes the setup program of the folder with both programs, by NSIS."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from installer.windows.places import (
    FROZEN,
    HERE,
    ICON,
    MADE,
    PUBLISHER,
    four_numbers,
    setup_file,
    version,
)

SCRIPT = HERE / "setup.nsi"
SIGN = "POS_SIGN_COMMAND"
"""In the environment, the command that signs a file, with %1 in its words; none signs nothing."""


def make() -> Path:
    """Return the setup program, made of the folder as it is now."""
    entries = entries_of(FROZEN)
    contents, listed = MADE / "contents.nsh", MADE / "contents.txt"
    contents.write_text(macro(entries), encoding="utf-8")
    listed.write_text("".join(f"{entry}\r\n" for entry in entries), encoding="utf-8")
    size = sum(file.stat().st_size for file in FROZEN.rglob("*") if file.is_file())
    defined = {
        "VERSION": version(),
        "NUMBERS": four_numbers(version()),
        "PUBLISHER": PUBLISHER,
        "FOLDER": FROZEN,
        "CONTENTS": contents,
        "LIST": listed,
        "SIZE_KB": size // 1024,
        "ICON": ICON,
        "OUT": setup_file(),
    }
    if os.environ.get(SIGN):
        defined["SIGN"] = os.environ[SIGN]
    setup_file().parent.mkdir(parents=True, exist_ok=True)
    words = [f"-D{name}={value}" for name, value in defined.items()]
    subprocess.run(["makensis", "-V2", "-WX", *words, SCRIPT], check=True, timeout=1800)
    return setup_file()


def entries_of(folder: Path) -> list[str]:
    """Return what lies in the folder of the programs: what is removed and replaced as a whole."""
    return sorted(entry.name for entry in folder.iterdir())


def macro(entries: Iterable[str]) -> str:
    """Return the macro that calls another one for each entry."""
    calls = [f'  !insertmacro ${{what}} "{entry}"' for entry in entries]
    return "\n".join(["!macro ForEachEntry what", *calls, "!macroend", ""])


if __name__ == "__main__":
    print(make())
    sys.exit(0)
