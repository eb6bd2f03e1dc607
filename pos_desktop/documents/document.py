"""What is written for people to hand on: a report or a list as plain values, before any format.

Its rows are an iterator, so that a long list is never in memory at once. All words come in the
language of the reader, but for those of the frame (page, made, total), which the writers say in
the language that is spoken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import Enum, StrEnum
from itertools import islice
from typing import Any

from pos_desktop.domain.text import _

MEASURED_ROWS = 200
"""How many rows are looked at to find how wide the columns are."""
TELL_EVERY = 500
"""After how many rows a writer tells how far it is."""

Tell = Callable[[int], None]
"""Takes how many rows are written; raises to break off."""
Row = Sequence[Any] | Mapping[str, Any]
"""Values in the order of the columns, or by their keys."""


class Kind(StrEnum):
    """What the values of a column are; None is an empty cell of any."""

    TEXT = "text"
    COUNT = "count"  # int
    CENTS = "cents"  # int, hundredths of the currency
    QUANTITY = "quantity"  # int, thousandths; or decimal text
    PERCENT = "percent"  # int, basis points; or decimal text
    DATE = "date"  # date, or its ISO text
    MOMENT = "moment"  # aware datetime, or int, milliseconds since 1970 UTC


NUMBERS = frozenset({Kind.COUNT, Kind.CENTS, Kind.QUANTITY, Kind.PERCENT})


class Align(Enum):
    """On which side the values of a column stand."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentColumn:
    """A column: its key in rows and totals, its heading, what its values are."""

    key: str
    title: str
    kind: Kind = Kind.TEXT
    width: int | None = None
    """In signs, where it shall not be found from the first rows."""
    align: Align | None = None
    """Where it shall not be as the kind has it: numbers right, all else left."""
    unknown: str = ""
    """What stands on paper where a value is None; a workbook and a CSV have an empty cell."""

    @property
    def is_right(self) -> bool:
        """Whether values stand at the right."""
        return (self.align is Align.RIGHT) if self.align else self.kind in NUMBERS


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopHead:
    """Whose document it is."""

    name: str
    address: str = ""
    """In one line."""
    tax_pin: str = ""
    phone: str = ""

    def details(self) -> str:
        """Return all but the name in one line."""
        pin = _("PIN {pin}").format(pin=self.tax_pin) if self.tax_pin else ""
        return " · ".join(part for part in (self.address, pin, self.phone) if part)


class ChartKind(Enum):
    """How figures are drawn."""

    BAR = "bar"
    LINE = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Figures of a chart, one for each of its labels; None where there is none."""

    title: str
    values: Sequence[int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One picture of figures: of this period, and of the one before where there are two series."""

    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    kind: ChartKind = ChartKind.BAR
    unit: Kind = Kind.CENTS
    """Kind.CENTS or Kind.COUNT."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SumFigure:
    """A sum that belongs to no column: a line of its own below the table."""

    column: DocumentColumn
    """What it is called, and its kind: a number."""
    now: int
    before: int | None
    words: str
    """All of it in a line, for paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report or a list with everything that stands around it."""

    title: str
    shop: ShopHead
    covers: str
    """The period in words, or the moment of what changes."""
    columns: Sequence[DocumentColumn]
    rows: Iterable[Row]
    """Gone through once."""
    made: datetime
    """When, aware."""
    zone: tzinfo
    """The shop's."""
    made_by: str = ""
    compared: str = ""
    """The period that it is compared with, in words."""
    totals: Mapping[str, Any] = field(default_factory=dict)
    """By key of the column; written as they are, never added up again."""
    total_label: str = ""
    """What the row of totals is called, where it is not TOTAL."""
    figures: Sequence[SumFigure] = ()
    notes: Sequence[str] = ()
    charts: Sequence[Chart] = ()


def nothing_told(_rows: int) -> None:
    """Tell nobody."""


def values_of(columns: Sequence[DocumentColumn], row: Row) -> Sequence[Any]:
    """Return the values of a row in the order of the columns."""
    if isinstance(row, Mapping):
        return [row.get(column.key) for column in columns]
    return row


def each_row(document: Document, tell: Tell) -> Iterator[Sequence[Any]]:
    """Yield the rows in the order of the columns and tell how many there were, at the end too."""
    count = 0
    for row in document.rows:
        yield values_of(document.columns, row)
        count += 1
        if count % TELL_EVERY == 0:
            tell(count)
    tell(count)


def first_and_all(
    rows: Iterator[Sequence[Any]],
) -> tuple[list[Sequence[Any]], Iterator[Sequence[Any]]]:
    """Return the rows by which columns are measured, and all rows, those among them."""
    first = list(islice(rows, MEASURED_ROWS))

    def whole() -> Iterator[Sequence[Any]]:
        yield from first
        yield from rows

    return first, whole()


def total_row(document: Document) -> list[Any]:
    """Return the totals in the order of the columns; nothing where there are none."""
    if not document.totals:
        return []
    return [document.totals.get(column.key) for column in document.columns]


def total_label(document: Document) -> tuple[int, str]:
    """Return in which column the row of totals has its name, the first without a total, and it.

    Where each column has a total the name finds no place: -1.
    """
    places = (
        at for at, column in enumerate(document.columns)
        if document.totals.get(column.key) is None
    )  # fmt: skip
    return next(places, -1), document.total_label or _("TOTAL")


def nothing_here() -> str:
    """Return what stands in place of rows where there are none."""
    return _("There is nothing in this period.")


def made_words(document: Document, moment: str) -> str:
    """Say when a document was made, in the words of its reader, and by whom."""
    if document.made_by:
        return _("Made {moment} by {name}").format(moment=moment, name=document.made_by)
    return _("Made {moment}").format(moment=moment)


def compared_words(document: Document) -> str:
    """Say what a document is compared with; nothing where it is not."""
    if not document.compared:
        return ""
    return _("Compared with {period}").format(period=document.compared)
