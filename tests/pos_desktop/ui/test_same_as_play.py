"""What is typed at the window and what a play carries out come to the same, to the last note."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.grammar import parse_play
from pos_desktop.shop import Shop, open_shop
from tests.pos_desktop.ui.conftest import FLOUR, MILK, Cashier

SCRIPTS = {
    "changes": (FLOUR, f"3*{MILK}", "-", "*2", "10%", "5%%", FLOUR),
    "refusals": (FLOUR, "nonsense1", "0.5*P001", "=-1", "*0.5", f"?{MILK}", "?none1"),
    "less": (f"5*{FLOUR}", "*2", "-", "-", MILK),
    "weighed": ("0.750*P026", "*0.250", "10%"),
}


def _seen(shop: Shop) -> dict[str, Any]:
    """Return what stands on disk about the open cart, but for ids and times."""
    cart = shop.carts.left_open()
    notes = shop.database.rows("SELECT kind, detail FROM journal WHERE kind <> 'sign in'")
    return {
        "lines": [
            (line.item.code, line.quantity, line.price_cents, line.discount_bp)
            for line in (cart.basket.lines if cart else ())
        ],
        "cart": cart.basket.cart_discount_bp if cart else None,
        "notes": [note for note in notes if note["kind"] not in ("shift", "sign out")],
    }


@pytest.mark.parametrize("name", SCRIPTS)
def test_window_and_play_agree(
    name: str, demo_folder: Path, tmp_path: Path, open_window: Callable[[Path], Cashier]
) -> None:
    typed, played = (
        shutil.copytree(demo_folder, tmp_path / where) for where in ("typed", "played")
    )
    cashier = open_window(typed)
    cashier.sign_in()
    for line in SCRIPTS[name]:
        cashier.window.counter.entry.enter(line)
    cashier.until(lambda: cashier.window.counter.idle)
    cashier.leave()
    shop = open_shop(played)
    for line in ("login cashier 1111", "shift open 2000", *SCRIPTS[name]):
        try:
            shop.desk.execute(parse_play(line))
        except Refused:
            continue
    window_shop = open_shop(typed)
    assert _seen(window_shop) == _seen(shop)
    assert _seen(shop)["lines"]
    for one in (shop, window_shop):
        one.close()
