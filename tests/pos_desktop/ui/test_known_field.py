"""A field whose words the shop knows: typed, or chosen by the arrows and by touch."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_desktop.ui.kit.form import Form
from pos_desktop.ui.kit.known_field import KnownField
from pos_desktop.ui.kit.tokens import Size

K = Qt.Key


@pytest.fixture
def form(qtbot: QtBot, dressed: QApplication) -> Form:
    """A form with such a field, open."""
    assert dressed
    field = KnownField("Category", ["Bread", "Drinks", "Soap"])
    form = Form("Goods", (field,))
    qtbot.addWidget(form)
    form.show()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    form.begin()
    return form


@pytest.fixture
def field(form: Form) -> KnownField:
    (field,) = form.parts
    assert isinstance(field, KnownField)
    return field


def press(form: Form, key: Qt.Key) -> bool:
    """Press a key as the window hands it to the form; tell whether the form has taken it."""
    none = Qt.KeyboardModifier.NoModifier
    return form.handle_key(QKeyEvent(QEvent.Type.KeyPress, key, none))


def test_arrows_choose_one_after_another_and_none(form: Form, field: KnownField) -> None:
    chosen = []
    for _time in range(4):
        assert press(form, K.Key_Right)
        chosen.append(field.text)
    assert chosen == ["Bread", "Drinks", "Soap", ""]
    assert press(form, K.Key_Left)
    assert (field.text, field.meant) == ("Soap", "Soap")


def test_a_finger_chooses_too(field: KnownField, qtbot: QtBot) -> None:
    assert min(field.next.width(), field.next.height()) >= Size.TOUCH
    for word in ("Bread", "Drinks"):
        qtbot.mouseClick(field.next, Qt.MouseButton.LeftButton)
        assert field.text == word


def test_arrows_move_in_what_is_being_typed(form: Form, field: KnownField) -> None:
    field.field.setText("dri")
    assert not press(form, K.Key_Right)
    assert field.text == "dri"
    field.turn(1)
    assert field.text == "Soap"


def test_where_nothing_is_known_nothing_is_offered(qtbot: QtBot) -> None:
    field = KnownField("Category", [])
    qtbot.addWidget(field)
    assert field.next.isHidden()
    event = QKeyEvent(QEvent.Type.KeyPress, K.Key_Right, Qt.KeyboardModifier.NoModifier)
    assert not field.handle_key(event)
