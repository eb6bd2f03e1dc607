"""A sale before it is paid: the cart, search, prices, sales on hold, and what goes wrong."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.product import ProductChoice
from pos_desktop.domain.text import _
from pos_desktop.services.sales.selling import Checkout, Recorded
from scripts.pictures.steps import (
    CHANGE_SHOWN,
    K,
    States,
    keypad,
    letters,
    scan,
    shown,
    told,
)
from scripts.player import Player, Step

SELLING = (
    Player.sign_in,
    scan(0, 0, 5, 9, 9, 9, 9),
    "10%",
    K.Key_Return,
    scan(14, 20, 20, 25),
)
LARGE = (
    Player.sign_in,
    scan(*range(9), 25, -3),
    *("*53", K.Key_Return),
    *("5%", K.Key_Return),
    *(K.Key_Up, "*12.345", K.Key_Return),
)
KEYPAD = (*SELLING, keypad)
_LETTERS = (*SELLING, letters)
_ONE_WORD = (Player.sign_in, scan(3, -2, 8))


def _hold(*places: int) -> Step:
    """Put a sale of these products on hold."""

    def hold(player: Player) -> None:
        player.scan(*places)
        before = len(player.window.counter.held)
        player.press(K.Key_F5)
        player.settle(lambda: len(player.window.counter.held) > before)

    return hold


HELD = (Player.sign_in, _hold(3, 4, 6), _hold(12), _hold(7, 8, 9, 10), scan(0, 0, 5))


def _begin(typed: str) -> Step:
    """Begin to type into the box, as a key of the till does."""
    return lambda player: player.window.sell.box.begin(typed)


def _scan_code(code: str) -> Step:
    """Scan what the catalogue does not know."""

    def scan_code(player: Player) -> None:
        player.window.sell.scanned(code)
        player.settle()

    return scan_code


def clear(player: Player) -> None:
    """Ask to throw the sale away."""
    player.press(K.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    told(player)


def recalled_at_old_prices(player: Player) -> None:
    """Take a sale back whose prices have changed meanwhile."""
    player.play(*HELD)
    done: list[bool] = []
    player.program.lane.submit(lambda: _raise_prices(player), lambda _done: done.append(True))
    player.settle(lambda: bool(done))
    sell = player.window.sell
    player.press(K.Key_F6)
    player.settle_at(sell.recall)
    player.press(K.Key_Return)
    player.settle(lambda: sell.strip.notice is not None and sell.strip.notice.act is not None)


def _raise_prices(player: Player) -> None:
    products = player.program.shop.goods.products
    for card in products.listed(ProductChoice(), 200):
        form = replace(card.form, price_cents=card.form.price_cents + 5_00)
        products.change(card, form, actor=None)


def _fill_the_disk(player: Player) -> None:
    def full(checkout: Checkout) -> Recorded:  # noqa: ARG001 - whatever is sold
        raise Unavailable(_("The disk is full; free some room, then try again."))

    player.program.shop.till.record = full  # type: ignore[method-assign]


def _type_letters(player: Player) -> None:
    for letter in "mil":
        player.window.sell.letters.pressed.emit(letter)
    player.settle()


def _ask_letters(player: Player) -> None:
    player.window.sell.do_key(K.Key_F2)
    player.settle()


_UNKNOWN_CODE = (Player.sign_in, scan(3, 5), _scan_code("5901234123457"), told)
_NEW_ITEM = (
    *_UNKNOWN_CODE,
    K.Key_Insert,
    shown(lambda sell: sell.new_items.page),
    "Green tea",
)

STATES: States = {
    "empty": (Player.sign_in,),
    "selling": SELLING,
    "held": HELD,
    "recall": (*HELD, K.Key_F6),
    "recalled_at_old_prices": (recalled_at_old_prices,),
    "long_cart": (Player.sign_in, scan(*range(3, 16), -1, 16)),
    "long_names": (Player.sign_in, scan(-1, 3, -1, 8), _begin("12*")),
    "one_word": _ONE_WORD,
    "one_word_price": (*SELLING, _begin("?"), scan(-2)),
    "one_word_approval": (*_ONE_WORD, K.Key_Up, "=150", K.Key_Return),
    "large": LARGE,
    "large_change": (*LARGE, K.Key_Return, "99000000", K.Key_Return, CHANGE_SHOWN, scan(3, 3)),
    "many": (Player.sign_in, scan(*range(30))),
    "unknown": (*SELLING, _scan_code("6161109999999")),
    "long_error": (*SELLING, "0.5*P001", K.Key_Return),
    "search": (*SELLING, K.Key_F2, "rise"),
    "search_typing": (*SELLING, "milk"),
    "search_nothing": (*SELLING, "/zzzzq"),
    "price": (*SELLING, _begin("?"), scan(7)),
    "price_of_five": (*SELLING, "5*", K.Key_F3, scan(7)),
    "keypad": KEYPAD,
    "letters": _LETTERS,
    "letters_search": (*_LETTERS, _type_letters),
    "letters_keypad": (*KEYPAD, _ask_letters),
    "help_shown": (*SELLING, K.Key_F1),
    "clear_asked": (*SELLING, clear),
    "not_recorded": (*SELLING, _fill_the_disk, K.Key_F8, told),
    "unknown_code": _UNKNOWN_CODE,
    "new_item": _NEW_ITEM,
    "new_item_letters": (*_NEW_ITEM, letters),
}
