"""The first step: the shop, its manager, and the PIN with which the manager signs in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.tax import parse_kra_pin
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.form import FormField
from pos_desktop.ui.kit.tokens import Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.screens.first_run.step import Step
from pos_desktop.ui.screens.office.staff_forms import PinPair

_LONGEST_KRA_PIN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopAnswers:
    """What was typed of the shop."""

    name: str
    manager: str
    pin: str
    kra_pin: str


class ShopStep(Step):
    """Asks for the shop's name, the manager's, a PIN and the KRA PIN."""

    answered = Signal(object)
    """ShopAnswers that fit."""
    restore_wanted = Signal()
    """The shop is to come out of a backup instead."""

    def __init__(self, place: Path) -> None:
        """Say where the shop will live."""
        self._pins = PinPair()
        self.pin, self.again = self._pins.pin, self._pins.again
        self.name = FormField(_("Name of the shop"), hint=_("As it stands on receipts"))
        self.manager = FormField(_("Your name"), hint=_("You are the manager"))
        self.kra_pin = FormField(
            _("KRA PIN of the shop"),
            hint=_("Such as P051234567X; may stay empty for now"),
            longest=_LONGEST_KRA_PIN,
        )
        lines = (self.name, self.manager, (self.pin, self.again), self.kra_pin)
        super().__init__(_("Your shop"), lines)
        where = WrappedText(fonts.regular(Type.SMALL), most=2, tone="muted")
        where.show_text(_("The shop is kept on this computer, in {place}.").format(place=place))
        self.body.addWidget(where)

    def acts(self) -> tuple[Act, ...]:
        """Offer to go on."""
        return (
            self.way_on(_("Next"), _("Go on to printer and goods")),
            Act(
                key=Qt.Key.Key_F4,
                title=_("Bring a shop back from a backup"),
                help=_("For a new computer in the place of one that is lost or broken"),
                do=self.restore_wanted.emit,
            ),
        )

    def go_on(self) -> None:
        """Hand over what was typed, where it fits; else go to what does not."""
        self.attempt(lambda: self.answered.emit(self._read()))

    def _read(self) -> ShopAnswers:
        for part, sentence in (
            (self.name, _("A shop has a name: it stands at the head of every receipt. Type it.")),
            (self.manager, _("The manager has a name: type yours.")),
        ):
            if not part.text:
                part.field.setFocus()
                raise Refused(sentence)
        try:
            pin = self._pins.read()
        except Refused:
            self.pin.field.clear()
            self.again.field.clear()
            self.pin.field.setFocus()
            raise
        return ShopAnswers(
            name=self.name.text, manager=self.manager.text, pin=pin, kra_pin=self._kra_pin()
        )

    def _kra_pin(self) -> str:
        if not self.kra_pin.text:
            return ""
        try:
            return parse_kra_pin(self.kra_pin.text)
        except Refused:
            self.kra_pin.field.setFocus()
            raise
