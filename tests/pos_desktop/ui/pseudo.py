"""A language for tests, and eyes that see what has not been said in it.

Every letter of a text becomes one that English does not have. Whatever of the plain letters is
seen then has not passed translation, or was not said again; data alone may be left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QTableView, QWidget

from pos_desktop.domain import text

PSEUDO = "xx"
_FIELD = re.compile(r"(\{[^}]*\})")
_FAR = 0x1E00
"""Where the other letters begin."""
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
_CUT = re.compile(r"\w*…")


def disguised(message: str) -> str:
    """Return a text in the language of tests; its fields stay."""
    parts = _FIELD.split(message)
    return "".join(
        part
        if part.startswith("{")
        else "".join(
            chr(_FAR + ord(one)) if one.isascii() and one.isalpha() else one for one in part
        )
        for part in parts
    )


class Pseudo(NullTranslations):
    """The catalogue of that language."""

    def gettext(self, message: str) -> str:
        return disguised(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return disguised(msgid1 if n == 1 else msgid2)


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The language of tests, known to this one."""
    monkeypatch.setitem(text._spoken.loads, PSEUDO, Pseudo)
    monkeypatch.setitem(text._spoken.known, PSEUDO, Pseudo())
    yield PSEUDO
    text.speak(text.ENGLISH)


@contextmanager
def painted(into: list[str]) -> Iterator[None]:
    """Hear every text that is painted meanwhile."""
    paint = QPainter.drawText

    def heard(self: QPainter, *arguments: Any) -> Any:
        into.extend(one for one in arguments if isinstance(one, str))
        return paint(self, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QPainter, "drawText", heard)
        yield


def seen(window: QWidget) -> set[str]:
    """Return all texts of a window, whether it shows them now or not, and those it paints now."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    found: list[str] = []
    with painted(found):
        window.grab()
    for widget in (window, *window.findChildren(QWidget)):
        found += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
        found.append(widget.windowTitle())
        if isinstance(widget, QLabel | QAbstractButton):
            found.append(widget.text())
        if isinstance(widget, QLineEdit):
            found.append(widget.placeholderText())
        if isinstance(widget, QTableView):
            model = widget.model()
            heads = range(model.columnCount())
            found += [str(model.headerData(at, Qt.Orientation.Horizontal)) for at in heads]
    return {one for one in found if one}


def words_left(window: QWidget, data: set[str]) -> set[str]:
    """Return what is seen in plain letters and is no data; single letters are keys."""
    left = set()
    for one in seen(window):
        one = _CUT.sub(" ", one)  # noqa: PLW2901 - a cut word is whole elsewhere
        for known in sorted(data, key=len, reverse=True):
            one = one.replace(known, " ")  # noqa: PLW2901 - what is left of it
        left |= {word for word in _WORD.findall(one) if len(word) > 1}
    return left
