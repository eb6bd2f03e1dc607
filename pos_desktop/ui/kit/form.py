"""A form: fields with their names, one below another; Enter goes on, at the end it is done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.labels import Label, label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.spoken import Field, ScrollArea, Spoken
from pos_desktop.ui.kit.text_box import TextBox, TextPart, writes
from pos_desktop.ui.kit.tokens import Size, Space, Type

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LONGEST = 200
_LINE = 24
"""How much below the line that is written stays in sight, in pixels."""


class FormField(Spoken, QWidget):
    """A name, a line to type into, and what is wrong with it."""

    edited = Signal()
    """Somebody has typed, or chosen what stands in it."""

    def __init__(
        self,
        name: str,
        *,
        hint: str = "",
        secret: bool = False,
        longest: int = _LONGEST,
        is_address: bool = False,
    ) -> None:
        """Take what is asked; a field for an e-mail address brings the signs of one to fingers."""
        super().__init__()
        self.setAccessibleName(name)
        self.field = Field()
        self.field.setAccessibleName(name)
        self.field.setPlaceholderText(hint)
        self.field.setFont(fonts.regular(Type.TABLE))
        self.field.setFixedHeight(Size.TOUCH)
        self.field.setMaxLength(longest)
        self.field.textEdited.connect(lambda _text: self.edited.emit())
        if is_address:
            self.field.setInputMethodHints(Qt.InputMethodHint.ImhEmailCharactersOnly)
        if secret:
            self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self._name: Label = label(name, fonts.strong(Type.LABEL), tone="muted")
        self.line: QHBoxLayout = row(self.field, gap=Space.STEP)
        """The field, and what else a kind of field has to the right of it."""
        whole = column(self._name, gap=2)
        whole.addLayout(self.line)
        self.setLayout(whole)

    def handle_key(self, event: QKeyEvent) -> bool:  # noqa: ARG002 - whatever key
        """Leave every key to the form, and to the field itself."""
        return False

    @property
    def text(self) -> str:
        """What was typed."""
        return self.field.text().strip()

    def show_text(self, text: str) -> None:
        """Show this, to be changed."""
        self.field.setText(text)
        self.field.setCursorPosition(len(text))


FormPart = FormField | TextPart | Choice


class Form(ScrollArea):
    """Fields and choices. It sees keys before any of them does."""

    done = Signal()
    """Enter was pressed in the last field, or everywhere with Ctrl."""
    edited = Signal()
    """Something in it was changed: what was said of it before may hold no more."""

    def __init__(self, name: str, lines: Sequence[FormPart | tuple[FormPart, ...]]) -> None:
        """Take what stands in the form, from above; what belongs together stands in one line."""
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        together = [line if isinstance(line, tuple) else (line,) for line in lines]
        self.parts = tuple(part for line in together for part in line)
        for part in self.parts:
            _changes_of(part).connect(lambda *_what: self.edited.emit())
        inner = QWidget()
        shown = (row(*line, gap=Space.BETWEEN) for line in together)
        self._lines = column(*shown, gap=Space.BETWEEN)
        inner.setLayout(column(self._lines, 1))
        self.setWidget(inner)

    def explain(self, note: QWidget) -> None:
        """Show a note below what is asked."""
        self._lines.addWidget(note)

    @property
    def targets(self) -> list[QWidget]:
        """What the keyboard can be in, from above; what is hidden or locked is passed over."""
        return [_field_of(one) for one in self.parts if not one.isHidden() and one.isEnabled()]

    @property
    def current(self) -> QWidget | None:
        """The part that has the keyboard, else the first."""
        targets = self.targets
        return next((one for one in targets if one.hasFocus()), targets[0] if targets else None)

    @property
    def _current_part(self) -> FormPart | None:
        current = self.current
        return next((one for one in self.parts if current in (one, _field_of(one))), None)

    def begin(self) -> None:
        """Put the keyboard into the first part."""
        if self.targets:
            self._enter(self.targets[0])

    def keeps(self, event: QKeyEvent) -> bool:
        """Tell whether a key is for the text of several lines that has the keyboard."""
        return isinstance(self._current_part, TextPart) and writes(event)

    def go_to(self, part: FormField) -> None:
        """Put the keyboard into a field, ready to be typed over: what stands there will not do."""
        self._enter(part.field)

    def go_on(self) -> None:
        """Go to the next part; after the last one it is done."""
        self._step(1, ends=True)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Go on with Enter and Tab, back with Shift Tab; what is typed is the field's."""
        key = Qt.Key(event.key())
        if self.keeps(event):
            self._take_typing()
            return False
        if key in _ENTER and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.done.emit()
        elif key in (*_ENTER, Qt.Key.Key_Tab, Qt.Key.Key_Down):
            self._step(1, ends=key in _ENTER)
        elif key in (Qt.Key.Key_Backtab, Qt.Key.Key_Up):
            self._step(-1, ends=False)
        elif (part := self._current_part) is not None and part.handle_key(event):
            return True
        elif isinstance(part, Choice):
            return False
        else:
            self._take_typing()
            return False
        return True

    def _take_typing(self) -> None:
        if self.current is not None and not self.current.hasFocus():
            self.current.setFocus()

    def _step(self, by: int, *, ends: bool) -> None:
        targets, current = self.targets, self.current
        if current is None:
            return
        place = targets.index(current) + by
        if place >= len(targets) and ends:
            self.done.emit()
        else:
            self._enter(targets[max(0, min(len(targets) - 1, place))])

    def _enter(self, part: QWidget) -> None:
        part.setFocus()
        if isinstance(part, QLineEdit):
            part.selectAll()
        self._see(part)

    def _see(self, part: QWidget) -> None:
        """Bring a part into sight; of a text, the line that is written."""
        self.ensureWidgetVisible(part)
        inner = self.widget()
        if isinstance(part, TextBox) and inner is not None:
            line = part.mapTo(inner, part.cursorRect().center())
            self.ensureVisible(0, line.y(), 0, _LINE)

    def _see_current(self) -> None:
        if self.current is not None and self.current.hasFocus():
            self._see(self.current)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep what is typed in sight, where letters for fingers take a part of the room."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._see_current)


def _changes_of(part: FormPart) -> SignalInstance:
    """Return what tells of a change in a part."""
    if isinstance(part, Choice):
        return part.chosen
    return part.field.textChanged if isinstance(part, TextPart) else part.edited


def _field_of(part: FormPart) -> QWidget:
    """Return what of a part has the keyboard."""
    return part if isinstance(part, Choice) else part.field
