"""What a screen that nobody sees shows, read from the file in which Xvfb keeps it."""

from __future__ import annotations

import struct
from pathlib import Path

from PIL import Image

FILE = "Xvfb_screen0"
_HEADER = ">25I"
_PAINTED = 0.5


class ScreenPicture:
    """The screen of an Xvfb that was started with `-fbdir FOLDER`."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    def image(self) -> Image.Image:
        """Return what is shown now."""
        kept = self._file.read_bytes()
        fields = struct.unpack_from(_HEADER, kept)
        header, width, height, line, colours = (fields[n] for n in (0, 4, 5, 12, 19))
        pixels = kept[header + 12 * colours :]
        return Image.frombytes("RGB", (width, height), pixels, "raw", "BGRX", line)

    def is_painted(self) -> bool:
        """Tell whether a window fills most of the screen: an empty one is black."""
        seen = self.image().convert("L").resize((64, 36))
        return sum(value > 0 for value in seen.tobytes()) > _PAINTED * 64 * 36

    def save(self, file: Path) -> None:
        """Keep what is shown as a PNG."""
        self.image().save(file)
