"""Jobs tell whoever started them what became of them, once."""

from __future__ import annotations

from pathlib import Path

from pos_desktop.services.job_keeping import PRUNE_JOBS
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import CASHIER, MANAGER
from tests.pos_desktop.services.test_import_jobs import run_all
from tests.pos_desktop.services.test_importing import MILK, SOAP, sheet


def test_a_job_that_is_done_tells_its_person_with_its_counts_until_that_is_read(
    shop: Shop, tmp_path: Path
) -> None:
    manager, cashier = shop.sign_in.sign_in(*MANAGER), shop.sign_in.sign_in(*CASHIER)
    told = shop.queue.notifications
    number = shop.import_jobs.leave(sheet(tmp_path / "goods.csv", MILK, SOAP), actor=manager)
    shop.import_jobs.leave(sheet(tmp_path / "again.csv", MILK))
    assert told.unread(manager) == []
    run_all(shop)
    run_all(shop)
    (message,) = told.unread(manager)
    assert (message.job, message.has_failed) == (number, False)
    assert "2 rows: 2 imported" in message.text
    assert "undo 1" in message.text
    assert told.unread(cashier) == []
    told.mark_read(cashier, [message.number])
    assert told.unread(manager) == [message]
    told.mark_read(manager, [message.number])
    assert told.unread(manager) == []


def test_a_job_that_has_failed_tells_why_and_what_to_do(shop: Shop, tmp_path: Path) -> None:
    manager = shop.sign_in.sign_in(*MANAGER)
    bad = tmp_path / "bad.csv"
    bad.write_text("nothing,that,says\nwhat,it,is\n")
    number = shop.import_jobs.leave(bad, actor=manager)
    run_all(shop)
    (message,) = shop.queue.notifications.unread(manager)
    assert (message.job, message.has_failed) == (number, True)
    assert "bad.csv" in message.text
    assert f"posctl queue retry {number}" in message.text


def test_a_job_without_words_of_its_own_says_that_it_is_done_and_one_of_nobody_says_nothing(
    shop: Shop,
) -> None:
    manager = shop.sign_in.sign_in(*MANAGER)
    number = shop.queue.enqueue(PRUNE_JOBS, started_by=manager.id)
    run_all(shop)
    shop.queue.enqueue(PRUNE_JOBS)
    run_all(shop)
    (message,) = shop.queue.notifications.unread(manager)
    assert message.text == f"Job {number} (prune_jobs) is done."
