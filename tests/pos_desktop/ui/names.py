"""What those hear who do not see the screen."""

from __future__ import annotations

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QScrollBar, QWidget


def nameless(window: QWidget) -> list[str]:
    """Return the widgets in sight that nothing calls by a name.

    What only holds others in their places is none of them, nor what Qt makes inside its widgets.
    """
    return [
        f"{type(one).__name__} in {type(one.parent()).__name__}"
        for one in window.findChildren(QWidget)
        if one.isVisible() and _is_something(one) and not one.accessibleName() and not _said(one)
    ]


def _is_something(widget: QWidget) -> bool:
    role = _interface(widget).role()
    is_empty_text = role is QAccessible.Role.StaticText and not _said(widget)
    return type(widget) not in (QWidget, QScrollBar) and not is_empty_text


def _said(widget: QWidget) -> str:
    said: str = _interface(widget).text(QAccessible.Text.Name)
    return said


def _interface(widget: QWidget):  # type: ignore[no-untyped-def] # noqa: ANN202 - Qt's stubs lack it
    return QAccessible.queryAccessibleInterface(widget)
