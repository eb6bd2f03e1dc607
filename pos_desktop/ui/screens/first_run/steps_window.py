"""A window of steps that is there before any shop is open: one step at a time, with its acts.

Keys, scans and the letters for fingers go to the step that is open. What takes long is done on a
lane of its own, and what may never end, a look at a stick or a folder of the network, in threads
that nobody waits for; the window stays quick.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from pos_hardware.wedge import WedgeSettings
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_desktop.domain import text
from pos_desktop.domain.errors import PosError
from pos_desktop.domain.faults import logged_fault
from pos_desktop.domain.progress import Progress
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
from pos_desktop.ui.threads.long_work import LongWork

T = TypeVar("T")

_LANGUAGES_WIDTH = 320
_LOOKS_AT_ONCE = 64

logger = logging.getLogger(__name__)


class StepsWindow(Spoken, QWidget):
    """Shows one step at a time."""

    def __init__(self, name: str) -> None:
        """Take what the window is about."""
        super().__init__()
        self._wedge: WedgeFilter | None = None
        self._adapter = Adapter()
        self._lane = DatabaseLane(self._adapter.post, failed=self._refuse)
        self._looks = LongWork(self._adapter.post, lambda: None, most_at_once=_LOOKS_AT_ONCE)
        self._once: set[Step] = set()
        self.is_working = False
        """Whether something is being done, beside which nothing else can be."""
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

    def open_once(self, step: Step) -> None:
        """Show a step that was made for this once; it goes when another one is shown."""
        self._once.add(step)
        self.add_step(step)
        self.show_step(step, step.title)

    def _drop(self, step: Step) -> None:
        self._once.discard(step)
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
        before = self._steps.currentWidget()
        self._steps.setCurrentWidget(step)
        if isinstance(before, Step) and before in self._once and before is not step:
            self._drop(before)
        self._title.setText(title)
        self.show_acts()
        step.begin()

    def acts(self) -> tuple[Act, ...]:
        """Return what can be done now, besides the letters; nothing while something is done."""
        return () if self.is_working else self.step.acts()

    def show_acts(self) -> None:
        """Show what can be done now."""
        self._tiles.offer(*self.acts(), *self._letters_acts())

    def _letters_acts(self) -> tuple[Act, ...]:
        if self.step.form is None or self.is_working:
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

    # what takes long

    def work(
        self, meanwhile: str, work: Callable[[Progress], T], done: Callable[[T], object]
    ) -> None:
        """Do something beside the window, say how far it is, and let nothing else be done."""
        if self.is_working:
            return
        self.is_working = True
        self.show_acts()
        self.say(meanwhile)

        def end(result: T) -> None:
            self.is_working = False
            done(result)

        self._lane.submit(lambda: work(self._progress(meanwhile)), end, self._not_done)

    def _progress(self, meanwhile: str) -> Progress:
        """Return what says each further percent of a work."""
        said = 0

        def told(done: int, total: int) -> None:
            nonlocal said
            percent = 100 * done // max(total, 1)
            if percent > said:
                said = percent
                words = _("{percent} %: {what}").format(what=meanwhile, percent=percent)
                self._adapter.post(lambda: self._say_how_far(words))

        return told

    def _say_how_far(self, words: str) -> None:
        if self.is_working:
            self.say(words)

    def _not_done(self, error: Exception) -> None:
        self.is_working = False
        self.show_acts()
        self._refuse(error)

    def look(
        self,
        at: Callable[[], T],
        seen: Callable[[T], None],
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        """Look at something that may not answer, a stick or a network; nothing waits for it."""

        def note(error: Exception) -> None:
            logger.info("a look failed", exc_info=error)
            failed()

        self._looks.run(at, seen, note)

    # what is said

    def say(self, sentence: str) -> None:
        """Say what goes on."""
        self.strip.say(Notice(sentence, Tone.ACCENT))

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, PosError):
            logger.warning("a step was refused", exc_info=error)
            sentence = error.sentence
        else:
            words = _(
                "This is a fault of the program (reference {reference}). Try again, or tell "
                "support, who asks for its report."
            )
            sentence = words.format(reference=logged_fault(logger, error, "a step failed"))
        self.strip.say(Notice(sentence, Tone.DANGER))

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
        if self.is_working:
            return
        field = self._field()
        if field is not None:
            field.insert(code)
        self._entered()

    def _typed(self, event: QKeyEvent) -> bool:
        if self.is_working:
            return True
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() == Qt.Key.Key_L:
            known = text.languages()
            self.speak(known[(known.index(text.language()) + 1) % len(known)])
            return True
        if event.key() == Qt.Key.Key_F9 and self.step.form is not None:
            self.letters.toggle()
            return True
        return self.step.handle_key(event)
