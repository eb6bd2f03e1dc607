"""Writes rows as CSV that programs and spreadsheets read: UTF-8 with its mark, CRLF, commas.

A text that a spreadsheet would take for a formula gets an apostrophe before it. A field with a
semicolon or a tab is quoted too: where spreadsheets split at those, it would begin a cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pos_desktop.documents.document import (
    TELL_EVERY,
    Document,
    Kind,
    Tell,
    each_row,
    nothing_told,
    total_label,
    total_row,
)
from pos_desktop.documents.written_aside import Aside
from pos_desktop.documents.written_values import plain

_MARK = "\ufeff"
"""Tells a spreadsheet that the file is UTF-8."""
_QUOTED = re.compile('[",;\t\r\n]')
_LIKE_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


def write_csv(document: Document, aside: Aside, tell: Tell = nothing_told) -> int:
    """Write the rows of a document below their headings, the totals last; return how many rows.

    What stands around the rows is left out: a program reads the file.
    """
    lines = _lines(document, tell)
    return write_lines(lines, aside) - 1 - bool(document.totals)


def write_lines(lines: Iterable[Sequence[str]], aside: Aside, tell: Tell = nothing_told) -> int:
    """Write lines of fields as they come and return how many; texts of people must be harmless."""
    aside.file.write(_MARK.encode())
    count = 0
    for fields in lines:
        aside.file.write(csv_line(fields).encode(errors="replace"))
        count += 1
        if count % TELL_EVERY == 0:
            tell(count)
    return count


def csv_line(fields: Sequence[str]) -> str:
    """Return fields as a line of CSV, with its end."""
    return ",".join(map(_field, fields)) + "\r\n"


def harmless(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{text}" if _LIKE_FORMULA.match(text) else text


def _field(text: str) -> str:
    if _QUOTED.search(text):
        text = text.replace('"', '""')
        return f'"{text}"'
    return text


def _lines(document: Document, tell: Tell) -> Iterator[list[str]]:
    columns, zone = document.columns, document.zone
    makers = [plain(column.kind, zone) for column in columns]
    texts = [at for at, column in enumerate(columns) if column.kind is Kind.TEXT]
    yield [harmless(column.title) for column in columns]
    for values in each_row(document, tell):
        fields = [make(value) for make, value in zip(makers, values, strict=True)]
        for at in texts:
            fields[at] = harmless(fields[at])
        yield fields
    if totals := total_row(document):
        fields = [make(value) for make, value in zip(makers, totals, strict=True)]
        name_at, name = total_label(document)
        if name_at >= 0:
            fields[name_at] = harmless(name)
        yield fields
