"""What an earlier import has rejected, looked at again: as its job has kept it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from pos_desktop.documents.product_rows import RowError
from pos_desktop.domain.text import _
from pos_desktop.storage.product_imports import ImportRun
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.screens.catalogue import import_words as words
from pos_desktop.ui.screens.office.office import Office

if TYPE_CHECKING:
    from pos_desktop.ui.screens.catalogue.import_page import ImportPage


@dataclass(frozen=True, slots=True)
class PastErrors:
    """An import with the job that did it, and the first cells that it rejected."""

    whose: ImportRun
    job: int
    errors: Sequence[RowError]


class PastErrorsView:
    """Shows on a page what an import of its list has rejected."""

    def __init__(self, office: Office, page: ImportPage) -> None:
        self._office = office
        self._page = page
        self.looked: PastErrors | None = None
        """What is looked at."""

    def look_act(self, run: ImportRun, job: int) -> Act:
        """Return what shows the rejected cells of an import."""
        return Act(
            key=Qt.Key.Key_Return,
            title=_("See the errors"),
            help=_("Show which rows were rejected, and why"),
            do=lambda: self._look(run, job),
        )

    def _look(self, run: ImportRun, job: int) -> None:
        jobs = self._office.shop.import_jobs

        def show(errors: list[RowError]) -> None:
            self.looked = PastErrors(run, job, errors)
            self._page.say(None)
            self._page.outcome.list.choose_first()
            self._page.show_instead(self._page.outcome)
            self.tell()

        self._page.ask(lambda: jobs.first_errors(job), show)

    def tell(self) -> None:
        """Show what is looked at."""
        if self.looked is not None:
            run, errors = self.looked.whose, self.looked.errors
            self._page.show_outcome(words.past_words(run, len(errors)), words.error_rows(errors))

    def leave(self) -> bool:
        """Look at nothing any more; tell whether something was looked at."""
        was_looked, self.looked = self.looked is not None, None
        return was_looked
