"""What the pages of imports say of files, columns, rejected cells and imports done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo

from pos_desktop.documents.columns import IGNORE
from pos_desktop.documents.folder_list import FolderList, FoundFile
from pos_desktop.documents.product_rows import RowError
from pos_desktop.documents.reasons import FileFault, FileRefused
from pos_desktop.domain.runs import RunState, import_counts
from pos_desktop.domain.text import _, joined
from pos_desktop.services.imports.import_course import ListedImport
from pos_desktop.services.imports.import_errors import SHOWN_ERRORS
from pos_desktop.services.imports.import_words import (
    halt_words,
    rows_words,
    state_words,
    wizard_sentences,
)
from pos_desktop.services.imports.importing import ImportResult
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.storage.product_imports import ImportRun
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.screens.catalogue.import_file import ImportColumn, ImportFile

UP = ".."
"""The key of the line that leads to the folder above."""
_KILO = 1000


def field_title(name: str) -> str:
    """Return what people call what a column can hold."""
    return {
        "barcode": _("Barcode"),
        "code": _("Code"),
        "name": _("Name"),
        "category": _("Category"),
        "unit": _("Unit"),
        "price": _("Price with VAT"),
        "cost": _("Cost without VAT"),
        "tax_band": _("VAT"),
        "by_weight": _("Sold by weight"),
        "active": _("On sale"),
        "stock": _("Stock"),
        "item_class": _("Item class"),
        "unit_code": _("Unit code"),
        "packaging_code": _("Packaging code"),
        IGNORE: _("not used"),
    }[name]


def folder_rows(found: FolderList, begins: str, zone: tzinfo) -> list[ListRow]:
    """Return the lines of a folder whose names hold what was typed; all while nothing is."""
    rows = [
        ListRow(key=str(stick), title=str(stick), note=_("stick or drive"), right="›")
        for stick in found.sticks
    ]
    rows += [_file_row(one, zone) for one in found.files]
    rows += [ListRow(key=str(one), title=one.name, right="›") for one in found.folders]
    words = begins.casefold().split()
    rows = [row for row in rows if all(word in row.title.casefold() for word in words)]
    if words or found.path.parent == found.path:
        return rows
    return [ListRow(key=UP, title=_("Folder above"), note=str(found.path.parent)), *rows]


def _file_row(one: FoundFile, zone: tzinfo) -> ListRow:
    size = _("{kilobytes} kB").format(kilobytes=f"{-(-one.size // _KILO):,}")
    note = joined(" · ", (shown_minute(one.changed, zone), size))
    return ListRow(key=str(one.path), title=one.path.name, note=note)


def column_row(column: ImportColumn) -> ListRow:
    """Return the line of a column: what stands above it, below it, and what it is taken for."""
    title = column.title or _("Column {letters}").format(letters=column.letters)
    return ListRow(
        key=column.place,
        title=title,
        note=joined(" · ", column.examples),
        chip=_("as you say") if column.is_chosen else "",
        tone=Tone.ACCENT,
        right=field_title(column.holds),
        faded=column.holds == IGNORE,
    )


def columns_words(file: ImportFile) -> str:
    """Say what is read, and what is to be known of it before it is tried."""
    told = wizard_sentences(file.preview) if file.preview is not None else ()
    return joined(" · ", (_file_words(file), joined(" ", told)))


def _file_words(file: ImportFile) -> str:
    """Say what is read: the file, and the sheet where there are several."""
    sheet = ""
    if len(file.first.sheets) > 1:
        sheet = _("sheet {name} of {count}").format(
            name=file.first.sheet, count=len(file.first.sheets)
        )
    return joined(" · ", (file.path.name, sheet))


def fault_words(fault: FileRefused) -> str:
    """Say what of the columns is to be mended."""
    if fault.fault is FileFault.NO_COLUMNS:
        return _("No column is recognised: choose a line and say with ← → what it holds.")
    if fault.fault is FileFault.NO_KEY:
        return _("No column is a barcode or a code: say with ← → which one is.")
    return fault.sentence


def error_rows(errors: Iterable[RowError]) -> list[ListRow]:
    """Return the lines of rejected cells."""
    return [
        ListRow(
            key=place,
            title=joined(
                " · ", (_where(error), error.name, f"“{error.value}”" * bool(error.value))
            ),
            note=error.reason,
        )
        for place, error in enumerate(errors)
    ]


def how_to_undo(result: ImportResult) -> str:
    """Say that an import is written, and how it is taken back; empty where nothing is."""
    if result.import_id is None or not result.imported + result.updated:
        return ""
    text = _("It is written, as import {number}: Esc, and Del on its line, takes it back.")
    return text.format(number=result.import_id)


def _where(error: RowError) -> str:
    if error.column:
        return _("Row {row}, {column}").format(row=error.row, column=error.column)
    return _("Row {row}").format(row=error.row)


def past_words(run: ImportRun, listed: int) -> str:
    """Say what came of an earlier import, and how many of its errors are listed at most."""
    title = _("Import {number} of {file}").format(number=run.number, file=run.file_name)
    few = ""
    if listed >= SHOWN_ERRORS:
        few = _("the first {count:,} are listed").format(count=listed)
    return joined(" · ", (title, _run_counts(run), few))


def _run_counts(run: ImportRun) -> str:
    return import_counts(
        imported=run.imported,
        updated=run.updated,
        unchanged=run.unchanged,
        rejected=run.rejected,
    )


def run_row(one: ListedImport, zone: tzinfo) -> ListRow:
    """Return the line of an import that was done, or goes on."""
    run = one.whose
    is_broken = run.state in (RunState.RUNNING, RunState.STOPPED)
    is_undone = run.state == RunState.UNDONE
    counts = "" if is_undone else _run_counts(run)
    title = _("Import {number} of {file}").format(number=run.number, file=run.file_name)
    return ListRow(
        key=run.number,
        title=title,
        note=joined(" · ", (shown_minute(run.began_at, zone), counts, halt_words(one))),
        chip=state_words(one),
        tone=Tone.ACCENT if one.is_running else Tone.WARNING if is_broken else Tone.QUIET,
        right=rows_words(run.rows),
        faded=is_undone,
    )


def undo_question(one: ListedImport) -> str:
    """Ask whether an import is to be taken back, and say what ends with that."""
    text = _("Take import {number} back? What it added goes. Del does so.")
    if one.job is not None:
        text = _(
            "Take import {number} back? Job {job}, which would go on with it, is cancelled, and "
            "what it added goes. Del does so."
        )
    return text.format(number=one.whose.number, job=one.job)
