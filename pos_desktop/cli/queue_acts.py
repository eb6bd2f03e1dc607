"""posctl queue retry, forget, flush, prune, clear, cancel, pause, resume, restart."""

from __future__ import annotations

import argparse
from typing import Any

from pos_queue.control.control import Cancelling, Retried

from pos_desktop.cli import numbers
from pos_desktop.cli.opened import opened
from pos_desktop.cli.output import WrongUsage, complain, print_json
from pos_desktop.cli.queue_advice import advised, refusal
from pos_desktop.cli.queue_json import batch_json
from pos_desktop.cli.queue_monitor import no_worker
from pos_desktop.domain.text import _, ngettext
from pos_desktop.shop import Shop

ALL = "all"


def add_to(acts: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of these acts."""
    retry = acts.add_parser(
        "retry",
        parents=[common],
        help=_("try failed jobs again"),
        description=_(
            "Let a job wait again under its number, from where it had come to; all failed ones, or "
            "those of a queue or a batch."
        ),
    )
    retry.add_argument("what", nargs="?", metavar="ID|all")
    retry.add_argument("--queue", metavar="Q", help=_("what failed in this queue"))
    retry.add_argument(
        "--batch", metavar="ID", type=numbers.count, help=_("what failed of this batch")
    )
    retry.add_argument("--from-start", action="store_true", help=_("with ID: begin it anew"))
    retry.set_defaults(run=_retry)
    _add_numbered(acts, common)
    _add_named(acts, common)
    flush = acts.add_parser("flush", parents=[common], help=_("forget all failed jobs"))
    flush.add_argument(
        "--hours", metavar="H", type=numbers.hours, help=_("those that failed so many hours ago")
    )
    flush.set_defaults(run=_flush)
    prune = acts.add_parser(
        "prune",
        parents=[common],
        help=_("remove old jobs from the history; failed ones stay"),
    )
    prune.add_argument("--days", metavar="D", type=numbers.days, help=_("else queue.keep_days"))
    prune.set_defaults(run=_prune)
    restart = acts.add_parser(
        "restart",
        parents=[common],
        help=_("let all workers end their jobs and begin anew"),
        description=_(
            "Each worker ends the jobs that it runs, and then itself; the till begins its own "
            "anew, and a supervisor those of posctl queue work."
        ),
    )
    restart.set_defaults(run=_restart)


def _add_numbered(acts: Any, common: argparse.ArgumentParser) -> None:
    forget = acts.add_parser("forget", parents=[common], help=_("nobody needs a failed job"))
    forget.set_defaults(run=_forget)
    forget.add_argument("id", type=numbers.count, metavar="ID")
    cancel = acts.add_parser(
        "cancel",
        parents=[common],
        help=_("do not run a job or what is left of a batch, or end it"),
        description=_(
            "Cancel a job, or all that is left of a batch: what waits does not run, and what runs "
            "is asked to end."
        ),
    )
    cancel.add_argument("id", nargs="?", type=numbers.count, metavar="ID")
    cancel.add_argument(
        "--batch", metavar="N", type=numbers.count, help=_("what is left of this batch")
    )
    cancel.set_defaults(run=_cancel)


def _add_named(acts: Any, common: argparse.ArgumentParser) -> None:
    clear = acts.add_parser("clear", parents=[common], help=_("cancel what waits in a queue"))
    clear.add_argument("queues", nargs="*", metavar="QUEUE")
    clear.add_argument("--all", action="store_true", help=_("in every queue"))
    clear.set_defaults(run=_clear)
    pause = acts.add_parser("pause", parents=[common], help=_("begin no job of a queue"))
    pause.set_defaults(run=_pause)
    resume = acts.add_parser("resume", parents=[common], help=_("go on after a pause"))
    resume.set_defaults(run=_resume)
    for act in (pause, resume):
        act.add_argument("queues", nargs="*", metavar="QUEUE", help=_("all where none is named"))


def _retry(options: argparse.Namespace) -> int:
    number = _wanted_number(options)
    with opened(options) as shop, advised():
        desk = shop.queue.desk
        if number is not None:
            desk.retry(number, from_start=options.from_start, actor=None)
            retried = Retried((number,), ())
        else:
            retried = desk.retry_failed(queue=options.queue, batch=options.batch, actor=None)
        has_workers = bool(shop.queue.workers())
    return _tell_retried(retried, has_workers, as_json=options.json)


def _wanted_number(options: argparse.Namespace) -> int | None:
    """Return the number that was typed, None for many jobs; raise WrongUsage for both or none."""
    what, narrowed = options.what, options.queue is not None or options.batch is not None
    if what is None and not narrowed:
        raise WrongUsage(_("Say which: a job's number, all, --queue or --batch."))
    if what in (None, ALL):
        if options.from_start:
            raise WrongUsage(_("--from-start goes with the number of one job."))
        return None
    if narrowed:
        raise WrongUsage(_("Give either the number of one job, or --queue or --batch."))
    try:
        return numbers.count(what)
    except argparse.ArgumentTypeError as error:
        raise WrongUsage(
            _("Give the number of one job, or all, or --queue or --batch; not {what}.").format(
                what=what
            )
        ) from error


def _tell_retried(retried: Retried, has_workers: bool, *, as_json: bool) -> int:  # noqa: FBT001
    reasons = [(error.number, refusal(error)) for error in retried.refused]
    if as_json:
        refused = [{"id": number, "reason": reason} for number, reason in reasons]
        print_json({"retried": list(retried.numbers), "refused": refused})
    elif retried.numbers:
        count = len(retried.numbers)
        print(ngettext("{count} job waits again.", "{count} jobs wait again.", count).format(
            count=count
        ))  # fmt: skip
        if not has_workers:
            print(no_worker())
    elif not reasons:
        print(_("No job has failed; there is nothing to try again."))
    for _number, reason in reasons:
        complain(reason)
    return 1 if reasons else 0


def _forget(options: argparse.Namespace) -> int:
    with opened(options) as shop, advised():
        shop.queue.desk.forget(options.id, actor=None)
    _tell(options, {"forgotten": 1}, _("Job {id} is forgotten.").format(id=options.id))
    return 0


def _cancel(options: argparse.Namespace) -> int:
    if (options.id is None) == (options.batch is None):
        raise WrongUsage(_("Say which: a job's number, or --batch and that of a batch."))
    return _cancel_job(options) if options.batch is None else _cancel_batch(options)


def _cancel_batch(options: argparse.Namespace) -> int:
    with opened(options) as shop, advised():
        batch = shop.queue.desk.cancel_batch(options.batch, actor=None)
    sentence = ngettext(
        "Batch {id} is cancelled; {count} of its jobs still runs and was asked to end.",
        "Batch {id} is cancelled; {count} of its jobs still run and were asked to end.",
        batch.running,
    )
    if not batch.running:
        sentence = _("Batch {id} is cancelled; nothing of it runs.")
    _tell(options, batch_json(batch), sentence.format(id=batch.number, count=batch.running))
    return 0


def _cancel_job(options: argparse.Namespace) -> int:
    with opened(options) as shop, advised():
        became = shop.queue.desk.cancel(options.id, actor=None)
    sentence = {
        Cancelling.CANCELLED: _("Job {id} is cancelled."),
        Cancelling.ASKED: _(
            "Job {id} runs; it was asked to end, and does so at its next step. posctl queue show "
            "{id} tells when."
        ),
    }[became].format(id=options.id)
    _tell(options, {"id": options.id, "state": became.value}, sentence)
    return 0


def _flush(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        count = shop.queue.desk.flush(options.hours, actor=None)
    sentence = ngettext("{count} job is forgotten.", "{count} jobs are forgotten.", count)
    _tell(options, {"forgotten": count}, sentence.format(count=count))
    return 0


def _prune(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        count = shop.queue.desk.prune(options.days, actor=None)
    sentence = ngettext(
        "{count} job is removed from the history.",
        "{count} jobs are removed from the history.",
        count,
    )
    _tell(options, {"removed": count}, sentence.format(count=count))
    return 0


def _clear(options: argparse.Namespace) -> int:
    if bool(options.queues) == options.all:
        raise WrongUsage(_("Say which queue to clear, or --all for every one."))
    with opened(options) as shop:
        names = _queues(options, shop)
        count = sum(shop.queue.desk.clear(name, actor=None) for name in names)
    sentence = ngettext("{count} job is cancelled.", "{count} jobs are cancelled.", count)
    _tell(options, {"cancelled": count, "queues": names}, sentence.format(count=count))
    return 0


def _pause(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        names = _queues(options, shop)
        for name in names:
            shop.queue.desk.pause(name, actor=None)
    text = _(
        "Paused: {names}. What runs goes on, nothing new begins; to end the pause: posctl queue "
        "resume {words}"
    )
    sentence = text.format(names=", ".join(names), words=" ".join(names))
    _tell(options, {"paused": names}, sentence)
    return 0


def _resume(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        names = _queues(options, shop)
        for name in names:
            shop.queue.desk.resume(name, actor=None)
        has_workers = bool(shop.queue.workers())
    sentence = _("Jobs begin again: {names}.").format(names=", ".join(names))
    _tell(options, {"resumed": names}, sentence if has_workers else f"{sentence} {no_worker()}")
    return 0


def _queues(options: argparse.Namespace, shop: Shop) -> list[str]:
    """Return the queues that were named, all where none was; raise Refused for a wrong name."""
    for name in options.queues:
        shop.queue.desk.check_queue(name)
    return options.queues or shop.queue.desk.queues()


def _restart(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        shop.queue.desk.restart(actor=None)
        count = len(shop.queue.workers())
    sentence = ngettext(
        "{count} worker was asked to end its jobs and begin anew.",
        "{count} workers were asked to end their jobs and begin anew.",
        count,
    )
    _tell(options, {"workers": count}, sentence.format(count=count) if count else no_worker())
    return 0


def _tell(options: argparse.Namespace, document: dict[str, Any], sentence: str) -> None:
    if options.json:
        print_json(document)
    else:
        print(sentence)
