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


def test_chunks_that_take_too_long_make_the_next_ones_fit(shop: Shop, clock: ManualClock) -> None:
    pacer = Pacer(shop.database, clock, lambda: BESIDE_A_TILL)
    before = pacer.rows
    _write(pacer, clock, before, seconds_a_row=4 * BESIDE_A_TILL.hold / before)
    assert pacer.rows == pytest.approx(before / 4, abs=1)


def test_rows_that_cost_little_make_the_chunks_grow_to_what_fits(
    shop: Shop, clock: ManualClock
) -> None:
    pacer = Pacer(shop.database, clock, lambda: BESIDE_A_TILL)
    began = pacer.rows
    _write(pacer, clock, began, seconds_a_row=BESIDE_A_TILL.hold / 1000)
    assert pacer.rows == 2 * began
    for _number in range(6):
        _write(pacer, clock, pacer.rows, seconds_a_row=BESIDE_A_TILL.hold / 1000)
    assert pacer.rows == pytest.approx(1000, abs=1)


def test_one_chunk_that_the_machine_kept_waiting_says_nothing_of_the_next(
    shop: Shop, clock: ManualClock
) -> None:
    pacer = Pacer(shop.database, clock, lambda: BESIDE_A_TILL)
    usual = BESIDE_A_TILL.hold / 40
    for _number in range(4):
        _write(pacer, clock, pacer.rows, seconds_a_row=usual)
    fitting = pacer.rows
    _write(pacer, clock, fitting, seconds_a_row=1.0)
    assert pacer.rows == pytest.approx(fitting, abs=1)


@pytest.mark.parametrize(
    ("rows", "part"),
    [(1, 1), (50, 50), (62, 62), (63, 32), (100, 50), (112, 56), (130, 44), (500, 50)],
)
def test_what_is_to_be_written_goes_in_equal_parts(
    shop: Shop, clock: ManualClock, rows: int, part: int
) -> None:
    pacer = Pacer(shop.database, clock, lambda: BESIDE_A_TILL)
    assert pacer.rows == 50
    assert pacer.part_of(rows) == part


def _write(pacer: Pacer, clock: ManualClock, rows: int, *, seconds_a_row: float) -> None:
    """Write a chunk whose rows cost so much."""
    with pacer.chunk(rows):
        clock.advance(timedelta(seconds=rows * seconds_a_row))


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
