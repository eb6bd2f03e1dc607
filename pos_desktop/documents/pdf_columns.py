"""How wide the columns of a PDF are, in what size, and whether its pages lie or stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pos_desktop.documents.document import MEASURED_ROWS, Document, Kind, total_label, total_row
from pos_desktop.documents.pdf_letters import PLAIN, STRONG, Letters, width
from pos_desktop.documents.written_values import shown

PORTRAIT, LANDSCAPE = (595.28, 841.89), (841.89, 595.28)
"""A4 in points."""
EDGE = 36.0
SIZE, LEAST_SIZE = 8.0, 5.0
GAP = 8.0
"""Between two columns at least, in points."""
_ROOM_TO_GROW = 12.0
"""Where more rows follow than are measured: two figures, for numbers in names grow."""
_WIDEST_TEXT, _NARROWEST_TEXT = 190.0, 46.0


@dataclass(frozen=True, slots=True)
class PdfColumn:
    """A column on paper; `left` and `width` in points."""

    title: str
    make: Callable[[Any], str]
    is_text: bool
    is_right: bool
    left: float
    width: float

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.left + self.width


@dataclass(frozen=True, slots=True)
class Layout:
    """A page and its columns."""

    page: tuple[float, float]
    size: float
    """Of the letters of rows, in points."""
    columns: tuple[PdfColumn, ...]

    @property
    def width(self) -> float:
        """Of what is drawn, without the edges."""
        return self.page[0] - 2 * EDGE


def lay_out(document: Document, rows: Sequence[Sequence[Any]], letters: Letters) -> Layout:
    """Return how a document lies on paper, as its first rows and its totals need it."""
    wanted = _wanted_widths(document, rows, letters)
    texts = [column.kind is Kind.TEXT for column in document.columns]
    first = [min(one, _WIDEST_TEXT) if text else one
             for one, text in zip(wanted, texts, strict=True)]  # fmt: skip
    gaps = GAP * (len(wanted) - 1)
    stands = sum(first) + gaps <= PORTRAIT[0] - 2 * EDGE
    page = PORTRAIT if stands else LANDSCAPE
    room = page[0] - 2 * EDGE - gaps
    spare = room - sum(first)
    if spare >= 0:
        widths = _widened(first, wanted, spare)
        gap = GAP + max(room - sum(widths), 0) / max(len(widths) - 1, 1)
        return Layout(page, SIZE, _placed(document, widths, gap, letters))
    widths, size = _narrowed(first, texts, room)
    return Layout(page, size, _placed(document, widths, GAP, letters))


def _wanted_widths(
    document: Document, rows: Sequence[Sequence[Any]], letters: Letters
) -> list[float]:
    """Return how wide columns would be if nothing was wrapped."""
    totals, name = total_row(document), total_label(document)
    goes_on = len(rows) == MEASURED_ROWS
    found = []
    for place, column in enumerate(document.columns):
        make = shown(column.kind, document.zone, column.unknown)
        texts = [letters.known(make(row[place])) for row in rows]
        strong = [*column.title.split(), name[1] if name[0] == place and totals else ""]
        strong += [make(totals[place])] if totals else []
        widths = [width(text, PLAIN, SIZE) for text in texts]
        widths += [width(letters.known(text), STRONG, SIZE) for text in strong]
        found.append(max(widths, default=0.0) + (_ROOM_TO_GROW if goes_on else 1))
    return found


def _widened(first: list[float], wanted: list[float], spare: float) -> list[float]:
    """Return widths where what is spare goes to columns that want more."""
    missing = sum(wanted) - sum(first)
    share = min(spare / missing, 1.0) if missing > 0 else 0.0
    return [one + (want - one) * share for one, want in zip(first, wanted, strict=True)]


def _narrowed(first: list[float], texts: list[bool], room: float) -> tuple[list[float], float]:
    """Return widths that fit into a room, and the size of letters with which numbers fit there.

    Texts give way first, for they can be wrapped; then all letters become smaller.
    """
    least = [min(one, _NARROWEST_TEXT) if text else one
             for one, text in zip(first, texts, strict=True)]  # fmt: skip
    gives, too_much = sum(first) - sum(least), sum(first) - room
    if gives >= too_much:
        share = too_much / gives
        return [one - (one - low) * share for one, low in zip(first, least, strict=True)], SIZE
    smaller = room / sum(least)
    return [one * smaller for one in least], max(SIZE * smaller, LEAST_SIZE)


def _placed(
    document: Document, widths: Sequence[float], gap: float, letters: Letters
) -> tuple[PdfColumn, ...]:
    left, columns = EDGE, []
    for column, wide in zip(document.columns, widths, strict=True):
        columns.append(
            PdfColumn(
                title=letters.known(column.title),
                make=shown(column.kind, document.zone, column.unknown),
                is_text=column.kind is Kind.TEXT,
                is_right=column.is_right,
                left=left,
                width=wide,
            )
        )
        left += wide + gap
    return tuple(columns)
