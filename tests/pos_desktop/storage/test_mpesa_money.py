"""The moves of a payment by SQL are those of the table; a sale keeps what it has."""

from __future__ import annotations

from itertools import product

from pos_desktop.domain.mpesa_money import (
    IN_USE,
    MAY_BE_USED,
    MONEY_MOVES,
    MoneyEvent,
    MoneySource,
    MoneyState,
)
from pos_desktop.storage import mpesa_money
from pos_desktop.storage.mpesa_money import Money
from tests.pos_desktop.storage.conftest import ShopFile

CODE = "RKL51ZDR4F"


def money(state: MoneyState, *, sale_id: str | None = None, is_confirmed: bool = True) -> Money:
    return Money(
        receipt=CODE,
        amount_cents=100_00,
        paid_at=1,
        short_code="174379",
        source=MoneySource.PULL,
        is_confirmed=is_confirmed,
        state=state,
        sale_id=sale_id,
        note="before",
        told_at=1,
        changed_at=1,
    )


def kept(shop_file: ShopFile) -> Money:
    found = mpesa_money.find(shop_file.database, CODE)
    assert found is not None
    return found


def test_each_move_by_sql_is_that_of_the_table(shop_file: ShopFile) -> None:
    database = shop_file.database
    for before, event in product(MoneyState, MoneyEvent):
        with database.write():
            mpesa_money.put(database, money(before))
            moved = mpesa_money.move(database, CODE, event, 5)
        assert moved == MONEY_MOVES[event].get(before), (before, event)
        assert kept(shop_file).state is (moved or before)
        assert kept(shop_file).changed_at == (5 if moved else 1)
        assert kept(shop_file).note == "before"


def test_a_note_is_kept_with_a_move(shop_file: ShopFile) -> None:
    with shop_file.database.write():
        mpesa_money.put(shop_file.database, money(MoneyState.UNMATCHED))
        mpesa_money.move(shop_file.database, CODE, MoneyEvent.BE_ELSEWHERE, 5, "rent")
    assert kept(shop_file).note == "rent"


def test_one_that_is_not_there_is_not_moved(shop_file: ShopFile) -> None:
    with shop_file.database.write():
        assert mpesa_money.move(shop_file.database, CODE, MoneyEvent.GO_BACK, 5) is None


def test_a_sale_gets_what_none_has_and_keeps_its_own(shop_file: ShopFile) -> None:
    database = shop_file.database
    for before, holder in product(MoneyState, (None, "mine", "other")):
        with database.write():
            mpesa_money.put(database, money(before, sale_id=holder, is_confirmed=False))
            used = mpesa_money.use(database, CODE, "mine", 5)
        is_own = holder == "mine" and before in IN_USE
        assert used is (before in MAY_BE_USED or is_own), (before, holder)
        assert kept(shop_file).state is (MoneyState.UNVERIFIED if used else before)
