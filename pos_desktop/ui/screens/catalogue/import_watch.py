"""Watches the job of an import while somebody looks at it; the job needs no one to do so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.text import _, joined
from pos_desktop.services.importing import ImportResult
from pos_desktop.shop import Shop
from pos_desktop.ui.screens.office.office import Office

if TYPE_CHECKING:
    from pos_queue.views.shown import JobDetail

_LOOK_MS = 300

Look = tuple["JobDetail | None", ImportResult | None]


class ImportWatch(QObject):
    """Asks the lane how far a job is, as long as it is told to."""

    told = Signal(str)
    """How far it is, in a sentence."""
    ended = Signal(int, object)
    """The number of a job that is done, and its ImportResult."""
    failed = Signal(object)
    """Why it was not done."""

    def __init__(self, office: Office, parent: QObject) -> None:
        super().__init__(parent)
        self._office = office
        self.number: int | None = None
        """The job that is watched."""
        self._asked = False
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)

    def watch(self, number: int) -> None:
        """Watch this job from now on."""
        self.number = number
        self._timer.start()

    def leave(self) -> None:
        """Watch nothing any more."""
        self.number = None
        self._timer.stop()

    def _look(self) -> None:
        number, shop = self.number, self._office.shop
        if number is None or self._asked:
            return
        self._asked = True

        def seen(look: Look) -> None:
            self._asked = False
            if self.number == number:
                self._tell(number, *look)

        def failed(_error: Exception) -> None:
            self._asked = False

        self._office.ask(lambda: _seen(shop, number), seen, failed)

    def _tell(self, number: int, detail: JobDetail | None, result: ImportResult | None) -> None:
        if detail is not None and not detail.view.is_over:
            self.told.emit(_how_far(number, detail))
            return
        self.leave()
        if result is not None:
            self.ended.emit(number, result)
        else:
            words = detail.view.error if detail else ""
            self.failed.emit(Unavailable(words or _("The import was ended before it began.")))


def _seen(shop: Shop, number: int) -> Look:
    """Return how a job stands, and what it did once it is done."""
    detail = shop.queue.views.job(number)
    if detail is None or detail.view.state != "done":
        return detail, None
    result = ImportResult(import_id=detail.result["import"])
    result.set_counts(detail.result)
    result.errors = shop.import_jobs.first_errors(number)
    return detail, result


def _how_far(number: int, detail: JobDetail) -> str:
    progress = detail.view.progress
    done = _("Job {number} imports the file; selling goes on, and you are told in the end.")
    if progress is None:
        return done.format(number=number)
    rows = _("{rows} rows").format(rows=f"{progress.done:,}")
    return joined(" · ", (done.format(number=number), rows, progress.message))
