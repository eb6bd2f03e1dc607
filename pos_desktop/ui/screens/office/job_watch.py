"""Watches a job while somebody looks at it; the job needs no one to do so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.text import _
from pos_desktop.shop import Shop
from pos_desktop.ui.screens.office.office import Office

if TYPE_CHECKING:
    from pos_queue.views.shown import JobDetail

_LOOK_MS = 300

Read = Callable[["JobDetail"], Any]
"""Returns what came of a job that is done; called in the lane."""
Says = Callable[["JobDetail"], str]
"""Says in a sentence how far a job is."""


def of_whole(detail: JobDetail) -> str:
    """Say how much of the whole a job has done; nothing until it knows what the whole is."""
    progress = detail.view.progress
    if progress is None or not progress.total:
        return ""
    return _("{done:,} of {whole:,}").format(done=progress.done, whole=progress.total)


class JobWatch(QObject):
    """Asks the lane how far a job is, as long as it is told to."""

    told = Signal(str)
    """How far it is, in a sentence."""
    ended = Signal(int, object)
    """The number of a job that is done, and what was read of it."""
    failed = Signal(object)
    """Why it was not done."""

    def __init__(self, office: Office, parent: QObject, *, read: Read, says: Says) -> None:
        super().__init__(parent)
        self._office = office
        self._read = read
        self._says = says
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
        number, shop, read = self.number, self._office.shop, self._read
        if number is None or self._asked:
            return
        self._asked = True

        def seen(look: tuple[JobDetail | None, Any]) -> None:
            self._asked = False
            if self.number == number:
                self._tell(number, *look)

        def failed(_error: Exception) -> None:
            self._asked = False

        self._office.ask(lambda: _seen(shop, number, read), seen, failed)

    def _tell(self, number: int, detail: JobDetail | None, found: Any) -> None:
        if detail is not None and not detail.view.is_over:
            self.told.emit(self._says(detail))
            return
        self.leave()
        if detail is not None and detail.view.state == "done":
            self.ended.emit(number, found)
        else:
            words = detail.view.error if detail else ""
            self.failed.emit(Unavailable(words or _("The job was ended before it began.")))


def _seen(shop: Shop, number: int, read: Read) -> tuple[JobDetail | None, Any]:
    """Return how a job stands, and what came of it once it is done."""
    detail = shop.queue.views.job(number)
    is_done = detail is not None and detail.view.state == "done"
    return detail, read(detail) if detail is not None and is_done else None
