"""Jobs tell whoever started them what became of them, once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pos_queue.context import JobContext
from pos_queue.errors import GiveUp
from pos_queue.job import Job

from pos_desktop.cli.queue_advice import advice
from pos_desktop.domain.errors import Unavailable
from pos_desktop.services.background.enqueueing import JobName
from pos_desktop.services.background.jobs_board import Look, Part
from pos_desktop.services.background.queue_words import cause
from pos_desktop.services.job_keeping import PRUNE_JOBS
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.shop import Shop
from pos_desktop.storage.notifications import add
from tests.pos_desktop.conftest import CASHIER, MANAGER
from tests.pos_desktop.services.imports.test_import_jobs import run_all
from tests.pos_desktop.services.imports.test_importing import MILK, SOAP, sheet


def test_a_job_that_is_done_tells_its_person_with_its_counts_until_that_is_read(
    shop: Shop, tmp_path: Path
) -> None:
    manager, cashier = shop.sign_in.sign_in(*MANAGER), shop.sign_in.sign_in(*CASHIER)
    told = shop.queue.notifications
    number = shop.import_jobs.leave(sheet(tmp_path / "goods.csv", MILK, SOAP), actor=manager)
    shop.import_jobs.leave(sheet(tmp_path / "again.csv", MILK), actor=None)
    assert told.unread(manager) == []
    run_all(shop)
    run_all(shop)
    (message,) = told.unread(manager)
    assert (message.job, message.has_failed) == (number, False)
    assert message.text == "Import 1 of goods.csv: 2 new."
    assert "posctl" not in message.text
    assert told.unread(cashier) == []
    told.mark_read(cashier, [message.number])
    assert told.unread(manager) == [message]
    told.mark_read(manager, [message.number])
    assert told.unread(manager) == []


def test_a_job_that_gave_up_tells_why_in_its_own_words(shop: Shop, tmp_path: Path) -> None:
    manager = shop.sign_in.sign_in(*MANAGER)
    bad = tmp_path / "bad.csv"
    bad.write_text("nothing,that,says\nwhat,it,is\n")
    number = shop.import_jobs.leave(bad, actor=manager)
    run_all(shop)
    (message,) = shop.queue.notifications.unread(manager)
    assert (message.job, message.has_failed) == (number, True)
    assert message.text.startswith(f"Import products: bad.csv (job {number}) has failed: ")
    assert "bad.csv" in message.text
    detail = shop.queue.views.job(number)
    assert detail is not None
    assert advice(detail.view).startswith("Do what it says.")
    assert "posctl" not in message.text


def test_the_page_names_who_started_a_job(shop: Shop, tmp_path: Path) -> None:
    manager = shop.sign_in.sign_in(*MANAGER)
    number = shop.import_jobs.leave(sheet(tmp_path / "goods.csv", MILK), actor=manager)
    detail = shop.queue.board.read(Look(job=number), actor=manager).detail
    assert detail is not None
    assert detail.view.started_by == manager.name


SECRET = "hunter2"


def _raise(error: Exception) -> Callable[..., None]:
    def body(_context: JobContext, *, password: str) -> None:
        raise error

    return body


@pytest.mark.parametrize(
    ("job", "why"),
    [
        (
            Job(name="breaks", body=_raise(ValueError(SECRET)), attempts=1),
            "It was tried once and did not succeed.",
        ),
        (
            Job(name="breaks", body=_raise(GiveUp(SECRET)), sensitive=True),
            "It cannot succeed as it is.",
        ),
        (Job(name="breaks", body=_raise(GiveUp("The ink is dry."))), "The ink is dry."),
        (
            Job(name="breaks", body=_raise(GiveUp(f"{SECRET} is no password."))),
            "*** is no password.",
        ),
    ],
)
def test_no_error_is_told_but_one_that_was_written_for_people(
    shop: Shop, job: Job, why: str
) -> None:
    manager = shop.sign_in.sign_in(*MANAGER)
    shop.queue.registry.add(job)
    number = shop.queue.enqueue(JobName(job.name), {"password": SECRET}, started_by=manager.id)
    run_all(shop)
    (message,) = shop.queue.notifications.unread(manager)
    assert message.text == f"Breaks (job {number}) has failed: {why}"
    detail = shop.queue.views.job(number)
    assert detail is not None
    assert cause(detail.view) == why


@pytest.mark.parametrize("is_known", [True, False])
def test_a_job_that_cannot_be_read_tells_why(shop: Shop, is_known: bool) -> None:
    manager = shop.sign_in.sign_in(*MANAGER)
    shop.queue.registry.add(Job(name="was_known", body=lambda _context, **_given: None))
    shop.queue.enqueue(JobName("was_known"), {"x": 1}, started_by=manager.id)
    del shop.queue.registry._jobs["was_known"]
    if is_known:
        shop.queue.registry.add(Job(name="was_known", body=lambda _context: None))
    run_all(shop)
    (message,) = shop.queue.notifications.unread(manager)
    why = "does not understand its data" if is_known else "knows no job"
    assert message.has_failed
    assert why in message.text


def test_a_job_without_words_of_its_own_says_that_it_is_done_and_one_of_nobody_says_nothing(
    shop: Shop,
) -> None:
    manager = shop.sign_in.sign_in(*MANAGER)
    number = shop.queue.enqueue(PRUNE_JOBS, started_by=manager.id)
    run_all(shop)
    shop.queue.enqueue(PRUNE_JOBS)
    run_all(shop)
    (message,) = shop.queue.notifications.unread(manager)
    assert message.text == f"Clear the history of jobs (job {number}) is done."


def test_all_are_read_up_to_the_one_that_was_seen_and_none_of_another_person(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_desktop.services.background.notifications.MOST_LISTED", 3)
    manager, cashier = shop.sign_in.sign_in(*MANAGER), shop.sign_in.sign_in(*CASHIER)
    told = shop.queue.notifications
    with shop.database.write():
        for number in range(5):
            for person in (manager, cashier):
                add(shop.database, person.id, f"{number}", 0, job=number, has_failed=False)
    seen = told.inbox(manager)
    assert (seen.person, seen.count, [one.text for one in seen.latest]) == (
        manager,
        5,
        ["4", "3", "2"],
    )
    with shop.database.write():
        add(shop.database, manager.id, "later", 0, job=9, has_failed=False)
    told.mark_all_read(manager, seen.latest[0].number)
    assert [one.text for one in told.unread(manager)] == ["later"]
    assert told.inbox(cashier).count == 5


def test_everybody_sees_their_messages_and_nothing_else_of_the_board(shop: Shop) -> None:
    cashier = shop.sign_in.sign_in(*CASHIER)
    number = shop.queue.enqueue(PRUNE_JOBS, started_by=cashier.id)
    run_all(shop)
    board = shop.queue.board.read(Look(part=Part.MESSAGES, job=number), actor=cashier)
    assert board.inbox is not None
    assert [one.job for one in board.inbox.latest] == [number]
    assert (board.detail, board.jobs, board.queues, board.hours) == (None, (), (), ())
    assert not board.is_whole
    for part in (Part.WORK, Part.FAILED, Part.QUEUES):
        with pytest.raises(NeedsApproval):
            shop.queue.board.read(Look(part=part), actor=cashier)
    assert shop.queue.board.glance(None).inbox is None


def test_a_fault_in_the_words_holds_up_no_job(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = shop.sign_in.sign_in(*MANAGER)
    told = shop.queue.notifications
    monkeypatch.setattr(told, "_words", {"import_products": lambda kept: kept["no such word"]})
    number = shop.import_jobs.leave(sheet(tmp_path / "goods.csv", MILK, SOAP), actor=manager)
    run_all(shop)
    (message,) = told.unread(manager)
    assert message.text == f"Import products (job {number}) is done."


def test_a_batch_tells_once_for_all_its_jobs_and_one_that_was_cancelled_tells_nothing(
    shop: Shop,
) -> None:
    def body(_context: JobContext, *, fails: bool) -> None:
        if fails:
            raise GiveUp("no address")

    manager = shop.sign_in.sign_in(*MANAGER)
    shop.queue.registry.add(Job(name="send", body=body, grouped=True))
    send, intake = JobName("send"), shop.queue.intake
    good = [(send, {"fails": False})] * 3
    number = intake.batch("Statements", [*good, (send, {"fails": True})], started_by=manager.id)
    intake.batch("Letters", good, started_by=manager.id)
    intake.batch("Of nobody", good)
    stopped = intake.batch("Stopped", good, started_by=manager.id)
    intake.cancel_batch(stopped)
    left_open = intake.batch("Left open", good, started_by=manager.id, keep_open=True)
    run_all(shop)
    told = [one.text for one in shop.queue.notifications.unread(manager)]
    assert told == ["Statements: 3 jobs are done, 1 has failed.", "Letters: 3 jobs are done."]
    first = shop.queue.notifications.unread(manager)[0]
    assert (first.job, first.batch, first.has_failed) == (None, number, True)
    intake.close(left_open)
    assert shop.queue.notifications.unread(manager)[-1].text == "Left open: 3 jobs are done."
    shop.queue.desk.retry_failed(batch=number, actor=manager)
    run_all(shop)
    assert len(shop.queue.notifications.unread(manager)) == 3


def test_a_file_that_does_not_answer_is_no_fault_of_the_words(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = shop.sign_in.sign_in(*MANAGER)
    told = shop.queue.notifications

    def does_not_answer(_kept: object) -> str:
        monkeypatch.setattr(told, "_words", {})
        raise Unavailable("The disk is full.")

    monkeypatch.setattr(told, "_words", {PRUNE_JOBS: does_not_answer})
    number = shop.queue.enqueue(PRUNE_JOBS, started_by=manager.id)
    run_all(shop)
    assert told.unread(manager) == []
    detail = shop.queue.views.job(number)
    assert detail is not None
    assert detail.view.state == "scheduled"
