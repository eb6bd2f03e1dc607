"""A cart that waits for M-Pesa: from F9 until it is paid, sold otherwise, or given up.

What has come for it is told as tenders that it may take: the screen adds them to the payment, and
the sale uses them up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.mpesa_attempt import NEVER_SENT, PAYING, UNDER_WAY
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import (
    IN_USE,
    MAY_BE_USED,
    Certainty,
    MoneySource,
    MoneyState,
    Wait,
    offers_for,
)
from pos_desktop.domain.mpesa_reference import make_reference
from pos_desktop.domain.tender import Tender, TenderKind
from pos_desktop.services.mpesa.attempts import REFERENCES
from pos_desktop.services.mpesa.claiming import Claiming
from pos_desktop.services.mpesa.money_book import MoneyBook, payment_of
from pos_desktop.services.mpesa.sale_payments import PaymentUsed
from pos_desktop.storage import mpesa_attempts, mpesa_events, mpesa_money, mpesa_waits
from pos_desktop.storage.books import Books
from pos_desktop.storage.counters import raise_counter
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.mpesa_attempts import Attempt
from pos_desktop.storage.mpesa_money import Money

_OFFERED_MS = 24 * 3_600_000
"""How old a payment may be that a person is offered at the till; older ones stand in the tray."""
_MOST_OFFERED = 5
_LATE_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class ReadyPayment:
    """A payment that a cart may take as a tender."""

    amount_cents: Cents
    reference: str
    """The receipt; our own reference where that is still to come."""
    names: frozenset[str]
    """All that it may stand by among tenders: it has one name before its receipt is known."""
    is_push: bool
    """Whether a push has asked for it: then the sale is rounded to it."""


@dataclass(frozen=True, slots=True)
class Look:
    """How things stand with a cart, for who looks at its page."""

    attempt: Attempt | None
    """The last one; None where no phone was asked."""
    come: tuple[ReadyPayment, ...]
    """What may be taken as tenders now."""
    offers: tuple[Money, ...]
    """What a person may pick, the likeliest first."""


class CartWaits:
    """Opens and closes waits, and tells what has come; from any thread."""

    def __init__(
        self,
        database: ShopDatabase,
        reader: ShopDatabase,
        books: Books,
        money_book: MoneyBook,
        claims: Claiming,
        clock: Clock,
    ) -> None:
        self._database = database
        self._reader = reader
        self._books = books
        self._money_book = money_book
        self._claims = claims
        self._clock = clock

    def open(self, sale_id: Id, amount_cents: Cents, phone: str | None = None) -> Wait:
        """Let a cart wait for so much; what came just before is found at once."""
        with self._database.write():
            known = mpesa_waits.find(self._database, sale_id)
            wait = Wait(
                sale_id=sale_id,
                amount_cents=amount_cents,
                phone=phone or (known.phone if known else None),
                reference=known.reference if known else self._new_reference(),
                opened_at=known.opened_at if known else self._clock.now(),
            )
            mpesa_waits.put(self._database, wait)
            if wait != known:
                self._claims.wait_changed(sale_id)
            self._money_book.look_for(wait)
        return wait

    def keep_waiting(self, sale_id: Id, amount_cents: Cents) -> None:
        """Let a cart wait to which a person has given a payment, in the caller's transaction.

        Unlike `open` it looks for no other payment: for this cart nobody has asked for one.
        """
        known = mpesa_waits.find(self._database, sale_id)
        wait = Wait(
            sale_id=sale_id,
            amount_cents=known.amount_cents if known else amount_cents,
            phone=known.phone if known else None,
            reference=known.reference if known else self._new_reference(),
            opened_at=known.opened_at if known else self._clock.now(),
        )
        mpesa_waits.put(self._database, wait)

    def is_open(self, sale_id: Id) -> bool:
        """Tell whether a cart waits."""
        wait = mpesa_waits.find(self._reader, sale_id)
        return wait is not None and wait.closed_at is None

    def come(self, sale_id: Id, tenders: Sequence[Tender] = ()) -> list[ReadyPayment]:
        """Return what has come for a cart and is not among its tenders yet."""
        taken = {one.reference for one in tenders if one.kind is TenderKind.MPESA}
        return [one for one in self._all_come(sale_id) if not one.names & taken]

    def come_for_held(self) -> list[tuple[Id, str, ReadyPayment]]:
        """Return what has come for sales on hold, each with its id and name; for a screen."""
        return [
            (sale_id, name, come)
            for sale_id, name in mpesa_waits.on_hold(self._reader)
            for come in self._all_come(sale_id)
        ]

    def come_late(self, since: int) -> list[ReadyPayment]:
        """Return what has come since a moment for sales that had gone on without it; for a screen.

        Each by the names that it may have. What was made more than a day before is left to the
        tray: so few rows are looked at, however many there are.
        """
        earliest = since - _LATE_MS
        pushed = mpesa_attempts.late_since(self._reader, since, earliest)
        suspended = mpesa_money.suspended_since(self._reader, since, earliest)
        return [*map(_of_push, pushed), *map(_by_hand, suspended)]

    def left_open(self, sale_id: Id) -> Attempt | None:
        """Return the attempt of a sale that is over which may still be paid; None without one.

        One whose code was typed for the sale is taken to be paid.
        """
        kept = mpesa_money.of_sale(self._reader, sale_id)
        found = [
            one
            for one in mpesa_attempts.of_sale(self._reader, sale_id)
            if one.state in UNDER_WAY and not _may_be_typed(one, kept)
        ]
        return found[0] if found else None

    def look(self, sale_id: Id, tenders: Sequence[Tender] = ()) -> Look:
        """Return how things stand with a cart: indexed look-ups alone, for a screen."""
        attempts = mpesa_attempts.of_sale(self._reader, sale_id)
        wait = mpesa_waits.find(self._reader, sale_id)
        return Look(
            attempts[-1] if attempts else None,
            tuple(self.come(sale_id, tenders)),
            tuple(self.offers(wait)[:_MOST_OFFERED]) if wait else (),
        )

    def offers(self, wait: Wait) -> list[Money]:
        """Return the confirmed payments that a person may pick for a cart, the likeliest first."""
        since = to_stored(self._clock.now()) - _OFFERED_MS
        unused = {
            one.receipt: one for one in mpesa_money.unused(self._reader, since) if one.is_confirmed
        }
        phones = frozenset({wait.phone} if wait.phone else ())
        payments = [payment_of(one, phones) for one in unused.values()]
        return [unused[one.receipt] for one in offers_for(wait, payments)]

    def pick(self, sale_id: Id, receipt: str) -> bool:
        """Let a cart have a payment that a person has picked; tell whether it was still free."""
        at = to_stored(self._clock.now())
        with self._database.write():
            is_ours = mpesa_money.use(self._database, receipt, sale_id, at)
            if is_ours:
                self._claims.want(receipt, sale_id, Certainty.PERSON)
        return is_ours

    def known(self, receipt: str) -> Money | None:
        """Return what M-Pesa has told of a payment; None where nothing certain was told."""
        found = mpesa_money.find(self._reader, receipt)
        return found if found is not None and found.is_confirmed else None

    def is_unconfirmed(self, receipt: str) -> bool:
        """Tell whether only the customer's message speaks for a payment that a sale has."""
        found = mpesa_money.find(self._reader, receipt)
        return found is not None and not found.is_confirmed

    def asked_cents(self, sale_id: Id) -> Cents | None:
        """Return what a push that may be paid has asked of a cart's customer; None without one.

        The code of a customer's message is then that of the push: it has paid whole shillings.
        """
        pushes = [
            one for one in mpesa_attempts.of_sale(self._reader, sale_id) if one.state in UNDER_WAY
        ]
        return pushes[0].amount_cents if pushes else None

    def was_asked(self, sale_id: Id, cents: Cents) -> bool:
        """Tell whether a prompt of so much has gone out for a cart: its code may be shown later."""
        sent = (one for one in mpesa_attempts.of_sale(self._reader, sale_id) if one.sent_at)
        return any(one.state not in NEVER_SENT and one.amount_cents == cents for one in sent)

    def take_code(
        self, sale_id: Id, receipt: str, cents: Cents, typed_by: Id | None = None
    ) -> ReadyPayment:
        """Let a cart have a payment by its code: what is known of it, else unverified, so much.

        It is kept who has typed it. Raises PaymentUsed where another sale has it, or it went back.
        """
        at = to_stored(self._clock.now())
        with self._database.write():
            money = mpesa_money.find(self._database, receipt)
            if money is None:
                mpesa_money.put(self._database, self._typed(receipt, cents, at))
            elif not money.is_confirmed and money.state in MAY_BE_USED:
                mpesa_money.put(self._database, replace(money, amount_cents=cents))
            if not mpesa_money.use(self._database, receipt, sale_id, at):
                raise PaymentUsed
            self._claims.want(receipt, sale_id, Certainty.PERSON)
            mpesa_events.add(
                self._database,
                EventKind.TYPED,
                at,
                sale_id=sale_id,
                receipt=receipt,
                amount_cents=cents,
                by=typed_by,
            )
            taken = mpesa_money.find(self._database, receipt)
        assert taken is not None
        come = (one for one in self._all_come(sale_id) if receipt in one.names)
        return next(come, _by_hand(taken))

    def _typed(self, receipt: str, cents: Cents, at: int) -> Money:
        return Money(
            receipt=receipt,
            amount_cents=cents,
            paid_at=at,
            short_code="",
            source=MoneySource.TYPED,
            is_confirmed=False,
            told_at=at,
            changed_at=at,
        )

    def _all_come(self, sale_id: Id) -> list[ReadyPayment]:
        kept = mpesa_money.of_sale(self._reader, sale_id)
        pushed = [
            one
            for one in mpesa_attempts.of_sale(self._reader, sale_id)
            if one.state in PAYING and not _may_be_typed(one, kept)
        ]
        of_pushes = {one.receipt for one in pushed}
        by_hand = [one for one in kept if one.state in IN_USE and one.receipt not in of_pushes]
        return [
            *(_of_push(one) for one in pushed),
            *(_by_hand(one) for one in by_hand),
        ]

    def _new_reference(self) -> str:
        number = raise_counter(self._database, REFERENCES)
        return make_reference(self._books.node.till_code, number)


def _of_push(attempt: Attempt) -> ReadyPayment:
    name = attempt.receipt or attempt.reference
    names = frozenset({attempt.reference, name})
    return ReadyPayment(attempt.amount_cents, name, names, is_push=True)


def _by_hand(money: Money) -> ReadyPayment:
    names = frozenset({money.receipt})
    return ReadyPayment(money.amount_cents, money.receipt, names, is_push=False)


def _may_be_typed(attempt: Attempt, kept: Sequence[Money]) -> bool:
    """Tell whether what a push has brought may be in its sale already, by a code typed since.

    Until M-Pesa tells of either, the push is not taken beside it.
    """
    return attempt.receipt is None and any(
        one.state is MoneyState.UNVERIFIED and one.told_at >= (attempt.sent_at or 0) for one in kept
    )
