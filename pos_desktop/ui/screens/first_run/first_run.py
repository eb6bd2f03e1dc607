"""The window of the first run: from a directory without a shop to one that can sell.

A shop that has lived on another computer comes out of a backup instead (`recovery.bring_back`).

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
from PySide6.QtGui import QCloseEvent

from pos_desktop.domain import text
from pos_desktop.domain.progress import Progress
from pos_desktop.domain.text import _
from pos_desktop.services.devices.found_devices import find_widely
from pos_desktop.services.people.staffing import suggest_login
from pos_desktop.services.printing.printing_now import print_now, print_test_page
from pos_desktop.shops.new_shop import NewShop, make_shop
from pos_desktop.shops.outcomes import restored_sentences
from pos_desktop.shops.restored_shop import restore_shop
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.question import Question
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.screens.first_run.goods_step import GoodsAnswers, GoodsStep
from pos_desktop.ui.screens.first_run.key_step import KeyStep
from pos_desktop.ui.screens.first_run.shop_step import ShopAnswers, ShopStep
from pos_desktop.ui.screens.first_run.step import Step
from pos_desktop.ui.screens.first_run.steps_window import StepsWindow
from pos_desktop.ui.screens.recovery.bring_back import BringBack

_LANGUAGES_WIDTH = 320
_OTHERWISE_LOGIN = "manager"
_STOP_SECONDS = 5.0
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


class FirstRun(StepsWindow):
    """Asks in three steps; `made` tells what came of it once the window is closed."""

    def __init__(
        self,
        directory: Path,
        find: Find = discover,
        make: Make = make_shop,
        find_widely: Find = find_widely,
    ) -> None:
        """Take where the shop is to be, what looks for devices, and what makes shops.

        The network is looked through only where somebody asks for it, by `find_widely`.
        """
        super().__init__(_("A new shop"))
        self.made: MadeShop | None = None
        self.is_restored = False
        """Whether a shop came out of a backup, and is to be opened."""
        self._directory = directory
        self._find = find
        self._find_widely = find_widely
        self._make = make
        self._shop: ShopAnswers | None = None
        self._goods: GoodsAnswers | None = None
        self._is_making = False
        self._waiting: MadeShop | None = None
        """The shop that was made, while its recovery key is not kept yet."""
        self._question = Question()
        """Whether to leave although the key is not kept."""
        self.shop_step, self.goods_step = ShopStep(directory.absolute()), GoodsStep()
        self.key_step = KeyStep()
        self.bring_back = BringBack(
            self,
            directory,
            self._bring,
            back=lambda: self._show(self.shop_step),
            opened=self._open_restored,
        )
        self._join()

    def _join(self) -> None:
        for step in (self.shop_step, self.goods_step, self.key_step):
            self.add_step(step)
        self.shop_step.answered.connect(self._shop_answered)
        self.shop_step.restore_wanted.connect(self._restore)
        self.goods_step.answered.connect(self._goods_answered)
        self.goods_step.back.connect(lambda: self._show(self.shop_step))
        self.goods_step.printers_wanted.connect(self._look_widely)
        self.goods_step.test_wanted.connect(self._test)
        self.key_step.print_wanted.connect(self._print_key)
        self.key_step.kept.connect(self._key_kept)

    def start(self) -> None:
        """Begin with the first step; printers are looked for meanwhile."""
        self._lane.start()
        self._show(self.shop_step)
        self._look_for_printers(self._find)

    # steps

    def _show(self, step: Step) -> None:
        number = self._steps.indexOf(step) + 1
        self.show_step(
            step, _("Step {number} of 3: {title}").format(number=number, title=step.title)
        )

    def _shop_answered(self, answers: ShopAnswers) -> None:
        self._shop = answers
        self._show(self.goods_step)

    def _goods_answered(self, answers: GoodsAnswers) -> None:
        shop = self._shop
        if shop is None or self._is_making:
            return
        self._is_making, self._goods = True, answers
        self.say(_("The shop is being made; a moment."))
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

    # a shop out of a backup

    def _restore(self) -> None:
        if not self._is_making:
            self.bring_back.start()

    def _bring(self, backup: Path, key: str, progress: Progress) -> list[str]:
        return restored_sentences(restore_shop(backup, self._directory, key, progress=progress))

    def _open_restored(self) -> None:
        self.is_restored = True
        self.close()

    # printers

    def _look_widely(self) -> None:
        self.say(_("Printers are looked for, in the network too: a moment."))
        self._look_for_printers(self._find_widely, self._say_found)

    def _look_for_printers(self, find: Find, then: Callable[[], None] = lambda: None) -> None:
        def found() -> list[FoundDevice]:
            return [one for one in find() if one.kind is not DeviceKind.SERIAL]

        def show(printers: list[FoundDevice]) -> None:
            self.goods_step.show_printers(printers)
            then()

        self._lane.submit(found, show)

    def _say_found(self) -> None:
        if self.goods_step.printer.key:
            self.say(_("A printer is found: F5 prints a test page."))
        else:
            self.say(_("No printer is found, in the network neither: is it on, and plugged in?"))

    def _test(self, address: str) -> None:
        title = self._shop.name if self._shop else ""
        self.say(_("The test page is on its way."))
        self._lane.submit(
            lambda: print_test_page(address, title),
            lambda _printed: self.say(_("The test page was printed: look at it.")),
        )

    def _print_key(self) -> None:
        if self._shop is None or self._goods is None:
            return
        address, paper = self._goods.printer, self.key_step.paper(self._shop.name)
        self._lane.submit(
            lambda: print_now(address, paper),
            lambda _printed: self.say(_("The key was printed: look at it, then press F8.")),
        )

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Stay open while the shop is being made, and once more while its key is not kept."""
        is_kept = self.step is not self.key_step or self.made is not None
        if self._is_making or self.is_working or not (is_kept or self._question.confirmed()):
            event.ignore()
            if not is_kept:
                self._refuse_to_close()
            return
        self.bring_back.near.stop()
        self._lane.stop(_STOP_SECONDS)
        self._adapter.close()
        super().closeEvent(event)

    def _refuse_to_close(self) -> None:
        sentence = _("The recovery key is shown only now: write it down first; or close again.")
        self.strip.say(Notice(sentence, Tone.WARNING))
