"""posctl seal: a row of the file with a spoilt value is looked at, and sealed as it is now."""

from __future__ import annotations

import argparse
from typing import Any

from pos_desktop.cli.asking import ask
from pos_desktop.cli.opened import opened
from pos_desktop.cli.output import complain, print_json
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.storage import sealed_rows
from pos_desktop.storage.database import Row


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parser of this command."""
    seal = groups.add_parser(
        "seal", parents=[common], help=_("seal a row that verify names, once its values are right")
    )
    seal.add_argument("table", metavar="TABLE", help=_("the table, as verify names it"))
    seal.add_argument("key", metavar="KEY", nargs="+", help=_("the row, as verify names it"))
    seal.add_argument("--yes", action="store_const", const="yes", help=_("its values are right"))
    seal.set_defaults(run=_seal)


def _seal(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        row = sealed_rows.broken_row(shop.database, options.table, options.key)
        if options.yes is None:
            _show(row)
        ask(options.yes, "--yes", _("Type yes if each of these is right"), _is_yes)
        with shop.database.write():
            sealed_rows.seal_anew(shop.database, shop.books, options.table, options.key)
    if options.json:
        print_json({"table": options.table, "key": options.key})
    else:
        print(_("The row bears the seal of what stands in it now."))
    return 0


def _show(row: Row) -> None:
    for name, value in row.items():
        complain(f"{name}: {'' if value is None else value}")


def _is_yes(answer: str) -> str:
    if answer != "yes":
        raise Refused(_("Put the value right first, on its screen or from a backup."))
    return answer
