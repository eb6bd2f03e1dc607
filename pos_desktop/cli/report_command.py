"""posctl report: sums over a period, as a table, JSON or CSV."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pos_desktop.cli.export_command import say_written
from pos_desktop.cli.output import WrongUsage, complain, print_json, print_table
from pos_desktop.documents.document import nothing_told
from pos_desktop.documents.written_aside import written_aside
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.export import ExportWish, FileForm
from pos_desktop.domain.text import _
from pos_desktop.services.exports.export_documents import Written
from pos_desktop.services.reports.named_periods import PeriodName, days_of
from pos_desktop.services.reports.report_comparing import difference
from pos_desktop.services.reports.report_csv import as_csv
from pos_desktop.services.reports.report_filters import By
from pos_desktop.services.reports.report_kinds import MOMENTARY, REPORTS
from pos_desktop.services.reports.report_parts import Column, Report
from pos_desktop.services.reports.report_table import (
    Headline,
    as_table,
    headlines,
    is_figure,
    shown,
    shown_difference,
)
from pos_desktop.shop import Shop, open_shop

_ENDINGS = {"csv", "tsv", "json", "xlsx", "xlsm", "xls", "ods", "pdf", "html"}
"""Endings that promise a kind of file."""


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parser of this command."""
    report = groups.add_parser("report", parents=[common], help=_("sums over a period"))
    report.add_argument("name", choices=REPORTS)
    report.add_argument(
        "--from",
        dest="first",
        metavar="D",
        help=_(
            "first business day (2026-11-24), or moment from which sales were made "
            "(2026-11-24T08:00); without it today"
        ),
    )
    report.add_argument(
        "--to",
        dest="end",
        metavar="D",
        help=_(
            "the business day or moment after the last, which does not count itself: with "
            "2026-12-31 the report ends with 30 December; two dates select business days, as a Z "
            "closes them, and a date beside a moment means its midnight"
        ),
    )
    report.add_argument(
        "--period",
        choices=[name.value for name in PeriodName],
        help=_("a period by its name, instead of --from and --to"),
    )
    report.add_argument("--compare", action="store_true", help=_("set the period before beside it"))
    for by in By:
        report.add_argument(f"--{by.value}", metavar="X", help=_filter_help(by))
    report.add_argument("--format", choices=("table", "json", *FileForm), default="table")
    report.add_argument("--out", metavar="FILE", type=Path, help=_("write the file there"))
    report.set_defaults(run=_report)


def _report(options: argparse.Namespace) -> int:
    if options.out is not None:
        _check_out(options.out, options.format)
    if options.name in MOMENTARY and (options.first or options.end or options.period):
        complain(
            _("The X is of the shift that is open now; no period changes it.")
            if options.name == "x"
            else _("Stock is told as it stands now; no period changes it.")
        )
    if options.compare and options.format == "csv":
        raise Refused(_("A CSV holds one period: leave out --compare, and write a file for each."))
    shop = open_shop(options.data)
    try:
        if options.format in (FileForm.PDF, FileForm.XLSX):
            return _write_file(shop, options)
        report = _made(shop, options)
    finally:
        shop.close()
    if options.json:
        print_json(report.document)
    elif options.format == "json":
        _write(json.dumps(report.document, ensure_ascii=False) + "\n", options.out)
    elif options.format == "csv":
        _write(as_csv(report), options.out)
    else:
        _print(report)
    if options.out is not None and not options.json:
        say_written(Written(options.out, report.title, len(report.rows)), json=False)
    return 0


def _filter_help(by: By) -> str:
    return {
        By.CATEGORY: _("only goods of this category"),
        By.CASHIER: _("only what this person sold: a login"),
        By.TENDER: _("only what was paid so: cash, mpesa, card, credit, voucher"),
        By.PRODUCT: _("only this product: a code or barcode"),
        By.SUPPLIER: _("only goods of this supplier: a code or name"),
    }[by]


def _made(shop: Shop, options: argparse.Namespace) -> Report:
    first, end = _period(shop, options)
    return shop.reporting.make(
        options.name, first, end, filters=_filters(options), compare=options.compare, actor=None
    )


def _write_file(shop: Shop, options: argparse.Namespace) -> int:
    """Write a document that people hand on; it needs a place, since no screen shows it."""
    if options.out is None:
        raise WrongUsage(
            _("A {form} is a file: say where it goes with --out.").format(
                form=options.format.upper()
            )
        )
    first, end = _period(shop, options)
    wish = ExportWish(
        what=options.name,
        form=FileForm(options.format),
        first=first,
        end=end,
        filters={by.value: text for by, text in _filters(options).items()},
        compare=options.compare,
    )
    written = shop.exports.write(wish, options.out, tell=nothing_told, actor=None)
    say_written(written, json=options.json)
    return 0


def _period(shop: Shop, options: argparse.Namespace) -> tuple[str | None, str | None]:
    if not options.period:
        return options.first, options.end
    if options.first or options.end:
        raise Refused(_("Give a period by its name, or by --from and --to; not both."))
    first, end = days_of(PeriodName(options.period), shop.configuration.today)
    return first.isoformat(), end.isoformat()


def _filters(options: argparse.Namespace) -> dict[By, str]:
    given = {by: getattr(options, by.value) for by in By}
    return {by: text for by, text in given.items() if text is not None}


def _check_out(out: Path, form: str) -> None:
    """Refuse to write one kind of file under the ending of another."""
    if form == "table":
        raise Refused(_("A table goes to the screen; add --format csv or json to write a file."))
    ending = out.suffix.lower().removeprefix(".")
    if ending in _ENDINGS and ending != form:
        raise Refused(
            _(
                "{file} would hold {form}, not {ending}: call it {better}, or choose --format."
            ).format(
                file=out.name,
                form=form.upper(),
                ending=ending.upper(),
                better=out.with_suffix(f".{form}").name,
            )
        )


def _write(text: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.write(text)
        return
    with written_aside(out) as aside:
        aside.file.write(text.encode("utf-8-sig"))


def _print(report: Report) -> None:
    made = as_table(report)
    right = {place for place, column in enumerate(made.columns) if is_figure(column)}
    titles = [column.title for column in made.columns]
    rows = [_texts(made.columns, row) for row in made.rows]
    print(" · ".join(part for part in (report.title, report.shop, report.covers) if part))
    if report.compared:
        print(_("Before: {period}").format(period=report.compared.covers))
    if report.is_summary:
        print_table(titles, rows, right)
        for line in headlines(report):
            print(_figure_line(line))
    else:
        sums = _texts(made.columns, made.totals)
        print_table(titles, [*rows, [_("TOTAL"), *sums[1:]]], right)
    for note in report.notes:
        print(note)


def _texts(columns: Sequence[Column], row: Sequence[Any]) -> list[str]:
    return [
        shown_difference(column, value) if column.key == "difference" else shown(column, value)
        for column, value in zip(columns, row, strict=True)
    ]


def _figure_line(line: Headline) -> str:
    column, now, before = line.column, line.now, line.before
    text = f"{column.title}: {shown(column, now)}"
    if before is None:
        return text
    grown = shown_difference(column, difference(column, now, before))
    beside = _("before {before}, difference {difference}")
    return f"{text} ({beside.format(before=shown(column, before), difference=grown)})"
