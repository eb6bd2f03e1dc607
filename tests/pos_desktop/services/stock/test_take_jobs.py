"""A stock take of very many products ends by a job, in parts that fit between two sales."""

from __future__ import annotations

import pytest
from pos_queue.errors import GiveUp, JobCancelled

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.quantity import ONE
from pos_desktop.domain.stock_take import StockTake, TakeState, Uncounted
from pos_desktop.services.background import pacing
from pos_desktop.services.stock import take_jobs
from pos_desktop.services.stock.take_jobs import TakeJobs
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import MANAGER, bad_books, person, product_id
from tests.pos_desktop.services.imports.test_import_jobs import ended, run_all
from tests.pos_desktop.services.play import play
from tests.pos_desktop.services.products.test_price_jobs import AskedToEnd, stock

MANY = 300


@pytest.fixture
def many(selling_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop with many things in stock, of which more than ten are left to a job."""
    shop = selling_shop
    stock(shop, MANY)
    rows = shop.database.rows("SELECT id FROM product WHERE code LIKE 'C%'")
    shop.goods.correcting.correct({row["id"]: 4 * ONE for row in rows}, "found", actor=None)
    monkeypatch.setattr(take_jobs, "MOST_AT_ONCE", 10)
    monkeypatch.setattr(pacing, "_FIRST_ROWS", 20)
    monkeypatch.setattr(pacing, "_MOST_ROWS", 50)
    return shop


@pytest.fixture
def jobs(many: Shop) -> TakeJobs:
    return many.take_jobs


@pytest.fixture
def take(many: Shop) -> StockTake:
    """A take in which two things were counted."""
    take = many.goods.taking.begin(actor=None)
    for code, count in (("C1", 7 * ONE), ("C2", 4 * ONE)):
        many.goods.taking.count(take.id, product_id(many, code), count, actor=None)
    return take


def level(shop: Shop, code: str) -> int:
    return shop.goods.products.card(product_id(shop, code)).in_stock


def parts(shop: Shop) -> int:
    return int(shop.database.value("SELECT count(*) FROM stock_take_part"))


def state(shop: Shop) -> TakeState:
    return shop.goods.taking.latest()[0].state


def test_a_take_of_few_products_ends_at_once(many: Shop, jobs: TakeJobs, take: StockTake) -> None:
    found = jobs.end(take.id, actor=None)
    assert not isinstance(found, int)
    assert {line.code for line in found} == {"C1", "C2"}
    assert (level(many, "C1"), level(many, "C3"), parts(many)) == (7_000, 4_000, 0)


def test_one_of_many_ends_by_a_job_and_looks_like_any_other(
    many: Shop, jobs: TakeJobs, take: StockTake
) -> None:
    manager = person(many, MANAGER)
    number = jobs.end(take.id, Uncounted.ZERO, actor=manager)
    assert isinstance(number, int)
    assert state(many) is TakeState.ENDING
    assert jobs.end(take.id, Uncounted.ZERO, actor=manager) == number
    with pytest.raises(Refused, match="is being ended"):
        many.goods.taking.count(take.id, product_id(many, "C5"), ONE, actor=None)
    with pytest.raises(Refused, match="counts the same goods"):
        many.goods.taking.begin(actor=None)
    play(many, "C1", "C5", "pay cash")
    run_all(many)
    assert ended(many, number).result == {"take": 1, "wrong": MANY - 1}
    assert state(many) is TakeState.FINISHED
    assert parts(many) > 1
    levels = {code: level(many, code) for code in ("C1", "C2", "C3", "C5")}
    assert levels == {"C1": 6_000, "C2": 4_000, "C3": 0, "C5": 0}
    lines = {line.code: line for line in many.goods.taking.lines(take.id)}
    assert len(lines) == MANY
    assert (lines["C5"].counted, lines["C5"].level) == (None, 3_000)
    assert (lines["C1"].counted, lines["C1"].level) == (7_000, 4_000)
    (told,) = many.queue.notifications.unread(manager)
    assert told.text == f"Stock take 1 is finished: {MANY - 1} products were corrected."
    kinds = many.database.rows("SELECT kind FROM journal WHERE kind LIKE 'stock take%'")
    assert [row["kind"] for row in kinds].count("stock take") == 1
    assert bad_books(many) == set()


def test_one_that_is_broken_off_goes_on_where_it_ended(
    many: Shop, jobs: TakeJobs, take: StockTake
) -> None:
    jobs.end(take.id, Uncounted.ZERO, actor=None)
    with pytest.raises(JobCancelled, match="Stock take 1 is ended in part"):
        jobs.run(AskedToEnd(many, 2).context(), take.id, "zero")
    assert (state(many), parts(many)) == (TakeState.ENDING, 3)
    with pytest.raises(Refused, match="is being ended"):
        many.goods.taking.cancel(take.id, actor=None)
    number = jobs.end(take.id, Uncounted.ZERO, actor=None)
    assert isinstance(number, int)
    run_all(many)
    assert ended(many, number).result == {"take": 1, "wrong": MANY - 1}
    products = "SELECT count(DISTINCT product_id) AS n, count(*) AS lines FROM stock_take_line"
    assert many.database.row(products) == {"n": MANY, "lines": MANY}
    assert bad_books(many) == set()


def test_what_ended_before_its_job_did_is_told_once_more(
    many: Shop, jobs: TakeJobs, take: StockTake
) -> None:
    jobs.end(take.id, Uncounted.ZERO, actor=None)
    for _attempt in range(2):
        found = jobs.run(AskedToEnd(many, 99).context(), take.id, "zero")
        assert found == {"take": 1, "wrong": MANY - 1}
    assert many.database.value("SELECT count(*) FROM stock_take_end") == 1


def test_a_take_that_nobody_ends_is_not_ended(many: Shop, jobs: TakeJobs, take: StockTake) -> None:
    with pytest.raises(GiveUp, match="not being ended"):
        jobs.run(AskedToEnd(many, 99).context(), take.id, "zero")
    with pytest.raises(Refused, match="no such stock take"):
        jobs.end(product_id(many, "C1"), actor=None)
