"""Sheets of many labels that a job draws: left to the queue, and drawn there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pos_queue.context import JobContext

from pos_desktop.documents.written_aside import check_place
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.ids import Id
from pos_desktop.domain.label import LABEL_SHEETS, LabelWish
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import ngettext
from pos_desktop.services.background.as_job import as_job
from pos_desktop.services.background.enqueueing import Enqueues, JobName
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.products.label_printing import LabelPrinting
from pos_desktop.storage.database import ShopDatabase

DRAW_LABELS = JobName("draw_labels")
"""Draws labels on sheets, as a PDF."""
MOST_AT_ONCE = 200
"""So many labels are drawn while somebody waits: a third of a second; more are left to a job."""


class LabelJobs:
    """Leaves sheets of labels to the queue, and draws them there."""

    def __init__(self, labels: LabelPrinting, queue: Enqueues, database: ShopDatabase) -> None:
        self._labels = labels
        self._queue = queue
        self._database = database

    def leave(
        self,
        wishes: Sequence[LabelWish],
        path: Path,
        *,
        sheet: str,
        first: int,
        actor: Person | None,
    ) -> int:
        """Leave labels to a job; return its number. Raises what `write_sheets` does, but later.

        What can be known before is: how many they are, the sheet, and whether the place takes them.
        """
        actor_id = hand_of(actor, Permission.STOCK).actor_id
        self._labels.check(wishes, sheet=sheet, first=first, actor=actor)
        check_place(path)
        payload = {
            "labels": [[wish.product_id, wish.copies] for wish in wishes],
            "path": str(path.absolute()),
            "sheet": sheet,
            "first": first,
        }
        with self._database.write():
            return self._queue.enqueue(DRAW_LABELS, payload, started_by=actor_id)

    def run(
        self, context: JobContext, labels: list[list[Any]], path: str, sheet: str, first: int
    ) -> dict[str, Any]:
        """Draw labels in a job; how many sheets, and where they are, is its result.

        What an attempt before has begun is drawn anew: half a file never has its name.
        """
        wishes = [LabelWish(product_id=Id(one), copies=copies) for one, copies in labels]
        count = sum(wish.copies for wish in wishes)
        whole = -(-(count + first - 1) // LABEL_SHEETS[sheet].labels)

        def progress(pages: int) -> None:
            context.went(pages, whole)

        with as_job(gives_up=(Refused, Unavailable)):
            pages = self._labels.write_sheets(
                wishes, Path(path), sheet=sheet, first=first, actor=None, progress=progress
            )
        return {"pages": pages, "path": path}


def drawn_sentence(kept: dict[str, Any]) -> str:
    """Say what a job has drawn, from its result."""
    return ngettext(
        "{count:,} sheet of labels is in {path}",
        "{count:,} sheets of labels are in {path}",
        kept["pages"],
    ).format(count=kept["pages"], path=kept["path"])
