"""The books: how a fact gets into the file, whole, numbered, enveloped and sealed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id, Ids
from pos_desktop.storage import journal, seals
from pos_desktop.storage.counters import fact_counter, raise_counter
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.head import Head, HeadFile
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.node import Node

FACT_TABLES: Mapping[str, tuple[str, str | None]] = {
    "sale": ("id", None),
    "sale_line": ("sale_id", "no"),
    "tender": ("sale_id", "no"),
    "stock_move": ("fact_id", "no"),
    "account_entry": ("fact_id", "no"),
    "voucher": ("fact_id", None),
    "voucher_entry": ("fact_id", "no"),
    "account_payment": ("id", None),
    "shift": ("id", None),
    "shift_close": ("id", None),
    "cash_move": ("id", None),
    "z_report": ("id", None),
    "goods_receipt": ("id", None),
    "stock_adjustment": ("id", None),
    "stock_take_end": ("id", None),
    "stock_take_line": ("fact_id", "no"),
    "stock_take_part": ("id", None),
}
"""Where the rows of a fact stand: the column with the fact's id, and the one that orders them."""


class StaleTill(Refused):
    """The till's code was changed by another program; close this one and open it again."""


@dataclass(frozen=True)
class Fact:
    """The envelope of something that happened and will not change."""

    id: Id
    origin: Id
    epoch: int
    seq: int
    kind: str
    version: int
    at: int
    business_day: str


class Books:
    """Writes facts and journal entries inside the transaction that the caller holds."""

    def __init__(
        self,
        database: ShopDatabase,
        node: Node,
        *,
        key: bytes,
        head: HeadFile,
        ids: Ids,
        clock: Clock,
    ) -> None:
        self.node = node
        self._database = database
        self._key = key
        self._head = head
        self._ids = ids
        self._clock = clock
        self.before_fact: Callable[[int], None] = lambda _at: None
        """Called with the moment of a fact before it is written, in its transaction."""

    def new_id(self) -> Id:
        """Return a new id, for a fact whose rows must name it before it is recorded."""
        return self._ids.new()

    def new_ids(self, count: int) -> list[Id]:
        """Return many new ids at once, in growing order."""
        return self._ids.many(count)

    def now(self) -> datetime:
        """Return the moment of the shop's clock."""
        return self._clock.now()

    def head_words(self) -> str:
        """Return the journal's head as it is printed on a Z: number and first part of its seal."""
        seq, mac = journal.last_entry(self._database)
        return f"{seq} {mac[:16]}"

    def record(
        self,
        kind: str,
        rows: Mapping[str, Sequence[Row]],
        *,
        business_day: str,
        actor_id: Id | None,
        approver_id: Id | None = None,
        detail: Mapping[str, Any] | None = None,
        fact_id: Id | None = None,
        version: int = 1,
        receipt: str = "",
        at: int | None = None,
        keep_head: bool = True,
    ) -> Fact:
        """Record a fact: its envelope, its rows and its journal entry.

        `rows` holds complete rows by table; each must carry the fact's id. `receipt` is the last
        receipt number where the fact gave one out; it is kept outside the file with the head.
        `at` is its moment in milliseconds UTC where a row carries it too, else now.
        """
        self._check_epoch()
        at = to_stored(self._clock.now()) if at is None else at
        if keep_head:
            self.before_fact(at)
        fact = self._envelope(kind, version, at, business_day, fact_id or self._ids.new())
        self._database.insert("fact", [vars(fact)])
        for table, entries in rows.items():
            self._database.insert(table, entries)
        digest = journal.rows_digest({"fact": [vars(fact)], **rows})
        self._append(
            kind,
            actor_id,
            approver_id,
            fact.id,
            detail,
            digest,
            fact.at,
            receipt if keep_head else None,
        )
        return fact

    def note(
        self,
        kind: str,
        *,
        actor_id: Id | None,
        approver_id: Id | None = None,
        detail: Mapping[str, Any] | None = None,
        sealed: Iterable[str] = (),
    ) -> None:
        """Write a controlled act that is no fact of its own into the journal.

        `sealed` names the tables of `seals.SEALED` that the act has changed.
        """
        at = to_stored(self._clock.now())
        if digests := seals.digests(self._database, sealed):
            detail = {**(detail or {}), "seals": digests}
        self._append(kind, actor_id, approver_id, None, detail, None, at, "")

    def _check_epoch(self) -> None:
        """Raise StaleTill where another program has begun a new epoch since we opened."""
        newest = self._database.value("SELECT max(epoch) FROM node")
        if newest != self.node.epoch:
            raise StaleTill

    def _envelope(self, kind: str, version: int, at: int, business_day: str, fact_id: Id) -> Fact:
        return Fact(
            id=fact_id,
            origin=self.node.till_id,
            epoch=self.node.epoch,
            seq=raise_counter(self._database, fact_counter(self.node.epoch)),
            kind=kind,
            version=version,
            at=at,
            business_day=business_day,
        )

    def _append(
        self,
        kind: str,
        actor_id: Id | None,
        approver_id: Id | None,
        fact_id: Id | None,
        detail: Mapping[str, Any] | None,
        digest: str | None,
        at: int,
        receipt: str | None,
    ) -> None:
        seq, mac = journal.append(
            self._database,
            self._key,
            at=at,
            kind=kind,
            actor_id=actor_id,
            approver_id=approver_id,
            fact_id=fact_id,
            detail=detail,
            digest=digest,
        )
        if receipt is not None:
            head = Head(seq, mac, receipt)
            self._database.after_commit(lambda: self._head.advance(head, self._seal_of))

    def _seal_of(self, seq: int) -> str | None:
        found = self._database.value("SELECT mac FROM journal WHERE seq = ?", (seq,))
        return None if found is None else str(found)
