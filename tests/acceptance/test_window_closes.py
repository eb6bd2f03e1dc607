"""The window is opened and closed again and again, whatever its queue hangs in.

The full form, with --torture, is 200 times; it also asks each to be gone within two seconds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from pos_desktop.services.background.enqueueing import JobName
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shops.new_shop import make_shop
from tests.acceptance.hanging_jobs import HANGING, QUICK, declared
from tests.pos_desktop.conftest import NEW_SHOP

ROOT = Path(__file__).parents[2]
TIMES, FULL_TIMES = 4, 200
QUICK_JOBS = 20
CLOSE_SECONDS = 2.0
SECONDS = 30.0


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    make_shop(tmp_path / "shop", NEW_SHOP)
    with closing(_open(tmp_path / "shop")) as shop:
        for name in HANGING:
            shop.queue.enqueue(name)
    return tmp_path / "shop"


def test_it_is_gone_in_time_and_loses_nothing(directory: Path, torture: bool) -> None:
    times = FULL_TIMES if torture else TIMES
    taken: list[float] = []
    for _time in range(times):
        with closing(_open(directory)) as shop:
            for key in range(QUICK_JOBS):
                shop.queue.enqueue(QUICK, {"key": key})
        taken.append(_opened_and_closed(directory))
        with closing(_open(directory)) as shop:
            assert _counts(shop, "jobs WHERE state = 'running'") == {}
    print(f"\n{times} times closed: worst {max(taken):.2f} s, mean {sum(taken) / times:.2f} s")
    if torture:
        assert max(taken) <= CLOSE_SECONDS
    with closing(_open(directory)) as shop:
        waiting, ended = _counts(shop, "jobs"), _counts(shop, "job_history")
        assert ended.keys() <= {QUICK}
        assert {name: waiting[name] for name in HANGING} == dict.fromkeys(HANGING, 1)
        assert waiting.get(QUICK, 0) + ended.get(QUICK, 0) == times * QUICK_JOBS
        assert ended.get(QUICK, 0)


def _open(directory: Path) -> Shop:
    return open_shop(directory, jobs=declared)


def _counts(shop: Shop, rows: str) -> dict[JobName, int]:
    sql = f"SELECT job, count(*) FROM {rows} GROUP BY job"
    return dict(shop.database.execute_sql(sql).fetchall())


def _opened_and_closed(directory: Path) -> float:
    """Open the window, close it while its jobs hang; return the seconds until it was gone."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.acceptance.closing_window", str(directory)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stdout.readline() == "works\n", process.communicate()[1]
            print("close", file=process.stdin, flush=True)
            assert process.stdout.readline() == "closing\n"
            began = time.perf_counter()
            _said, warned = process.communicate(timeout=SECONDS)
            taken = time.perf_counter() - began
        finally:
            process.kill()
    assert (process.returncode, warned) == (0, "")
    return taken
