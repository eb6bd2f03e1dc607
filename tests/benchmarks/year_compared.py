"""Reports beside the same in plain SQL: each total, and each row by the columns that SQL tells."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pos_desktop.services.reports.report_parts import Report
from tests.benchmarks import year_sums

_SCALES = {"quantity": 1000, "percent": 100}
"""By what the decimal texts of a kind of column become whole numbers."""
_RowOf = tuple[Any, ...]


@dataclass(frozen=True)
class Compared:
    """A report beside the SQL."""

    name: str
    rows: int
    totals: Mapping[str, Any]
    by_sql: Mapping[str, Any]
    only_in_report: Sequence[_RowOf]
    """Rows that the SQL does not have."""
    only_in_sql: Sequence[_RowOf]

    def agrees(self, key: str) -> bool:
        """Tell whether a total is what the SQL says."""
        return key in self.by_sql and self.totals[key] == self.by_sql[key]

    @property
    def is_equal(self) -> bool:
        """Whether all agrees to the cent."""
        wrong = self.only_in_report or self.only_in_sql
        return dict(self.totals) == dict(self.by_sql) and not wrong


class Sums:
    """The plain SQL over the days of a period, on a connection of its own; use it in a `with`."""

    def __init__(self, file: Path, first: str, end: str) -> None:
        self._values = {"first": first, "end": end}
        self._file = file

    def __enter__(self) -> Sums:
        self._sqlite = sqlite3.connect(f"{self._file.as_uri()}?mode=ro", uri=True)
        self._sqlite.row_factory = sqlite3.Row
        for statement in year_sums.BASE.split(";"):
            self._all(statement)
        return self

    def __exit__(self, *_: object) -> None:
        self._sqlite.close()

    def beside(self, report: Report) -> Compared:
        """Return a report of these days beside what the SQL says of it."""
        rows = self._all(year_sums.ROWS[report.name])
        columns = rows[0].keys()
        by_sql, by_report = Counter(tuple(row) for row in rows), Counter(_plain(report, columns))
        if report.name == "x":
            told = {row[:2] for row in by_sql}
            by_report = Counter(row for row in by_report if row[:2] in told)
        return Compared(
            name=report.name,
            rows=len(report.rows),
            totals=report.totals,
            by_sql=dict(self._all(year_sums.TOTALS[report.name])[0]),
            only_in_report=[*(by_report - by_sql)],
            only_in_sql=[*(by_sql - by_report)],
        )

    def _all(self, sql: str) -> list[sqlite3.Row]:
        with closing(self._sqlite.execute(sql, self._values)) as found:
            return found.fetchall()


def _plain(report: Report, columns: Iterable[str]) -> Iterator[_RowOf]:
    """Yield the rows of a report by some of its columns, with whole numbers alone."""
    scales = {column.key: _SCALES.get(column.kind) for column in report.columns}
    for row in report.rows:
        yield tuple(_whole(row[key], scales[key]) for key in columns)


def _whole(value: Any, scale: int | None) -> Any:
    return value if scale is None or value is None else int(Decimal(value) * scale)
