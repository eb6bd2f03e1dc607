"""Shows a document as text, as wide as its paper: for terminals, e-mail and tests."""

from __future__ import annotations

from pos_hardware.document import Cut, Feed, QrCode, ReceiptDocument
from pos_hardware.layout import Row, Spell, TextRow, lay_out, width_of


def render_text(document: ReceiptDocument, columns: int, spell: Spell = str) -> str:
    """Return the document in lines of at most so many columns, each with its line end.

    Double letters take one column each here, but are wrapped as on paper.
    """
    lines = [line for row in lay_out(document, columns, spell) for line in row_text(row, columns)]
    return "".join(f"{line}\n" for line in lines)


def row_text(row: Row, columns: int) -> list[str]:
    """Return a row as lines of text: nothing for a logo, a drawer or the bars of a code."""
    match row:
        case TextRow():
            return [_spread(row, columns)]
        case Feed():
            return [""] * row.lines
        case QrCode():
            return [f"[QR {row.data}]"]
        case Cut():
            return ["- " * (columns // 2)]
        case _:
            return []


def _spread(row: TextRow, columns: int) -> str:
    """Give the pieces of a line of double letters their places on the whole width again."""
    if row.columns == columns:
        return row.text
    line = ""
    for piece in row.pieces:
        width = width_of(piece.text)
        after = row.columns - piece.column - width
        if piece.column and after <= 0:
            start = columns - width
        elif piece.column and abs(piece.column - after) <= 1:
            start = (columns - width) // 2
        else:
            start = piece.column * columns // row.columns
        line = line.ljust(start) + piece.text
    return line
