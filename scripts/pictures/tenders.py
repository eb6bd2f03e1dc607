"""How a sale is paid, who may allow what, and the customer with an account."""

from __future__ import annotations

from pos_desktop.services.people.customers import Particulars
from scripts.pictures.sell import KEYPAD, SELLING, clear
from scripts.pictures.steps import (
    APPROVAL_SHOWN,
    CHANGE_SHOWN,
    LONG_WORD,
    TENDERS_SHOWN,
    K,
    States,
    chord,
    keypad,
    scan,
    shown,
    until,
)
from scripts.player import Player


def recorded(player: Player) -> None:
    """Wait until the sale is in the books."""
    player.settle(lambda: not player.window.counter.is_recording)


def _type_voucher(player: Player) -> None:
    row = player.program.shop.reader.row("SELECT code FROM voucher")
    assert row is not None
    player.write(str(row["code"]))


def _add_customers(player: Player) -> None:
    shop = player.program.shop
    for number, name in enumerate(("Akinyi Otieno", f"Wanjiku {LONG_WORD}", "Zuhura Said")):
        phone = f"07123456{number:02}"
        added = shop.customers.add(Particulars(name=name, phone=phone), actor=None)
        shop.customers.set_limit(added, 1000_00, actor=None)


_told_wrong = until(lambda player: player.window.sell.approval.who.strip.isVisible())
_some_found = until(lambda player: bool(player.window.sell.customers.find.list.lines.rows))
_none_found = until(lambda player: not player.window.sell.customers.find.list.lines.rows)

PAY = (*SELLING, K.Key_Return)
_PAY_MORE = (*PAY, "4000")
PAY_PART = (*PAY, "500", K.Key_Return)
CHANGE = (*_PAY_MORE, K.Key_Return, CHANGE_SHOWN)

_APPROVAL = (*SELLING, "=150", K.Key_Return)
_APPROVAL_REASON = (*_APPROVAL, K.Key_Down)
_APPROVAL_WRONG = (*_APPROVAL_REASON, "0000", K.Key_Return, _told_wrong)

_CARD = (*SELLING, K.Key_F10, "A77")
_SPLIT = (
    *_CARD,
    *(K.Key_Up, "300", K.Key_Return, K.Key_Return),
    *(K.Key_Return, "100", K.Key_Return),
    *(K.Key_Return, "50", K.Key_Return),
)
_VOUCHER_CHANGE = (
    Player.sign_in,
    chord(K.Key_5),
    shown(lambda sell: sell.money.voucher),
    *("s1500", K.Key_F8, TENDERS_SHOWN),
    scan(0, 5, 9),
    _type_voucher,
    *(K.Key_Return, CHANGE_SHOWN),
    recorded,
)

_FIND = (*SELLING, _add_customers, K.Key_F4, _some_found)
_FIND_NONE = (*_FIND, "xyz", _none_found)
_NEW = (*_FIND_NONE, K.Key_Return)
_BUYS = (*_FIND, K.Key_Down, K.Key_Return, TENDERS_SHOWN)
_NOW = (*_BUYS, K.Key_F4, shown(lambda sell: sell.customers.now))
_ACCOUNT = (*_BUYS, chord(K.Key_4))

STATES: States = {
    "pay": PAY,
    "pay_more": _PAY_MORE,
    "pay_part": PAY_PART,
    "pay_rest": (*PAY_PART, K.Key_Return),
    "change": CHANGE,
    "next_sale": (*CHANGE, scan(3, 3)),
    "keypad_pay": (*KEYPAD, K.Key_Return, "4000"),
    "keypad_change": (*CHANGE, keypad),
    "approval": _APPROVAL,
    "approval_reason": _APPROVAL_REASON,
    "approval_held": (*_APPROVAL_REASON, "12", K.Key_F8),
    "approval_wrong": _APPROVAL_WRONG,
    "keypad_approval": (*_APPROVAL, keypad),
    "keypad_approval_reason": (*_APPROVAL, keypad, K.Key_Down),
    "keypad_approval_wrong": (*_APPROVAL_WRONG, keypad),
    "tender_card": _CARD,
    "tender_split": _SPLIT,
    "tender_voucher": (*SELLING, chord(K.Key_5)),
    "tender_account": _ACCOUNT,
    "account_approval": (*_ACCOUNT, K.Key_Return, APPROVAL_SHOWN),
    "voucher_change": _VOUCHER_CHANGE,
    "keypad_card": (*_CARD, keypad),
    "keypad_split": (*_SPLIT, keypad),
    "clear_asked_paid": (*_SPLIT, clear),
    "customer_find": _FIND,
    "customer_none": _FIND_NONE,
    "customer_new": _NEW,
    "customer_new_agrees": (*_NEW, K.Key_Return, "w@example.org", K.Key_Return, K.Key_Right),
    "customer_buys": _BUYS,
    "customer_now": _NOW,
    "customer_settles": (*_NOW, "p"),
}
