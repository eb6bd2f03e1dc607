"""Rows that cannot be read, in tables of which one row is to hold up no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from pos_desktop.storage.database import Row
from pos_desktop.storage.errors import RowDamaged

T = TypeVar("T")

log = logging.getLogger(__name__)

_FAULTS = (ValueError, TypeError, KeyError, AttributeError)
"""What is raised by whoever reads a word, a number or JSON that nobody here has written."""


def read_row(row: Row, read: Callable[[Row], T]) -> T:
    """Return what a row with an `id` stands for; raise RowDamaged where nobody can read it."""
    row_id = row["id"]
    try:
        return read(row)
    except _FAULTS as error:
        log.warning("row %r cannot be read: %r", row_id, error)
        raise RowDamaged from error


def readable_rows(rows: Iterable[Row], read: Callable[[Row], T]) -> list[T]:
    """Return what rows stand for; damaged ones are logged and left out."""
    found = []
    for row in rows:
        try:
            found.append(read_row(row, read))
        except RowDamaged:
            continue
    return found
