"""posctl export: whole lists of the shop as CSV or XLSX."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from pos_desktop.cli.opened import opened
from pos_desktop.cli.output import WrongUsage, print_json
from pos_desktop.documents.document import Tell, nothing_told
from pos_desktop.domain.export import ExportWish, ListName, form_of
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.exports.export_documents import Written


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parser of this command."""
    export = groups.add_parser("export", parents=[common], help=_("whole lists as CSV or XLSX"))
    export.add_argument("list", choices=[name.value for name in ListName])
    export.add_argument("file", metavar="FILE", type=Path, help=_("its ending says CSV or XLSX"))
    export.add_argument(
        "--from",
        dest="first",
        metavar="D",
        help=_("of sales: first business day or moment, as posctl report takes it"),
    )
    export.add_argument("--to", dest="end", metavar="D", help=_("of sales: exclusive"))
    export.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> int:
    form = form_of(options.file.suffix)
    if options.list != ListName.SALES and (options.first or options.end):
        raise WrongUsage(_("Only sales have a period: leave out --from and --to."))
    wish = ExportWish(what=options.list, form=form, first=options.first, end=options.end)
    with opened(options) as shop:
        written = shop.exports.write(wish, options.file, tell=_telling(), actor=None)
    say_written(written, json=options.json)
    return 0


def say_written(written: Written, *, json: bool) -> None:
    """Say which file was written, and how many rows it has."""
    if json:
        print_json({"file": str(written.path), "title": written.title, "rows": written.rows})
        return
    sentence = ngettext(
        "{title}: {count:,} row in {file}.", "{title}: {count:,} rows in {file}.", written.rows
    )
    print(sentence.format(title=written.title, count=written.rows, file=written.path))


def _telling() -> Tell:
    """Return what shows the rows that are written, on a terminal alone."""
    if not sys.stderr.isatty():
        return nothing_told

    def tell(rows: int) -> None:
        print(f"\r{rows:,}", end="", file=sys.stderr, flush=True)

    return tell
