"""What a Z of old books checks itself, what it leaves to a job, and who is told what that finds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pos_hardware.rendering import render_text
from pos_queue.premises import Terms

from pos_desktop.services.closing.book_checks import CHECK_BOOKS
from pos_desktop.services.paper.closing_reports import DayReport
from pos_desktop.services.paper.papers import Papers
from pos_desktop.shop import Shop
from pos_desktop.storage.audit import run_checks, run_checks_since_z
from tests.pos_desktop.conftest import MANAGER, person
from tests.pos_desktop.services.play import play


@pytest.fixture
def old_shop(selling_shop: Shop) -> Shop:
    """A shop whose books count as large: a day that is closed, and one with a sale and cash out."""
    shop = selling_shop
    play(shop, "SUGAR", "pay cash", "cash out 20 tea", "logout", "login manager 1234")
    play(shop, "shift close 2145", "z", "shift open 500", "MILK", "2*SUGAR", "pay cash")
    play(shop, "cash out 30 tea")
    shop.book_checks.at_once_bytes = 0
    return shop


@contextmanager
def changed(shop: Shop, table: str, sql: str) -> Iterator[None]:
    """Change a table past the program, for a while."""
    database = shop.database
    named = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
    with database.atomic() as change:
        triggers = database.rows(named, (table,))
        for one in triggers:
            database.execute_sql(f"DROP TRIGGER {one['name']}")
        database.execute_sql(sql)
        for one in triggers:
            database.execute_sql(one["sql"])
        yield
        change.rollback()


def found(shop: Shop) -> set[str]:
    """Return which checks of a Z find something."""
    return {one.check for one in shop.book_checks.for_z().findings}


def spoil_first_sale(shop: Shop) -> None:
    """Change the sale of the day that is closed, for ever."""
    database = shop.database
    trigger = database.row("SELECT name, sql FROM sqlite_master WHERE name = 'sale_no_update'")
    assert trigger is not None
    with database.write():
        database.execute_sql(f"DROP TRIGGER {trigger['name']}")
        database.execute_sql("UPDATE sale SET buyer_pin = 'x' WHERE receipt_number = 1")
        database.execute_sql(trigger["sql"])


def close_day(shop: Shop) -> tuple[DayReport, str]:
    """Close the day; return the report and the words of its paper."""
    report = play(shop, "z").report
    assert isinstance(report, DayReport)
    paper = render_text(Papers(shop.configuration).day(report, "7 0123"), 48)
    return report, " ".join(paper.split())


@pytest.mark.parametrize("end", ["UPDATE", "DELETE"])
@pytest.mark.parametrize(
    ("table", "change", "which"),
    [
        ("sale", "buyer_pin = 'x'", "receipt_number = 2"),
        ("sale_line", "name = 'x'", "rowid_of = 2"),
        ("tender", "reference = 'x'", "rowid_of = 2"),
        ("stock_move", "cost_cents = 1", "rowid_of = 2"),
        ("cash_move", "reason = 'x'", "amount_cents = -3000"),
        ("shift", "float_cents = 1", "float_cents = 50000"),
        ("z_report", "staff_id = 'x'", "number = 1"),
        ("fact", "version = 7", "kind = 'cash move' AND seq > 4"),
        ("journal", "actor_id = 'x'", "kind = 'z'"),
    ],
)
def test_what_is_changed_since_the_last_z_is_found_by_the_next(
    old_shop: Shop, table: str, change: str, which: str, end: str
) -> None:
    key = "fact_id" if table == "stock_move" else "sale_id"
    sold = f"{key} = (SELECT id FROM sale WHERE receipt_number = 2)"
    which = which.replace("rowid_of = 2", sold)
    assert found(old_shop) == set()
    act = f"UPDATE {table} SET {change}" if end == "UPDATE" else f"DELETE FROM {table}"
    old_shop.database.execute_sql("PRAGMA foreign_keys = OFF")
    with changed(old_shop, table, f"{act} WHERE {which}"):
        assert found(old_shop)
    assert found(old_shop) == set()


def test_money_without_a_fact_is_found(old_shop: Shop) -> None:
    copied = (
        "INSERT INTO {0} SELECT 'ff' || substr(id, 3), shift_id, {1} FROM {0} WHERE {2} LIMIT 1"
    )
    old_shop.database.execute_sql("PRAGMA foreign_keys = OFF")
    row = copied.format("cash_move", "staff_id, amount_cents, reason", "amount_cents = -3000")
    with changed(old_shop, "cash_move", row):
        assert found(old_shop) == {"facts"}


@pytest.mark.spoils_books
def test_an_older_row_is_found_by_the_job_told_at_once_and_shown_by_the_next_z(
    old_shop: Shop,
) -> None:
    spoil_first_sale(old_shop)
    report, paper = close_day(old_shop)
    assert (report.findings, report.as_json()["books_checked_whole"]) == ((), False)
    assert "Books checked from " in paper
    assert "All books: checked for the first time after this Z." in paper
    old_shop.queue.runner(Terms(queues=["books"], when_empty=True)).run()
    (failed,) = old_shop.queue.views.failed(most=9)
    assert (failed.job, failed.attempts) == (CHECK_BOOKS, 1)
    words = "The books were changed past the till: receipt T1-000001 was changed."
    assert words in (failed.error or "")
    (told,) = old_shop.queue.notifications.unread(person(old_shop, MANAGER))
    assert (told.has_failed, told.job) == (True, failed.number)
    assert words in told.text
    report, paper = close_day(old_shop)
    assert [one.detail for one in report.findings] == ["receipt T1-000001 was changed"]
    assert "THE BOOKS WERE CHANGED PAST THE TILL" in paper
    assert "All books checked: " in paper


@pytest.mark.spoils_books
def test_what_was_told_is_not_told_anew_and_is_shown_for_as_long_as_it_is_so(
    old_shop: Shop,
) -> None:
    spoil_first_sale(old_shop)
    manager = person(old_shop, MANAGER)
    for _day in range(2):
        close_day(old_shop)
        old_shop.queue.runner(Terms(queues=["books"], when_empty=True)).run()
    assert len(old_shop.queue.notifications.unread(manager)) == 1
    assert len(old_shop.queue.views.failed(most=9)) == 1
    assert close_day(old_shop)[0].findings


def test_a_check_that_did_not_come_is_said(old_shop: Shop) -> None:
    close_day(old_shop)
    old_shop.queue.runner(Terms(queues=["books"], when_empty=True)).run()
    late = "They were not checked after the last Z: look under Jobs."
    assert late not in close_day(old_shop)[1]
    report, paper = close_day(old_shop)
    assert late in paper
    assert report.books.before is not None
    assert report.books.before.is_late
    waiting = old_shop.database.value("SELECT count(*) FROM jobs WHERE job = ?", (CHECK_BOOKS,))
    assert waiting == 1


def test_sales_beside_a_check_do_not_make_it_wrong(old_shop: Shop) -> None:
    def sell(done: int, _total: int) -> None:
        if done == 1:
            play(old_shop, "MILK", "pay cash")

    checks = run_checks(old_shop.reader, old_shop.key, old_shop.head, sell)
    assert not [one for one in checks if not one.ok]
    old_shop.reader.close()


def test_a_stretch_without_any_z_is_bounded(
    old_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_desktop.storage.stretch.MOST_ENTRIES", 2)
    _checks, since = run_checks_since_z(old_shop.database, old_shop.key, old_shop.head)
    at = "SELECT at FROM journal ORDER BY seq DESC LIMIT 1 OFFSET 1"
    assert since == old_shop.database.value(at)
