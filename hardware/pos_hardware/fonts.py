"""Finds fonts for pictures of text: handed in, of the system, or the one python-barcode brings.

A font is chosen by what it can draw. Pillow is imported here on first use.
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

MONOSPACE = ("DejaVuSansMono.ttf", "LiberationMono-Regular.ttf", "consola.ttf", "cour.ttf")
MONOSPACE_BOLD = ("DejaVuSansMono-Bold.ttf", "LiberationMono-Bold.ttf", "consolab.ttf")
OTHER_SCRIPTS = (
    "DejaVuSans.ttf",
    "NotoSansMonoCJK-Regular.ttc", "NotoSansCJK-Regular.ttc", "NotoSansSC-Regular.otf",
    "wqy-zenhei.ttc", "wqy-microhei.ttc", "DroidSansFallbackFull.ttf", "uming.ttc",
    "NotoSansThai-Regular.ttf", "Garuda.ttf", "Loma.ttf", "NotoSansArabic-Regular.ttf",
    "NotoNaskhArabic-Regular.ttf", "NotoSansEthiopic-Regular.ttf", "FreeSans.ttf",
    "NotoSansDevanagari-Regular.ttf", "NotoSansHebrew-Regular.ttf", "unifont.ttf", "unifont.otf",
    "msyh.ttc", "simsun.ttc", "msgothic.ttc", "malgun.ttf", "LeelawUI.ttf", "tahoma.ttf",
    "segoeui.ttf", "ebrima.ttf", "Nirmala.ttf", "nirmala.ttc", "arialuni.ttf",
)  # fmt: skip
FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "C:/Windows/Fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
)
_MISSING = "\U0010fffe"
"""No font has this one; what is drawn for it is drawn for everything missing."""


class Fonts:
    """The fonts of a renderer; `handed_in` (files) are asked before those of the system."""

    def __init__(self, handed_in: tuple[Path, ...] = ()) -> None:
        self._handed_in = handed_in
        self._choose = lru_cache(maxsize=512)(self._choose_file)

    def monospace(self, size: float, *, bold: bool) -> FreeTypeFont:
        """Return the font of the receipt's own letters, so many dots high."""
        return _load(_monospace_file(bold=bold), size)

    def for_text(self, text: str, size: float) -> FreeTypeFont:
        """Return the first font that has all letters of a text, else the one with most."""
        return _load(self._choose("".join(sorted(set(text)))), size)

    def _choose_file(self, letters: str) -> Path:
        best, most = _monospace_file(bold=False), -1
        for file in (*self._handed_in, best, *_system_files(OTHER_SCRIPTS)):
            has = _count(file, letters)
            if has == len(letters):
                return file
            if has > most:
                best, most = file, has
        return best


@lru_cache(maxsize=64)
def _load(file: Path, size: float) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(file), size)


def _count(file: Path, letters: str) -> int:
    try:
        font = _load(file, 16)
    except OSError:
        return -1
    missing = _picture(font, _MISSING)
    return sum(letter.isspace() or _picture(font, letter) != missing for letter in letters)


def _picture(font: FreeTypeFont, letter: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(letter)
    return mask.size, bytes(mask)


@lru_cache(maxsize=2)
def _monospace_file(*, bold: bool) -> Path:
    return next(iter(_system_files(MONOSPACE_BOLD if bold else MONOSPACE)), _bundled())


def _bundled() -> Path:
    """Return the font inside python-barcode, which python-escpos needs anyway."""
    package = importlib.util.find_spec("barcode")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "fonts" / "DejaVuSansMono.ttf"


def _system_files(names: tuple[str, ...]) -> list[Path]:
    files = _installed()
    return [files[name.lower()] for name in names if name.lower() in files]


@lru_cache(maxsize=1)
def _installed() -> dict[str, Path]:
    """Return the font files of the system by lower-case name; unreadable folders are passed."""
    found: dict[str, Path] = {}
    for folder in FOLDERS:
        root = Path(folder).expanduser()
        for path in root.rglob("*.[toTO]t[fcFC]") if root.is_dir() else ():
            found.setdefault(path.name.lower(), path)
    return found
