"""Products from a table: a file is chosen, its columns looked over, tried, and only then imported.

Until the last step nothing is written. A long file is left to a job; the till sells meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_desktop.domain.errors import Cancelled
from pos_desktop.domain.text import _, joined
from pos_desktop.services.imports.import_words import result_sentences
from pos_desktop.services.imports.importing import ImportResult
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.row_list import RowList
from pos_desktop.ui.kit.text_box import TextBox
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.catalogue import import_words as words
from pos_desktop.ui.screens.catalogue.column_step import ColumnStep
from pos_desktop.ui.screens.catalogue.error_lists import ErrorLists
from pos_desktop.ui.screens.catalogue.file_step import FileStep
from pos_desktop.ui.screens.catalogue.import_views import (
    HoldsForm,
    TextView,
)
from pos_desktop.ui.screens.catalogue.import_watch import import_watch
from pos_desktop.ui.screens.catalogue.past_errors import PastErrorsView
from pos_desktop.ui.screens.catalogue.past_imports import PastImports
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.office import Office

K = Qt.Key


class ImportPage(ListPage):
    """Lists the imports done, and walks through a new one."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("Import"), listed=_("Imports"))
        self.files = FileStep(office, self)
        self.columns = ColumnStep(office, self)
        self.outcome = TextView(_("Outcome"), _("Errors"))
        self.result: ImportResult | None = None
        """What an import did, or would do."""
        self.watch = import_watch(office, self)
        self.job: int | None = None
        """The job that made the result; None where this page did."""
        self.errors = ErrorLists(office, self)
        self.past = PastErrorsView(office, self)
        self.imports = PastImports(office, self)
        self._can_stop = False
        self.files.listed.connect(self._show_files)
        self.files.chosen.connect(self._open)
        self.files.refused.connect(self.refuse)
        self.columns.shown.connect(self._show_columns)
        self.columns.told.connect(self.say)
        self.columns.refused.connect(self.refuse)
        self.watch.told.connect(lambda text: self.show_outcome(text, []))
        self.watch.ended.connect(self._job_ended)
        self.watch.failed.connect(self._job_failed)

    # the imports done

    def opened(self) -> None:
        """Show the imports done; a file that is being imported stays in sight."""
        if self.below is None and not self.is_busy:
            super().opened()
        else:
            self.tell_acts()
            self.take_focus()

    def refresh(self) -> None:
        """Read the imports done."""
        self.imports.read()

    def show_told(self, text: str, rows: list[ListRow]) -> None:
        """Show in the place of the list what came of an import that was in it."""
        self.say(None)
        self.columns.close()
        self.result = None
        self.show_instead(self.outcome)
        self.show_outcome(text, rows)

    # the file and its columns

    def _choose_file(self) -> None:
        self.imports.forget_question()
        self.files.begin()

    def _show_files(self) -> None:
        self.say(None)
        if self.below is not self.files.view:
            self.show_instead(self.files.view)

    def _open(self, path: Path) -> None:
        self.say(_("The file is being read …"))
        self.columns.open(path)

    def _show_columns(self) -> None:
        if self.below is not self.columns.view:
            self.show_instead(self.columns.view)
        self.tell_acts()

    def _ask_holds(self) -> None:
        column = self.columns.column
        if column is None:
            return
        self.say(None)
        form = HoldsForm(column.holds)

        def done() -> None:
            self.close_form()
            self.columns.say(column, form.holds.key)

        self.open_form(form, column.title or column.letters, done, save=_("Done"))

    # what an import does

    def _progress(self, result: ImportResult) -> None:
        """Say how far it is; called in the thread that works."""
        rows, rejected = result.rows, result.rejected
        text = _("{rows} rows, {rejected} rejected. Esc stops.")
        self.tell(lambda: text.format(rows=f"{rows:,}", rejected=f"{rejected:,}"))

    def _run(
        self, then: Callable[[ImportResult], None], *, dry: bool, errors: Path | None = None
    ) -> None:
        """Import the file beside the lane, or only try to; Esc stops it."""
        file, importing, actor = self.columns.file, self.office.shop.importing, self.office.actor
        if file is None or self.is_busy:
            return
        self._can_stop = True
        self.submit_long(
            lambda: importing.products(
                file.path,
                sheet=file.sheet,
                mapping=file.mapping(),
                dry_run=dry,
                actor=actor,
                progress=self._progress,
                error_list=errors,
            ),
            then,
        )
        self.tell_acts()

    def _try(self) -> None:
        self._run(self._show_result, dry=True)

    def _import(self) -> None:
        """Import a few rows here; leave many to a job."""
        file, jobs, actor = self.columns.file, self.office.shop.import_jobs, self.office.actor
        if file is None:
            return
        if not file.is_long:
            self._run(self._show_result, dry=False)
            return
        self.say(_("The file is being copied …"))
        self.submit_long(
            lambda: jobs.leave(file.path, sheet=file.sheet, mapping=file.mapping(), actor=actor),
            self._left_to_job,
        )

    def _left_to_job(self, number: int) -> None:
        self.say(None)
        self.result = None
        self.watch.watch(number)
        text = _("Job {number} imports the file; selling goes on, and you are told in the end.")
        self.show_outcome(text.format(number=number), [])

    def _job_ended(self, number: int, result: ImportResult) -> None:
        self._show_result(result)
        self.job = number

    def _job_failed(self, error: Exception) -> None:
        self.refuse(error)
        self.show_outcome(self.office.sentence_of(error), [])

    def _show_result(self, result: ImportResult) -> None:
        """Show what an import did, or would do."""
        self.say(None)
        self._can_stop = False
        self.job = None
        self.result = result
        self.outcome.list.choose_first()
        if self.below is not self.outcome:
            self.show_instead(self.outcome)
        self._tell_result(result)

    def _tell_result(self, result: ImportResult) -> None:
        said = joined(" ", (*result_sentences(result), words.how_to_undo(result)))
        self.show_outcome(said, words.error_rows(result.errors))

    def show_outcome(self, text: str, rows: list[ListRow]) -> None:
        """Show what came of an import, or how far it is."""
        empty = ("", "")
        if self.result is not None:
            empty = (_("No errors"), _("Every row is in order."))
        self.outcome.show_text(text, rows, empty)
        self.tell_acts()

    def list_errors(self, path: Path) -> None:
        """Write all rejected cells as a workbook, by trying the file again."""
        self._run(lambda _result: self.listed(path), dry=True, errors=path)

    def listed(self, path: Path) -> None:
        """Tell that all rejected cells stand in a workbook."""
        self._can_stop = False
        self.close_form()
        self.say(_("All errors are listed in {path}").format(path=path))

    def _end_job(self) -> None:
        number, desk, actor = self.watch.number, self.office.shop.queue.desk, self.office.actor
        if number is not None:
            self.submit(
                lambda: desk.cancel(number, actor=actor),
                lambda _done: self.say(_("The job is asked to end; what it has done stays.")),
            )

    def refuse(self, error: Exception) -> None:
        """Say why something was not done, or that it was stopped."""
        self._can_stop = False
        if isinstance(error, Cancelled):
            self.say(_("Stopped. An import that had begun is in the list, and can be taken back."))
        else:
            super().refuse(error)
        self.tell_acts()

    # what can be done

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done now."""
        if self._can_stop:
            return ()
        steps: dict[QWidget | None, Callable[[], tuple[Act, ...]]] = {
            None: self._acts_on_runs,
            self.files.view: self._acts_on_files,
            self.columns.view: self._acts_on_columns,
            self.outcome: self._acts_on_outcome,
        }
        return steps[self.below]()

    def _acts_on_runs(self) -> tuple[Act, ...]:
        new = Act(
            key=K.Key_F2,
            title=_("Import a file"),
            help=_("Choose a table of products; nothing is written before it was tried"),
            rank=Rank.FIRST,
            do=self._choose_file,
        )
        return new, *self.imports.acts()

    def _acts_on_files(self) -> tuple[Act, ...]:
        enter = Act(
            key=K.Key_Return,
            title=_("Open"),
            help=_("Open the chosen folder or file, or the path that was typed"),
            rank=Rank.FIRST,
            do=self.files.enter,
        )
        return (enter,)

    def _acts_on_columns(self) -> tuple[Act, ...]:
        holds = Act(
            key=K.Key_Return,
            title=_("What it holds"),
            help=_("Say what the chosen column holds; ← → do so too"),
            do=self._ask_holds,
        )
        sheet = Act(
            key=K.Key_F3,
            title=_("Next sheet"),
            help=_("Read the next sheet of the workbook"),
            do=self.columns.next_sheet,
        )
        check = Act(
            key=K.Key_Return,
            control=True,
            title=_("Try it"),
            help=_("Count what an import would do; nothing is written"),
            rank=Rank.FIRST,
            do=self._try,
        )
        file = self.columns.file
        several = file is not None and len(file.first.sheets) > 1
        can_try = file is not None and file.preview is not None
        return (holds, *((sheet,) if several else ()), *((check,) if can_try else ()))

    def _acts_on_outcome(self) -> tuple[Act, ...]:
        if self.watch.number is not None:
            return (
                Act(
                    key=K.Key_Delete,
                    title=_("End it"),
                    help=_("End the job; what it has done stays, and can be taken back"),
                    do=self._end_job,
                ),
            )
        if (past := self.past.looked) is not None:
            return (self.errors.act_of_run(past.whose, past.job),)
        result = self.result
        if result is None:
            return ()
        errors = self.errors.act(self.errors.ask_of_outcome)
        go = Act(
            key=K.Key_Return,
            control=True,
            title=_("Import them"),
            help=_("Import the rows that are in order"),
            rank=Rank.FIRST,
            do=self._import,
        )
        can_go = result.import_id is None and result.rows > result.rejected
        return (*((errors,) if result.rejected else ()), *((go,) if can_go else ()))

    # keys

    def leave(self) -> None:
        """Stop what can be stopped; then go one step back."""
        self.imports.forget_question()
        if self._can_stop:
            self.stop_work()
            self.say(_("It stops …"))
        elif self.form is not None or self.below is None:
            super().leave()
        else:
            self.say(None)
            self._step_back()

    def _step_back(self) -> None:
        """From an outcome that was only tried to the columns, from there to the files."""
        self.watch.leave()
        if self.past.leave():
            self.show_instead(None)
            return
        was_tried = self.result is not None and self.result.import_id is None
        if self.below is self.outcome and was_tried and self.columns.file is not None:
            self.show_instead(self.columns.view)
            self.columns.tell()
        elif self.below is self.columns.view:
            self.show_instead(self.files.view)
        else:
            self.columns.close()
            self.result = None
            self.show_instead(None)
            self.list.choose_first()
            self.refresh()

    def keyboard_target(self) -> QLineEdit | TextBox | None:
        """Let typing go to the form, or to the line above the files."""
        if self.form is None and self.below is self.files.view:
            return self.files.view.field
        return super().keyboard_target()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Let arrows say what a column holds, and Backspace lead to the folder above."""
        key, below = event.key(), self.below if self.form is None else None
        if below is self.columns.view and key in (K.Key_Right, K.Key_Left):
            self.columns.turn(1 if key == K.Key_Right else -1)
            return True
        if below is self.files.view and key == K.Key_Backspace and not self.files.view.field.text():
            self.files.up()
            return True
        return super().handle_key(event)

    def step(self, by: int) -> None:
        """Choose another line."""
        lists: dict[QWidget | None, RowList] = {
            self.files.view: self.files.view.list,
            self.columns.view: self.columns.view.list,
            self.outcome: self.outcome.list,
        }
        lists.get(self.below, self.list).move(by)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self.imports.tell()
        self.files.tell()
        self.columns.tell()
        self.past.tell()
        if self.result is not None:
            self._tell_result(self.result)
