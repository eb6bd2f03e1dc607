"""The letters of the program: Inter, shipped with it, so that every till looks the same."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics

from pos_desktop.ui.kit.tokens import Type

FAMILIES = ("Inter", "Segoe UI", "Noto Sans", "DejaVu Sans")
"""Inter first; the others where its files cannot be read."""

_OWN_FAMILIES = {QFont.Weight.Medium: "Inter Medium", QFont.Weight.DemiBold: "Inter Semi Bold"}
"""How the shipped files of these weights call themselves; as Inter, Qt would take its Bold."""

_FACES = ("Regular", "Medium", "SemiBold", "Bold")


def load() -> set[str]:
    """Make the shipped letters known to Qt and return their families; needs an application."""
    folder = files("pos_resources") / "fonts"
    families: set[str] = set()
    for face in _FACES:
        content = (folder / f"Inter-{face}.otf").read_bytes()
        known = QFontDatabase.addApplicationFontFromData(content)
        families.update(QFontDatabase.applicationFontFamilies(known))
    return families


@cache
def font(size: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the font of a size in pixels; all figures have one width, so that sums line up."""
    own = [_OWN_FAMILIES[weight]] if weight in _OWN_FAMILIES else []
    made = QFont([*own, *FAMILIES])
    made.setPixelSize(size)
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def regular(size: int) -> QFont:
    """Return the font of running text."""
    return font(size)


def medium(size: int) -> QFont:
    """Return a font between running text and what leads the eye."""
    return font(size, QFont.Weight.Medium)


def strong(size: int) -> QFont:
    """Return the font of what leads the eye."""
    return font(size, QFont.Weight.DemiBold)


def heavy(size: int) -> QFont:
    """Return the font of totals and tiles."""
    return font(size, QFont.Weight.Bold)


def width(text: str, of: QFont) -> int:
    """Return how wide a text is, in pixels."""
    return QFontMetrics(of).horizontalAdvance(text)


def fitting(text: str, sizes: tuple[int, ...], room: int) -> QFont:
    """Return the heavy font of the largest of the sizes in which a text fits.

    Where it fits in none, ever smaller ones are tried, down to a label's: an amount is never cut.
    """
    for size in (*sizes, *range(sizes[-1] - 1, Type.LABEL - 1, -1)):
        if width(text, heavy(size)) <= room:
            return heavy(size)
    return heavy(Type.LABEL)
