"""The second step: the printer, and the first thing that is sold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pos_hardware.discovery import FoundDevice
from PySide6.QtCore import Qt, Signal

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.text import _, joined
from pos_desktop.services.devices.found_devices import called
from pos_desktop.services.imports.first_goods import FirstGoods, SampleGoods, read_first_product
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import FormField
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.kit.tokens import Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.screens.first_run.step import Step

_COLUMNS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsAnswers:
    """Which printer, by its address, and what is sold first."""

    printer: str
    goods: FirstGoods


class GoodsStep(Step):
    """Asks for the printer among those found, and for a product with its price."""

    answered = Signal(object)
    """GoodsAnswers that fit."""
    back = Signal()
    printers_wanted = Signal()
    """Printers are to be looked for."""
    test_wanted = Signal(str)
    """A test page is wanted on the printer of this address."""

    def __init__(self) -> None:
        self.printer = Choice(_("Receipt printer"), columns=_COLUMNS)
        self.product = FormField(
            _("What you sell first, and its price"), hint=_("Such as: Milk 500 ml 65")
        )
        super().__init__(_("Printer and goods"), (self.printer, self.product))
        self.takes_sample = False
        self._found: Sequence[FoundDevice] = ()
        self._explained = WrappedText(fonts.regular(Type.TEXT), most=3, tone="muted")
        if self.form is not None:
            self.form.explain(self._explained)
        self.printer.chosen.connect(lambda _key: self.acts_changed.emit())
        self.product.field.textChanged.connect(lambda _text: self._explain())
        self.show_printers(())

    def show_printers(self, found: Sequence[FoundDevice]) -> None:
        """Offer these printers; the first is likely meant, and none is an answer too."""
        self._found = found
        kept = self.printer.key
        addresses = [one.address for one in found]
        chosen = kept if kept in addresses else next(iter(addresses), "")
        choices = [*((one.address, called(one)) for one in found), ("", _("None for now"))]
        self.printer.show_choices(choices, chosen)
        self._explain()
        self.acts_changed.emit()

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._explain()

    def acts(self) -> tuple[Act, ...]:
        """Offer to go on and back, to test the printer, and the sample goods."""
        acts = [
            self.way_on(_("Make the shop"), _("Make the shop with these answers")),
            Act(
                key=Qt.Key.Key_F4,
                title=_("Sample goods"),
                help=_("Begin with forty goods to try things out, or not"),
                rank=Rank.CHOSEN if self.takes_sample else Rank.PLAIN,
                do=self._toggle_sample,
            ),
            Act(
                key=Qt.Key.Key_F6,
                title=_("Find printers"),
                help=_("Look for printers again, in the network too"),
                do=self.printers_wanted.emit,
            ),
            Act(
                key=Qt.Key.Key_Escape,
                title=_("Back"),
                help=_("Back to the shop"),
                do=self.back.emit,
            ),
        ]
        if self.printer.key:
            test = Act(
                key=Qt.Key.Key_F5,
                title=_("Test print"),
                help=_("Print a test page on the chosen printer"),
                do=lambda: self.test_wanted.emit(self.printer.key),
            )
            acts.insert(1, test)
        return tuple(acts)

    def go_on(self) -> None:
        """Hand over the answers, where they fit."""
        self.attempt(lambda: self.answered.emit(self._read()))

    def _read(self) -> GoodsAnswers:
        goods: FirstGoods = None
        if self.takes_sample:
            goods = SampleGoods()
        elif self.product.text:
            try:
                goods = read_first_product(self.product.text)
            except Refused:
                self.product.field.setFocus()
                raise
        return GoodsAnswers(printer=self.printer.key, goods=goods)

    def _toggle_sample(self) -> None:
        self.takes_sample = not self.takes_sample
        self.product.setEnabled(not self.takes_sample)
        if self.form is not None:
            self.form.begin()
        self._explain()
        self.acts_changed.emit()

    def _explain(self) -> None:
        """Say what becomes of the answers."""
        self._explained.show_text(joined(" ", (self._goods_words(), self._printer_words())))

    def _printer_words(self) -> str:
        if self._found:
            return ""
        return _(
            "No printer is found at this computer: switch it on, then F6, which looks in the "
            "network too; or set one later."
        )

    def _goods_words(self) -> str:
        if self.takes_sample:
            return _("The shop begins with forty sample goods; an import can be taken back later.")
        if not self.product.text:
            return _("Leave it empty to bring goods in later, from a file or one by one.")
        return self._product_words()

    def _product_words(self) -> str:
        try:
            product = read_first_product(self.product.text)
        except Refused as error:
            return error.sentence
        sentence = _("{name} is sold for {price}: type 1 and Enter, or letters of its name.")
        return sentence.format(name=product.name, price=format_amount(product.price_cents))
