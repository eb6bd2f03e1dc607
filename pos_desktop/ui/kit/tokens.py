"""The look in numbers and colours, in one place: every widget takes its own from here.

Sizes are pixels before the screen's scale. Weight, not colour, makes rank.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of one theme, as `#rrggbb`; `soft` is the ground on which its colour is text."""

    background: str
    surface: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_soft: str
    ok: str
    ok_soft: str
    warning: str
    warning_soft: str
    danger: str
    danger_soft: str
    key_cap: str

    @property
    def quiet(self) -> str:
        """The ink of a state that is worth no look."""
        return self.muted

    @property
    def quiet_soft(self) -> str:
        """The ground of such a state."""
        return self.key_cap


LIGHT = Palette(
    background="#F2F4F7",
    surface="#FFFFFF",
    line="#E4E7EC",
    text="#101828",
    muted="#5D6B82",
    accent="#0E7A6D",
    on_accent="#FFFFFF",
    accent_soft="#E3F4F1",
    ok="#067647",
    ok_soft="#DFF6EA",
    warning="#93540A",
    warning_soft="#FDF1DC",
    danger="#B42318",
    danger_soft="#FEE9E7",
    key_cap="#EEF1F5",
)
DARK = Palette(
    background="#0B1220",
    surface="#131C2E",
    line="#26324A",
    text="#F2F5FA",
    muted="#9AA8BF",
    accent="#2DBDA8",
    on_accent="#04211D",
    accent_soft="#12332F",
    ok="#6CE0A4",
    ok_soft="#12301F",
    warning="#F5C26B",
    warning_soft="#38290F",
    danger="#FF8A80",
    danger_soft="#3A1714",
    key_cap="#1D2940",
)
THEMES = {"light": LIGHT, "dark": DARK}


class Type:
    """Sizes of type."""

    LABEL = 12
    SMALL = 13
    TEXT = 15
    TABLE = 16
    TILE = 18
    TITLE = 22
    BOX = 26
    CHANGE = 56
    TOTAL = 60


class Space:
    """Steps of four: inside a card, between cards, to the window's edge."""

    STEP = 4
    INSIDE = 8
    BETWEEN = 12
    EDGE = 16


class Size:
    """What fingers need, and what the layout is made of."""

    TOUCH = 44
    ROW = 50
    TILE = 64
    QUICK_TILE = 48
    TAB = 44
    HEADER = 32
    TOP_BAR = 44
    KEY_BAR = 45
    LOW_KEY_BAR = 51
    """The bar where words stand below their keys."""
    BOX = 60
    RADIUS = 10
    SMALL_RADIUS = 8


FLASH_MS = 300
"""How long a changed line is lit."""
