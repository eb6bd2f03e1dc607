"""posctl bench: how fast this machine is for a till, each figure beside a reference."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from pos_desktop.cli.bench.figure import Figure, titles
from pos_desktop.cli.bench.measures import Bench
from pos_desktop.cli.numbers import count
from pos_desktop.cli.output import complain, print_json, print_table
from pos_desktop.domain.text import _

_FEWEST = 1000


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parser of this command."""
    bench = groups.add_parser(
        "bench", parents=[common], help=_("measure this machine in a throw-away shop")
    )
    bench.add_argument("--products", metavar="N", type=_products, default=100_000)
    bench.add_argument(
        "--disk",
        metavar="DIR",
        type=Path,
        help=_("measure on the disk of this folder (else of the temporary files)"),
    )
    bench.set_defaults(run=_bench)


def _products(text: str) -> int:
    """Return a number of products."""
    number = count(text)
    if number < _FEWEST:
        raise argparse.ArgumentTypeError(_("at least {fewest}").format(fewest=_FEWEST))
    return number


def _bench(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="pos-bench-", dir=options.disk) as folder:
        figures = [_told(figure) for figure in Bench(Path(folder), options.products).run()]
    if options.json:
        print_json({"figures": [figure.as_json() for figure in figures]})
    else:
        print_table(titles(), [figure.cells() for figure in figures], right={1, 2, 4})
    return 0


def _told(figure: Figure) -> Figure:
    """Say a figure as soon as it is there: on a slow disk the others take minutes."""
    complain("  ".join(figure.cells()[:2]))
    return figure
