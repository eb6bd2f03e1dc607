"""posctl printers jobs, again, done: prints that are not over, and what a person decides."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from pos_hardware.faults import Fault
from pos_hardware.print_jobs import JobState

from pos_desktop.cli.output import print_json, print_table, written_minute
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.ids import Id
from pos_desktop.domain.text import _
from pos_desktop.services.printing.unsettled_prints import Advice, advice, name_of, outcome_sentence
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage.moments import from_stored
from pos_desktop.storage.print_jobs import StoredPrint

_PRINT_SECONDS = 30.0

SHORT_ID = 6
"""So many signs at the end of an id are enough to name it."""


def add_to(acts: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of these acts."""
    jobs = acts.add_parser(
        "jobs", parents=[common], help=_("what waits, what failed, what may be on paper or not")
    )
    jobs.set_defaults(run=_list)
    again = acts.add_parser("again", parents=[common], help=_("print one of them again"))
    again.set_defaults(run=_again)
    done = acts.add_parser("done", parents=[common], help=_("it is on paper, or not wanted"))
    done.set_defaults(run=_settle)
    for act in (again, done):
        act.add_argument("id", help=_("its id, or the end of it, as printers jobs lists it"))


def _list(options: argparse.Namespace) -> int:
    shop = open_shop(options.data)
    prints = shop.unsettled_prints
    jobs = [(job, advice(job, prints.device(job))) for job in prints.all()]
    zone = shop.configuration.zone
    shop.close()
    if options.json:
        print_json({"jobs": [_described(job, known) for job, known in jobs]})
        return 0
    if not jobs:
        print(_("Nothing waits and nothing failed."))
        return 0
    titles = (_("Id"), _("Paper"), _("Printer"), _("Since"), _("State"), _("Why, and what to do"))
    rows = []
    for job, known in jobs:
        since = written_minute(from_stored(job.created_at), zone)
        why = " ".join(part for part in (known.why, known.what_to_do) if part)
        short = job.id[-SHORT_ID:]
        rows.append([short, name_of(job), job.device, since, state_words(job.state), why])
    print_table(titles, rows, set())
    return 0


def _described(job: StoredPrint, known: Advice) -> dict[str, Any]:
    return {
        "id": job.id,
        "paper": name_of(job),
        "kind": job.kind,
        "printer": job.device,
        "state": job.state.value,
        "fault": job.fault.value if job.fault else None,
        "when": from_stored(job.created_at).isoformat(),
        "attempts": job.attempts,
        "copy": job.copy,
        "why": known.why,
        "what_to_do": known.what_to_do,
    }


def state_words(state: JobState) -> str:
    """Return the word for the state of a print."""
    return {
        JobState.QUEUED: _("waits"),
        JobState.SENDING: _("is printed"),
        JobState.UNKNOWN: _("unknown"),
        JobState.FAILED: _("failed"),
    }.get(state, _("done"))


def _again(options: argparse.Namespace) -> int:
    shop = open_shop(options.data)
    try:
        return _print_again(shop, options)
    finally:
        shop.close()


def _print_again(shop: Shop, options: argparse.Namespace) -> int:
    job = shop.unsettled_prints.find(options.id)
    shop.unsettled_prints.again(job.id, actor=None)
    return see_through(shop, job.id, as_json=options.json)


def _settle(options: argparse.Namespace) -> int:
    shop = open_shop(options.data)
    try:
        found = shop.unsettled_prints.find(options.id)
        job = shop.unsettled_prints.settle(found.id, actor=None)
    finally:
        shop.close()
    if options.json:
        print_json({"job": job.id, "state": job.state.value, "fault": None})
    else:
        print(_("{paper} is taken off the list.").format(paper=name_of(job)))
    return 0


def see_through(shop: Shop, job_id: Id, *, as_json: bool) -> int:
    """Print a job, here or by the till that holds the device, and say what became of it.

    Raises Unavailable with what to do next unless it came out, as far as the device tells.
    """
    if not as_json:
        print(_("Asking the device; this may take half a minute."), file=sys.stderr, flush=True)
    shop.print_room.start()
    job = shop.print_room.wait_for(job_id, _PRINT_SECONDS)
    shop.print_room.stop()
    sentence = outcome_sentence(job, shop.unsettled_prints.device(job))
    if as_json:
        fault = job.fault.value if job.fault else ""
        print_json({"job": job.id, "state": job.state.value, "fault": fault, "sentence": sentence})
    if job.state is JobState.PRINTED or (
        job.state is JobState.SENT and job.fault in (None, Fault.SILENT)
    ):
        if not as_json:
            print(sentence)
        return 0
    raise Unavailable(sentence)
