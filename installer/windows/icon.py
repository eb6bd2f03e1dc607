"""Draws the program's icon for Windows in every size: build/windows/pos-desktop.ico."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from installer.windows.places import ICON, ROOT

DRAWING = ROOT / "resources" / "pos_resources" / "icons" / "pos-desktop.svg"
SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)


def write_icon(file: Path) -> None:
    """Write the icon, drawn anew for each size: a small one is no shrunken large one."""
    renderer = QSvgRenderer(str(DRAWING))
    images = [_drawn(renderer, size) for size in SIZES]
    file.parent.mkdir(parents=True, exist_ok=True)
    sizes = [(size, size) for size in SIZES]
    images[-1].save(file, format="ICO", sizes=sizes, append_images=images[:-1])


def _drawn(renderer: QSvgRenderer, size: int) -> Image.Image:
    picture = QImage(size, size, QImage.Format.Format_RGBA8888)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter)
    painter.end()
    return Image.frombytes("RGBA", (size, size), bytes(picture.constBits()))


if __name__ == "__main__":
    write_icon(ICON)
    sys.exit(0)
