"""What a service can leave for later in a real shop: jobs and batches, in its own transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pos_queue.context import JobContext
from pos_queue.errors import BatchCancelled, BatchEnded
from pos_queue.job import Job

from pos_desktop.services.background.enqueueing import Enqueues, JobName
from pos_desktop.shop import Shop, open_shop
from tests.pos_desktop.services.imports.test_import_jobs import run_all

INVOICE, TOLD = JobName("send_invoice"), JobName("tell")


class Invoices:
    """A service that leaves a job for each invoice of a month."""

    def __init__(self, door: Enqueues, shop: Shop) -> None:
        self._door = door
        self._shop = shop

    def send(self, numbers: range, *, lot: int = 100) -> int:
        """Leave the jobs in lots, each in a transaction of its own; return their batch."""
        batch = self._door.batch(
            "Invoices", then=(TOLD, {"of": "then"}), catch=(TOLD, {"of": "catch"}),
            finally_=(TOLD, {"of": "finally"}), keep_open=True,
        )  # fmt: skip
        for first in range(numbers.start, numbers.stop, lot):
            with self._shop.database.write():
                part = numbers[first - numbers.start :][:lot]
                self._door.add(batch, [(INVOICE, {"number": number}) for number in part])
        return batch

    def all_are_left(self, batch: int) -> None:
        self._door.close(batch)

    def stop(self, batch: int) -> bool:
        return self._door.cancel_batch(batch)


class Post:
    """What was sent and told."""

    def __init__(self) -> None:
        self.sent: list[int] = []
        self.told: list[str] = []

    def jobs(self) -> list[Job]:
        def send(_context: JobContext, *, number: int) -> None:
            if number < 0:
                raise ValueError("there is no such invoice")
            self.sent.append(number)

        def tell(_context: JobContext, *, of: str, batch: int) -> None:
            self.told.append(f"{of} {batch}")

        return [Job(name=INVOICE, body=send, attempts=1), Job(name=TOLD, body=tell)]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def shop(shop_directory: Path, post: Post) -> Iterator[Shop]:
    with closing(open_shop(shop_directory, jobs=lambda _services: post.jobs())) as shop:
        yield shop


@pytest.fixture
def invoices(shop: Shop) -> Invoices:
    return Invoices(shop.queue.intake, shop)


def test_a_batch_is_left_in_lots_and_tells_once_that_it_is_done(
    shop: Shop, invoices: Invoices, post: Post
) -> None:
    batch = invoices.send(range(250))
    run_all(shop)
    assert (sorted(post.sent), post.told) == ([*range(250)], [])
    invoices.all_are_left(batch)
    run_all(shop)
    assert sorted(post.told) == [f"finally {batch}", f"then {batch}"]
    with pytest.raises(BatchEnded):
        shop.queue.intake.add(batch, [(INVOICE, {"number": 1})])


def test_a_batch_with_a_failure_tells_of_it(shop: Shop, invoices: Invoices, post: Post) -> None:
    batch = invoices.send(range(-1, 3))
    invoices.all_are_left(batch)
    run_all(shop)
    assert sorted(post.told) == [f"catch {batch}", f"finally {batch}"]


def test_a_batch_that_is_stopped_takes_and_runs_no_more(
    shop: Shop, invoices: Invoices, post: Post
) -> None:
    batch = invoices.send(range(3))
    assert invoices.stop(batch)
    assert not invoices.stop(batch)
    run_all(shop)
    assert (post.sent, post.told) == ([], [f"finally {batch}"])
    with pytest.raises(BatchCancelled):
        shop.queue.intake.add(batch, [(INVOICE, {"number": 1})])


def test_a_batch_comes_with_its_callers_transaction_or_not_at_all(
    shop: Shop, invoices: Invoices, post: Post
) -> None:
    with pytest.raises(KeyError), shop.database.write():
        shop.queue.intake.batch("Invoices", [(INVOICE, {"number": 1})])
        raise KeyError
    run_all(shop)
    assert (post.sent, shop.queue.views.batches()) == ([], [])
