"""posctl report: sums over a period, as a table, JSON or CSV."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from pos_desktop.cli.output import complain, print_json, print_table
from pos_desktop.documents.written_aside import written_aside
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.tender import TenderKind
from pos_desktop.domain.text import _
from pos_desktop.services.paper_parts import tender_name
from pos_desktop.services.report_csv import as_csv
from pos_desktop.services.report_parts import Column, Report, figure_columns
from pos_desktop.services.reporting import MOMENTARY, REPORTS
from pos_desktop.shop import open_shop

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
            "the business day or moment after the last; two dates select business days, as a Z "
            "closes them, and a date beside a moment means its midnight"
        ),
    )
    report.add_argument("--format", choices=("table", "json", "csv"), default="table")
    report.add_argument("--out", metavar="FILE", type=Path, help=_("write csv or json there"))
    report.set_defaults(run=_report)


def _report(options: argparse.Namespace) -> int:
    if options.out is not None:
        _check_out(options.out, options.format)
    if options.name in MOMENTARY and (options.first or options.end):
        complain(
            _("The X is of the shift that is open now; --from and --to change nothing.")
            if options.name == "x"
            else _("Stock is told as it stands now; --from and --to change nothing.")
        )
    shop = open_shop(options.data)
    try:
        report = shop.reporting.make(options.name, options.first, options.end, actor=None)
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
    return 0


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
    titles = [column.title for column in report.columns]
    rows = [[_shown(column, row[column.key]) for column in report.columns] for row in report.rows]
    numbers = {place for place, column in enumerate(report.columns) if column.kind != "text"}
    print(" · ".join(part for part in (report.title, report.shop, report.covers) if part))
    if report.is_summary:
        print_table(titles, rows, numbers)
        for figure in figure_columns(*report.totals):
            print(f"{figure.title}: {_shown(figure, report.totals[figure.key])}")
        return
    sums = [_shown(column, report.totals.get(column.key)) for column in report.columns]
    print_table(titles, [*rows, [_("TOTAL"), *sums[1:]]], numbers)
    for note in report.notes:
        print(note)


def _shown(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.key == "tender":
        return tender_name(TenderKind(value))
    return format_amount(value) if column.kind == "cents" else str(value)
