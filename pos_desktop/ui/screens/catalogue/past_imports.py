"""The imports done, as a page lists them: whether one goes on, and taking one back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from pos_desktop.domain.text import _, joined
from pos_desktop.services.background.pacing import MOST_AT_ONCE
from pos_desktop.services.imports.import_course import ListedImport
from pos_desktop.services.imports.import_undoing import undone_of
from pos_desktop.services.imports.import_words import undone_words
from pos_desktop.storage.import_undo import Undone
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.question import Question
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.screens.catalogue import import_words as words
from pos_desktop.ui.screens.catalogue.import_watch import undo_watch
from pos_desktop.ui.screens.office.office import Office

if TYPE_CHECKING:
    from pos_desktop.ui.screens.catalogue.import_page import ImportPage

_Found = tuple[Sequence[ListedImport], Mapping[int, int]]
"""Imports, and the jobs that have kept what they rejected, by the numbers of their imports."""


class PastImports:
    """Lists on a page the imports done, and takes one back."""

    def __init__(self, office: Office, page: ImportPage) -> None:
        self._office = office
        self._page = page
        self._imports: Sequence[ListedImport] = ()
        self._lists: Mapping[int, int] = {}
        """The jobs that have kept what they rejected, by the numbers of their imports."""
        self._question = Question()
        """Whether an import is to be taken back, by its number."""
        self.watch = undo_watch(office, page)
        self.watch.told.connect(self._undo_told)
        self.watch.ended.connect(self._undo_ended)
        self.watch.failed.connect(self._undo_failed)

    @property
    def chosen(self) -> ListedImport | None:
        """The import whose line is chosen."""
        key = self._page.list.key
        return next((one for one in self._imports if one.whose.number == key), None)

    def read(self) -> None:
        """Read the imports done, and show them."""
        jobs = self._office.shop.import_jobs
        self._page.ask(lambda: (jobs.courses.latest(), jobs.kept()), self._show)

    def _show(self, found: _Found) -> None:
        self._imports, self._lists = found
        self.tell()
        if any(one.course is not None for one in self._imports):
            self._page.look_again()

    def tell(self) -> None:
        """Show the imports done in the language that is spoken now."""
        zone = self._office.shop.configuration.zone
        empty = (_("Nothing was imported yet"), _("F2 chooses a file with a table of products."))
        self._page.show_rows([words.run_row(one, zone) for one in self._imports], empty)

    def forget_question(self) -> None:
        """Ask anew before an import is taken back."""
        self._question.forget()

    def acts(self) -> tuple[Act, ...]:
        """Return what can be done with the chosen import."""
        one = self.chosen
        if one is None:
            return ()
        errors: tuple[Act, ...] = ()
        page = self._page
        if (job := self._lists.get(one.whose.number)) is not None:
            errors = page.past.look_act(one.whose, job), page.errors.act_of_run(one.whose, job)
        if not one.can_be_undone:
            return errors
        undo = Act(
            key=Qt.Key.Key_Delete,
            title=_("Take it back"),
            help=_("Bring products back to how they were before the import; pressed twice"),
            do=self._undo,
        )
        return undo, *errors

    # taking one back

    def _undo(self) -> None:
        one, importing, actor = self.chosen, self._office.shop.importing, self._office.actor
        if one is None:
            return
        run, number = one.whose, one.whose.number
        if not self._question.confirmed(number):
            self._page.say(Notice(words.undo_question(one), Tone.WARNING))
            return
        if run.imported + run.updated > MOST_AT_ONCE:
            jobs = self._office.shop.import_jobs
            self._page.submit(lambda: jobs.leave_undo(number, actor=actor), self._undo_left)
            return
        self._page.say(_("The import is being taken back …"))
        self._page.submit_long(
            lambda: importing.undo(number, actor=actor),
            lambda undone: self._show_undone(number, undone),
        )

    def _undo_left(self, job: int) -> None:
        """Tell that a job takes an import back, and watch it."""
        self.watch.watch(job)
        text = _("Job {number} takes the import back; selling goes on, and you are told.")
        self._page.say(text.format(number=job))

    @property
    def _is_seen(self) -> bool:
        """Whether the list is in sight; whoever does something else is told elsewhere."""
        return self._page.below is None and self._page.form is None

    def _undo_told(self, text: str) -> None:
        if self._is_seen:
            self._page.say(text)

    def _undo_ended(self, _job: int, kept: dict[str, Any]) -> None:
        if self._is_seen:
            self._page.refresh()
            self._show_undone(kept["import"], undone_of(kept))

    def _undo_failed(self, error: Exception) -> None:
        if self._is_seen:
            self._page.refuse(error)
            self._page.refresh()

    def _show_undone(self, number: int, undone: Undone) -> None:
        rows = [
            ListRow(key=place, title=name, note=_("changed since"))
            for place, name in enumerate(undone.left)
            if name
        ]
        self._page.show_told(joined(" ", undone_words(number, undone)), rows)
