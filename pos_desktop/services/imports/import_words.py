"""Says what an import read of a file and what came of it, in sentences for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pos_desktop.documents.product_rows import Preview
from pos_desktop.domain.runs import Course, import_counts, run_state_words
from pos_desktop.domain.tax import DEFAULT_BAND
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.background.said import Said
from pos_desktop.services.imports.import_course import ListedImport
from pos_desktop.services.imports.import_undoing import undone_of
from pos_desktop.services.imports.importing import ImportResult, rejected_words
from pos_desktop.storage.import_undo import Undone

_NAMED = 5
"""So many products that were left stand in a message."""


def preview_sentences(preview: Preview) -> Iterator[str]:
    """Yield what was taken for what: text or sheet, columns, VAT, and what was passed over."""
    if preview.encoding:
        yield _text(preview)
    if preview.sheet:
        yield _sheet(preview)
    columns = ", ".join(_column(preview, field) for field in preview.columns)
    yield _("Columns: {columns}.").format(columns=columns)
    for field, rivals in preview.rivals.items():
        yield _claimed_twice(preview, field, rivals)
    if preview.ignored:
        yield _("Not used: {columns}.").format(columns=", ".join(preview.ignored))
    if "name" not in preview.columns:
        yield _no_name()
        yield _("Say which one does, such as --map Item=name.")
    yield _new_vat(preview)


def wizard_sentences(preview: Preview) -> Iterator[str]:
    """Yield what somebody must know who sees the columns already: a missing name, and the VAT."""
    if "name" not in preview.columns:
        yield _no_name()
        yield _("Say with ← → which one does.")
    if meanings := _vat_meanings(preview):
        yield _("The VAT is read so: {meanings}.").format(meanings=meanings)
    yield _new_vat(preview)


def _no_name() -> str:
    return _("No column says the name: rows of products that the shop does not know are rejected.")


def _new_vat(preview: Preview) -> str:
    sentence = _("No column says the VAT: every new product gets VAT {band}.")
    if "tax_band" in preview.columns:
        sentence = _("A new product gets VAT {band} where the sheet says nothing.")
    return sentence.format(band=DEFAULT_BAND)


def _vat_meanings(preview: Preview) -> str:
    """Say which band each word of the VAT column is taken for; nothing where none was guessed."""
    return ", ".join(
        _("{text} is {band}").format(text=text, band=band)
        for text, band in preview.tax_meanings.items()
    )


def _text(preview: Preview) -> str:
    signs = {",": _("commas"), ";": _("semicolons"), "\t": _("tabs"), "|": _("bars")}
    sentence = _("A text in {encoding}, its columns set apart by {signs}.")
    return sentence.format(
        encoding=preview.encoding.upper().removesuffix("-SIG"),
        signs=signs.get(preview.delimiter, preview.delimiter),
    )


def _sheet(preview: Preview) -> str:
    others = [name for name in preview.sheets if name != preview.sheet]
    if not others:
        return _("Sheet {name}.").format(name=preview.sheet)
    return _("Sheet {name} (of {count}); not read: {others}. --sheet reads another.").format(
        name=preview.sheet, count=len(preview.sheets), others=", ".join(others)
    )


def _column(preview: Preview, field: str) -> str:
    pair = f"{field_name(field)} = {preview.columns[field]}"
    meanings = _vat_meanings(preview) if field == "tax_band" else ""
    return f"{pair} ({meanings})" if meanings else pair


def _claimed_twice(preview: Preview, field: str, rivals: tuple[tuple[str, str], ...]) -> str:
    sentence = _(
        "More than one column claims {field}: {taken} (column {letter}) was taken, not {others}; "
        "--map {other}={key} changes it."
    )
    return sentence.format(
        field=field_name(field),
        taken=preview.columns[field],
        letter=preview.letters[field][0],
        others=", ".join(
            _("{title} (column {letter})").format(title=title, letter=letter)
            for title, letter in rivals
        ),
        other=rivals[0][1],
        key=field,
    )


def field_name(field: str) -> str:
    """Return how people call a field; where they and --map agree, that word."""
    names = {
        "tax_band": _("VAT"),
        "by_weight": _("by weight"),
        "item_class": _("item class"),
        "unit_code": _("unit code"),
        "packaging_code": _("packaging code"),
    }
    return names.get(field, field)


def preview_as_json(preview: Preview) -> dict[str, Any]:
    """Return the same as plain values; `columns` by the fields that --map knows."""
    return {
        "format": preview.format,
        "encoding": preview.encoding,
        "delimiter": preview.delimiter,
        "sheet": preview.sheet,
        "sheets": list(preview.sheets),
        "header_row": preview.header_row,
        "columns": preview.columns,
        "not_used": list(preview.ignored),
        "claimed_twice": {
            field: [title for title, _letter in rivals] for field, rivals in preview.rivals.items()
        },
        "vat_meanings": preview.tax_meanings,
        "vat_default": DEFAULT_BAND,
    }


def result_sentences(result: ImportResult) -> Iterator[str]:
    """Yield what an import did, or would do; the errors are for whoever shows them."""
    yield _all_counts(result)
    if result.import_id is None:
        yield _("This was a dry run: nothing is written.")
    yield from _further_sentences(result)


def _all_counts(result: ImportResult) -> str:
    rows = ngettext("{rows:,} row", "{rows:,} rows", result.rows).format(rows=result.rows)
    counts = import_counts(
        imported=result.imported,
        updated=result.updated,
        unchanged=result.unchanged,
        rejected=result.rejected,
    )
    return joined("", (rows, ": ", counts, "."))


def _further_sentences(result: ImportResult) -> Iterator[str]:
    """Yield what else is to be known of an import, where it was so."""
    if again := result.reactivated:
        yield ngettext(
            "{count:,} product that an undo had made inactive is on sale again.",
            "{count:,} products that an undo had made inactive are on sale again.",
            again,
        ).format(count=again)
    if ignored := result.stock_ignored:
        yield ngettext(
            "Stock of {count:,} known product was passed over; count it instead.",
            "Stock of {count:,} known products was passed over; count them instead.",
            ignored,
        ).format(count=ignored)


def job_sentence(kept: dict[str, Any]) -> Said:
    """Say what the import of a job did, from its result: what counts first, and in few words.

    Where the rejected are listed is told by who shows the file.
    """
    result = ImportResult(import_id=kept["import"])
    result.set_counts(kept)
    came = _("Import {number} of {file}: {counts}.").format(
        number=result.import_id, file=kept["file"], counts=_short_counts(result)
    )
    said = joined(" ", (came, *_further_sentences(result)))
    return Said(said, is_partly=bool(result.rejected))


def _short_counts(result: ImportResult) -> str:
    """Say what became of the rows, without what became of none."""
    new, changed, same = result.imported, result.updated, result.unchanged
    parts = (
        _("{count:,} new").format(count=new) if new else "",
        _("{count:,} changed").format(count=changed) if changed else "",
        _("{count:,} unchanged").format(count=same) if same else "",
        rejected_words(result.rejected) if result.rejected else "",
    )
    return joined(", ", parts) or _("no rows")


def state_words(one: ListedImport) -> str:
    """Say in a word how an import stands in a list; nothing of one that is done."""
    return run_state_words(one.whose.state, one.course)


def halt_words(one: ListedImport) -> str:
    """Say when an import goes on whose job waits; nothing of any other."""
    text = {
        Course.PAUSED: _("goes on once queue {queue} is resumed"),
        Course.WAITS: _("goes on by itself, as job {job}"),
    }.get(one.course or Course.RUNS, "")
    return text.format(queue=one.queue, job=one.job)


def rows_words(count: int) -> str:
    """Say how many rows an import has, or how far it is."""
    return ngettext("{count:,} row", "{count:,} rows", count).format(count=count)


def undone_words(number: int, undone: Undone) -> list[str]:
    """Say what came of taking an import back."""
    counts = _("{restored:,} brought back, {removed:,} removed, {made_inactive:,} made inactive.")
    said = [
        _("Import {number} is taken back.").format(number=number),
        counts.format(
            restored=undone.restored, removed=undone.removed, made_inactive=undone.made_inactive
        ),
    ]
    return [*said, left_words(undone)] if undone.left else said


def left_words(undone: Undone) -> str:
    """Say before their names what an import has left as it is, and what to do about it."""
    text = ngettext(
        "{count:,} product was changed since and stays as it is; correct it by hand on its page:",
        "{count:,} products were changed since and stay as they are; correct them by hand, each on "
        "its page:",
        len(undone.left),
    )
    return text.format(count=len(undone.left))


def taken_back_sentence(kept: dict[str, Any]) -> str:
    """Return what a job did that has taken an import back, from its result."""
    undone = undone_of(kept)
    names = ", ".join(name for name in undone.left[:_NAMED] if name)
    return joined(" ", (*undone_words(kept["import"], undone), names))


def listed_sentence(kept: dict[str, Any]) -> str:
    """Return what a job has listed that an import would reject, from its result."""
    return ngettext(
        "{count:,} row that would be rejected is listed in {path}.",
        "{count:,} rows that would be rejected are listed in {path}.",
        kept["rejected"],
    ).format(count=kept["rejected"], path=kept["path"])
