"""posctl import: products from a file into the catalogue, and back out."""

from __future__ import annotations

import argparse
import sys
from datetime import tzinfo
from pathlib import Path
from typing import Any

from pos_desktop import settings
from pos_desktop.cli.import_by_job import queue_paused_words, wait_for_import, wait_for_job
from pos_desktop.cli.numbers import count
from pos_desktop.cli.opened import opened
from pos_desktop.cli.output import print_json, print_table, written_minute
from pos_desktop.documents.columns import parse_mapping
from pos_desktop.documents.error_list import check_place
from pos_desktop.documents.product_rows import Preview
from pos_desktop.domain.runs import Course
from pos_desktop.domain.text import _, joined
from pos_desktop.services.background.pacing import MOST_AT_ONCE
from pos_desktop.services.imports.import_course import ListedImport
from pos_desktop.services.imports.import_errors import SHOWN_ERRORS
from pos_desktop.services.imports.import_undoing import undone_of
from pos_desktop.services.imports.import_words import (
    left_words,
    preview_as_json,
    preview_sentences,
    result_sentences,
    rows_words,
    state_words,
)
from pos_desktop.services.imports.importing import ImportResult, rejected_words
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage.import_undo import Undone
from pos_desktop.storage.moments import from_stored


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of this group."""
    group = groups.add_parser("import", parents=[common], help=_("import a catalogue"))
    acts = group.add_subparsers(metavar="WHAT", required=True)
    products = acts.add_parser("products", parents=[common], help=_("products from CSV or XLSX"))
    products.add_argument("file", type=Path)
    products.add_argument("--sheet", metavar="S", help=_("sheet of a workbook; else its first"))
    products.add_argument(
        "--map",
        nargs="+",
        action="extend",
        default=[],
        metavar="COLUMN=FIELD",
        help=_("say what a column holds"),
    )
    products.add_argument("--dry-run", action="store_true", help=_("count, and write nothing"))
    products.add_argument("--errors", metavar="OUT.xlsx", type=Path, help=_("list rejected rows"))
    products.add_argument("--strict", action="store_true", help=_("exit 1 with rejected rows"))
    products.set_defaults(run=_products)
    listing = acts.add_parser("list", parents=[common], help=_("the last imports"))
    listing.set_defaults(run=_list)
    undo = acts.add_parser("undo", parents=[common], help=_("take an import back"))
    undo.add_argument("number", type=count, metavar="ID")
    undo.set_defaults(run=_undo)


def _products(options: argparse.Namespace) -> int:
    mapping = parse_mapping(options.map)
    teller = _Teller(as_json=options.json)
    with opened(options) as shop:
        result = _imported(options, shop, mapping, teller)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    _show(result, options.errors, as_json=options.json)
    return 1 if options.strict and result.rejected else 0


def _imported(
    options: argparse.Namespace, shop: Shop, mapping: dict[str, str], teller: _Teller
) -> ImportResult:
    """Import a short file here, and a long one by a job."""
    if not options.dry_run:
        if options.errors is not None:
            check_place(options.errors, options.file)
        threshold = shop.configuration.get(settings.QUEUE_IMPORT_ROWS_THRESHOLD)
        preview, is_long = shop.importing.preview(
            options.file, threshold, sheet=options.sheet, mapping=mapping
        )
        if is_long:
            teller.tell_what_is_read(preview)
            return _by_job(options, shop, mapping, teller, preview)
    return shop.importing.products(
        options.file,
        sheet=options.sheet,
        mapping=mapping,
        dry_run=options.dry_run,
        error_list=options.errors,
        progress=teller.progress,
        actor=None,
    )


def _by_job(
    options: argparse.Namespace,
    shop: Shop,
    mapping: dict[str, str],
    teller: _Teller,
    preview: Preview,
) -> ImportResult:
    number = shop.import_jobs.leave(options.file, sheet=options.sheet, mapping=mapping, actor=None)
    teller.tell_job(number)
    result = wait_for_import(shop, number, preview, teller.tell_rows)
    if options.errors is not None:
        shop.import_jobs.write_list(number, options.errors, result.import_id)
    return result


class _Teller:
    """Says what is read before its first row is written, and then how far it is."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._has_told = False
        self._counts = sys.stderr.isatty()

    def progress(self, result: ImportResult) -> None:
        """Say once what is read; on a terminal, how many rows came."""
        if result.preview is not None:
            self.tell_what_is_read(result.preview)
        self.tell_rows(result.rows, rejected_words(result.rejected))

    def tell_rows(self, count: int, rejected: str) -> None:
        """Say on a terminal how many rows came, and how many of them were rejected."""
        if self._counts:
            rows = _("{rows:,} rows").format(rows=count)
            print(f"\r{rows}, {rejected}", end="", file=sys.stderr, flush=True)

    def tell_job(self, number: int) -> None:
        """Say which job does it, unless JSON is wanted: posctl queue show tells of it."""
        if not self._as_json:
            print(_("Job {number} imports it.").format(number=number), flush=True)

    def tell_undo(self, number: int) -> None:
        """Say which job takes an import back, unless JSON is wanted."""
        if not self._as_json:
            print(_("Job {number} takes it back.").format(number=number), flush=True)

    def tell_what_is_read(self, preview: Preview) -> None:
        """Say sheet, columns and VAT on standard output, unless that is said or JSON is wanted."""
        if self._as_json or self._has_told:
            return
        self._has_told = True
        for sentence in preview_sentences(preview):
            print(sentence, flush=True)


def _show(result: ImportResult, error_list: Path | None, *, as_json: bool) -> None:
    read = result.preview
    if as_json:
        extra = {"dry_run": result.import_id is None, "read": read and preview_as_json(read)}
        print_json({**result.as_json(), **extra})
        return
    for sentence in result_sentences(result):
        print(sentence)
    for error in result.errors:
        place = _("row {row}, {column}").format(row=error.row, column=error.column or "-")
        known = [f"({error.cell})"] if error.cell else []
        known += [error.name] if error.name else []
        print(f"  {' '.join((place, *known))}: {error.value!r}: {error.reason}")
    if error_list is not None and result.rejected:
        print(_("All of them are listed in {path}.").format(path=error_list.absolute()))
    elif len(result.errors) >= SHOWN_ERRORS:
        sentence = _("No more than {count} are shown; --errors OUT.xlsx lists all.")
        print(sentence.format(count=SHOWN_ERRORS))
    if result.import_id is not None and result.imported + result.updated:
        print(_("To take it back: posctl import undo {number}").format(number=result.import_id))


def _list(options: argparse.Namespace) -> int:
    shop = open_shop(options.data)
    found, zone = shop.import_jobs.courses.latest(), shop.configuration.zone
    shop.close()
    if options.json:
        print_json({"imports": [_described(one) for one in found]})
        return 0
    if not found:
        print(_("Nothing was imported yet."))
        return 0
    titles = (
        _("Import"), _("When"), _("File"), _("State"),
        _("New"), _("Changed"), _("Unchanged"), _("Rejected"),
    )  # fmt: skip
    print_table(titles, [_line(one, zone) for one in found], {4, 5, 6, 7})
    for queue in sorted({one.queue for one in found if one.course is Course.PAUSED}):
        print(queue_paused_words(queue))
    return 0


def _line(one: ListedImport, zone: tzinfo) -> list[str]:
    run = one.whose
    when = written_minute(from_stored(run.began_at), zone)
    counts = (run.imported, run.updated, run.unchanged, run.rejected)
    return [str(run.number), when, run.file_name, _state(one), *(str(count) for count in counts)]


def _state(one: ListedImport) -> str:
    """Say how an import stands, and how far one is that goes on."""
    rows = one.whose.rows if one.course is not None else 0
    return joined(", ", (state_words(one), rows_words(rows) if rows else ""))


def _described(one: ListedImport) -> dict[str, Any]:
    run = one.whose
    return {
        "import_id": run.number,
        "file": run.file_name,
        "state": run.state,
        "course": one.course,
        "job": one.job,
        "when": from_stored(run.began_at).isoformat(),
        "rows": run.rows,
        "imported": run.imported,
        "updated": run.updated,
        "unchanged": run.unchanged,
        "rejected": run.rejected,
    }


def _undo(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        undone = _undone(options, shop)
    if options.json:
        print_json({"import_id": options.number, **vars(undone)})
        return 0
    sentence = _("{restored:,} brought back, {removed:,} removed, {made_inactive:,} made inactive.")
    print(sentence.format(**vars(undone)))
    if undone.left:
        print(left_words(undone), *undone.left, sep="\n  ")
    return 0


def _undone(options: argparse.Namespace, shop: Shop) -> Undone:
    """Take a small import back here, and a large one by a job."""
    if shop.importing.changes(options.number) <= MOST_AT_ONCE:
        return shop.importing.undo(options.number, actor=None)
    teller = _Teller(as_json=options.json)
    number = shop.import_jobs.leave_undo(options.number, actor=None)
    teller.tell_undo(number)
    return undone_of(wait_for_job(shop, number, lambda _done, _words: None))
