"""Jobs in children that know the shop."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pos_queue.engine.runner import Runner
from pos_queue.premises import Terms

from pos_desktop.services.background.enqueueing import JobName
from pos_desktop.shop import Shop, open_shop
from tests.pos_desktop import child_jobs
from tests.pos_desktop.conftest import bad_books


@pytest.fixture
def heavy_shop(shop_directory: Path) -> Iterator[Shop]:
    with closing(open_shop(shop_directory, jobs=child_jobs.declared)) as shop:
        yield shop


def result_of(shop: Shop, name: str, **payload: Any) -> Any:
    number = shop.queue.enqueue(JobName(name), payload)
    shop.queue.runner(Terms(when_empty=True)).run()
    detail = shop.queue.views.job(number)
    assert detail is not None
    assert (detail.view.state, detail.view.error) == ("done", "")
    return detail.result


def test_a_child_knows_neither_a_window_nor_huey(heavy_shop: Shop) -> None:
    told = result_of(heavy_shop, "tell")
    assert told["pid"] != os.getpid()
    roots = {name.partition(".")[0] for name in told["modules"]}
    assert "pos_desktop" in roots
    assert not roots & {"PySide6", "shiboken6", "huey", "cryptography"}
    assert not [name for name in told["modules"] if name.startswith("pos_desktop.ui")]


def test_a_job_in_a_child_calls_the_services_and_writes_to_the_file(heavy_shop: Shop) -> None:
    assert result_of(heavy_shop, "count", days=3) == 3
    assert bad_books(heavy_shop) == set()


def test_a_child_only_writes_down_what_it_enqueues_whatever_the_driver(
    shop_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_QUEUE_CONNECTION", "sync")
    with closing(open_shop(shop_directory, jobs=child_jobs.declared)) as shop:
        told = result_of(shop, "tell")
    assert "pos_queue.intake" in told["modules"]
    assert "pos_queue.drivers.sync_driver" not in told["modules"]


def test_where_no_job_runs_in_a_child_none_is_made_ready(shop_directory: Path) -> None:
    with closing(open_shop(shop_directory, jobs=lambda _services: [])) as shop:
        runner = shop.queue.runner()
        assert isinstance(runner, Runner)
        assert runner._pool is None
