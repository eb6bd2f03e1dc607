"""What can go wrong with the shop's file, split by who can mend it.

Unavailable
├── FileBusy        another program holds the file too long
├── DiskFull        no room left
└── FileUnusable    damaged, unreadable, or not a shop's file
Refused
└── FileTooNew      written by a newer program

Any other error of the database is a bug of ours and stays a peewee error.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import peewee

from pos_desktop.domain.errors import Refused, Unavailable


class FileBusy(Unavailable):
    """Another program holds the shop's file; try again in a moment."""


class DiskFull(Unavailable):
    """The disk is full; free some room, then try again. Nothing was lost."""


class FileUnusable(Unavailable):
    """The shop's file cannot be read; keep it as it is and restore the last backup."""


class FileTooNew(Refused):
    """A newer POS Desktop has written this shop's file; install that version to open it."""


_BY_WORDS = (
    ("locked", FileBusy),
    ("busy", FileBusy),
    ("full", DiskFull),
    ("malformed", FileUnusable),
    ("not a database", FileUnusable),
    ("disk i/o error", FileUnusable),
    ("unable to open", FileUnusable),
    ("readonly", FileUnusable),
)


@contextmanager
def translated() -> Iterator[None]:
    """Turn the faults of the environment into errors for people; our own bugs pass through."""
    try:
        yield
    except (peewee.DatabaseError, sqlite3.DatabaseError) as error:
        words = str(error).lower()
        for mark, kind in _BY_WORDS:
            if mark in words:
                raise kind() from error
        raise
