"""A bulk writer leaves the file free between two chunks, and the search index in few pieces."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from pos_desktop.cli.bench import goods
from pos_desktop.domain.clock import ManualClock
from pos_desktop.services.background.pacing import Pacer
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shop_locks import bulk_pace, till_locks, till_open
from pos_desktop.storage import search
from pos_desktop.storage.gate import ALONE, BESIDE_A_TILL

MOST_SEGMENTS = 16
SEGMENTS = "SELECT count(DISTINCT segid) FROM product_search_idx"


@pytest.fixture
def clock(shop: Shop) -> ManualClock:
    return ManualClock(shop.clock.now())


def test_the_file_rests_between_two_chunks(shop: Shop, clock: ManualClock) -> None:
    pacer = Pacer(shop.database, clock, lambda: BESIDE_A_TILL)
    began = clock.monotonic()
    for _number in range(3):
        with pacer.chunk(10):
            pass
    assert clock.monotonic() - began == pytest.approx(3 * BESIDE_A_TILL.rest)


def test_time_spent_between_two_chunks_counts_as_rest(shop: Shop, clock: ManualClock) -> None:
    pacer = Pacer(shop.database, clock, lambda: BESIDE_A_TILL)
    clock.advance(timedelta(seconds=BESIDE_A_TILL.rest))
    began = clock.monotonic()
    with pacer.chunk(10):
        pass
    assert clock.monotonic() == began


def test_a_chunk_that_took_too_long_makes_the_next_ones_smaller(
    shop: Shop, clock: ManualClock
) -> None:
    pacer = Pacer(shop.database, clock, lambda: BESIDE_A_TILL)
    before = pacer.rows
    with pacer.chunk(before):
        clock.advance(timedelta(seconds=1))
    assert pacer.rows == before // 2


def test_the_log_goes_into_the_file_when_enough_was_written(shop: Shop, clock: ManualClock) -> None:
    shop.database.checkpoint()
    pacer = Pacer(shop.database, clock, lambda: BESIDE_A_TILL)
    with pacer.chunk(10):
        shop.database.execute_sql("CREATE TABLE filler AS SELECT zeroblob(100000) AS body")
        clock.advance(timedelta(seconds=BESIDE_A_TILL.checkpoint))
    size = (shop.directory / "shop.sqlite").stat().st_size
    assert size > 100_000
    assert shop.database.value("PRAGMA page_count") * 4096 == size
    shop.database.execute_sql("DROP TABLE filler")


def test_a_merge_says_whether_there_was_something_to_merge(shop: Shop) -> None:
    for row in range(1, 9):
        with shop.database.write():
            shop.database.execute_sql(
                "INSERT INTO product_search (rowid, name, code) VALUES (?, ?, ?)",
                (row, f"tea {row}", None),
            )
    assert shop.database.value(SEGMENTS) == 8
    with shop.database.write_bulk():
        assert search.merge(shop.database, 100)
    while _merged(shop):
        pass
    assert shop.database.value(SEGMENTS) < 4


def test_merging_at_the_end_takes_no_longer_than_writing_did(
    shop: Shop, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages: list[int] = []

    def endless(_database: object, most: int) -> bool:
        pages.append(most)
        clock.advance(timedelta(milliseconds=30))
        return True

    monkeypatch.setattr(search, "merge", endless)
    pacer = Pacer(shop.database, clock, lambda: ALONE)
    with pacer.chunk(10):
        clock.advance(timedelta(milliseconds=100))
    pacer.finish()
    assert pages == [100] * 4


def _merged(shop: Shop) -> bool:
    with shop.database.write_bulk():
        return search.merge(shop.database, 100)


def test_an_import_beside_a_till_leaves_an_index_in_few_pieces(shop: Shop, tmp_path: Path) -> None:
    source = goods.write_csv(tmp_path / "goods.csv", 5000)
    with till_open(shop.directory, shop.till):
        assert shop.importing.products(source, actor=None).imported == 5000
    assert shop.database.value(SEGMENTS) < MOST_SEGMENTS
    found = shop.catalogue.search(goods.name(4999))
    assert [item.name for item in found][:1] == [goods.name(4999)]


def test_a_second_till_is_minded_after_the_first_has_closed(shop: Shop) -> None:
    beside = open_shop(shop.directory)
    with ExitStack() as second:
        with till_open(shop.directory, shop.till):
            second.enter_context(till_open(beside.directory, beside.till))
        assert _is_paced(shop)
    assert not _is_paced(shop)
    beside.close()


def _is_paced(shop: Shop) -> bool:
    return bulk_pace(till_locks(shop.directory)) is BESIDE_A_TILL
