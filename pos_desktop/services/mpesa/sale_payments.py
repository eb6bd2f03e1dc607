"""What a sale does with M-Pesa in the transaction that records it: it uses up what it names.

What a cart leaves behind, sold or given up, is put where a person sees it: an attempt becomes late,
a payment goes into the tray.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mpesa_attempt import PAYING, AttemptEvent, AttemptState
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import MoneyEvent
from pos_desktop.domain.tender import Tender, TenderKind
from pos_desktop.services.mpesa.attempt_moves import happen
from pos_desktop.services.mpesa.attempts import Attempts
from pos_desktop.services.mpesa.claiming import Claiming
from pos_desktop.services.mpesa.push_of_payment import own_receipt
from pos_desktop.storage import mpesa_attempts, mpesa_events, mpesa_money, mpesa_waits
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.mpesa_attempts import Attempt


class PaymentUsed(Refused):
    """This M-Pesa payment is used already: look at its code once more, or take another tender."""


class SalePayments:
    """Uses payments up, and lets go what is left; in the caller's transaction."""

    def __init__(
        self,
        database: ShopDatabase,
        attempts: Attempts,
        claims: Claiming,
        clock: Clock,
        ahead: Callable[[], timedelta],
    ) -> None:
        """Take by how much M-Pesa's clock is ahead of this computer's."""
        self._ahead = ahead
        self._database = database
        self._attempts = attempts
        self._claims = claims
        self._clock = clock

    def use_up(self, sale_id: Id, tenders: Sequence[Tender]) -> None:
        """Let a sale have the payments that its tenders name, and nobody else ever.

        Raises PaymentUsed where one of them is not there for it, or is named twice. What came for
        the sale and is not among its tenders is let go.
        """
        references = [
            one.reference
            for one in tenders
            if one.kind is TenderKind.MPESA and one.amount_cents > 0
        ]
        named = {*references}
        if len({self._payment(sale_id, one) for one in named}) < len(references):
            raise PaymentUsed
        for reference in named:
            if not self._is_pushed(sale_id, reference) and not self._use(reference, sale_id):
                raise PaymentUsed
        self.let_go(sale_id, named)

    def let_go(self, sale_id: Id, named: frozenset[str] | set[str] = frozenset()) -> None:
        """End the wait of a cart that is sold or given up, and let go what it does not name."""
        at = self._now()
        if mpesa_waits.close(self._database, sale_id, at):
            self._claims.wait_changed(sale_id)
        for attempt in mpesa_attempts.of_sale(self._database, sale_id):
            receipt = attempt.receipt or self._own_receipt(attempt, named)
            names = {attempt.reference, receipt}
            if attempt.state in PAYING and not names & named:
                event, receipt_of = AttemptEvent.RELEASE, attempt.receipt
                happen(self._database, attempt, event, at, receipt=receipt_of)
            elif names & named:
                named = {*named, receipt or ""}
        for money in mpesa_money.of_sale(self._database, sale_id):
            if money.receipt not in named and mpesa_money.move(
                self._database, money.receipt, MoneyEvent.LET_GO, at
            ):
                kind = EventKind.RELEASE
                mpesa_events.add(self._database, kind, at, sale_id=sale_id, receipt=money.receipt)

    def found_at_start(self) -> int:
        """End what was never begun, and doubt what was, by a till that has ended; return how many.

        What is under way is asked about. For a till that sells alone: another one's may be on
        their way.
        """
        ways = {
            AttemptState.NEW: (AttemptEvent.ABANDON, EventKind.ABANDON_AT_START),
            AttemptState.SENDING: (AttemptEvent.LOSE, EventKind.LOSE_AT_START),
        }
        at = self._now()
        with self._database.write():
            left = mpesa_attempts.in_states(self._database, ways)
            for one in left:
                event, kind = ways[one.state]
                happen(self._database, one, event, at, kind=kind)
            self._attempts.ask_open()
        return len(left)

    def _own_receipt(self, attempt: Attempt, named: frozenset[str] | set[str]) -> str | None:
        """Return the receipt of a push that was paid and that its sale has taken by its code."""
        if attempt.state not in PAYING:
            return None
        receipt = own_receipt(self._database, attempt, self._ahead())
        if receipt is None or receipt not in named or attempt.reference in named:
            return None
        mpesa_attempts.note(self._database, attempt.id, self._now(), {"receipt": receipt})
        return receipt

    def _payment(self, sale_id: Id, reference: str) -> str:
        """Return the one name of what a tender names by its receipt, or by our own reference."""
        for attempt in mpesa_attempts.of_sale(self._database, sale_id):
            if reference in (attempt.reference, attempt.receipt):
                return attempt.reference
        return reference

    def _is_pushed(self, sale_id: Id, reference: str) -> bool:
        """Tell whether a tender is what a push to this very sale has brought."""
        for attempt in mpesa_attempts.of_sale(self._database, sale_id):
            if reference in (attempt.reference, attempt.receipt):
                return attempt.state in PAYING
        return False

    def _use(self, receipt: str, sale_id: Id) -> bool:
        return mpesa_money.use(self._database, receipt, sale_id, self._now())

    def _now(self) -> int:
        return to_stored(self._clock.now())
