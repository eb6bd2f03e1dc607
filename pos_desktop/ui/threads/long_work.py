"""Work that takes seconds, beside the lane: a sale never waits behind it.

Each piece runs in a thread of its own, one after another unless it only waits; what came of it is
told in the screen's thread. Bulk writers pace themselves, so that the lane's writes come between
their chunks.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from pos_desktop.domain.errors import Cancelled, PosError

T = TypeVar("T")

logger = logging.getLogger(__name__)


class LongWork:
    """Runs long work, and can be told to stop."""

    def __init__(
        self,
        post: Callable[[Callable[[], None]], None],
        at_end: Callable[[], None],
        *,
        most_at_once: int = 1,
    ) -> None:
        """Take what hands an act to the screen's thread, and what each thread does at its end.

        `most_at_once` is more than one for work that only waits for a network.
        """
        self._post = post
        self._at_end = at_end
        self._turn = threading.BoundedSemaphore(most_at_once)
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def run(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        """Run work, then hand its result, or its exception, to the screen's thread."""
        self._threads = [one for one in self._threads if one.is_alive()]
        thread = threading.Thread(
            target=self._run, args=(work, then, failed), name="long work", daemon=True
        )
        self._threads.append(thread)
        thread.start()

    def tell(self, act: Callable[[], None]) -> None:
        """Hand an act, such as how far the work is, to the screen's thread.

        Raises Cancelled where the work is to stop: it is called between two steps of it.
        """
        if self._stopping.is_set():
            raise Cancelled
        self._post(act)

    def stop(self, seconds: float) -> bool:
        """End the work at its next step; tell whether that was so within the time."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(seconds)
        return not any(thread.is_alive() for thread in self._threads)

    def _run(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        with self._turn:
            try:
                result = work()
            except Exception as error:
                if not isinstance(error, PosError):
                    logger.info("long work failed", exc_info=error)
                self._tell(failed, error)
            else:
                self._tell(then, result)
            finally:
                self._at_end()

    def _tell(self, whom: Callable[[Any], None], what: Any) -> None:
        try:
            self._post(lambda: whom(what))
        except RuntimeError:
            logger.warning("the window is gone; nobody is left to tell")
