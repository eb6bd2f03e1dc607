"""Imports left to a job and waited for: a worker of the shop does them, else this program."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pos_desktop.cli.output import complain
from pos_desktop.cli.queue_advice import advice
from pos_desktop.cli.queue_monitor import server_words
from pos_desktop.documents.product_rows import Preview
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.text import _
from pos_desktop.jobs.queues import IMPORTS
from pos_desktop.services.background.queue_words import cause
from pos_desktop.services.imports.importing import ImportResult
from pos_desktop.shop import Shop

if TYPE_CHECKING:
    from pos_queue.drivers.driver import Works
    from pos_queue.views.shown import JobView

LOOK_SECONDS = 0.05
UNBEGUN_SECONDS = 2.0
"""How long a job may wait for a worker that lives before this program works too: it may be one of
other queues."""
SILENT_SECONDS = 5.0
"""How long a job may wait before a person is told what it may wait for."""
STOP_SECONDS = 5.0
_WAITS = ("queued", "scheduled")

Tell = Callable[[int, str], None]
"""Told how many rows are done, and what is to be said of them."""


def wait_for_import(shop: Shop, number: int, preview: Preview, tell: Tell) -> ImportResult:
    """Wait until the job of an import has ended, and return what it did.

    Ctrl C asks the job to end, a second one only the waiting. Raises Refused where the job was
    cancelled and Unavailable where it has failed, both with what it said.
    """
    kept = wait_for_job(shop, number, tell)
    result = ImportResult(import_id=kept["import"], preview=preview)
    result.set_counts(kept)
    result.errors = shop.import_jobs.first_errors(number)
    result.seconds = kept["seconds"]
    return result


def wait_for_job(shop: Shop, number: int, tell: Tell) -> Any:
    """Wait until a job of the queue of imports has ended; return and raise as for an import."""
    with _Helper(shop).ends() as helper:
        view = _ended(shop, number, helper, tell)
    if view.state != "done":
        raise _fault(view)
    detail = shop.queue.views.job(number)
    assert detail is not None
    return detail.result


def _ended(shop: Shop, number: int, helper: _Helper, tell: Tell) -> JobView:
    """Return the job once it has ended."""
    is_asked = False
    while True:
        try:
            detail = shop.queue.views.job(number)
            if detail is None or detail.view.is_over:
                break
            if detail.view.progress is not None:
                tell(detail.view.progress.done, detail.view.progress.message)
            helper.mind(detail.view)
            shop.clock.base.sleep(LOOK_SECONDS)
        except KeyboardInterrupt:
            if is_asked:
                raise
            is_asked = True
            _ask_to_end(shop, number)
    if detail is None:
        raise Unavailable(_("Job {number} is gone.").format(number=number))
    return detail.view


def _ask_to_end(shop: Shop, number: int) -> None:
    complain(_("Job {number} is asked to end; what it has done stays.").format(number=number))
    shop.queue.desk.cancel(number, actor=None)


def _fault(view: JobView) -> Refused | Unavailable:
    if view.state == "cancelled":
        return Refused(view.error or _("The job was ended before it began."))
    words = (view.error, cause(view), advice(view))
    return Unavailable(" ".join(word for word in words if word))


def queue_paused_words(queue: str) -> str:
    """Say that a queue is paused, and how it is resumed."""
    return _("The queue {queue} is paused: posctl queue resume {queue}").format(queue=queue)


class _Helper:
    """Works on the queue of imports where nobody else does."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._began = shop.clock.monotonic()
        self._runner: Works | None = None
        self._thread: threading.Thread | None = None
        self._raised: list[BaseException] = []
        self._has_said_paused = self._has_said_server = False

    @contextmanager
    def ends(self) -> Iterator[_Helper]:
        """Let the work end with a block; what it has begun besides waits again."""
        try:
            yield self
        finally:
            if self._runner is not None and self._thread is not None:
                self._runner.stop(STOP_SECONDS)
                self._thread.join(STOP_SECONDS)

    def mind(self, view: JobView) -> None:
        """Begin to work where the job needs it, also after a restart of all workers.

        Raises what the work has met.
        """
        for error in self._raised:
            raise error
        is_working = self._thread is not None and self._thread.is_alive()
        if not is_working and self._is_needed(view):
            self._begin()
        self._say_paused(view)
        self._say_server(view)

    def _begin(self) -> None:
        from pos_queue.premises import Terms

        runner = self._runner = self._shop.queue.runner(Terms(queues=[IMPORTS]))
        self._thread = threading.Thread(
            target=self._run, args=(runner,), name="import-runner", daemon=True
        )
        self._thread.start()

    def _is_needed(self, view: JobView) -> bool:
        has_waited = self._shop.clock.monotonic() - self._began > UNBEGUN_SECONDS
        return not self._shop.queue.workers() or (has_waited and view.state in _WAITS)

    def _say_paused(self, view: JobView) -> None:
        if self._has_said_paused or view.state not in _WAITS:
            return
        if IMPORTS in self._shop.queue.views.counts().paused:
            self._has_said_paused = True
            complain(queue_paused_words(IMPORTS))

    def _say_server(self, view: JobView) -> None:
        """Say once that a job waits for long, where a server may be to blame."""
        waited = self._shop.clock.monotonic() - self._began
        if self._has_said_server or waited < SILENT_SECONDS or view.state not in _WAITS:
            return
        self._has_said_server = True
        if server := server_words():
            complain(server)

    def _run(self, runner: Works) -> None:
        try:
            runner.run()
        except BaseException as error:  # noqa: BLE001 - raised in the thread that waits
            self._raised.append(error)
