"""The theme in force: one for the whole program, as one person at a time looks at a till."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.stylesheet import stylesheet
from pos_desktop.ui.kit.tokens import LIGHT, THEMES, Palette, Type

_current = LIGHT


def colours() -> Palette:
    """Return the colours in force; ask each time you paint, for they may change."""
    return _current


def name() -> str:
    """Return the name of the theme in force: `light` or `dark`."""
    return next(key for key, palette in THEMES.items() if palette is _current)


@cache
def colour(code: str) -> QColor:
    """Return the colour of a token."""
    return QColor(code)


def mixed(first: str, second: str, share: float) -> QColor:
    """Return a colour between two tokens; a share of 1 is the first alone."""
    a, b = colour(first), colour(second)
    return QColor(
        round(a.red() * share + b.red() * (1 - share)),
        round(a.green() * share + b.green() * (1 - share)),
        round(a.blue() * share + b.blue() * (1 - share)),
    )


def use(app: QApplication, theme: str) -> None:
    """Give the whole program a theme, also while it runs; an unknown name is light."""
    global _current  # noqa: PLW0603 - the theme is one for the program
    _current = THEMES.get(theme, LIGHT)
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setFont(fonts.regular(Type.TEXT))
    app.setPalette(_qt_palette(_current))
    app.setStyleSheet(stylesheet(_current))
    for widget in app.allWidgets():
        widget.update()


def _qt_palette(palette: Palette) -> QPalette:
    made = QPalette()
    for role, code in {
        QPalette.ColorRole.Window: palette.background,
        QPalette.ColorRole.WindowText: palette.text,
        QPalette.ColorRole.Base: palette.surface,
        QPalette.ColorRole.AlternateBase: palette.background,
        QPalette.ColorRole.Text: palette.text,
        QPalette.ColorRole.PlaceholderText: palette.muted,
        QPalette.ColorRole.Button: palette.surface,
        QPalette.ColorRole.ButtonText: palette.text,
        QPalette.ColorRole.Highlight: palette.accent,
        QPalette.ColorRole.HighlightedText: palette.on_accent,
        QPalette.ColorRole.ToolTipBase: palette.text,
        QPalette.ColorRole.ToolTipText: palette.surface,
        QPalette.ColorRole.Mid: palette.line,
    }.items():
        made.setColor(role, QColor(code))
    return made
