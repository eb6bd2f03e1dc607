"""Somebody who sits before a screen: reads it, types, points. The program knows nothing of it.

Keys and pointer come from the X server as those of a keyboard and a mouse do (xdotool); what is
read is read off a picture (tesseract). Each state that was waited for leaves its picture.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import time
from bisect import bisect_right
from pathlib import Path
from typing import NamedTuple

from installer.debian.bare_debian import SCREEN
from installer.trial import need

TOOLS = {
    "xdotool": "xdotool",
    "openbox": "openbox",
    "convert": "imagemagick",
    "import": "imagemagick",
    "tesseract": "tesseract-ocr",
}
KEY_MS = 85
"""Between two keys, as a person types; a scanner is told by less than half of it."""
_WAYS = ("6", "11")
"""Read as lines, else as words here and there: each overlooks what the other sees."""
_LARGER = 2
"""Letters are read better from a picture of twice the size."""
_HERE = os.environ | {"DISPLAY": SCREEN, "OMP_THREAD_LIMIT": "1"}


class Person:
    """Reads, types and points; keeps a picture of each state, and what was typed into."""

    def __init__(self, folder: Path) -> None:
        self.fields: list[str] = []
        """What was typed into, in order."""
        self.pictures: list[str] = []
        self._folder = folder
        self._last = ""

    def fill(self, field: str, words: str) -> None:
        """Type words into the field that has the cursor, and Enter."""
        self.fields.append(field)
        _xdotool("type", "--delay", str(2 * KEY_MS), words)  # which waits half of what it is told
        self.press("Return")

    def press(self, *keys: str) -> None:
        """Press keys, by their names in X."""
        _xdotool("key", "--delay", str(KEY_MS), *keys)

    def point_at(self, words: str) -> None:
        """Click where these words stand."""
        place = self._place(words)
        need(place is not None, f"nothing on the screen says {words}: {self._last}")
        assert place is not None
        _xdotool("mousemove", str(place[0]), str(place[1]), "click", "1")

    def wait_for(self, state: str, words: str, seconds: float = 20) -> None:
        """Wait until the screen says so; keep its picture under the name of the state."""
        limit = time.monotonic() + seconds
        while self._place(words) is None:
            need(time.monotonic() < limit, f"{state}: no “{words}” in: {self._last}")
        name = f"{len(self.pictures) + 1:02}-{state}.png"
        (self._folder / "screen.png").replace(self._folder / name)
        self.pictures.append(name)

    def _place(self, words: str) -> tuple[int, int] | None:
        """Return where the first of these words stands on the screen now."""
        picture, large = self._folder / "screen.png", self._folder / "large.png"
        _run("import", "-window", "root", str(picture))
        _run("convert", str(picture), "-resize", f"{_LARGER * 100}%", str(large))
        try:
            for way in _WAYS:
                read = _read(large, way)
                self._last = " ".join(word.text for word in read)
                if (place := _found(read, words)) is not None:
                    return place
            return None
        finally:
            large.unlink()


class _Word(NamedTuple):
    text: str
    x: int
    y: int


def _read(picture: Path, way: str) -> list[_Word]:
    """Return the words of a picture, each with its middle on the screen."""
    told = _run("tesseract", str(picture), "stdout", "--psm", way, "tsv")
    rows = csv.DictReader(told.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [
        _Word(row["text"], _middle(row, "left", "width"), _middle(row, "top", "height"))
        for row in rows
        if (row["text"] or "").strip()
    ]


def _middle(row: dict[str, str], start: str, size: str) -> int:
    return (int(row[start]) + int(row[size]) // 2) // _LARGER


def _found(read: list[_Word], words: str) -> tuple[int, int] | None:
    """Return where the words begin; blanks and signs between them count for nothing."""
    whole, begins = "", []
    for word in read:
        begins.append(len(whole))
        whole += _plain(word.text)
    at = whole.find(_plain(words))
    if at < 0:
        return None
    word = read[bisect_right(begins, at) - 1]
    return word.x, word.y


def _plain(words: str) -> str:
    return re.sub(r"[^\w]", "", words.lower())


def _xdotool(*command: str) -> None:
    _run("xdotool", *command)


def _run(*command: str) -> str:
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env=_HERE, timeout=60
    )
    need(done.returncode == 0, f"{' '.join(command)}: {done.stderr[-300:]}")
    return done.stdout
