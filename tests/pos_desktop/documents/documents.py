"""Documents as the tests of their writers make them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pos_desktop.documents.document import (
    Chart,
    ChartKind,
    Document,
    DocumentColumn,
    Kind,
    Row,
    Series,
    ShopHead,
    Tell,
    nothing_told,
)
from pos_desktop.documents.written_aside import Aside, written_aside

Write = Callable[[Document, Aside, Tell], int]

ZONE = ZoneInfo("Africa/Nairobi")
MADE = datetime(2026, 11, 24, 5, 15, tzinfo=UTC)
LAST = 1_795_504_500_123
"""24/11/2026 10:15:00 in the shop, in milliseconds UTC."""
SHOP = ShopHead(
    name="Mama Njeri & Sons", address="Gĩthũrai 45, Nairobi", tax_pin="P051234567X",
    phone="+254 712 345 678",
)  # fmt: skip
COLUMNS = (
    DocumentColumn(key="code", title="Code"),
    DocumentColumn(key="name", title="Product"),
    DocumentColumn(key="sales", title="Sales", kind=Kind.COUNT),
    DocumentColumn(key="quantity", title="Quantity", kind=Kind.QUANTITY),
    DocumentColumn(key="gross", title="Gross", kind=Kind.CENTS),
    DocumentColumn(key="margin", title="Margin %", kind=Kind.PERCENT),
    DocumentColumn(key="day", title="Day", kind=Kind.DATE),
    DocumentColumn(key="last", title="Last sold", kind=Kind.MOMENT),
)
ROWS: tuple[tuple[Any, ...], ...] = (
    ("00042", "Sugar 1 kg", 1_240, 12_500, 99_999_999_99, 2345, "2026-11-24", LAST),
    ("M1", "Milk", 3, "0.750", -5, "12.5", date(2026, 11, 23), MADE),
    ("N", "Nothing known", None, None, None, None, None, None),
)
TOTALS = {"sales": 1_243, "gross": 99_999_999_94}
CHART = Chart(
    title="Sales by hour",
    labels=("08:00", "09:00", "10:00"),
    series=(
        Series(title="This week", values=(1_000_00, 2_500_50, 0)),
        Series(title="The week before", values=(900_00, None, 10)),
    ),
)
LINE_CHART = Chart(
    title="Sales by day",
    labels=[f"{day:02}/11" for day in range(1, 31)],
    series=(Series(title="Sales", values=[day * day % 17 for day in range(30)]),),
    kind=ChartKind.LINE,
    unit=Kind.COUNT,
)


def document(rows: Iterable[Row] = ROWS, **changed: Any) -> Document:
    """Return a document of these rows, whole but for what is changed."""
    given: dict[str, Any] = {
        "title": "Sales by product",
        "shop": SHOP,
        "covers": "business days 01/11/2026 to 24/11/2026",
        "columns": COLUMNS,
        "rows": iter(rows),
        "made": MADE,
        "zone": ZONE,
        "made_by": "Njeri",
        "totals": TOTALS,
    }
    return Document(**(given | changed))


def names(*texts: str) -> Document:
    """Return a document of one column of texts."""
    return document(((text,) for text in texts), columns=COLUMNS[1:2], totals={})


def many(count: int) -> Iterator[Row]:
    """Yield so many rows, no two alike."""
    for number in range(count):
        yield (
            f"C{number}", f"Thing number {number} of a longish name", number, number * 250,
            number * 119, number % 10_000, "2026-11-24", LAST + number * 60_000,
        )  # fmt: skip


def written(write: Write, path: Path, made: Document, tell: Tell = nothing_told) -> int:
    """Write a document as a job does and return how many rows."""
    with written_aside(path) as aside:
        return write(made, aside, tell)


def words_of(path: Path, *options: str) -> str:
    """Return the text of a PDF as pdftotext reads it."""
    command = ["pdftotext", "-layout", *options, str(path), "-"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert not done.stderr, "a sound file"
    return done.stdout
