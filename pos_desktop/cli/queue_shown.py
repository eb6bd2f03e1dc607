"""posctl queue jobs, failed, show, batches: jobs with their causes, and what to do next."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pos_queue.errors import NotPossible, WhyNot
from pos_queue.views.masking import printable
from pos_queue.views.shown import BatchView, JobDetail, JobView

from pos_desktop.cli.numbers import count
from pos_desktop.cli.opened import opened
from pos_desktop.cli.output import complain, print_json, print_table
from pos_desktop.cli.queue_advice import advice, refusal
from pos_desktop.cli.queue_json import batch_json, detail_json, failed_json, unfinished_json
from pos_desktop.cli.queue_monitor import left_behind
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.services.background.queue_words import cause, job_title, outcome_words, state_words

if TYPE_CHECKING:
    from pos_queue.views.views import Views

MOST_LISTED = 100


def add_to(acts: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of these acts."""
    jobs = acts.add_parser("jobs", parents=[common], help=_("the jobs that run or wait"))
    jobs.set_defaults(run=_jobs)
    failed = acts.add_parser("failed", parents=[common], help=_("the jobs that have failed"))
    for act in (jobs, failed):
        act.add_argument("--queue", metavar="Q", help=_("those of this queue alone"))
    failed.set_defaults(run=_failed)
    show = acts.add_parser("show", parents=[common], help=_("one job with all its attempts"))
    show.add_argument("id", type=count, metavar="ID")
    show.set_defaults(run=_show)
    batches = acts.add_parser("batches", parents=[common], help=_("jobs that belong together"))
    batches.set_defaults(run=_batches)
    for act in (jobs, failed, batches):
        act.add_argument(
            "--limit",
            metavar="N",
            type=count,
            default=MOST_LISTED,
            help=_("no more than so many; 100 where not given"),
        )


def _jobs(options: argparse.Namespace) -> int:
    return _list(
        options,
        _Listing(
            read=lambda views, wanted: views.unfinished(**wanted),
            as_json=unfinished_json,
            titles=(_("Id"), _("Job"), _("Queue"), _("State"), _("Came in"), _("Progress")),
            row=_unfinished_row,
            figures={0},
            none=_("No job runs or waits."),
            acts=_("posctl queue show ID tells all of one; posctl queue cancel ID ends it."),
        ),
    )


def _failed(options: argparse.Namespace) -> int:
    return _list(
        options,
        _Listing(
            read=lambda views, wanted: views.failed(**wanted),
            as_json=failed_json,
            titles=(_("Id"), _("Job"), _("Queue"), _("Tries"), _("Failed at"), _("Why")),
            row=_failed_row,
            figures={0, 3},
            none=_("No job has failed."),
            acts=_(
                "posctl queue show ID tells all of one and what to do; posctl queue retry ID or "
                "all tries again."
            ),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listing:
    """What is listed, and how."""

    read: Callable[[Views, dict[str, Any]], list[JobView]]
    as_json: Callable[[JobView], dict[str, Any]]
    titles: Sequence[str]
    row: Callable[[JobView, ZoneInfo], list[str]]
    figures: set[int]
    """The columns of numbers."""
    none: str
    acts: str
    """What can be done about one of them."""


def _list(options: argparse.Namespace, listing: _Listing) -> int:
    with opened(options) as shop:
        if options.queue is not None:
            shop.queue.desk.check_queue(options.queue)
        wanted = {"queue": options.queue, "most": options.limit + 1}
        found = listing.read(shop.queue.views, wanted)
        zone = shop.configuration.zone
    jobs = found[: options.limit]
    if options.json:
        print_json({"jobs": [listing.as_json(job) for job in jobs]})
    elif not jobs:
        print(listing.none)
    else:
        print_table(listing.titles, [listing.row(job, zone) for job in jobs], listing.figures)
        print(listing.acts)
    if len(found) > len(jobs):
        sentence = _("There are more than these {count}: see them with --limit.")
        complain(sentence.format(count=options.limit))
    return 0


def _unfinished_row(job: JobView, zone: ZoneInfo) -> list[str]:
    far = job.progress
    return [
        str(job.number),
        printable(job_title(job)),
        printable(job.queue),
        state_words(job.state),
        _shown(job.created_at, zone),
        "" if far is None else f"{far.done}/{far.total}" if far.total else str(far.done),
    ]


def _failed_row(job: JobView, zone: ZoneInfo) -> list[str]:
    first = printable(job.error).partition("\n")[0]
    return [
        str(job.number),
        printable(job_title(job)),
        printable(job.queue),
        str(job.attempts),
        _shown(job.finished_at, zone),
        first,
    ]


def _show(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        detail = shop.queue.views.job(options.id)
        zone = shop.configuration.zone
        has_workers = bool(shop.queue.workers())
    if detail is None:
        raise Refused(refusal(NotPossible(options.id, WhyNot.UNKNOWN)))
    if options.json:
        print_json(detail_json(detail))
    else:
        for line in _told(detail, zone, traced=options.verbose):
            print(printable(line))
        if detail.view.state == "running" and not has_workers:
            print(left_behind())
    return 0


def _told(detail: JobDetail, zone: ZoneInfo, *, traced: bool) -> Iterator[str]:
    job = detail.view
    yield _("Job {number}: {title} ({job}), queue {queue}: {state}").format(
        number=job.number,
        title=job_title(job),
        job=job.job,
        queue=job.queue,
        state=state_words(job.state),
    )
    yield from _moments(job, zone)
    if job.batch is not None:
        yield _("It belongs to batch {number}.").format(number=job.batch)
    if job.cancel_asked:
        yield _("It was asked to end.")
    if job.progress is not None:
        text = _("Progress: {done} of {total}") if job.progress.total else _("Progress: {done}")
        sentence = text.format(done=job.progress.done, total=job.progress.total)
        yield ", ".join(filter(None, (sentence, job.progress.message)))
    yield from _listed(_("Data"), job.payload.value)
    if job.payload.trouble is not None:
        yield _("It cannot be read: {reason}").format(reason=_(job.payload.reason))
    if job.payload.then:
        yield _("Then: {jobs}").format(jobs=", ".join(job.payload.then))
    if detail.result is not None:
        yield from _listed(_("Result"), detail.result)
    yield from _attempts(detail, zone, traced=traced)
    yield from filter(None, (cause(job), advice(job)))


def _moments(job: JobView, zone: ZoneInfo) -> Iterator[str]:
    words = {
        _("Came in"): job.created_at,
        _("Can run from"): job.run_at if job.state == "scheduled" else None,
        _("Ended"): job.finished_at,
    }
    yield ", ".join(f"{word} {_shown(moment, zone)}" for word, moment in words.items() if moment)


def _attempts(detail: JobDetail, zone: ZoneInfo, *, traced: bool) -> Iterator[str]:
    for one in detail.tried:
        sentence = _("Attempt {number}, {moment}: {outcome}").format(
            number=one.attempt,
            moment=_shown(one.started_at, zone),
            outcome=outcome_words(one.outcome),
        )
        yield f"{sentence}: {one.error}" if one.error else sentence
        if traced:
            yield from (f"    {line}" for line in one.traceback.splitlines())
    if not traced and any(one.traceback for one in detail.tried):
        yield _("--verbose tells where in the program it failed, for support.")


def _listed(title: str, value: Any) -> Iterator[str]:
    """Yield a line for each entry of a dictionary, or one for all."""
    if isinstance(value, dict) and value:
        yield f"{title}:"
        yield from (f"    {key}: {_plain(inner)}" for key, inner in value.items())
    else:
        yield f"{title}: {_plain(value)}"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _batches(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        batches = shop.queue.views.batches(most=options.limit)
        zone = shop.configuration.zone
    if options.json:
        print_json({"batches": [batch_json(batch) for batch in batches]})
    elif not batches:
        print(_("There is no batch."))
    else:
        titles = (_("Id"), _("Batch"), _("Begun"), "%", _("Jobs"), _("Failed"), _("Let go"))
        print_table(titles, [_batch_row(batch, zone) for batch in batches], {0, 3, 4, 5, 6})
        if any(batch.failed for batch in batches):
            print(_("To try what failed of one again: posctl queue retry --batch ID"))
    return 0


def _batch_row(batch: BatchView, zone: ZoneInfo) -> list[str]:
    figures = (batch.percent, batch.total, batch.failed, batch.let_go)
    began = _shown(batch.created_at, zone)
    return [str(batch.number), printable(batch.name), began, *map(str, figures)]


def _shown(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}" if moment else "-"
