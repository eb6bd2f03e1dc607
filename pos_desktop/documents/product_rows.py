"""Reads the products of a file: a stream of plain tuples that crosses to the parent process.

The stream keeps nothing per row. A barcode that stands in the sheet twice is found where the rows
are stored; each row carries a digest of its data, so that an identical repetition is told from a
contradiction by comparing two numbers.

Merged cells hold their value in the first cell only; the others are empty and change nothing, and
a row whose key lies in the lower part of a merged cell is rejected as one without a key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from pos_desktop.documents import amounts, cells
from pos_desktop.documents.cells import SHOWN_VALUE, Cell, CellFault, Reader, Value
from pos_desktop.documents.columns import Layout, column_letters, recognise
from pos_desktop.documents.opening import open_table
from pos_desktop.documents.reasons import OF_COLUMNS, FileFault, FileRefused
from pos_desktop.documents.tables import Row, Table
from pos_desktop.domain.row_faults import RowFault, begins_like_a_total, row_sentence

STREAM = "pos_desktop.documents.product_rows:parse_products_stream"
"""What a child process is asked to run; it refuses by FileRefused, a `domain.errors.Refused`."""
PRELOAD = ("pos_desktop.documents.product_rows", "pos_desktop.documents.csv_table")
"""What a child imports that is started ahead of an import."""
SAMPLE_ROWS = 1000
"""Rows that decide on the header, the decimal sign and the meaning of tax codes."""
CHUNK_ROWS = 500
_MOST_SHEETS = 10
"""So many are looked at for a table of goods where the first is none."""


class RowError(NamedTuple):
    """One cell that made its row fail; a row may have several."""

    sheet: str
    row: int
    column: str
    """The header above the cell or its letter, empty where the whole row is at fault."""
    value: str
    fault: str
    """A RowFault."""
    limit: str
    """What the rule names, where it names something: a number, or other products."""
    name: str = ""
    """The product's, where the row or the catalogue has one."""
    cell: str = ""
    """As a spreadsheet calls it, such as C13; empty where no column is at fault."""

    @property
    def reason(self) -> str:
        """The sentence for people, in the language of this process."""
        return row_sentence(self.fault, self.limit)


class Preview(NamedTuple):
    """What was recognised in a file, to be shown before anything is imported."""

    format: str
    encoding: str
    delimiter: str
    sheet: str
    header: tuple[str, ...]
    header_row: int
    columns: dict[str, str]
    """Title of the column(s) by field."""
    ignored: tuple[str, ...]
    tax_codes: bool
    """The tax column numbers its bands: 0 is read as A, 1 as B, 2 as E."""
    decimal_signs: dict[str, str]
    """Per amount column ".", ",", "?" (nothing proves either) or "!" (both occur)."""
    sheets: tuple[str, ...]
    """All sheets of the workbook."""
    letters: dict[str, tuple[str, ...]]
    """By which letters a spreadsheet knows the column(s) of each field."""
    rivals: dict[str, tuple[tuple[str, str], ...]]
    """Title and letter of the columns that claim a field which another column has taken."""
    tax_meanings: dict[str, str]
    """The VAT band by each word or number of the tax column that is no band's letter."""


class Chunk(NamedTuple):
    """Some rows of a file in order."""

    rows: list[tuple[Any, ...]]
    errors: list[tuple[Any, ...]]
    rejected: int
    """Rows that fail; an error a cell, so there may be more errors."""
    progress: float
    """How much of the file has been read, 0 to 1."""
    partly_read: Sequence[tuple[tuple[Any, ...], tuple[str, ...]]] = ()
    """Rejected rows that have a key, without their faulty values, and the fields of these: so
    that the catalogue can tell at once what else is wrong with them."""


def _name_another(path: Path, sheets: Sequence[str], refused: FileRefused) -> None:
    """Raise the refusal of a first sheet with another that has known columns, where there is one.

    A cover, or a sheet of notes, is often the first of a workbook.
    """
    for other in sheets[1:_MOST_SHEETS]:
        if _has_goods(path, other):
            raise FileRefused(refused.fault, file=path.name, sheet=other) from refused


def _has_goods(path: Path, sheet: str) -> bool:
    sample = list(islice(open_table(path, sheet).rows(), SAMPLE_ROWS))
    try:
        return bool(recognise(sample, {}, path.name).places)
    except FileRefused:
        return False


class ProductFile:
    """A file of products open for reading."""

    def __init__(
        self, path: Path, sheet: str | None = None, mapping: Mapping[str, str] | None = None
    ) -> None:
        """Recognise table, columns and number styles; raises FileRefused."""
        self._table = open_table(path, sheet)
        self._rows = self._table.rows()
        sample = list(islice(self._rows, SAMPLE_ROWS))
        if not sample:
            raise FileRefused(FileFault.EMPTY, file=path.name)
        try:
            self._layout = recognise(sample, mapping or {}, path.name)
        except FileRefused as error:
            if sheet is None and error.fault in OF_COLUMNS:
                _name_another(path, self._table.sheets, error)
            raise
        data = [row for row in sample if row[0] > self._layout.header_row]
        self._data = chain(data, self._rows)
        self._columns = _Columns(self._layout, data)

    @property
    def preview(self) -> Preview:
        """What was recognised."""
        table, layout, columns = self._table, self._layout, self._columns
        titles = {
            field: ", ".join(layout.title(place) for place in places)
            for field, places in layout.places.items()
        }
        letters = {field: tuple(map(column_letters, at)) for field, at in layout.places.items()}
        rivals = {
            field: tuple((layout.title(place), column_letters(place)) for place in places)
            for field, places in layout.rivals.items()
        }
        return Preview(
            table.format, table.encoding, table.delimiter, table.sheet, layout.header,
            layout.header_row, titles, tuple(layout.ignored()), columns.tax_codes, columns.styles,
            table.sheets, letters, rivals, columns.tax_meanings,
        )  # fmt: skip

    def chunks(self, size: int = CHUNK_ROWS) -> Iterator[Chunk]:
        """Yield all rows in order, good and bad; raises FileRefused where the file breaks off."""
        convert = _Converter(self._table, self._layout, self._columns).convert
        while batch := list(islice(self._data, size)):
            chunk = convert(batch)
            if chunk.rows or chunk.rejected:
                yield chunk


def parse_products_stream(
    path: str,
    sheet: str | None = None,
    mapping: dict[str, str] | None = None,
    sample: int | None = None,
    chunk_rows: int = CHUNK_ROWS,
) -> Iterator[tuple[Any, ...]]:
    """Yield a preview, then chunks, as plain tuples: what a child process runs.

    With sample, stop after about so many rows. Raises FileRefused.
    """
    file = ProductFile(Path(path), sheet, mapping)
    yield tuple(file.preview)
    seen = 0
    for chunk in file.chunks(chunk_rows):
        yield tuple(chunk)
        seen += len(chunk.rows) + chunk.rejected
        if sample is not None and seen >= sample:
            return


class _Columns:
    """The reader of each field's cells, as the sample of its column asks for."""

    def __init__(self, layout: Layout, data: Iterable[Row]) -> None:
        rows = [row for _number, row in data if not isinstance(row, CellFault)]
        self.tax_codes = False
        self.tax_meanings: dict[str, str] = {}
        self.styles: dict[str, str] = {}
        self.readers: dict[str, Reader] = {}
        for field, places in layout.places.items():
            sample = [row[places[0]] for row in rows if places[0] < len(row)]
            self.readers[field] = self._reader(field, sample)

    def _reader(self, field: str, sample: list[Cell]) -> Reader:
        if field in ("price", "cost", "stock"):
            style = amounts.amount_style(sample)
            self.styles[field] = style.value
            return (
                amounts.quantity_reader(style) if field == "stock" else amounts.cents_reader(style)
            )
        if field == "tax_band":
            self.tax_codes = cells.is_tax_column_of_codes(sample)
            self.tax_meanings = cells.tax_meanings(sample, codes=self.tax_codes)
            return cells.tax_reader(codes=self.tax_codes)
        return _READERS[field]()


_READERS: dict[str, Callable[[], Reader]] = {
    "barcode": cells.BarcodeReader,
    "code": partial(cells.UniqueReader, cells.read_code),
    "name": partial(cells.text_reader, cells.LONGEST_NAME, unique=True),
    "category": partial(cells.text_reader, cells.LONGEST_CATEGORY),
    "unit": partial(cells.text_reader, cells.LONGEST_SHORT_TEXT),
    "by_weight": partial(Reader, cells.read_flag),
    "active": partial(Reader, cells.read_flag),
    "item_class": partial(cells.text_reader, cells.LONGEST_SHORT_TEXT),
    "unit_code": partial(cells.text_reader, cells.LONGEST_SHORT_TEXT),
    "packaging_code": partial(cells.text_reader, cells.LONGEST_SHORT_TEXT),
}

ORDER = ("code", "barcode", "name", "category", "unit", "price", "cost", "tax_band", "by_weight",
         "active", "stock", "item_class", "unit_code", "packaging_code")  # fmt: skip


class _Converter:
    """Turns batches of cells into chunks, a column at a time: repeated values cost a look-up."""

    def __init__(self, table: Table, layout: Layout, columns: _Columns) -> None:
        self._table = table
        self._layout = layout
        self._readers = columns.readers
        self._fields = sorted(
            (place, field) for field, places in layout.places.items() for place in places
        )
        self._width = len(layout.header) if table.strict_width and layout.header else None

    def convert(self, batch: list[Row]) -> Chunk:
        """Return the good rows of a batch and the errors of the others."""
        numbers, rows, errors = self._split(batch)
        rejected = len(errors)
        columns = self._values(rows)
        fields = list(zip(*columns, strict=True))
        faulty = self._faulty(fields, rows)
        partly_read = []
        for at in faulty:
            found = self._errors(numbers[at], rows[at])
            errors += found
            rejected += bool(found)
            if any(error.column for error in found):
                partly_read.append(_without_faults(numbers[at], fields[at]))
        if faulty:
            errors.sort(key=lambda error: error.row)
            bad = set(faulty)
            kept = [at for at in range(len(rows)) if at not in bad]
            numbers, fields = [numbers[at] for at in kept], [fields[at] for at in kept]
        made = [(number, hash(data), *data) for number, data in zip(numbers, fields, strict=True)]
        return Chunk(
            made,
            [tuple(error) for error in errors],
            rejected,
            self._table.progress,
            partly_read,
        )

    def _split(self, batch: list[Row]) -> tuple[list[int], list[list[Cell]], list[RowError]]:
        """Part the rows that have cells from the lines that could not be cut into any."""
        numbers: list[int] = []
        rows: list[list[Cell]] = []
        errors: list[RowError] = []
        for number, row in batch:
            if isinstance(row, CellFault):
                errors.append(self._error(number, None, row))
            else:
                numbers.append(number)
                rows.append(row)
        return numbers, rows, errors

    def _values(self, rows: list[list[Cell]]) -> list[list[Any]]:
        """Return the values of every field, a column each."""
        cells_by_column = list(zip_longest(*rows, fillvalue=""))
        empty: tuple[Cell, ...] = ("",) * len(rows)
        values: list[list[Any]] = []
        for field in ORDER:
            read = [
                self._readers[field].column(
                    cells_by_column[place] if place < len(cells_by_column) else empty
                )
                for place in self._layout.places.get(field, ())
            ]
            if len(read) > 1:
                values.append(list(map(_joined, *read)))
            else:
                values.append(read[0] if read else [None] * len(rows))
        return values

    def _faulty(self, fields: list[tuple[Any, ...]], rows: list[list[Cell]]) -> list[int]:
        """Return the places in the batch of rows that fail, or are empty."""
        without_key = {at for at, data in enumerate(fields) if data[0] is None and data[1] is None}
        if any(reader.faulty for reader in self._readers.values()):
            for reader in self._readers.values():
                reader.faulty = False
            without_key.update(
                at
                for at, data in enumerate(fields)
                if any(value.__class__ is CellFault for value in data)
            )
        if self._width is not None:
            without_key.update(
                at
                for at, row in enumerate(rows)
                if len(row) > self._width and any(row[self._width :])
            )
        return sorted(without_key)

    def _errors(self, number: int, row: list[Cell]) -> list[RowError]:
        """Return what is wrong with a row, cell by cell; nothing for an empty row."""
        if self._width is not None and any(row[self._width :]):
            shown = " | ".join(str(cell) for cell in row[self._width :])
            extra = CellFault(RowFault.EXTRA_CELLS, shown)
            return [self._error(number, None, extra, self._name(row))]
        found = [
            self._error(number, place, fault, self._name(row))
            for place, field in self._fields
            if place < len(row) and (fault := self._readers[field].fault(row[place]))
        ]
        if found or not any(row):
            return found
        why = RowFault.NO_PRODUCT if _is_no_product(row) else RowFault.NO_KEY
        return [self._error(number, None, CellFault(why, ""), self._name(row))]

    def _name(self, row: list[Cell]) -> str:
        place = self._layout.places.get("name", (len(row),))[0]
        cell = row[place] if place < len(row) else ""
        return cell[:SHOWN_VALUE] if isinstance(cell, str) else ""

    def _error(self, number: int, place: int | None, fault: CellFault, name: str = "") -> RowError:
        column, cell = "", ""
        if place is not None:
            column, cell = self._layout.title(place), f"{column_letters(place)}{number}"
        return RowError(
            self._table.sheet, number, column, fault.value[:SHOWN_VALUE], str(fault.fault),
            fault.limit, name, cell,
        )  # fmt: skip


def _is_no_product(row: list[Cell]) -> bool:
    """Tell whether a row without a key is rather the foot of the table, or a heading in it."""
    filled = [cell for cell in row if cell != ""]
    texts = [cell for cell in filled if isinstance(cell, str)]
    return bool(texts) and (len(filled) == 1 or begins_like_a_total(texts[0]))


def _without_faults(number: int, data: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """Return a product row whose faulty fields are empty, and the names of these."""
    faulty = tuple(
        field for field, value in zip(ORDER, data, strict=True) if isinstance(value, CellFault)
    )
    kept = (None if isinstance(value, CellFault) else value for value in data)
    return (number, 0, *kept), faulty


def _joined(*found: Value | CellFault) -> Value | CellFault:
    """Return the barcodes of several columns of one row, or the first fault among them."""
    codes: list[str] = []
    for value in found:
        if isinstance(value, CellFault):
            return value
        if isinstance(value, tuple):
            codes += value
    return tuple(dict.fromkeys(codes)) or None
