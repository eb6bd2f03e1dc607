"""posctl report: sums over a period, as a table, JSON or CSV."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

from pos_desktop.cli.output import print_json, print_table
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import amount_text, format_amount
from pos_desktop.domain.text import _
from pos_desktop.services.reporting import Column, Report
from pos_desktop.shop import open_shop

NAMES = ("sales-summary", "sales-by-product", "vat", "stock-value")


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parser of this command."""
    report = groups.add_parser("report", parents=[common], help=_("sums over a period"))
    report.add_argument("name", choices=NAMES)
    report.add_argument("--from", dest="first", metavar="D", help=_("first day or moment"))
    report.add_argument("--to", dest="end", metavar="D", help=_("the day or moment after the last"))
    report.add_argument("--format", choices=("table", "json", "csv"), default="table")
    report.add_argument("--out", metavar="FILE", type=Path, help=_("write csv or json there"))
    report.set_defaults(run=_report)


def _report(options: argparse.Namespace) -> int:
    if options.out is not None and options.format == "table":
        raise Refused(_("A table goes to the screen; add --format csv or json to write a file."))
    shop = open_shop(options.data)
    try:
        report = shop.reporting.make(options.name, options.first, options.end)
    finally:
        shop.close()
    if options.json:
        print_json(report.document)
    elif options.format == "json":
        _write(json.dumps(report.document, ensure_ascii=False) + "\n", options.out)
    elif options.format == "csv":
        _write(_as_csv(report), options.out)
    else:
        _print(report)
    return 0


def _as_csv(report: Report) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.title for column in report.columns])
    for row in report.rows:
        writer.writerow([_plain(column, row[column.key]) for column in report.columns])
    return text.getvalue()


def _plain(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.kind == "cents":
        return amount_text(value)
    return _harmless(str(value)) if column.kind == "text" else str(value)


def _harmless(text: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _write(text: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.write(text)
        return
    try:
        out.write_text(text, encoding="utf-8-sig", newline="")
    except OSError as error:
        raise Refused(
            _("{file} cannot be written: {why}. Choose another place.").format(
                file=out, why=error.strerror
            )
        ) from error


def _print(report: Report) -> None:
    titles = [column.title for column in report.columns]
    rows = [[_shown(column, row[column.key]) for column in report.columns] for row in report.rows]
    numbers = {place for place, column in enumerate(report.columns) if column.kind != "text"}
    print(report.title)
    print_table(titles, rows, numbers)
    for key, value in report.totals.items():
        amount = format_amount(value) if key.endswith("_cents") else str(value)
        print(f"{key.removesuffix('_cents').replace('_', ' ')}: {amount}")


def _shown(column: Column, value: Any) -> str:
    if value is None:
        return ""
    return format_amount(value) if column.kind == "cents" else str(value)
