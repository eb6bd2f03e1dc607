"""Imports that are halted, for tests."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

from pos_queue.errors import GiveUp
from pos_queue.job import RunsIn
from pos_queue.premises import Terms

from pos_desktop.domain.runs import RunState
from pos_desktop.services.imports.import_jobs import IMPORT_PRODUCTS
from pos_desktop.services.imports.import_writers import JobWriter
from pos_desktop.shop import Shop
from pos_desktop.storage import product_imports
from pos_desktop.storage.import_plan import Plan
from pos_desktop.storage.job_states import job_states
from tests.pos_desktop.services.imports.test_importing import sheet

ROWS = 200


class Interrupted(Exception):
    """The disk was full, or the like: it is tried again."""


def halt_an_import(shop: Shop, folder: Path, *, for_good: bool = False) -> int:
    """Let a job begin to import products; return its number while it waits for another attempt.

    Where it is halted for good, it has failed, and waits for a person.
    """
    rows = [[f"H{number:03}", f"Halted {number:03}", "5"] for number in range(ROWS)]
    file = sheet(folder / "halted.csv", *rows, header=["code", "name", "price"])
    number = shop.import_jobs.leave(file, actor=None)
    write = JobWriter._write_part

    def broken(writer: JobWriter, part: Plan) -> None:
        write(writer, part)
        raise GiveUp("it cannot go on") if for_good else Interrupted

    with mock.patch.object(JobWriter, "_write_part", broken):
        shop.queue.runner(Terms(when_empty=True), runs_in=RunsIn.THREAD).run()
    assert job_states(shop.database, [number]) == {number: "failed" if for_good else "scheduled"}
    return number


def pause_an_import(shop: Shop, folder: Path, *, rows: int) -> int:
    """Keep an import of so many rows as one whose job waits in a paused queue; return the job."""
    shop.queue.desk.pause("imports", actor=None)
    file = sheet(folder / "paused.csv", ["P1", "Paused", "5"], header=["code", "name", "price"])
    number = shop.import_jobs.leave(file, actor=None)
    counts = {"imported": 0, "updated": 0, "unchanged": rows, "rejected": 0}
    with shop.database.write():
        run = product_imports.begin(
            shop.database, shop.books, file_name=file.name, sheet="", staff_id=None
        )
        product_imports.set_counts(
            shop.database, run.id, at=1, state=RunState.RUNNING, rows=rows, **counts
        )
        cursor = shop.queue.codec.dump(shop.queue.registry[IMPORT_PRODUCTS], {"import": run.number})
        shop.database.insert("job_progress", [{"number": number, "cursor": cursor, "at": 1}])
    return number
