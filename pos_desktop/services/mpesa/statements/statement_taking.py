"""One import of a statement under way: its rows are carried out in chunks, and counted.

Each payment goes where the list of payments would have brought it; what is known changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pos_sync.mpesa.statement import Passed

from pos_desktop.documents.statement_rows import BackRow, PaidRow, StatementChunk
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import IN_THE_TRAY, MoneyEvent, MoneySource, MoneyState
from pos_desktop.services.background.pacing import Pacer
from pos_desktop.services.mpesa.money_book import MoneyBook
from pos_desktop.services.mpesa.statements.statement_counts import MOST_NAMED, StatementCounts, name
from pos_desktop.storage import mpesa_events, mpesa_money
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.mpesa_money import Money

Progress = Callable[[StatementCounts], object]
Keep = Callable[[dict[str, Any]], object]

_GONE_BACK = frozenset({MoneyState.REFUNDED, MoneyState.ELSEWHERE})
_NOTE = "M-Pesa's statement"


class _Other(NamedTuple):
    """A row that brings no payment."""

    line: int
    why: str
    """Why it was passed over, or what is wrong with it; nothing where it gives one back."""
    value: str


def _others(chunk: StatementChunk) -> Iterator[_Other]:
    for line, fault, value in chunk.bad:
        yield _Other(line, fault, value)
    for line, why in chunk.passed:
        yield _Other(line, why, "")
    for back in chunk.back:
        yield _Other(back[0], "", "")


class StatementTaking:
    """One import under way."""

    def __init__(
        self,
        database: ShopDatabase,
        money_book: MoneyBook,
        clock: Clock,
        pacer: Pacer,
        *,
        short_code: str,
        cursor: Mapping[str, Any],
        since: int,
        keep: Keep,
        told: Progress,
    ) -> None:
        """Go on where an attempt before has come to, with what was paid from a moment on.

        `told` hears of each part that is carried out; it may raise, and the import ends there.
        `keep` keeps how far it is, in the transaction of a part.
        """
        self._database = database
        self._money_book = money_book
        self._clock = clock
        self._pacer = pacer
        self._short_code = short_code
        self._since = since
        self._keep = keep
        self._told = told
        self._line: int = cursor["line"] if cursor else 0
        """Up to which row all is carried out and counted."""
        self._back: list[BackRow] = []
        self._counts = StatementCounts.of(cursor["counts"] if cursor else {})

    def take(self, chunk: StatementChunk) -> None:
        """Carry a chunk out, but for rows that are carried out; what went back waits for the end.

        The payment that went back may stand behind its return: the portal lists the latest first.
        """
        self._back += map(BackRow._make, chunk.back)
        if chunk.last <= self._line:
            return
        paid = [one for one in map(PaidRow._make, chunk.paid) if one.line > self._line]
        others = [one for one in _others(chunk) if one.line > self._line]
        while len(paid) > self._pacer.rows:
            part, paid = paid[: self._pacer.rows], paid[self._pacer.rows :]
            last = part[-1].line
            self._write(part, [one for one in others if one.line <= last], last)
            others = [one for one in others if one.line > last]
        self._write(paid, others, chunk.last)

    def end(self) -> StatementCounts:
        """Carry out what went back, and name what the statement does not list."""
        counts = self._counts
        counts.given_back_of_sales = []
        for one in self._back:
            with self._pacer.chunk(1):
                self._take_back(one)
                self._keep_all()
        if counts.first_at is not None and counts.last_at is not None:
            counts.not_listed = [
                [one.receipt, one.amount_cents]
                for one in mpesa_money.typed_between(
                    self._database, counts.first_at, counts.last_at, MOST_NAMED
                )
            ]
        return counts

    def _write(self, paid: Sequence[PaidRow], others: Sequence[_Other], last: int) -> None:
        with self._pacer.chunk(max(len(paid), 1)):
            for one in paid:
                self._take_in(one)
            for other in others:
                self._count(other)
            self._line = last
            self._keep_all()
        self._told(self._counts)

    def _keep_all(self) -> None:
        self._keep({"line": self._line, "counts": self._counts.as_plain()})

    def _count(self, row: _Other) -> None:
        """Count a row that brings no payment: a bad one, one passed over, or one that went back."""
        counts = self._counts
        counts.rows += 1
        match row.why:
            case "":
                pass
            case Passed.NOT_DONE:
                counts.not_done += 1
            case Passed.OWN:
                counts.own += 1
            case Passed.OUT:
                counts.out += 1
            case fault:
                counts.bad += 1
                name(counts.bad_rows, row.line, fault, row.value)

    def _take_in(self, row: PaidRow) -> None:
        counts = self._counts
        counts.rows += 1
        counts.covers(row.at)
        if row.at < self._since:
            counts.earlier += 1
            return
        counts.payments += 1
        known = mpesa_money.find(self._database, row.receipt)
        if known is not None and known.is_confirmed:
            counts.known += 1
            if known.amount_cents != row.amount_cents:
                name(counts.differing, row.line, row.receipt, row.amount_cents, known.amount_cents)
            return
        taken = self._money_book.take_in(self._money(row))
        counts.new += known is None
        counts.confirmed += known is not None
        if taken.state in IN_THE_TRAY:
            counts.new_in_tray += 1
            counts.new_in_tray_cents += taken.amount_cents

    def _money(self, row: PaidRow) -> Money:
        at = self._now()
        return Money(
            receipt=row.receipt,
            amount_cents=row.amount_cents,
            paid_at=row.at,
            short_code=self._short_code,
            reference=row.reference,
            payer_phone=row.phone,
            payer_digest=row.digest,
            payer_mask=row.mask,
            payer_name=row.name,
            source=MoneySource.STATEMENT,
            is_confirmed=True,
            told_at=at,
            changed_at=at,
        )

    def _take_back(self, row: BackRow) -> None:
        """Note that M-Pesa has given a payment back; one that a sale has is left to a person."""
        money = mpesa_money.find(self._database, row.receipt)
        if money is None or money.state in _GONE_BACK:
            return
        is_whole = money.amount_cents == row.amount_cents
        at = self._now()
        if is_whole and mpesa_money.move(
            self._database, row.receipt, MoneyEvent.GO_BACK, at, _NOTE
        ):
            self._counts.given_back += 1
            mpesa_events.add(self._database, EventKind.BACK_BY_STATEMENT, at, receipt=row.receipt)
            return
        name(self._counts.given_back_of_sales, row.line, row.receipt, row.amount_cents)

    def _now(self) -> int:
        return to_stored(self._clock.now())
