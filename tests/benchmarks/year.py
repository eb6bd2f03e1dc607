"""A year of sales: reports, compared, X, Z and verify on 84,000 sales with 500,000 lines."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

from pos_desktop.cli.bench import goods
from pos_desktop.cli.bench.figure import Figure, at_share
from pos_desktop.domain.pricing import Priced
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.sale import Sale
from pos_desktop.domain.tender import Payment
from pos_desktop.services.report_kinds import KINDS, REPORTS
from pos_desktop.shop import Shop
from pos_desktop.storage import sales
from pos_desktop.storage.audit import run_checks
from pos_desktop.storage.head import Head, SealOf
from pos_desktop.storage.sales import SaleFrame
from tests.benchmarks import scene

PRODUCTS = 10_000
SALES, LINES, DAYS = 84_000, 6, 350
FIRST_DAY = date(2026, 1, 1)
REPORT_SECONDS, VERIFY_SECONDS = 1.0, 30.0
_BASKETS = 200


def run() -> Iterator[Figure]:
    """Yield how long each report over the whole year takes, then X, Z and verify."""
    with scene.folder() as folder:
        shop = scene.full_shop(folder / "shop", PRODUCTS)
        _fill(shop)
        reference = _seconds(
            lambda: shop.reader.value("SELECT sum(gross_cents * 1.0) FROM sale_line")
        )
        first, end = FIRST_DAY.isoformat(), (FIRST_DAY + timedelta(days=DAYS)).isoformat()
        for name in REPORTS:
            for what, begin in (
                ("the year", first),
                ("half of it", _half()),
                ("its last day", _last_day()),
            ):
                compare = KINDS[name].compares
                make = partial(shop.reporting.make, name, begin, end, compare=compare, actor=None)
                seconds = [_seconds(make) for _number in range(3)]
                yield _figure(f"{name}, {what}", seconds, reference, REPORT_SECONDS)
        manager = shop.till.sign_in("manager", "1234")
        yield _figure(
            "X of the year's shift",
            [_seconds(lambda: shop.closing.x(manager))],
            reference,
            REPORT_SECONDS,
        )
        yield _figure(
            "Z of the year, books checked",
            [_seconds(lambda: shop.closing.z(manager))],
            reference,
            VERIFY_SECONDS,
        )
        for _number in range(3):
            shop.closing.open_shift(manager, 0)
            z = _seconds(lambda: shop.closing.z(manager))
        yield _figure("Z of an empty day, books checked", [z], reference, VERIFY_SECONDS)
        began = time.perf_counter()
        checks = run_checks(shop.database, shop.key, shop.head)
        verify = time.perf_counter() - began
        assert all(check.ok for check in checks), checks
        yield _figure("verify", [verify], reference, VERIFY_SECONDS)
        shop.close()


def _seconds(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _figure(what: str, seconds: list[float], reference: float, most: float) -> Figure:
    p50, p99 = 1e3 * at_share(seconds, 0.5), 1e3 * max(seconds)
    return Figure(
        what=what,
        p50=p50,
        p99=p99,
        reference="sum of all lines",
        reference_p50=1e3 * reference,
        reference_p99=1e3 * reference,
        ratio=p50 / (1e3 * reference),
        limit=f"<= {1e3 * most:g}",
        ok=p99 <= 1e3 * most,
        samples=len(seconds),
    )


def _half() -> str:
    return (FIRST_DAY + timedelta(days=DAYS // 2)).isoformat()


def _last_day() -> str:
    return (FIRST_DAY + timedelta(days=DAYS - 1)).isoformat()


def _fill(shop: Shop) -> None:
    """Record a year's sales through the books, many to a transaction."""
    baskets = [_basket(shop, number) for number in range(_BASKETS)]
    heads: list[tuple[Head, SealOf]] = []
    advance = shop.head.advance
    shop.head.advance = lambda *head: heads.append(head)  # type: ignore[method-assign]
    shop.database.execute_sql("PRAGMA synchronous = OFF")
    per_commit = SALES // DAYS
    for day in range(DAYS):
        with shop.database.write():
            for number in range(per_commit):
                priced, payment = baskets[(day * per_commit + number) % _BASKETS]
                _record(shop, priced, payment, FIRST_DAY + timedelta(days=day))
    shop.database.execute_sql("PRAGMA synchronous = FULL")
    shop.head.advance = advance  # type: ignore[method-assign]
    advance(*heads[-1])


def _basket(shop: Shop, number: int) -> tuple[Priced, Payment]:
    basket = shop.till.state.basket
    for line in range(LINES):
        place = (number * LINES + line) * 7919 % PRODUCTS
        basket = basket.add(shop.catalogue.item(goods.barcode(place)), 1000)
    priced = shop.selling.price(basket, FIRST_DAY.isoformat())
    due = priced.totals.gross_cents
    return priced, Payment(due_cents=due, rules=shop.configuration.rounding).cash(None)


def _record(shop: Shop, priced: Priced, payment: Payment, day: date) -> None:
    receipt: ReceiptNumber = sales.next_receipt(shop.database, shop.books.node.till_code)
    frame = SaleFrame(
        sale_id=shop.books.new_id(),
        shift_id=shop.till.shift.id,
        staff_id=shop.till.person.id,
        business_day=day.isoformat(),
    )
    sales.record(shop.database, shop.books, Sale.of(receipt, priced, payment), frame)
