"""A window of steps that is there before any shop is open: one step at a time, with its acts.

Keys, scans and the letters for fingers go to the step that is open. What takes long is done on a
lane of its own; the window stays quick.
"""

from __future__ import annotations

import logging

from pos_hardware.wedge import WedgeSettings
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_desktop.domain import text
from pos_desktop.domain.errors import PosError
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.acts import Act, ActTiles
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.language_switch import LanguageSwitch
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.letters import Letters
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.spoken import Spoken, Stack, retell
from pos_desktop.ui.kit.strip import Notice, Strip
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.scanning.wedge_filter import WedgeFilter
from pos_desktop.ui.screens.first_run.step import Step
from pos_desktop.ui.threads.adapter import Adapter
from pos_desktop.ui.threads.lane import DatabaseLane

_LANGUAGES_WIDTH = 320

logger = logging.getLogger(__name__)


class StepsWindow(Spoken, QWidget):
    """Shows one step at a time."""

    def __init__(self, name: str) -> None:
        """Take what the window is about."""
        super().__init__()
        self._wedge: WedgeFilter | None = None
        self._adapter = Adapter()
        self._lane = DatabaseLane(self._adapter.post, failed=self._refuse)
        self.languages = LanguageSwitch()
        self.languages.chosen.connect(self.speak)
        self.letters = Letters(self._field, self._entered)
        self.strip = Strip(_("Notice"))
        self._title = label(font=fonts.heavy(Type.TITLE))
        self._steps = Stack()
        self._tiles = ActTiles()
        self._lay_out(name)

    def _lay_out(self, name: str) -> None:
        self.setWindowTitle(_("POS Desktop"))
        self.setAccessibleName(name)
        self.setProperty("look", "screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(960, 540)
        self._title.setFixedHeight(Size.TOUCH)
        self.languages.setFixedWidth(_LANGUAGES_WIDTH)
        self._steps.setAccessibleName(_("Steps"))
        head = row(gap=Space.BETWEEN)
        head.addWidget(self._title, 1)
        head.addWidget(self.languages)
        edge = Space.EDGE
        whole = column(gap=Space.BETWEEN, margins=(edge, edge, edge, edge))
        whole.addLayout(head)
        whole.addWidget(Card(name, column(self._steps)), 1)
        whole.addWidget(self.letters)
        whole.addLayout(self._tiles)
        self.setLayout(whole)
        self.strip.float_over(self._title)

    def add_step(self, step: Step) -> None:
        """Take a step, to be shown when its time comes."""
        step.failed.connect(self._refuse)
        step.acts_changed.connect(self.show_acts)
        self._steps.addWidget(step)

    def drop_step(self, step: Step) -> None:
        """Let a step go that was made for once."""
        self._steps.removeWidget(step)
        step.deleteLater()

    @property
    def step(self) -> Step:
        """The step that is open."""
        shown = self._steps.currentWidget()
        assert isinstance(shown, Step)
        return shown

    def show_step(self, step: Step, title: str) -> None:
        """Show a step that was added, under this title."""
        self.strip.say(None)
        if step.form is None:
            self.letters.hide()
        self._steps.setCurrentWidget(step)
        self._title.setText(title)
        self.show_acts()
        step.begin()

    def acts(self) -> tuple[Act, ...]:
        """Return what can be done now, besides the letters."""
        return self.step.acts()

    def show_acts(self) -> None:
        """Show what can be done now."""
        self._tiles.offer(*self.acts(), *self._letters_acts())

    def _letters_acts(self) -> tuple[Act, ...]:
        if self.step.form is None:
            return ()
        letters = Act(
            key=Qt.Key.Key_F9,
            title=_("Letters"),
            help=_("Show or hide the letters for fingers"),
            do=self.letters.toggle,
        )
        return (letters,)

    def speak(self, language: str) -> None:
        """Speak a language from now on; what was typed stays."""
        text.speak(language)
        retell(self)
        self.show_acts()

    # what is said

    def say(self, sentence: str) -> None:
        """Say what goes on."""
        self.strip.say(Notice(sentence, Tone.ACCENT))

    def _refuse(self, error: Exception) -> None:
        sentence = _("This is a fault of the program: {kind}. Try again, or report it.")
        if isinstance(error, PosError):
            self.strip.say(Notice(error.sentence, Tone.DANGER))
        else:
            logger.error("a step failed", exc_info=error)
            self.strip.say(Notice(sentence.format(kind=type(error).__name__), Tone.DANGER))

    # keys

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Listen on the window as the system knows it, once there is one."""
        super().showEvent(event)
        handle = self.windowHandle()
        if self._wedge is None and handle is not None:
            self._wedge = WedgeFilter(
                handle, WedgeSettings(), scanned=self._scanned, typed=self._typed
            )
        self.step.begin()

    def _field(self) -> QLineEdit | None:
        current = self.step.form.current if self.step.form else None
        return current if isinstance(current, QLineEdit) else None

    def _entered(self) -> None:
        if self.step.form is not None:
            self.step.form.go_on()

    def _scanned(self, code: str) -> None:
        """Take what came as fast as from a scanner as typed: there is nothing to sell yet."""
        field = self._field()
        if field is not None:
            field.insert(code)
        self._entered()

    def _typed(self, event: QKeyEvent) -> bool:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() == Qt.Key.Key_L:
            known = text.languages()
            self.speak(known[(known.index(text.language()) + 1) % len(known)])
            return True
        if event.key() == Qt.Key.Key_F9 and self.step.form is not None:
            self.letters.toggle()
            return True
        return self.step.handle_key(event)
