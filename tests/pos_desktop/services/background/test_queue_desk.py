"""Who may act on jobs, what the journal keeps of it, and the words that people read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pos_queue.context import JobContext
from pos_queue.errors import NotPossible, WhyNot
from pos_queue.job import Job
from pos_queue.premises import Terms
from pos_queue.views.shown import Counts, JobView, ShownPayload, Trouble

from pos_desktop.cli.queue_advice import advice, alerts, refusal
from pos_desktop.domain.errors import Refused
from pos_desktop.services.background.enqueueing import JobName
from pos_desktop.services.background.jobs_board import AlertLimits, Look
from pos_desktop.services.background.queue_desk import JobRefused
from pos_desktop.services.background.queue_words import cause, why_not
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.shop import Shop, open_shop
from tests.pos_desktop.conftest import CASHIER, MANAGER, bad_books

FAILS = JobName("fails")


def _fail(_context: JobContext) -> None:
    raise ValueError("no ink")


@pytest.fixture
def shop(shop_directory: Path) -> Iterator[Shop]:
    jobs = [Job(name=FAILS, body=_fail, attempts=1)]
    with closing(open_shop(shop_directory, jobs=lambda _services: jobs)) as shop:
        yield shop


def failed(shop: Shop) -> int:
    number = shop.queue.enqueue(FAILS)
    shop.queue.runner(Terms(when_empty=True)).run()
    return number


def view(shop: Shop, number: int) -> JobView:
    detail = shop.queue.views.job(number)
    assert detail is not None
    return detail.view


def notes(shop: Shop) -> list[tuple[str, Any, bool]]:
    rows = shop.database.rows("SELECT kind, detail, actor_id FROM journal ORDER BY rowid")
    return [
        (row["kind"], json.loads(row["detail"]), row["actor_id"] is not None)
        for row in rows
        if "job" in row["kind"] or "queue" in row["kind"]
    ]


def test_an_act_goes_into_the_journal_with_who_did_it(shop: Shop) -> None:
    manager, number = shop.sign_in.sign_in(*MANAGER), failed(shop)
    desk = shop.queue.desk
    desk.retry(number, actor=manager)
    desk.pause("default", actor=None)
    desk.pause("default", actor=None)
    desk.cancel(number, actor=manager)
    assert notes(shop) == [
        ("job retried", {"job": number, "from_start": False}, True),
        ("queue paused", {"queue": "default"}, False),
        ("job cancelled", {"job": number}, True),
    ]
    assert bad_books(shop) == set()


def test_a_cashier_may_not_act_on_jobs(shop: Shop) -> None:
    cashier, number = shop.sign_in.sign_in(*CASHIER), failed(shop)
    desk = shop.queue.desk
    for act in (
        lambda: desk.retry(number, actor=cashier),
        lambda: desk.retry_failed(actor=cashier),
        lambda: desk.forget(number, actor=cashier),
        lambda: desk.flush(actor=cashier),
        lambda: desk.clear("default", actor=cashier),
        lambda: desk.cancel(number, actor=cashier),
        lambda: desk.pause("default", actor=cashier),
        lambda: desk.resume("default", actor=cashier),
        lambda: desk.restart(actor=cashier),
        lambda: desk.prune(actor=cashier),
        lambda: shop.queue.board.read(Look(), actor=cashier),
    ):
        with pytest.raises(NeedsApproval):
            act()
    assert view(shop, number).state == "failed"
    assert notes(shop) == []


def test_what_is_refused_leaves_no_note(shop: Shop) -> None:
    with pytest.raises(JobRefused, match="There is no job 99"):
        shop.queue.desk.retry(99, actor=None)
    with pytest.raises(Refused, match="known: default"):
        shop.queue.desk.pause("nonsense", actor=None)
    assert notes(shop) == []


def test_every_refusal_says_why_and_leaves_the_next_step_to_its_place(shop: Shop) -> None:
    for why in WhyNot:
        sentence = why_not(NotPossible(7, why, 8))
        assert sentence.endswith(".")
        assert "7" in sentence
        assert "posctl" not in sentence


def test_posctl_names_the_command_that_goes_on(shop: Shop) -> None:
    for why in WhyNot:
        sentence = refusal(NotPossible(7, why, 8))
        assert sentence.startswith(why_not(NotPossible(7, why, 8)))
        assert ("posctl queue" in sentence) is (why is not WhyNot.DONE)


def test_a_cause_and_an_advice_for_each_way_to_fail(shop: Shop) -> None:
    plain = view(shop, failed(shop))
    assert cause(plain) == "It was tried once and did not succeed."
    assert "retry" in advice(plain)
    told = {cause(plain)}
    for trouble in Trouble:
        payload = ShownPayload(value="?", trouble=trouble, reason="?")
        job = replace(plain, outcome="unreadable", payload=payload)
        told.add(cause(job))
        assert str(job.number) in advice(job)
    for changed in (
        {"outcome": "unreadable"},
        {"outcome": "timed_out"},
        {"state": "quarantined"},
        {"attempts": 5},
    ):
        told.add(cause(replace(plain, **changed)))
    assert len(told) == 8
    done = replace(plain, state="done")
    assert (cause(done), advice(done)) == ("", "")


def test_only_what_is_above_its_limit_is_an_alert() -> None:
    counts = Counts(
        queued=1, scheduled=0, running=0, waiting_for_network=0, failed=1, quarantined=1,
        let_go=0,
        oldest_wait_seconds=60.0, paused=(),
    )  # fmt: skip
    assert [*alerts(counts, AlertLimits(wait_seconds=60, failed=2))] == []
    wait, wrong = alerts(counts, AlertLimits(wait_seconds=59, failed=1))
    assert "60 s" in wait
    assert "2 jobs have failed" in wrong


def test_who_may_not_see_jobs_cancels_no_batch_and_the_journal_says_who_did(shop: Shop) -> None:
    cashier, manager = shop.sign_in.sign_in(*CASHIER), shop.sign_in.sign_in(*MANAGER)
    batch = shop.queue.intake.batch("Mails", [(FAILS, {})])
    with pytest.raises(NeedsApproval):
        shop.queue.desk.cancel_batch(batch, actor=cashier)
    assert shop.queue.desk.cancel_batch(batch, actor=manager).let_go == 1
    with pytest.raises(Refused, match="over or cancelled"):
        shop.queue.desk.cancel_batch(batch, actor=manager)
    assert notes(shop) == []
    rows = shop.database.rows("SELECT detail, actor_id FROM journal WHERE kind = 'batch cancelled'")
    assert [(json.loads(row["detail"]), row["actor_id"]) for row in rows] == [
        ({"batch": batch}, manager.id)
    ]
    assert bad_books(shop) == set()
