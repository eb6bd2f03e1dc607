"""Training: the same till on a shop of its own, begun and ended here."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.shops.training_shop import make_training_shop
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.office.page import OfficePage


class TrainingPage(OfficePage):
    """Says what training is, and goes there or back."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("Training"))
        is_training = office.shop.configuration.get(settings.SHOP_TRAINING)
        self._head = label(font=fonts.strong(Type.TILE), wrap=True)
        self._text = label(wrap=True)
        parts = column(self._head, self._text, gap=Space.BETWEEN, margins=INSIDE)
        self.body.addWidget(Card(_("Training"), parts))
        self.body.addStretch(1)
        self._show(is_training=is_training)

    def _show(self, *, is_training: bool) -> None:
        if is_training:
            self._head.setText(_("You are training: nothing here is sold."))
            self._text.setText(
                _("Ending it goes back to the real till. What was practised is thrown away.")
            )
            title, act = _("End training"), self._end
        else:
            self._head.setText(_("Practise on a copy of this shop"))
            self._text.setText(
                _(
                    "The till opens again with the same people, goods and prices, marked TRAINING. "
                    "Sales, refunds, shifts and the Z work as always, but nothing reaches the real "
                    "books or stock, the drawer stays shut, and its papers say so. The shift "
                    "may stay open."
                )
            )
            title, act = _("Begin training"), self._begin
        self.offer(Act(key=Qt.Key.Key_Return, title=title, help=title, do=act, rank=Rank.FIRST))

    def _begin(self) -> None:
        office, person = self.office, self.office.actor
        if not office.shop.till.state.basket.is_empty:
            sentence = _("A sale is open: finish it or hold it with F5, then begin training.")
            self.refuse(Refused(sentence))
            return
        self.say(_("The training shop is being made …"))
        self.ask(lambda: make_training_shop(office.shop, person), office.switch)

    def _end(self) -> None:
        directory: Path = self.office.shop.directory
        self.office.switch(directory.parent)
