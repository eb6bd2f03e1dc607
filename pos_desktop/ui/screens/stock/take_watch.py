"""The watch over the job that ends a stock take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from pos_desktop.domain.text import _, joined
from pos_desktop.ui.screens.office.job_watch import JobWatch, of_whole
from pos_desktop.ui.screens.office.office import Office

if TYPE_CHECKING:
    from pos_queue.views.shown import JobDetail


def take_watch(office: Office, parent: QObject) -> JobWatch:
    """Return a watch that reads what a job of stock takes has done."""
    return JobWatch(office, parent, read=lambda detail: detail.result, says=_says)


def left_words(number: int) -> str:
    """Say that a stock take was left to the job of a number."""
    text = _("Job {number} ends the stock take; selling goes on, and you are told in the end.")
    return text.format(number=number)


def _says(detail: JobDetail) -> str:
    return joined(" · ", (left_words(detail.view.number), of_whole(detail)))
