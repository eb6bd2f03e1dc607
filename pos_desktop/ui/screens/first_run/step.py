"""A step of the first run: what it asks, in a form, and what can be done beside it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_desktop.ui.kit.acts import Act, press
from pos_desktop.ui.kit.card import INSIDE
from pos_desktop.ui.kit.form import Form, FormPart
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.kit.tokens import Space

Line = FormPart | tuple[FormPart, ...]


class Step(Spoken, QWidget):
    """One of the steps. It sees keys before its fields do."""

    acts_changed = Signal()
    """Other acts than before are offered."""
    failed = Signal(object)
    """Something that was asked for was refused: the exception."""

    def __init__(self, title: str, lines: tuple[Line, ...] = ()) -> None:
        """Take what is asked, from above."""
        super().__init__()
        self.title = title
        self.setAccessibleName(title)
        self.form = Form(title, lines) if lines else None
        self.body: QVBoxLayout = column(gap=Space.BETWEEN, margins=INSIDE)
        if self.form is not None:
            self.body.addWidget(self.form, 1)
            self.form.done.connect(self.go_on)
        self.setLayout(self.body)

    # what a step says of itself

    def go_on(self) -> None:
        """Look at what was typed, and go on where it fits."""
        raise NotImplementedError

    def acts(self) -> tuple[Act, ...]:
        """Return what can be done beside filling in, the way on first."""
        raise NotImplementedError

    def begin(self) -> None:
        """Take the keyboard."""
        if self.form is not None:
            self.form.begin()
        else:
            self.setFocus()

    def way_on(self, title: str, help_text: str) -> Act:
        """Return the act that Enter does from anywhere in the step: it goes on."""
        return Act(
            key=Qt.Key.Key_Return,
            control=True,
            spelled="↵",
            title=title,
            help=help_text,
            rank=Rank.FIRST,
            do=self.go_on,
        )

    # keys

    def handle_key(self, event: QKeyEvent) -> bool:
        """Deal with a key; False lets the field with focus have it."""
        if self.form is not None and self.form.handle_key(event):
            return True
        return press(self.acts(), event) or self.form is None

    def attempt(self, act: Callable[[], None]) -> None:
        """Do something; a refusal is told."""
        try:
            act()
        except Exception as error:  # noqa: BLE001 - a refusal, else a bug that is told as one
            self.failed.emit(error)
