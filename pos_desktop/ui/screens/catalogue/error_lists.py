"""Lists of what imports have rejected, as workbooks: where one is kept is asked, and it is written.

Of an import that is looked at the list is written anew, by trying its file again, unless a job has
kept what it rejected; of an earlier one there is only what its job has kept.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from pos_desktop.domain.text import _
from pos_desktop.storage.product_imports import ImportRun
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.question import Question
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.screens.catalogue.import_file import ImportFile
from pos_desktop.ui.screens.catalogue.import_views import ErrorsForm
from pos_desktop.ui.screens.office.office import Office

if TYPE_CHECKING:
    from pos_desktop.ui.screens.catalogue.import_page import ImportPage
_MOST_OF_A_NAME = 100


def free_path(path: Path) -> Path:
    """Return a path where nothing lies yet: this one, or with a number in its name.

    What was listed before may be the very file that somebody is mending.
    """
    numbered = (path.with_stem(f"{path.stem} ({n})") for n in range(2, _MOST_OF_A_NAME))
    return next((one for one in (path, *numbered) if not one.exists()), path)


class ErrorLists:
    """Asks on a page where a list is to be kept, and lets it be written."""

    def __init__(self, office: Office, page: ImportPage) -> None:
        self._office = office
        self._page = page

    def act(self, do: Callable[[], None]) -> Act:
        """Return what asks where a list is to be kept, by this."""
        return Act(
            key=Qt.Key.Key_F6,
            title=_("List of errors"),
            help=_("Write all that was rejected into a workbook, beside the file or elsewhere"),
            do=do,
        )

    def act_of_run(self, run: ImportRun, job: int) -> Act:
        """Return what asks where the list of an earlier import is to be kept."""
        return self.act(lambda: self.ask_of_run(run, job))

    def ask_of_outcome(self) -> None:
        """Ask where the list of the import that is looked at is to be kept."""
        file, result, job = self._page.columns.file, self._page.result, self._page.job
        if file is None or result is None:
            return
        if job is not None:
            number = result.import_id
            self._ask(file.path, lambda path: self._copy(job, path, number))
        elif file.is_long:
            self._ask(file.path, lambda path: self._leave(file, path))
        else:
            self._ask(file.path, self._page.list_errors)

    def ask_of_run(self, run: ImportRun, job: int) -> None:
        """Ask where the list of an earlier import is to be kept."""
        folder = self._page.files.folder
        source = (folder.path if folder else Path.home()) / run.file_name
        self._ask(source, lambda path: self._copy(job, path, run.number))

    def _ask(self, source: Path, write: Callable[[Path], None]) -> None:
        self._page.say(None)
        form = ErrorsForm(free_path(source.with_name(f"{source.stem}-errors.xlsx")))
        question = Question()

        def typed() -> None:
            path = self._page.typed(form.read)
            if path is None:
                return
            if path.exists() and not question.confirmed(path):
                text = _("{file} is there already: press again to write over it, or type another.")
                self._page.say(Notice(text.format(file=path.name), Tone.WARNING))
                return
            write(path)

        title = _("List of what was rejected, as a workbook")
        self._page.open_form(form, title, typed, save=_("Write it"))

    def _copy(self, job: int, path: Path, number: int | None) -> None:
        """Write what a job has kept."""
        jobs = self._office.shop.import_jobs
        self._page.submit_long(
            lambda: jobs.write_list(job, path, number), lambda _done: self._page.listed(path)
        )

    def _leave(self, file: ImportFile, listed: Path) -> None:
        """Leave the list of a long file to a job."""
        jobs, actor = self._office.shop.import_jobs, self._office.actor

        def left(number: int) -> None:
            self._page.close_form()
            text = _("Job {number} lists all errors; you are told when they are in {path}.")
            self._page.say(text.format(number=number, path=listed))

        self._page.say(_("The file is being copied …"))
        self._page.submit_long(
            lambda: jobs.leave_list(
                file.path, listed, sheet=file.sheet, mapping=file.mapping(), actor=actor
            ),
            left,
        )
