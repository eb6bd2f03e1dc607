"""What is read of the job of an import while somebody looks at it, and what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from pos_desktop.domain.text import _, joined
from pos_desktop.services.imports.importing import ImportResult
from pos_desktop.shop import Shop
from pos_desktop.ui.screens.office.job_watch import JobWatch, of_whole
from pos_desktop.ui.screens.office.office import Office

if TYPE_CHECKING:
    from pos_queue.views.shown import JobDetail


def import_watch(office: Office, parent: QObject) -> JobWatch:
    """Return what watches imports; what it reads of one that is done is its ImportResult."""
    shop = office.shop
    return JobWatch(office, parent, read=lambda detail: _result(shop, detail), says=_how_far)


def _result(shop: Shop, detail: JobDetail) -> ImportResult:
    result = ImportResult(import_id=detail.result["import"])
    result.set_counts(detail.result)
    result.errors = shop.import_jobs.first_errors(detail.view.number)
    return result


def _how_far(detail: JobDetail) -> str:
    progress = detail.view.progress
    done = _("Job {number} imports the file; selling goes on, and you are told in the end.")
    sentence = done.format(number=detail.view.number)
    if progress is None:
        return sentence
    rows = _("{rows:,} rows").format(rows=progress.done)
    return joined(" · ", (sentence, rows, progress.message))


def undo_watch(office: Office, parent: QObject) -> JobWatch:
    """Return what watches imports being taken back; it reads the result of the job."""
    return JobWatch(office, parent, read=lambda detail: detail.result, says=_how_far_back)


def _how_far_back(detail: JobDetail) -> str:
    sentence = _("Job {number} takes the import back; selling goes on, and you are told.").format(
        number=detail.view.number
    )
    return joined(" · ", (sentence, of_whole(detail)))
