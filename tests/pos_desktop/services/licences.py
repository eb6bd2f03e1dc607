"""A shop whose subscription is activated by a simulated supplier, for tests."""

from __future__ import annotations

from datetime import UTC, datetime

from pos_queue.premises import Terms
from pos_sync.testing.activation_simulator import ActivationSimulator

from pos_desktop import settings
from pos_desktop.shop import Shop
from pos_desktop.storage import licence_rows
from pos_desktop.storage.licence_rows import LicencePayment
from tests.pos_desktop.activations import PUBLIC_KEY, signed


def supplier() -> ActivationSimulator:
    """Return a supplier whose time is the machine's."""
    return ActivationSimulator(signed, now=lambda: datetime.now(UTC))


def set_up(shop: Shop, address: str) -> None:
    """Let the shop know a supplier by the key of the tests, at this address."""
    configuration, books = shop.configuration, shop.books
    configuration.set(settings.LICENCE_SERVER, address, books, actor=None)
    configuration.set(settings.LICENCE_PUBLIC_KEY, PUBLIC_KEY, books, actor=None)
    configuration.set(settings.LICENCE_PAY_TO, "Buy Goods, till 5551234", books, actor=None)


def work(shop: Shop) -> None:
    """Let the queue run until no job waits for a worker."""
    shop.queue.runner(Terms(when_empty=True)).run()


def work_later(shop: Shop) -> None:
    """Let the time come for which jobs wait, and the queue run."""
    shop.database.execute_sql("DELETE FROM job_endpoints")
    shop.database.execute_sql("UPDATE jobs SET run_at = 0, state = 'queued'")
    work(shop)


def payment(shop: Shop, receipt: str) -> LicencePayment:
    """Return a payment as it is now."""
    found = licence_rows.payment(shop.database, receipt)
    assert found is not None
    return found


def messages(shop: Shop) -> list[tuple[str, str]]:
    """Return who was told what, the oldest first."""
    sql = (
        "SELECT login, text FROM notification JOIN staff ON staff.id = staff_id "
        "ORDER BY notification.number"
    )
    return [(row["login"], row["text"]) for row in shop.database.rows(sql)]


def noted(shop: Shop, kind: str) -> int:
    """Return how often an act stands in the journal."""
    sql = "SELECT count(*) FROM journal WHERE kind = ?"
    return int(shop.database.value(sql, (kind,)))
