"""The first rows of a file as they stand in it, so that a person can say what its columns hold."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from pos_desktop.documents.cells import SHOWN_VALUE, Cell, CellFault
from pos_desktop.documents.opening import open_table

FIRST_ROWS = "pos_desktop.documents.first_rows:first_rows_stream"
"""What a child process is asked to run; it refuses by FileRefused."""
MOST_ROWS = 30


class FirstRows(NamedTuple):
    """What stands at the beginning of a table."""

    sheet: str
    sheets: tuple[str, ...]
    """All sheets of the workbook; none for text."""
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    """The number of each row, and its cells as texts."""


def first_rows_stream(path: str, sheet: str | None = None) -> Iterator[tuple[Any, ...]]:
    """Yield the FirstRows of a file as a plain tuple; raises FileRefused."""
    table = open_table(Path(path), sheet)
    rows = tuple(
        (number, tuple(map(_shown, cells)))
        for number, cells in islice(table.rows(), MOST_ROWS)
        if not isinstance(cells, CellFault)
    )
    yield tuple(FirstRows(table.sheet, table.sheets, rows))


def _shown(cell: Cell) -> str:
    if isinstance(cell, CellFault):
        return cell.value[:SHOWN_VALUE]
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return " ".join(cell.split())[:SHOWN_VALUE]
