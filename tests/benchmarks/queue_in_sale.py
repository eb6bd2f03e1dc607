"""What a sale pays for the jobs that it enqueues, with a runner of the same process at work.

Sales with and without jobs take turns, so that both meet the same disk and the same machine.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from pos_queue.context import JobContext
from pos_queue.job import Job
from pos_queue.premises import Terms

from pos_desktop.cli.bench.figure import Figure, at_share
from pos_desktop.services.background.enqueueing import JobName
from pos_desktop.shop import Shop
from tests.benchmarks import scene
from tests.benchmarks.seller import Seller

SALES = 1_500
"""Of each kind."""
JOBS = 2
"""For each sale that enqueues: a receipt by mail and a notice, say."""
MOST_MS = 2.0
PACE_SECONDS = 0.005
RECEIPT = JobName("bench_receipt")


def _body(_context: JobContext, *, sale: int, to: str) -> None:
    """Do nothing: it is the enqueueing that is measured."""


class _Sales:
    """Sells in turns, with jobs and without."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._seller = Seller(shop)
        self._complete = shop.selling.complete
        self._jobs = 0
        shop.selling.complete = self._sell_with_jobs  # type: ignore[method-assign, assignment]

    def _sell_with_jobs(self, checkout: object) -> object:
        with self._shop.database.write():
            sale = self._complete(checkout)  # type: ignore[arg-type]
            for number in range(self._jobs):
                self._shop.queue.enqueue(RECEIPT, {"sale": number, "to": "wanjiku@example.com"})
        return sale

    def sell(self, jobs: int) -> float:
        """Sell once; return the seconds."""
        self._jobs = jobs
        self._seller.sell()
        return self._seller.times["sale"][-1]


def run() -> Iterator[Figure]:
    """Measure both kinds of sales, and what lies between them."""
    with scene.folder() as folder:
        shop = scene.full_shop(folder / "shop", 500)
        shop.queue.registry.add(Job(name=RECEIPT, body=_body))
        runner = shop.queue.runner(Terms(workers=2))
        thread = threading.Thread(target=runner.run)
        thread.start()
        sales, times = _Sales(shop), {0: list[float](), JOBS: list[float]()}
        for _turn in range(SALES):
            for jobs, taken in times.items():
                taken.append(sales.sell(jobs))
                time.sleep(PACE_SECONDS)
        runner.stop()
        thread.join()
        shop.close()
    plain, loaded = times[0], times[JOBS]
    more = 1e3 * (at_share(loaded, 0.99) - at_share(plain, 0.99))
    yield Figure(
        what=f"a sale that enqueues {JOBS} jobs",
        p50=1e3 * at_share(loaded, 0.5),
        p99=1e3 * at_share(loaded, 0.99),
        reference="one that does not",
        reference_p50=1e3 * at_share(plain, 0.5),
        reference_p99=1e3 * at_share(plain, 0.99),
        limit=f"p99 <= {MOST_MS:g} more",
        ok=more <= MOST_MS,
        samples=SALES,
    )
