"""A year of sales: reports, compared, X, Z and verify on 84,000 sales with 500,000 lines."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from pos_desktop.cli.bench.figure import Figure, at_share
from pos_desktop.services.reports.report_kinds import KINDS, REPORTS
from pos_desktop.storage.audit import run_checks
from tests.benchmarks import scene
from tests.benchmarks.year_made import FIRST_DAY, MANAGER, PIN, Size, make_year

SIZE = Size()
REPORT_SECONDS, VERIFY_SECONDS = 1.0, 30.0


def run() -> Iterator[Figure]:
    """Yield how long each report over the whole year takes, then X, Z and verify."""
    with scene.folder() as folder:
        shop = make_year(folder / "shop", SIZE)
        reference = _seconds(
            lambda: shop.reader.value("SELECT sum(gross_cents * 1.0) FROM sale_line")
        )
        first, end = SIZE.period
        for name in REPORTS:
            for what, begin in (
                ("the year", first),
                ("half of it", _day(SIZE.days // 2)),
                ("its last day", _day(SIZE.days - 1)),
            ):
                compare = KINDS[name].compares
                make = partial(shop.reporting.make, name, begin, end, compare=compare, actor=None)
                seconds = [_seconds(make) for _number in range(3)]
                yield _figure(f"{name}, {what}", seconds, reference, REPORT_SECONDS)
        manager = shop.till.sign_in(MANAGER, PIN)
        yield _figure(
            "X of the open shift",
            [_seconds(lambda: shop.closing.x(manager))],
            reference,
            REPORT_SECONDS,
        )
        yield _figure(
            "Z of the last day, books checked",
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


def _day(number: int) -> str:
    return (FIRST_DAY + timedelta(days=number)).isoformat()
