"""The stylesheet of the program, made from the tokens. Fonts are set on widgets, never here.

Widgets say what they are by the property `look` (a card, a bar) and `tone` (muted, danger).
"""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from pos_desktop.ui.kit.tokens import Palette, Size

_SHEET = Template("""
QWidget[look="screen"] { background: $background; }
QFrame[look="card"] {
    background: $surface; border: 1px solid $line; border-radius: ${radius}px;
}
QFrame[look="quiet-card"] {
    background: $surface; border: 1px solid $line; padding: 1px; border-radius: ${radius}px;
}
QFrame[look="accent-card"] {
    background: $surface; border: 2px solid $accent; border-radius: ${radius}px;
}
QFrame[look="top-bar"] { background: $surface; border: none; border-bottom: 1px solid $line; }
QFrame[look="key-bar"] { background: $surface; border: none; border-top: 1px solid $line; }
QLabel { background: transparent; color: $text; }
QLabel[tone="muted"] { color: $muted; }
QLabel[tone="accent"] { color: $accent; }
QLabel[tone="ok"] { color: $ok; }
QLabel[tone="warning"] { color: $warning; }
QLabel[tone="danger"] { color: $danger; }
QLineEdit {
    background: $surface; color: $text; border: 1px solid $line;
    border-radius: ${small_radius}px; padding: 0 12px;
    selection-background-color: $accent; selection-color: $on_accent;
    placeholder-text-color: $muted;
}
QLineEdit:focus { border: 2px solid $accent; padding: 0 11px; }
QLineEdit[look="bare"], QLineEdit[look="bare"]:focus {
    border: none; background: transparent; padding: 0;
}
QPlainTextEdit {
    background: $surface; color: $text; border: 1px solid $line;
    border-radius: ${small_radius}px; padding: 4px 8px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QPlainTextEdit:focus { border: 2px solid $accent; padding: 3px 7px; }
QTextBrowser[look="paper"] {
    background: #ffffff; color: #101828; border: none;
    selection-background-color: $accent; selection-color: $on_accent;
}
QProgressBar { background: $key_cap; border: none; border-radius: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
QTableView {
    background: $surface; border: none; color: $text; outline: none;
    selection-background-color: $accent_soft; selection-color: $text;
}
QHeaderView { background: $surface; border: none; }
QHeaderView::section {
    background: $surface; color: $muted; border: none; border-bottom: 1px solid $line;
    padding: 0 12px; font-size: 12px; font-weight: 600;
    font-family: "Inter Semi Bold", "Inter";
}
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar::handle:vertical { background: $line; border-radius: 4px; min-height: 44px; }
QScrollBar::handle:vertical:hover, QScrollBar::handle:horizontal:hover { background: $muted; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 2px; }
QScrollBar::handle:horizontal { background: $line; border-radius: 4px; min-width: 44px; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: transparent; border: none; height: 0; width: 0;
}
QAbstractScrollArea::corner { background: transparent; border: none; }
QToolTip { background: $text; color: $surface; border: none; padding: 6px 8px; }
""")


def stylesheet(palette: Palette) -> str:
    """Return the stylesheet of a theme."""
    return _SHEET.substitute(asdict(palette), radius=Size.RADIUS, small_radius=Size.SMALL_RADIUS)
