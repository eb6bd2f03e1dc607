"""posctl queue work: runs jobs until it is told to end, or its terms say that it is over."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos_desktop import settings
from pos_desktop.cli.numbers import count, seconds
from pos_desktop.cli.opened import opened
from pos_desktop.cli.output import complain, print_json
from pos_desktop.cli.queue_json import ended_json
from pos_desktop.cli.queue_monitor import paused_words, server_words
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.text import _, ngettext
from pos_desktop.shop import Shop
from pos_desktop.storage.errors import FileForbidden, forbidden_words

if TYPE_CHECKING:
    from pos_queue.drivers.driver import Works
    from pos_queue.engine.settling import EndedJob
    from pos_queue.job import Registry
    from pos_queue.premises import Terms

GRACE_SECONDS = 30.0
_LOOK_SECONDS = 1.0
"""How often the signals are looked at where the system does not interrupt a wait for them."""
_SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)
]


def add_to(acts: Any, common: argparse.ArgumentParser) -> None:
    """Add the parser of this act."""
    work = acts.add_parser(
        "work",
        parents=[common],
        help=_("run jobs"),
        description=_(
            "Run jobs beside the till and other workers until Ctrl C, or a signal, or one of the "
            "limits below. Then no job is begun, and those that run may end within the grace; "
            "what has not ended by then waits again. A second signal ends at once. With --json "
            "each job that has ended is one object on a line."
        ),
    )
    add = work.add_argument
    add("--workers", metavar="N", type=count, help=_("jobs at once; else queue.workers"))
    add(
        "--queue",
        metavar="Q",
        action="append",
        default=[],
        help=_("take jobs of this queue alone; several with commas, or given again"),
    )
    add("--tries", metavar="N", type=count, help=_("attempts of each job, whatever it declares"))
    add(
        "--timeout",
        metavar="S",
        type=seconds,
        help=_("seconds for each attempt, whatever the job declares; 0 for no limit"),
    )
    add("--max-jobs", metavar="N", type=count, help=_("end after so many jobs"))
    add("--max-time", metavar="S", type=seconds, help=_("end after so many seconds"))
    add("--stop-when-empty", action="store_true", help=_("end when no job waits for a worker"))
    add("--once", action="store_true", help=_("run one job, if one waits, and end"))
    add(
        "--grace",
        metavar="S",
        type=seconds,
        default=GRACE_SECONDS,
        help=_("seconds for running jobs to end after a signal; 30 where not given"),
    )
    add(
        "--sleep",
        metavar="S",
        type=seconds,
        help=_("taken and not needed: a worker does not look for jobs, it is woken"),
    )
    work.set_defaults(run=_work)


def _work(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        _check_writable(shop.database.path)
        teller = _Teller(as_json=options.json)
        declared = {
            **({} if options.tries is None else {"attempts": options.tries}),
            **({} if options.timeout is None else {"limit": options.timeout or None}),
        }
        terms = _terms(options, shop, teller)
        runner = shop.queue.runner(terms, **declared)
        teller.runner = runner
        with _ended_by_signals(runner, options.grace):
            complain(_begin_words(terms, shop.queue.registry))
            if server := server_words():
                complain(server)
            _say_paused(shop, terms)
            _run(runner)
        complain(teller.end_words())
    return 0


def _check_writable(file: Path) -> None:
    """Raise FileForbidden for a file that no end of a job can be written into.

    A shop that can be read opens, and jobs would be tried in vain for as long as it runs.
    """
    if not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)):
        raise FileForbidden(forbidden_words(file))


def _terms(options: argparse.Namespace, shop: Shop, teller: _Teller) -> Terms:
    from pos_queue.premises import Terms

    queues = [name for text in options.queue for name in text.split(",") if name]
    for name in queues:
        shop.queue.desk.check_queue(name)
    return Terms(
        workers=options.workers or shop.configuration.get(settings.QUEUE_WORKERS),
        queues=queues,
        most_jobs=1 if options.once else options.max_jobs,
        most_seconds=options.max_time,
        when_empty=options.stop_when_empty or options.once,
        on_ended=teller.tell,
    )


def _run(runner: Works) -> None:
    """Run in a thread: the handlers of signals are called in this one, which only waits."""
    from pos_queue.owners.owner import OwnerError

    raised: list[BaseException] = []

    def run() -> None:
        try:
            runner.run()
        except BaseException as error:  # noqa: BLE001 - raised in the thread that waits
            raised.append(error)

    thread = threading.Thread(target=run, name="queue-runner", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(_LOOK_SECONDS)
    for error in raised:
        if isinstance(error, OwnerError):
            raise Unavailable(
                _(
                    "No worker can begin here ({why}); see that this login may write in the "
                    "shop's folder and that the disk has room."
                ).format(why=error)
            ) from error
        raise error


@contextmanager
def _ended_by_signals(runner: Works, grace: float) -> Iterator[None]:
    """Let the first signal end the work in good order, and the second at once."""

    def finish(_number: int, _frame: object) -> None:
        runner.finish(grace)
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, finish) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Teller:
    """Counts what has ended, and prints each on a line where that is wanted."""

    def __init__(self, *, as_json: bool) -> None:
        self.runner: Works | None = None
        self._as_json = as_json
        self._lock = threading.Lock()
        self._counts: dict[str, int] = {}

    def tell(self, job: EndedJob) -> None:
        """Hear of a job that has ended; where nobody reads any more, the work is over."""
        with self._lock:
            self._counts[job.state.value] = self._counts.get(job.state.value, 0) + 1
            if not self._as_json:
                return
            try:
                print_json(ended_json(job))
            except OSError:
                self._as_json = False
                assert self.runner is not None
                self.runner.finish(GRACE_SECONDS)

    def end_words(self) -> str:
        """Say why the work has ended, and what was done."""
        from pos_queue.engine.closing_time import Why

        assert self.runner is not None
        why = {
            Why.RESTART: _("a restart was asked for"),
            Why.MOST_JOBS: _("as many jobs as wanted"),
            Why.MOST_SECONDS: _("the time is over"),
            Why.EMPTY: _("no job waits for it"),
        }.get(self.runner.ended_for or Why.STOPPED, _("it was asked to"))
        wrong = self._counts.get("failed", 0) + self._counts.get("quarantined", 0)
        done = self._counts.get("done", 0)
        return _("The worker has ended ({why}): {done} done, {wrong} failed.").format(
            why=why, done=done, wrong=wrong
        )


def _say_paused(shop: Shop, terms: Terms) -> None:
    paused = shop.queue.views.counts().paused
    if names := [name for name in paused if not terms.queues or name in terms.queues]:
        complain(paused_words(names))


def _begin_words(terms: Terms, registry: Registry) -> str:
    """Say what is run, and how much of it at once.

    Some queues have threads of their own, and jobs of some run in child processes.
    """
    of_children, wanted = registry.queues_of_children(), frozenset(terms.queues)
    names = ngettext("queue {names}", "queues {names}", len(terms.queues))
    what = names.format(names=", ".join(terms.queues)) if terms.queues else _("all queues")
    has_threads = not wanted or not of_children >= wanted
    has_children = bool(of_children & wanted if wanted else of_children)
    count = terms.workers if has_threads else terms.children
    awaited = registry.awaited_queues() & wanted if wanted else registry.awaited_queues()
    if awaited and (not wanted or wanted - of_children - awaited):
        what += _(", besides as many that somebody waits for")
    if has_threads and has_children:
        what += _(", besides {count} in a process of its own").format(count=terms.children)
    return ngettext(
        "The worker runs one job at a time of {what}; Ctrl C ends it, a second one at once.",
        "The worker runs {count} jobs at a time of {what}; Ctrl C ends it, a second one at once.",
        count,
    ).format(count=count, what=what)
