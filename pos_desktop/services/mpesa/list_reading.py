"""Reads a piece of M-Pesa's list: all its pages, with the times that its rows really have.

The times of the list end with Z and are said to be Nairobi's all the same. So it is read in pieces
that are shorter than the three hours between the two: only one of them lies in what was asked for.
What was read is only as good as it tells of itself: a list that could not be fetched looks as one
without payments, and M-Pesa says so of both by the same code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pos_queue.context import JobContext
from pos_sync.mpesa.nairobi import EAT
from pos_sync.mpesa.pulled import Pulled

from pos_desktop.domain.errors import Unavailable

if TYPE_CHECKING:
    from pos_sync.mpesa.daraja import Daraja

_PIECE = timedelta(minutes=150)
"""Shorter than the three hours between Nairobi and UTC, with what clocks may differ."""
_SHORTEST = timedelta(minutes=1)
"""A piece of more pages than are read is halved down to this."""
_AHEAD = timedelta(minutes=5)
"""How far the clocks of this computer and of M-Pesa may differ."""
MOST_PAGES = 500


class TimesUnclear(Unavailable):
    """M-Pesa lists payments of other times than it was asked for; it is asked again later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What a piece of the list holds."""

    first: datetime
    end: datetime
    payments: tuple[Pulled, ...]
    unread: int
    """Rows that nobody can read, and payments of another time than was asked for."""
    is_whole: bool
    """Whether it is certain that nothing is missing."""


def pieces(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Return the pieces in which a time is read, the oldest first."""
    while start < end:
        until = min(start + _PIECE, end)
        yield start, until
        start = until


def read_piece(
    daraja: Daraja, first: datetime, end: datetime, context: JobContext | None
) -> Iterator[Piece]:
    """Read a piece, in smaller ones where it has too many pages.

    Raises TimesUnclear and MpesaError.
    """
    rows, unread, is_whole, is_cut = _pages(daraja, first, end, context)
    if is_cut and end - first > _SHORTEST:
        middle = first + (end - first) / 2
        yield from read_piece(daraja, first, middle, context)
        yield from read_piece(daraja, middle, end, context)
        return
    payments = [one for one in rows if one.is_payment]
    found = _in_time(payments, first, end)
    unread += len(payments) - len(found)
    yield Piece(
        first=first,
        end=end,
        payments=tuple(found),
        unread=unread,
        is_whole=is_whole and not is_cut and not unread,
    )


def _pages(
    daraja: Daraja, first: datetime, end: datetime, context: JobContext | None
) -> tuple[list[Pulled], int, bool, bool]:
    """Return the rows of all pages, how many nobody can read, and whether that is all of them.

    The last tells that there are more pages than are read.
    """
    rows: list[Pulled] = []
    offset = unread = 0
    for _page in range(MOST_PAGES):
        page = daraja.pull(first, end, offset)
        rows += page.payments
        unread += page.unread
        offset += page.rows
        if not page.rows:
            return rows, unread, not page.may_have_failed, False
        if context is not None:
            context.check()
    return rows, unread, False, True


def _in_time(rows: list[Pulled], first: datetime, end: datetime) -> list[Pulled]:
    """Return the rows that lie in a piece, with their true times.

    Raises TimesUnclear where there are some, and none of them does. What is told without
    a zone is read as Nairobi's, or as it stands: whichever fits more.
    """
    read = ([_in_nairobi(one) for one in rows], rows)
    fitting = [[one for one in found if first - _AHEAD <= one.at <= end + _AHEAD] for found in read]
    best = max(fitting, key=len)
    if rows and not best:
        raise TimesUnclear
    return best


def _in_nairobi(row: Pulled) -> Pulled:
    """Return a row whose time is read as Nairobi's, unless it says its zone."""
    return replace(row, at=row.at.replace(tzinfo=EAT)) if row.is_zone_doubtful else row
