"""The history of jobs and their messages: kept as long as the shop wants, pruned every night."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pos_desktop.domain.clock import ManualClock
from pos_desktop.services.job_keeping import KEEP_READ, PRUNE_JOBS
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage import notifications
from pos_desktop.storage.moments import to_stored
from tests.pos_desktop.conftest import MANAGER
from tests.pos_desktop.services.imports.test_import_jobs import run_all, wait_until

EVENING = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
"""Eight in the evening on the wall of the shop, in Nairobi."""
BEFORE_HALF_PAST_THREE = datetime(2026, 3, 3, 0, 29, 59, tzinfo=UTC)


def pruned(shop: Shop) -> int:
    sql = "SELECT count(*) FROM job_history WHERE job = ? AND state = 'done'"
    return int(shop.database.value(sql, (PRUNE_JOBS,)))


def learn_the_rounds(shop: Shop) -> None:
    """Let a program see for the first time that there are jobs that come round."""
    runner = shop.queue.runner()
    thread = threading.Thread(target=runner.run)
    thread.start()
    wait_until(lambda: shop.database.value("SELECT count(*) FROM job_slots"))
    runner.stop()
    thread.join()


def test_the_history_is_pruned_once_after_two_nights_off(shop_directory: Path) -> None:
    clock = ManualClock(EVENING)
    with closing(open_shop(shop_directory, clock=clock)) as shop:
        learn_the_rounds(shop)
        clock.set(BEFORE_HALF_PAST_THREE)
        run_all(shop)
        assert pruned(shop) == 0
    clock.set(EVENING + timedelta(days=2))
    with closing(open_shop(shop_directory, clock=clock)) as shop:
        run_all(shop)
        assert pruned(shop) == 1
        run_all(shop)
        assert pruned(shop) == 1
        clock.set(EVENING + timedelta(days=3))
        run_all(shop)
        assert pruned(shop) == 2


@pytest.mark.parametrize("count", [1, 500, 1201])
def test_messages_that_were_read_long_ago_go_and_others_stay(shop: Shop, count: int) -> None:
    manager = shop.sign_in.sign_in(*MANAGER)
    now = to_stored(shop.clock.base.now())
    old = now - KEEP_READ // timedelta(milliseconds=1)
    for number in range(count + 2):
        notifications.add(shop.database, manager.id, "done", old, job=number, has_failed=False)
    *others, second, first = (
        one.number for one in notifications.unread(shop.database, manager.id, count + 2)
    )
    notifications.mark_read(shop.database, manager.id, [second], now - 60_000)
    notifications.mark_read(shop.database, manager.id, others, old - 1)
    shop.queue.enqueue(PRUNE_JOBS)
    run_all(shop)
    left = shop.database.rows("SELECT number FROM notification ORDER BY number")
    assert [row["number"] for row in left] == [first, second]
