"""Goods that come back, and exchanges."""

from __future__ import annotations

from scripts.pictures.sell import SELLING, clear
from scripts.pictures.steps import (
    APPROVAL_SHOWN,
    CHANGE_SHOWN,
    TENDERS_SHOWN,
    K,
    States,
    keypad,
    scan,
    shown,
    told,
)
from scripts.pictures.tenders import CHANGE, recorded

_ASK_SHOWN = shown(lambda sell: sell.returns.ask)
_ASK = (*CHANGE, K.Key_F11, _ASK_SHOWN)
_OF_RECEIPT = (*_ASK, K.Key_Return, shown(lambda sell: sell.returns.lines))
_LINES = (*_OF_RECEIPT, K.Key_Right, K.Key_Down, K.Key_Down, "2")
_IN_CART = (*_LINES, K.Key_Return, TENDERS_SHOWN)
_BY_CARD = (*_IN_CART, K.Key_F10)
_GIVEN_BACK = (
    *_BY_CARD,
    *("A78", K.Key_Up, "200", K.Key_Return, K.Key_Return, APPROVAL_SHOWN),
    *(K.Key_Down, "1234", K.Key_Return, TENDERS_SHOWN),
)
_LOOSE = (*SELLING, K.Key_F11, _ASK_SHOWN, K.Key_F11, scan(3, 8, 3, -1))
_LOOSE_APPROVAL = (*_LOOSE, K.Key_Return, APPROVAL_SHOWN)
_EXCHANGE = (*_IN_CART, scan(5, 12, 20))
_EXCHANGE_DONE = (*_EXCHANGE, K.Key_F8, CHANGE_SHOWN)

STATES: States = {
    "return_ask": _ASK,
    "return_lines": _LINES,
    "return_nothing_chosen": (*_OF_RECEIPT, K.Key_Return, told),
    "return_in_cart": _IN_CART,
    "return_by_card": _BY_CARD,
    "clear_asked_given_back": (*_GIVEN_BACK, clear),
    "return_loose": _LOOSE,
    "return_loose_approval": _LOOSE_APPROVAL,
    "keypad_return_approval": (*_LOOSE_APPROVAL, keypad, K.Key_Down),
    "exchange": _EXCHANGE,
    "exchange_done": _EXCHANGE_DONE,
    "exchange_next": (*_EXCHANGE_DONE, recorded, scan(3)),
}
