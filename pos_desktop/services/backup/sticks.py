"""What is plugged in: sticks, disks and folders of the network, without a question to any of them.

One that does not answer, as a folder of a server that is gone, would keep whoever asks.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from pathlib import Path

_MOUNTS = Path("/proc/self/mounts")
_PLACES = ("/media/", "/run/media/", "/mnt/")
_LETTERS = "DEFGHIJK"
_ESCAPED = re.compile(r"\\([0-7]{3})")


def plugged_in(mounts: Path = _MOUNTS) -> tuple[Path, ...]:
    """Return where a stick or another disk may be found; of those, some may not be there."""
    if sys.platform == "win32":
        return tuple(Path(f"{letter}:/") for letter in _LETTERS)
    if sys.platform == "darwin":
        with suppress(OSError):
            return tuple(Path("/Volumes").iterdir())
        return ()
    try:
        lines = mounts.read_text(errors="replace").splitlines()
    except OSError:
        return ()
    places = [_ESCAPED.sub(_letter, line.split()[1]) for line in lines if " " in line]
    return tuple(Path(place) for place in places if place.startswith(_PLACES))


def is_where_sticks_come(folder: Path) -> bool:
    """Tell whether a folder is none of a stick, but where their folders come and go.

    Below /media it may be that of a login, with the sticks in it.
    """
    place = f"{folder.absolute()}/"
    return place.startswith(_PLACES) and not os.path.ismount(folder)


def _letter(escaped: re.Match[str]) -> str:
    return chr(int(escaped[1], 8))
