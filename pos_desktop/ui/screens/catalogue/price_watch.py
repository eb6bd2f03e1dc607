"""What is said of a job that changes many prices, or brings them back, while somebody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from pos_desktop.domain.text import _, joined
from pos_desktop.ui.screens.office.job_watch import JobWatch, of_whole
from pos_desktop.ui.screens.office.office import Office

if TYPE_CHECKING:
    from pos_queue.views.shown import JobDetail


def price_watch(office: Office, parent: QObject) -> JobWatch:
    """Return what watches changes of many prices; it reads the result of the job."""
    return JobWatch(office, parent, read=lambda detail: detail.result, says=_how_far)


def _how_far(detail: JobDetail) -> str:
    sentence = _(
        "Job {number} changes the prices; selling goes on, and you are told in the end."
    ).format(number=detail.view.number)
    return joined(" · ", (sentence, of_whole(detail)))
