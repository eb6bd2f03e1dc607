"""A job that has done all, and of whose end the queue never heard: the next attempt says the same.

The worker dies after the last chunk: before what a job does at its end, or after that. Nothing is
done, counted, written into the journal or told twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pos_queue.context import JobContext
from pos_queue.errors import TryLater
from pos_queue.job import RunsIn
from pos_queue.premises import Terms

from pos_desktop.domain.runs import RunState
from pos_desktop.services.imports.import_undoing import Undoing
from pos_desktop.services.imports.import_writers import JobWriter
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.products.bulk_prices import BulkPrices
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import MANAGER, bad_books, person, product_id
from tests.pos_desktop.services.imports.test_import_jobs import ended
from tests.pos_desktop.services.imports.test_importing import MILK, SOAP, live, sheet
from tests.pos_desktop.services.products.test_price_jobs import changes_of, look, prices, stock

_DEATHS = 3
"""So many runs die: the first before its end, where that is asked for."""
MANY = 120
"""More than go into the first chunk."""


@pytest.fixture
def manager(shop: Shop) -> Person:
    """Whoever starts the jobs and is told of them."""
    return person(shop, MANAGER)


class Dies:
    """Stands in the place of what does a job: all its runs but the last die, once all is done."""

    def __init__(self, patch: pytest.MonkeyPatch, services: object, name: str) -> None:
        self._run: Callable[..., Any] = getattr(services, name)
        self.cursors: list[Any] = []
        """What each run has found."""
        patch.setattr(services, name, self)

    def __call__(self, context: JobContext, *arguments: Any) -> Any:
        """Do the job, and die before the queue hears of it."""
        self.cursors.append(context.cursor)
        result = self._run(context, *arguments)
        if len(self.cursors) <= _DEATHS:
            raise TryLater(0.0)
        return result


def dies_before_its_end(patch: pytest.MonkeyPatch, kind: type, name: str) -> None:
    """Let the first run die once its last chunk is written, before what it does at its end."""
    end: Callable[..., Any] = getattr(kind, name)
    deaths = iter([TryLater(0.0)])

    def dies(*arguments: Any, **named: Any) -> Any:
        for death in deaths:
            raise death
        return end(*arguments, **named)

    patch.setattr(kind, name, dies)


def run_in_thread(shop: Shop, times: int = 4) -> None:
    for _time in range(times):
        shop.queue.runner(Terms(when_empty=True), runs_in=RunsIn.THREAD).run()


def journal(shop: Shop) -> list[str]:
    """Return the kinds of what was written into the journal, in their order."""
    kinds = shop.database.rows("SELECT kind FROM journal ORDER BY seq")
    return [row["kind"] for row in kinds]


def told(shop: Shop, manager: Person) -> list[str]:
    return [one.text for one in shop.queue.notifications.unread(manager)]


def test_an_import_is_done_counted_and_told_once(
    shop: Shop, tmp_path: Path, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = ["X1", "", "Bad", "", "dear", "", "", "", ""]
    number = shop.import_jobs.leave(sheet(tmp_path / "goods.csv", MILK, SOAP, bad), actor=manager)
    dies_before_its_end(monkeypatch, JobWriter, "finish")
    dies = Dies(monkeypatch, shop.import_jobs, "run")
    run_in_thread(shop)
    assert len(dies.cursors) == 4
    assert dies.cursors[3]["ended"]
    counts = {"rows": 3, "imported": 2, "updated": 0, "unchanged": 0, "rejected": 1}
    assert ended(shop, number).result["counts"] == {**counts, "stock_ignored": 0}
    names = ", ".join(["number", "state", *counts])
    runs = shop.database.rows(f"SELECT {names} FROM import_run")
    assert runs == [{"number": 1, "state": "done", **counts}]
    assert journal(shop).count("import") == 1
    assert len([*shop.import_jobs.errors(number)]) == 1
    (words,) = told(shop, manager)
    assert words.startswith("Import 1 of goods.csv: 2 new, 1 rejected.")
    assert shop.importing.undo(1, actor=None).left == []
    assert live(shop) == []
    assert bad_books(shop) == set()


def test_an_import_is_taken_back_counted_and_told_once(
    shop: Shop, tmp_path: Path, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.importing.products(sheet(tmp_path / "goods.csv", MILK, SOAP), actor=None)
    soap = shop.goods.products.card(product_id(shop, SOAP[0]))
    shop.goods.products.change(soap, replace(soap.form, price_cents=1_00), actor=None)
    number = shop.import_jobs.leave_undo(1, actor=manager)
    dies_before_its_end(monkeypatch, Undoing, "_end")
    dies = Dies(monkeypatch, shop.import_jobs, "run_undo")
    run_in_thread(shop)
    assert len(dies.cursors) == 4
    kept = ended(shop, number).result
    assert (kept["import"], kept["restored"], kept["removed"], kept["left"]) == (1, 0, 1, 1)
    assert kept["made_inactive"] == 0
    assert [row["code"] for row in live(shop)] == [SOAP[0]]
    assert journal(shop).count("import undone") == 1
    (words,) = told(shop, manager)
    assert words == (
        "Import 1 is taken back. 0 brought back, 1 removed, 0 made inactive. "
        "1 product was changed since and stays as it is; correct it by hand on its page: Soap"
    )
    assert bad_books(shop) == set()


def test_prices_are_set_counted_and_told_once(
    shop: Shop, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock(shop, MANY)
    seen = look(shop)
    number = shop.price_jobs.leave(seen, actor=manager)
    dies_before_its_end(monkeypatch, BulkPrices, "_end")
    dies = Dies(monkeypatch, shop.price_jobs, "run")
    run_in_thread(shop)
    assert len(dies.cursors) == 4
    assert ended(shop, number).result == {"run": 1, "changed": MANY, "left": 0}
    assert prices(shop) == {row.product.code: row.new_cents for row in seen.rows}
    assert changes_of(shop, "bulk") == [1] * MANY
    (run,) = shop.goods.prices.latest()
    assert (run.state, run.changed, run.left_alone) == (RunState.DONE, MANY, 0)
    assert journal(shop).count("prices changed") == 1
    assert told(shop, manager) == [f"Price change 1: {MANY} prices are changed."]
    assert bad_books(shop) == set()


def test_prices_that_were_set_and_taken_back_meanwhile_are_not_set_again(
    shop: Shop, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock(shop, MANY)
    before = prices(shop)
    number = shop.price_jobs.leave(look(shop), actor=manager)
    Dies(monkeypatch, shop.price_jobs, "run")
    run_in_thread(shop, 1)
    shop.goods.prices.undo(1, actor=None)
    run_in_thread(shop)
    assert ended(shop, number).result == {"run": 1, "changed": MANY, "left": 0}
    assert prices(shop) == before
    assert shop.goods.prices.latest()[0].state == RunState.UNDONE
    assert bad_books(shop) == set()


def test_prices_are_taken_back_counted_and_told_once(
    shop: Shop, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock(shop, MANY)
    before = prices(shop)
    shop.goods.prices.apply(look(shop), actor=None)
    number = shop.price_jobs.leave_undo(1, actor=manager)
    dies_before_its_end(monkeypatch, BulkPrices, "_end")
    dies = Dies(monkeypatch, shop.price_jobs, "run_undo")
    run_in_thread(shop)
    assert len(dies.cursors) == 4
    kept = ended(shop, number).result
    assert (kept["run"], kept["restored"], kept["left"], kept["name"]) == (1, MANY, 0, "")
    assert prices(shop) == before
    assert changes_of(shop, "bulk undo") == [1] * MANY
    assert journal(shop).count("prices taken back") == 1
    assert told(shop, manager) == [f"Price change 1 is taken back: {MANY} prices are as they were."]
    assert bad_books(shop) == set()
