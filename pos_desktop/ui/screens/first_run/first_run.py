"""The window of the first run: from a directory without a shop to one that can sell.

At most six fields are asked: shop, manager, PIN, KRA PIN, printer, first product; the float of the
first shift stands there already, for the drawer of a new shop is empty. Everything that waits is
done on a lane of its own; the window stays quick.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pos_hardware.discovery import DeviceKind, FoundDevice, discover
from pos_hardware.wedge import WedgeSettings
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_desktop.domain import text
from pos_desktop.domain.errors import PosError
from pos_desktop.domain.text import _
from pos_desktop.new_shop import NewShop, make_shop
from pos_desktop.services.people.staffing import suggest_login
from pos_desktop.services.printing.printing_now import print_now, print_test_page
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.acts import Act, ActTiles
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.language_switch import LanguageSwitch
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.letters import Letters
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.question import Question
from pos_desktop.ui.kit.spoken import Spoken, Stack, retell
from pos_desktop.ui.kit.strip import Notice, Strip
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.scanning.wedge_filter import WedgeFilter
from pos_desktop.ui.screens.first_run.goods_step import GoodsAnswers, GoodsStep
from pos_desktop.ui.screens.first_run.key_step import KeyStep
from pos_desktop.ui.screens.first_run.shop_step import ShopAnswers, ShopStep
from pos_desktop.ui.screens.first_run.step import Step
from pos_desktop.ui.threads.adapter import Adapter
from pos_desktop.ui.threads.lane import DatabaseLane

_LANGUAGES_WIDTH = 320
_OTHERWISE_LOGIN = "manager"
_STOP_SECONDS = 4.0
"""Longer than looking for printers takes."""

logger = logging.getLogger(__name__)

Find = Callable[[], list[FoundDevice]]
Make = Callable[[Path, NewShop], str]
"""Makes a shop and returns its recovery key."""


@dataclass(frozen=True, slots=True)
class MadeShop:
    """A shop that was made, and as whom its manager signs in."""

    login: str
    pin: str


class FirstRun(Spoken, QWidget):
    """Asks in three steps; `made` tells what came of it once the window is closed."""

    def __init__(self, directory: Path, find: Find = discover, make: Make = make_shop) -> None:
        """Take where the shop is to be, what looks for devices, and what makes shops."""
        super().__init__()
        self.made: MadeShop | None = None
        self._directory = directory
        self._find = find
        self._make = make
        self._shop: ShopAnswers | None = None
        self._goods: GoodsAnswers | None = None
        self._is_making = False
        self._waiting: MadeShop | None = None
        """The shop that was made, while its recovery key is not kept yet."""
        self._question = Question()
        """Whether to leave although the key is not kept."""
        self._wedge: WedgeFilter | None = None
        self._adapter = Adapter()
        self._lane = DatabaseLane(self._adapter.post, failed=self._refuse)
        self.shop_step, self.goods_step = ShopStep(directory.absolute()), GoodsStep()
        self.key_step = KeyStep()
        self.languages = LanguageSwitch()
        self.letters = Letters(self._field, self._entered)
        self.strip = Strip(_("Notice"))
        self._build()
        self._join()

    def _build(self) -> None:
        self.setWindowTitle(_("POS Desktop"))
        self.setAccessibleName(_("A new shop"))
        self.setProperty("look", "screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(960, 540)
        self._title = label(font=fonts.heavy(Type.TITLE))
        self._title.setFixedHeight(Size.TOUCH)
        self.languages.setFixedWidth(_LANGUAGES_WIDTH)
        self._steps = Stack()
        self._steps.setAccessibleName(_("Steps"))
        for step in (self.shop_step, self.goods_step, self.key_step):
            self._steps.addWidget(step)
        self._tiles = ActTiles()
        head = row(gap=Space.BETWEEN)
        head.addWidget(self._title, 1)
        head.addWidget(self.languages)
        edge = Space.EDGE
        whole = column(gap=Space.BETWEEN, margins=(edge, edge, edge, edge))
        whole.addLayout(head)
        whole.addWidget(Card(_("A new shop"), column(self._steps)), 1)
        whole.addWidget(self.letters)
        whole.addLayout(self._tiles)
        self.setLayout(whole)
        self.strip.float_over(self._title)

    def _join(self) -> None:
        for step in (self.shop_step, self.goods_step, self.key_step):
            step.failed.connect(self._refuse)
            step.acts_changed.connect(self._show_acts)
        self.languages.chosen.connect(self.speak)
        self.shop_step.answered.connect(self._shop_answered)
        self.goods_step.answered.connect(self._goods_answered)
        self.goods_step.back.connect(lambda: self._show(self.shop_step))
        self.goods_step.printers_wanted.connect(self._look_for_printers)
        self.goods_step.test_wanted.connect(self._test)
        self.key_step.print_wanted.connect(self._print_key)
        self.key_step.kept.connect(self._key_kept)

    def start(self) -> None:
        """Begin with the first step; printers are looked for meanwhile."""
        self._lane.start()
        self._show(self.shop_step)
        self._look_for_printers()

    @property
    def step(self) -> Step:
        """The step that is open."""
        shown = self._steps.currentWidget()
        assert isinstance(shown, Step)
        return shown

    def speak(self, language: str) -> None:
        """Speak a language from now on; what was typed stays."""
        text.speak(language)
        retell(self)
        self._show_acts()

    # steps

    def _show(self, step: Step) -> None:
        self.strip.say(None)
        if step.form is None:
            self.letters.hide()
        self._steps.setCurrentWidget(step)
        number = self._steps.indexOf(step) + 1
        self._title.setText(
            _("Step {number} of 3: {title}").format(number=number, title=step.title)
        )
        self._show_acts()
        step.begin()

    def _show_acts(self) -> None:
        self._tiles.offer(*self.step.acts(), *self._letters_acts())

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

    def _field(self) -> QLineEdit | None:
        current = self.step.form.current if self.step.form else None
        return current if isinstance(current, QLineEdit) else None

    def _entered(self) -> None:
        if self.step.form is not None:
            self.step.form.go_on()

    def _shop_answered(self, answers: ShopAnswers) -> None:
        self._shop = answers
        self._show(self.goods_step)

    def _goods_answered(self, answers: GoodsAnswers) -> None:
        shop = self._shop
        if shop is None or self._is_making:
            return
        self._is_making, self._goods = True, answers
        self._say(_("The shop is being made; a moment."))
        login = suggest_login(shop.manager, ()) or _OTHERWISE_LOGIN
        new = NewShop(
            name=shop.name,
            manager_name=shop.manager,
            manager_login=login,
            manager_pin=shop.pin,
            kra_pin=shop.kra_pin,
            printer=answers.printer,
            language=text.language(),
            goods=answers.goods,
        )
        made = MadeShop(login, shop.pin)
        self._lane.submit(
            lambda: self._make(self._directory, new),
            lambda key: self._shop_made(made, key),
            self._not_made,
        )

    def _not_made(self, error: Exception) -> None:
        self._is_making = False
        self._refuse(error)

    def _shop_made(self, made: MadeShop, recovery_key: str) -> None:
        self._is_making = False
        self._waiting = made
        printer = self._goods.printer if self._goods else ""
        self.key_step.show_key(recovery_key, has_printer=bool(printer))
        self._show(self.key_step)

    def _key_kept(self) -> None:
        self.made = self._waiting
        self.close()

    # printers

    def _look_for_printers(self) -> None:
        def find() -> list[FoundDevice]:
            return [one for one in self._find() if one.kind is not DeviceKind.SERIAL]

        self._lane.submit(find, self.goods_step.show_printers)

    def _test(self, address: str) -> None:
        title = self._shop.name if self._shop else ""
        self._say(_("The test page is on its way."))
        self._lane.submit(
            lambda: print_test_page(address, title),
            lambda _printed: self._say(_("The test page was printed: look at it.")),
        )

    def _print_key(self) -> None:
        if self._shop is None or self._goods is None:
            return
        address, paper = self._goods.printer, self.key_step.paper(self._shop.name)
        self._lane.submit(
            lambda: print_now(address, paper),
            lambda _printed: self._say(_("The key was printed: look at it, then press F8.")),
        )

    # what is said

    def _say(self, sentence: str) -> None:
        self.strip.say(Notice(sentence, Tone.ACCENT))

    def _refuse(self, error: Exception) -> None:
        sentence = _("This is a fault of the program: {kind}. Try again, or report it.")
        if isinstance(error, PosError):
            self.strip.say(Notice(error.sentence, Tone.DANGER))
        else:
            logger.error("the first run failed", exc_info=error)
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

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Stay open while the shop is being made, and once more while its key is not kept."""
        is_kept = self.step is not self.key_step or self.made is not None
        if self._is_making or not (is_kept or self._question.confirmed()):
            event.ignore()
            if not is_kept:
                self._refuse_to_close()
            return
        self._lane.stop(_STOP_SECONDS)
        self._adapter.close()
        super().closeEvent(event)

    def _refuse_to_close(self) -> None:
        sentence = _("The recovery key is shown only now: write it down first; or close again.")
        self.strip.say(Notice(sentence, Tone.WARNING))
