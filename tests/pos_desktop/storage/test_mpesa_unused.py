"""What nobody has yet is found by its amount and time, however much of it there is."""

from __future__ import annotations

from typing import Any

from pos_desktop.domain.mpesa_money import MoneySource, MoneyState
from pos_desktop.shop import Shop
from pos_desktop.storage import mpesa_money
from pos_desktop.storage.mpesa_money import Money

CENTS = 165_00


def put(shop: Shop, number: int, cents: int, **more: Any) -> str:
    receipt = f"R{number:09}"
    money = Money(
        receipt=receipt,
        amount_cents=cents,
        paid_at=number,
        short_code="174379",
        source=MoneySource.PULL,
        is_confirmed=True,
        told_at=number,
        changed_at=number,
        **more,
    )
    with shop.database.write():
        mpesa_money.put(shop.database, money)
    return receipt


def test_equal_ones_are_found_behind_hundreds_of_others(shop: Shop) -> None:
    first = put(shop, 1, CENTS)
    named = put(shop, 2, 7_00, reference="t1a7")
    put(shop, 3, CENTS, state=MoneyState.ELSEWHERE)
    for number in range(10, 260):
        put(shop, number, CENTS + number)
    last = put(shop, 300, CENTS)

    def found(since: int, reference: str = "") -> list[str]:
        rows = mpesa_money.unused_like(shop.database, since, CENTS, reference)
        return [one.receipt for one in rows]

    assert found(0) == [last, first]
    assert found(0, "T1A7") == [last, named, first]
    assert found(2) == [last]


def test_the_newest_are_read_in_their_order(shop: Shop) -> None:
    """By the index of their time: else all of them are sorted with each look at a page."""
    sql = []
    rows = shop.database.rows

    class Watched:
        def rows(self, statement: str, values: Any) -> Any:
            sql.append((statement, values))
            return rows(statement, values)

    mpesa_money.unused(Watched(), 0)  # type: ignore[arg-type]
    [(statement, values)] = sql
    plan = " ".join(str(one["detail"]) for one in rows(f"EXPLAIN QUERY PLAN {statement}", values))
    assert "mpesa_money_paid" in plan
    assert "TEMP B-TREE FOR ORDER BY" not in plan
