"""A statement of M-Pesa in a file of any kind, as plain values: what a child process reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from pos_sync.mpesa.statement import (
    BadRow,
    NotAStatement,
    NumberedRow,
    PassedRow,
    StatementPayment,
    StatementReversal,
    StatementRow,
    read_statement,
)

from pos_desktop.documents.cells import CellFault
from pos_desktop.documents.opening import open_table
from pos_desktop.documents.reasons import FileFault, FileRefused
from pos_desktop.documents.tables import Row
from pos_desktop.domain.row_faults import RowFault

STREAM = "pos_desktop.documents.statement_rows:read_statement_stream"
"""What a child process is asked to run; it refuses by FileRefused."""
CHUNK_ROWS = 500


class PaidRow(NamedTuple):
    """A payment, its moment in milliseconds UTC."""

    line: int
    receipt: str
    amount_cents: int
    at: int
    reference: str
    phone: str | None
    digest: str | None
    mask: str | None
    name: str


class BackRow(NamedTuple):
    """A payment that M-Pesa has given back."""

    line: int
    receipt: str
    amount_cents: int


class StatementChunk(NamedTuple):
    """Rows one after the other, by what they are."""

    last: int
    """The number of its last row."""
    paid: Sequence[PaidRow]
    back: Sequence[BackRow]
    bad: Sequence[tuple[int, str, str]]
    """Of each row its number, its fault, and what stands there."""
    passed: Sequence[tuple[int, str]]
    """Of each row its number, and why it brings no payment."""


def read_statement_stream(path: str, chunk_rows: int = CHUNK_ROWS) -> Iterator[tuple[Any, ...]]:
    """Yield the shop's numbers that the statement names, then its rows in chunks.

    Raises FileRefused.
    """
    file = Path(path)
    try:
        statement = read_statement(map(_numbered, open_table(file).rows()))
    except NotAStatement as error:
        raise FileRefused(FileFault.NO_STATEMENT, file=file.name) from error
    yield tuple(sorted(statement.short_codes))
    while rows := [*islice(statement.rows, chunk_rows)]:
        yield _plain_chunk(_chunk(rows))


def _plain_chunk(chunk: StatementChunk) -> tuple[Any, ...]:
    """Return a chunk as it crosses to another process: no named tuples in it."""
    paid, back = map(tuple, chunk.paid), map(tuple, chunk.back)
    return (chunk.last, [*paid], [*back], chunk.bad, chunk.passed)


def _numbered(row: Row) -> NumberedRow:
    number, cells = row
    return number, None if isinstance(cells, CellFault) else [*map(_plain, cells)]


def _plain(cell: object) -> object:
    """Return what stands in a cell, the day of a workbook as its number."""
    if not isinstance(cell, CellFault):
        return cell
    if cell.fault is RowFault.DATE:
        with suppress(ValueError):
            return float(cell.value)
    return cell.value


def _chunk(rows: Sequence[StatementRow]) -> StatementChunk:
    return StatementChunk(
        last=rows[-1].line,
        paid=[_paid(one) for one in rows if isinstance(one, StatementPayment)],
        back=[
            BackRow(one.line, one.receipt, one.amount_cents)
            for one in rows
            if isinstance(one, StatementReversal)
        ],
        bad=[(one.line, str(one.fault), one.value) for one in rows if isinstance(one, BadRow)],
        passed=[(one.line, str(one.why)) for one in rows if isinstance(one, PassedRow)],
    )


def _paid(one: StatementPayment) -> PaidRow:
    return PaidRow(
        one.line,
        one.receipt,
        one.amount_cents,
        round(one.at.timestamp() * 1000),
        one.reference,
        one.payer.phone,
        one.payer.digest,
        one.payer.mask,
        one.name,
    )
