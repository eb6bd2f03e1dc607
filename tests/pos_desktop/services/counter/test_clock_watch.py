"""A clock that is wrong is told and noted; the till sells on, and a right one raises no doubt."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pos_desktop.domain.clock import ManualClock
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shops.new_shop import NewShop, demo_shop, make_shop
from tests.pos_desktop.conftest import NEW_SHOP, add_product, bad_books
from tests.pos_desktop.services.play import play

NOON = datetime(2026, 11, 24, 9, tzinfo=UTC)
YEARS_BEFORE, YEARS_AFTER = datetime(2020, 1, 1, tzinfo=UTC), datetime(2031, 5, 1, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@pytest.fixture
def folder(tmp_path: Path, clock: ManualClock, kept_books: Callable[[Path], None]) -> Path:
    """A real shop that has sold once at noon."""
    kept_books(tmp_path / "shop")
    make_shop(tmp_path / "shop", NEW_SHOP, clock)
    with _open(tmp_path / "shop", clock) as shop:
        add_product(shop, "SUGAR", "Sugar 1 kg", 165_00)
        play(shop, "shift open 0", "SUGAR", "pay cash")
        assert shop.clock_watch.doubt is None
    return tmp_path / "shop"


@contextmanager
def _open(folder: Path, clock: ManualClock) -> Iterator[Shop]:
    with closing(open_shop(folder, clock=clock)) as shop:
        shop.clock_watch.look()
        shop.till.sign_in("manager", "1234")
        yield shop


def _sell(shop: Shop) -> bool:
    """Sell once; return whether the clock is doubted then."""
    play(shop, "SUGAR", "pay cash")
    return shop.clock_watch.doubt is not None


def _notes(shop: Shop) -> list[dict[str, Any]]:
    rows = shop.database.rows("SELECT detail FROM journal WHERE kind = 'clock' ORDER BY seq")
    return [json.loads(row["detail"]) for row in rows]


@pytest.mark.parametrize("wrong", [YEARS_BEFORE, YEARS_AFTER, NOON - timedelta(minutes=6)])
def test_a_wrong_clock_is_told_when_the_shop_opens_and_noted_once(
    folder: Path, clock: ManualClock, wrong: datetime
) -> None:
    clock.set(wrong)
    with _open(folder, clock) as shop:
        doubt = shop.clock_watch.doubt
        assert doubt is not None
        assert f"{wrong.year}" in doubt.sentence(shop.configuration.zone)
        assert "24/11/2026 12:00" in doubt.sentence(shop.configuration.zone)
        assert _sell(shop)
        assert _sell(shop)
        assert _notes(shop) == [{"clock": wrong.isoformat(), "last_fact": NOON.isoformat()}]
        assert bad_books(shop) == set()


@pytest.mark.parametrize(
    "right", [NOON, NOON - timedelta(minutes=4), NOON + timedelta(hours=15), NOON + timedelta(29)]
)
def test_a_clock_that_may_be_right_is_not_doubted(
    folder: Path, clock: ManualClock, right: datetime
) -> None:
    clock.set(right)
    with _open(folder, clock) as shop:
        assert not _sell(shop)
        assert _notes(shop) == []


def test_a_clock_that_goes_wrong_while_the_till_is_open_is_told_with_the_next_fact(
    folder: Path, clock: ManualClock
) -> None:
    with _open(folder, clock) as shop:
        clock.set(YEARS_BEFORE)
        assert _sell(shop)
        clock.set(NOON + timedelta(hours=1))
        assert not _sell(shop)
        assert len(_notes(shop)) == 1


@pytest.mark.parametrize("wrong", [YEARS_BEFORE, YEARS_AFTER])
def test_a_clock_that_is_put_right_raises_no_doubt_whatever_was_sold_meanwhile(
    folder: Path, clock: ManualClock, wrong: datetime
) -> None:
    clock.set(wrong)
    with _open(folder, clock) as shop:
        _sell(shop)
    clock.set(NOON + timedelta(days=1))
    with _open(folder, clock) as shop:
        assert shop.clock_watch.doubt is None
        assert not _sell(shop)
    clock.set(NOON + timedelta(days=2))
    with _open(folder, clock) as shop:
        assert not _sell(shop)
        assert len(_notes(shop)) == 1


def test_a_clock_that_stays_behind_is_told_at_every_start(folder: Path, clock: ManualClock) -> None:
    clock.set(YEARS_BEFORE)
    for _start in range(2):
        with _open(folder, clock) as shop:
            assert _sell(shop)
        clock.advance(timedelta(hours=1))


def test_a_shop_that_was_closed_for_long_is_asked_once(folder: Path, clock: ManualClock) -> None:
    clock.set(NOON + timedelta(days=40))
    with _open(folder, clock) as shop:
        assert _sell(shop)
    clock.advance(timedelta(days=1))
    with _open(folder, clock) as shop:
        assert shop.clock_watch.doubt is None


def test_a_note_whose_sale_failed_is_written_with_the_next(
    folder: Path, clock: ManualClock
) -> None:
    with _open(folder, clock) as shop:
        clock.set(YEARS_BEFORE)
        with pytest.raises(ZeroDivisionError), shop.database.write():
            shop.books.before_fact(int(YEARS_BEFORE.timestamp() * 1000))
            raise ZeroDivisionError
        assert _notes(shop) == []
        assert _sell(shop)
        assert len(_notes(shop)) == 1


def test_a_demo_shop_replays_any_time(tmp_path: Path) -> None:
    make_shop(tmp_path / "demo", demo_shop())
    with closing(open_shop(tmp_path / "demo")) as shop:
        play(shop, "login cashier 1111", "at 2020-01-01T08:00:00", "shift open 0")
        play(shop, "P001", "pay cash", "at 2031-01-01T08:00:00", "P001", "pay cash", "z")
        assert shop.clock_watch.look() is None
        assert _notes(shop) == []


def test_a_new_shop_is_made_at_its_own_time(tmp_path: Path, clock: ManualClock) -> None:
    new = NewShop(name="Duka", manager_name="Njeri", manager_pin="1234")
    make_shop(tmp_path / "shop", new, clock)
    with _open(tmp_path / "shop", clock) as shop:
        assert shop.clock_watch.doubt is None
    clock.set(YEARS_BEFORE)
    with _open(tmp_path / "shop", clock) as shop:
        assert shop.clock_watch.doubt is not None
