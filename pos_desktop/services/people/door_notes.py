"""Who comes to the till and leaves it, in the journal; a full disk keeps nobody in or out."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.ids import Id
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Note:
    kind: str
    at: datetime
    actor_id: Id
    approver_id: Id | None
    detail: Mapping[str, Any]


class DoorNotes:
    """Writes who comes and leaves; what the disk does not take waits here for the next one.

    It is in memory alone meanwhile: a program that ends before the disk takes it leaves none.
    """

    def __init__(self, database: ShopDatabase, books: Books) -> None:
        self._database = database
        self._books = books
        self._waiting: list[_Note] = []

    def note(
        self,
        kind: str,
        *,
        actor_id: Id,
        approver_id: Id | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """Write an act at the door into the journal, now or with a later one; never raises."""
        now = self._books.now()
        self._waiting.append(_Note(kind, now, actor_id, approver_id, detail or {}))
        try:
            with self._database.write():
                for one in self._waiting:
                    self._write(one, is_late=one.at != now)
        except Unavailable as error:
            log.warning("who came or left waits for the disk (%s): %s", kind, error)
        else:
            self._waiting.clear()

    def _write(self, one: _Note, *, is_late: bool) -> None:
        late = {"was_at": one.at.isoformat()} if is_late else {}
        self._books.note(
            one.kind,
            actor_id=one.actor_id,
            approver_id=one.approver_id,
            detail={**one.detail, **late} or None,
        )
