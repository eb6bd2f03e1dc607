"""A shop's file with a node and books, as storage tests need it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pos_desktop.domain.clock import SystemClock
from pos_desktop.domain.ids import Ids
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.head import HeadFile
from pos_desktop.storage.migrations import migrate
from pos_desktop.storage.node import Node, begin_epoch
from pos_desktop.storage.seals import SEALED

KEY = b"k" * 32
DAY = "2026-11-24"
NOON = datetime(2026, 11, 24, 9, tzinfo=UTC)


@dataclass
class ShopFile:
    """What a storage test works with."""

    path: Path
    database: ShopDatabase
    node: Node
    head: HeadFile
    books: Books


@pytest.fixture
def shop_file(tmp_path: Path) -> Iterator[ShopFile]:
    clock = SystemClock()
    ids = Ids(clock)
    path = tmp_path / "shop.sqlite"
    database = ShopDatabase(path, clock)
    migrate(database, clock)
    with database.write():
        node = begin_epoch(database, clock, shop_id=ids.new(), till_id=ids.new(), till_code="T1")
    head = HeadFile(tmp_path / "journal.head", KEY)
    books = Books(database, node, key=KEY, head=head, ids=ids, clock=clock)
    with database.write():
        books.note("shop made", actor_id=None, sealed=SEALED)
    yield ShopFile(path, database, node, head, books)
    database.close()
