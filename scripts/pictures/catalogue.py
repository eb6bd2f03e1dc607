"""The catalogue and the suppliers."""

from __future__ import annotations

from pos_desktop.ui.screens.catalogue.catalogue_page import CataloguePage
from scripts.pictures.goods import has_rows, with_goods
from scripts.pictures.steps import K, States, asked, listed, office, until
from scripts.player import Player


def _nothing_found(player: Player) -> None:
    has_rows(player, player.page("catalogue", CataloguePage), 0)


_looked = until(lambda player: player.page("catalogue", CataloguePage).looked is not None)

_CATALOGUE = (with_goods, listed("catalogue"))
_PRODUCT = (*_CATALOGUE, K.Key_Return, _looked)
_SUPPLIERS = (with_goods, office("suppliers"))

STATES: States = {
    "catalogue": _CATALOGUE,
    "catalogue_product": _PRODUCT,
    "catalogue_moves": (*_PRODUCT, K.Key_F6),
    "catalogue_remove": (*_PRODUCT, K.Key_Delete),
    "catalogue_form": (*_CATALOGUE, K.Key_F2, asked("catalogue")),
    "catalogue_nothing": (*_CATALOGUE, "xyzzy", _nothing_found),
    "suppliers": _SUPPLIERS,
    "supplier_form": (*_SUPPLIERS, K.Key_F2, asked("suppliers")),
}
