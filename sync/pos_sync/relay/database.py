"""What a relay's database promises, whichever engine it is.

A statement is the same text for both engines, with a `?` for each value. A transaction that ends
well is on the disk; one that does not has left nothing. Who holds the lock of a shop is the only
one to write about that shop, up to the end of the transaction.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Row = tuple[Any, ...]


class DatabaseFailed(Exception):
    """The database of the relay does not do what it is asked just now."""


class DatabaseRefused(Exception):
    """The database of the relay cannot be used at all."""


class Transaction(Protocol):
    """One transaction that is under way."""

    def run(self, statement: str, *values: Any) -> list[Row]:
        """Run a statement; return its rows, none where it has none."""

    def lock(self, shop: str) -> bool:
        """Be the only one to write about a shop; tell whether there is such a shop."""


class Engine(Protocol):
    """A database, seen by one thread."""

    def transaction(self, *, only_reads: bool = False) -> AbstractContextManager[Transaction]:
        """Begin a transaction that is kept where its block ends well; raises DatabaseFailed.

        One that only reads waits for nobody. A connection that was lost is opened anew.
        """

    def close(self) -> None:
        """End its connection."""


def stored(moment: datetime) -> int:
    """Return a moment as it is kept: microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(stored_at: int) -> datetime:
    """Return a moment that was kept."""
    return _EPOCH + stored_at * _MICROSECOND
