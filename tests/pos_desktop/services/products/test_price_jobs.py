"""Many prices changed by a job: what was seen is what is done, through every kill, once a row."""

from __future__ import annotations

import signal
import threading
from dataclasses import replace
from typing import Any

import pytest
from pos_queue.context import JobContext
from pos_queue.errors import GiveUp, JobCancelled

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.price_rule import PriceRule, PriceWay
from pos_desktop.domain.product import ProductChoice, ProductForm
from pos_desktop.domain.runs import RunState
from pos_desktop.services.products.price_preview import MOST_SEEN, PricePreview, PriceWish
from pos_desktop.shop import Shop
from pos_desktop.shop_locks import one_price_change, till_open
from tests.pos_desktop.conftest import MANAGER, bad_books, person, product_id
from tests.pos_desktop.services.imports.test_import_jobs import (
    SECONDS,
    ended,
    run_all,
    wait_until,
    worker,
)

TENTH_MORE = PriceRule(way=PriceWay.PERCENT, value=10_00, ending="5")
MANY = 3000


def stock(shop: Shop, count: int) -> None:
    rows = [f"C{number},Thing {number},{100 + number % 50}" for number in range(count)]
    path = shop.directory / "many.csv"
    path.write_text("\n".join(("code,name,price", *rows)), encoding="utf-8")
    shop.importing.products(path, actor=None)


def look(shop: Shop) -> PricePreview:
    return shop.goods.prices.preview(ProductChoice(text="thing"), TENTH_MORE, actor=None)


def prices(shop: Shop) -> dict[str, int]:
    rows = shop.database.rows("SELECT code, price_cents FROM product WHERE code LIKE 'C%'")
    return {row["code"]: row["price_cents"] for row in rows}


def changes_of(shop: Shop, source: str) -> list[int]:
    """Return how often the price of each product was changed by this way."""
    sql = "SELECT count(*) AS n FROM price_change WHERE source = ? GROUP BY product_id"
    return [row["n"] for row in shop.database.rows(sql, (source,))]


def test_a_change_whose_worker_is_killed_sets_each_price_once(shop: Shop) -> None:
    stock(shop, MANY)
    manager, before = person(shop, MANAGER), prices(shop)
    seen = look(shop)
    wanted = {row.product.code: row.new_cents for row in seen.rows}
    number = shop.price_jobs.leave(seen, actor=manager)
    count = "SELECT count(*) FROM price_run_change WHERE taken_back = ?"

    def killed_after(goal: int, taken_back: int) -> None:
        process = worker(shop.directory)
        try:
            wait_until(lambda: int(shop.database.value(count, (taken_back,))) >= goal)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()

    with till_open(shop.directory, shop.till):
        killed_after(MANY // 4, 0)
    assert ended(shop, number).view.state == "running"
    run_all(shop)
    assert ended(shop, number).result == {"run": 1, "changed": MANY, "left": 0}
    assert prices(shop) == wanted
    assert changes_of(shop, "bulk") == [1] * MANY
    (run,) = shop.goods.prices.latest()
    assert (run.state, run.changed, run.staff_id) == (RunState.DONE, MANY, manager.id)
    back = shop.price_jobs.leave_undo(1, actor=manager)
    assert shop.price_jobs.leave_undo(1, actor=manager) == back
    with till_open(shop.directory, shop.till):
        killed_after(MANY // 4, 1)
    run_all(shop)
    assert ended(shop, back).result["restored"] == MANY
    assert prices(shop) == before
    assert changes_of(shop, "bulk undo") == [1] * MANY
    told = [one.text for one in shop.queue.notifications.unread(manager)]
    assert told == [
        "Price change 1: 3,000 prices are changed.",
        "Price change 1 is taken back: 3,000 prices are as they were.",
    ]
    notes = "SELECT count(*) FROM journal WHERE kind IN ('prices changed', 'prices taken back')"
    assert shop.database.value(notes) == 2
    for none, words in ((1, "taken back before"), (77, "There is no price change 77")):
        with pytest.raises(Refused, match=words):
            shop.price_jobs.leave_undo(none, actor=None)
    assert bad_books(shop) == set()


def test_what_moved_or_came_after_the_look_is_left_alone(shop: Shop) -> None:
    stock(shop, 20)
    number = shop.price_jobs.leave(look(shop), actor=None)
    first = shop.goods.products.card(product_id(shop, "C0"))
    shop.goods.products.change(first, replace(first.form, price_cents=5_00), actor=None)
    shop.goods.products.add(ProductForm(name="Thing new", price_cents=7_00, code="CN"), actor=None)
    run_all(shop)
    assert ended(shop, number).result == {"run": 1, "changed": 19, "left": 1}
    now = prices(shop)
    assert (now["C0"], now["CN"], now["C1"]) == (5_00, 7_00, 110_00)
    shop.goods.products.change(
        shop.goods.products.card(product_id(shop, "C1")),
        replace(shop.goods.products.card(product_id(shop, "C1")).form, price_cents=1_00),
        actor=None,
    )
    back = shop.price_jobs.leave_undo(1, actor=None)
    run_all(shop)
    kept = ended(shop, back).result
    assert (kept["restored"], kept["left"], kept["name"]) == (18, 1, "Thing 1")
    assert (prices(shop)["C1"], prices(shop)["C2"]) == (1_00, 102_00)


class AskedToEnd:
    """Stands for a job that somebody asks to end once it has told so often how far it is."""

    def __init__(self, shop: Shop, after: int) -> None:
        self._shop = shop
        self._left = after
        self.cursor: Any = None

    def progress(self, _done: int, _total: int | None, _message: str) -> None:
        self._left -= 1

    def write(self) -> Any:
        return self._shop.database.write_bulk()

    def keep_cursor(self, cursor: Any) -> None:
        self.cursor = cursor

    def is_cancelled(self) -> bool:
        return self._left < 0

    def is_paused(self) -> bool:
        return False

    def left(self) -> float | None:
        return None

    def context(self, after: int | None = None) -> JobContext:
        """Return what a job is handed, with the cursor that was kept last."""
        self._left = self._left if after is None else after
        return JobContext(number=1, attempt=1, started_by=None, cursor=self.cursor, reports=self)


def test_a_change_ends_between_two_chunks_and_can_be_taken_back(shop: Shop) -> None:
    stock(shop, 300)
    before, seen = prices(shop), look(shop)
    job = AskedToEnd(shop, 2)
    with pytest.raises(JobCancelled, match="Price change 1 was ended as asked"):
        shop.price_jobs.run(job.context(), seen.wish_as_seen().as_plain())
    (run,) = shop.goods.prices.latest()
    assert run.state == RunState.STOPPED
    assert 0 < run.changed < 300
    back = AskedToEnd(shop, 0)
    with pytest.raises(JobCancelled, match="in part"):
        shop.price_jobs.run_undo(back.context(), 1)
    assert 0 < back.cursor["restored"] < run.changed
    assert shop.price_jobs.run_undo(back.context(99), 1)["restored"] == run.changed
    assert prices(shop) == before
    with pytest.raises(GiveUp, match="taken back before"):
        shop.price_jobs.run_undo(AskedToEnd(shop, 9).context(), 1)


def test_a_job_waits_for_another_change_and_gives_up_what_cannot_be(shop: Shop) -> None:
    stock(shop, 5)
    number = shop.price_jobs.leave(look(shop), actor=None)
    runner = shop.queue.runner()
    thread = threading.Thread(target=runner.run)
    with one_price_change(shop.directory):
        thread.start()
        wait_until(lambda: ended(shop, number).view.state == "scheduled")
    wait_until(lambda: ended(shop, number).view.state == "done")
    runner.stop()
    thread.join(SECONDS)
    with pytest.raises(GiveUp, match="There is no price change 77"):
        shop.price_jobs.run_undo(AskedToEnd(shop, 9).context(), 77)


def test_nothing_to_change_leaves_no_job(shop: Shop) -> None:
    with pytest.raises(Refused, match="No price would change"):
        shop.price_jobs.leave(look(shop), actor=None)
    assert shop.database.value("SELECT count(*) FROM jobs") == 0


def test_a_preview_lists_what_a_person_can_look_through(shop: Shop, monkeypatch: Any) -> None:
    monkeypatch.setattr("pos_desktop.services.products.price_preview.MOST_SEEN", 10)
    stock(shop, 30)
    seen = look(shop)
    assert (seen.count, seen.changing, len(seen.rows), len(seen.changes)) == (30, 30, 10, 10)
    with pytest.raises(Refused, match=f"{MOST_SEEN:,}"):
        shop.goods.prices.apply(seen, actor=None)
    assert PriceWish.from_plain(seen.wish_as_seen().as_plain()) == seen.wish_as_seen()


def test_goods_that_are_low_are_named_one_by_one(shop: Shop) -> None:
    form = ProductForm(name="Thing", price_cents=100_00, code="C1", reorder_level=5_000)
    shop.goods.products.add(form, actor=None)
    seen = shop.goods.prices.preview(ProductChoice(low=True), TENTH_MORE, actor=None)
    assert seen.wish_as_seen().choice == ProductChoice(ids=frozenset({product_id(shop, "C1")}))
