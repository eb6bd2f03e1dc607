"""Makes the setup program by NSIS: `python -m installer.windows.setup [FOLDER]`."""

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
    OLDEST_BUILD,
    PUBLISHER,
    TOO_OLD,
    four_numbers,
    setup_file,
    version,
)

SCRIPT = HERE / "setup.nsi"
CONTENTS, LISTED = MADE / "contents.nsh", MADE / "contents.txt"
TARGETS = {"posix": "amd64-unicode", "nt": "x86-unicode"}
"""Debian's NSIS makes programs of 64 bits, which wine needs; that of its makers only of 32."""
SIGN = "POS_SIGN_COMMAND"
"""In the environment, the command that signs a file, with %1 in its words; none signs nothing."""


def make(folder: Path = FROZEN) -> Path:
    """Return the setup program, made of the folder with both programs."""
    entries = entries_of(folder)
    MADE.mkdir(parents=True, exist_ok=True)
    CONTENTS.write_text(macro(entries), encoding="utf-8")
    LISTED.write_text("".join(f"{entry}\r\n" for entry in entries), encoding="utf-8")
    setup_file().parent.mkdir(parents=True, exist_ok=True)
    words = [f"-D{name}={value}" for name, value in told(folder).items()]
    subprocess.run(["makensis", "-V2", "-WX", *words, SCRIPT], check=True, timeout=1800)
    return setup_file()


def told(folder: Path) -> dict[str, str]:
    """Return what the script is told by names of its own."""
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    names = {
        "VERSION": version(),
        "NUMBERS": four_numbers(version()),
        "PUBLISHER": PUBLISHER,
        "TARGET": TARGETS[os.name],
        "FOLDER": str(folder.resolve()),
        "CONTENTS": str(CONTENTS),
        "LIST": str(LISTED),
        "OLDEST_BUILD": str(OLDEST_BUILD),
        "TOO_OLD": TOO_OLD,
        "SIZE_KB": str(size // 1024),
        "ICON": str(ICON),
        "OUT": str(setup_file()),
    }
    sign = os.environ.get(SIGN, "")
    return names | ({"SIGN": sign} if sign else {})


def entries_of(folder: Path) -> list[str]:
    """Return what lies in the folder of the programs: what is removed and replaced as a whole."""
    return sorted(entry.name for entry in folder.iterdir())


def macro(entries: Iterable[str]) -> str:
    """Return the macro that calls another one for each entry."""
    calls = [f'  !insertmacro ${{what}} "{entry}"' for entry in entries]
    return "\n".join(["!macro ForEachEntry what", *calls, "!macroend", ""])


if __name__ == "__main__":
    print(make(Path(sys.argv[1]) if sys.argv[1:] else FROZEN))
    sys.exit(0)
