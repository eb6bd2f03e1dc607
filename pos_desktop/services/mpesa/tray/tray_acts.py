"""What a person decides about payments that no sale has for certain, once each.

A payment goes to a cart that is kept, or to a sale that was sold on a payment which is not there:
a push whose code never came, or a code that was typed wrongly. Nothing of a sale is rewritten by
it: the rows of M-Pesa find the sale, and its tender keeps what it was told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.mpesa_attempt import AttemptEvent
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import Certainty, MoneyEvent, MoneySource, MoneyState
from pos_desktop.domain.mpesa_tray import TrayAct
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.mpesa.attempt_moves import happen
from pos_desktop.services.mpesa.cart_waits import CartWaits
from pos_desktop.services.mpesa.claiming import Claiming
from pos_desktop.services.mpesa.tray.standing import told_cents
from pos_desktop.services.mpesa.tray.tray_book import TrayBook
from pos_desktop.services.people.acting import Approval, ChangedMeanwhile, hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import carts, mpesa_attempts, mpesa_money, mpesa_requests, sales
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.mpesa_attempts import Attempt
from pos_desktop.storage.mpesa_money import Money
from pos_desktop.storage.mpesa_requests import RequestState

_TYPED_STATES = frozenset({MoneyState.UNVERIFIED, MoneyState.DIFFERS})
_MOST = 50


class OfAnotherPush(Refused):
    """Another prompt has brought this payment: what that receipt lacks is still to be listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a payment may be attached to: a cart, or a sale that was sold on another payment."""

    sale_id: Id
    sale_number: str = ""
    """Of a sale that was sold; empty for a cart."""
    label: str = ""
    """How people know a cart; empty for the open one."""
    named: str = ""
    """What the tender of a sale names in place of this payment."""
    sold_at: int | None = None


class TrayActs:
    """Carries decisions out; from any thread."""

    def __init__(
        self,
        database: ShopDatabase,
        reader: ShopDatabase,
        books: Books,
        book: TrayBook,
        waiting: CartWaits,
        claims: Claiming,
    ) -> None:
        self._claims = claims
        self._database = database
        self._reader = reader
        self._books = books
        self._book = book
        self._waiting = waiting

    # what a payment may be attached to

    def targets(self, receipt: str) -> list[Target]:
        """Return the carts of this till, and the sales that lack a payment of this very amount."""
        money = self._book.find(receipt)
        till = self._books.node.till_id
        kept = [
            Target(sale_id=one.id, label=one.label if one.state == carts.HELD else "")
            for state in (carts.OPEN, carts.HELD)
            for one in carts.find(self._reader, till, state)
        ]
        return kept + self._sales(money)

    def _sales(self, money: Money) -> list[Target]:
        is_of_push = mpesa_attempts.by_receipt(self._reader, money.receipt) is not None
        lacking = mpesa_attempts.paid_without_code(self._reader, money.amount_cents)
        named = [] if is_of_push else [(one.sale_id, one.reference) for one in lacking]
        named += [
            (one.sale_id, one.receipt)
            for one in mpesa_money.in_states(self._reader, _TYPED_STATES, _MOST)
            if one.sale_id is not None
        ]
        found = []
        for sale_id, name in named:
            stored = sales.by_id(self._reader, sale_id)
            if stored and told_cents(self._reader, sale_id, name) == money.amount_cents:
                number = str(stored.sale.receipt)
                found.append(
                    Target(sale_id=sale_id, sale_number=number, named=name, sold_at=stored.sold_at)
                )
        return found

    # attach

    def attach(
        self,
        receipt: str,
        target: Target,
        *,
        actor: Person | None,
        approval: Approval | None = None,
    ) -> None:
        """Let a cart or sale have a payment of the tray.

        Raises NotConfirmed, ChangedMeanwhile where either is not as it was, and Refused where
        another till has it, and for a sale whose tender names another amount.
        """
        hand = hand_of(actor, Permission.MPESA, approval)
        if self._book.find(receipt).is_confirmed:
            self._claims.decide(receipt, target.sale_id)
        with self._database.write():
            money = self._book.allow(receipt, TrayAct.ATTACH)
            if target.sale_number:
                self._to_sale(money, target)
            else:
                self._to_cart(money, target.sale_id)
            goes_to = target.sale_number or target.label
            self._book.tell(EventKind.ATTACHED, money, hand, sale_id=target.sale_id, label=goes_to)

    def _to_cart(self, money: Money, cart_id: Id) -> None:
        """Let a cart have it, and wait for M-Pesa: the till takes it when it is open."""
        if not carts.is_kept(self._database, cart_id):
            raise ChangedMeanwhile
        self._use(money, cart_id)
        attempt = mpesa_attempts.by_receipt(self._database, money.receipt)
        if attempt is not None and attempt.sale_id == cart_id:
            self._revive(attempt)
        self._waiting.keep_waiting(cart_id, money.amount_cents)

    def _revive(self, attempt: Attempt) -> None:
        for event in (AttemptEvent.ATTACH, AttemptEvent.CONFIRM):
            happen(self._database, attempt, event, self._book.now())

    def _to_sale(self, money: Money, target: Target) -> None:
        """Let a sale have it in place of what its tender names, where that was as much."""
        told = told_cents(self._database, target.sale_id, target.named)
        if told != money.amount_cents:
            sentence = _(
                "The receipt counts {told} by M-Pesa, and this is {paid}: only a payment of the "
                "very amount takes the place of another."
            )
            raise Refused(
                sentence.format(
                    told=format_amount(told or 0), paid=format_amount(money.amount_cents)
                )
            )
        attempt = mpesa_attempts.by_reference(self._database, target.named)
        if attempt is not None:
            self._fill(attempt, money)
        else:
            self._replace(target.named)
        self._use(money, target.sale_id, attempt.id if attempt else None)

    def _fill(self, attempt: Attempt, money: Money) -> None:
        """Give a paid attempt the code that it lacks."""
        if attempt.receipt is not None:
            raise ChangedMeanwhile
        if mpesa_attempts.by_receipt(self._database, money.receipt) is not None:
            raise OfAnotherPush
        values, at = {"receipt": money.receipt}, self._book.now()
        if not happen(self._database, attempt, AttemptEvent.CONFIRM, at, values):
            raise ChangedMeanwhile

    def _replace(self, named: str) -> None:
        """Let go what a sale had by a typed code: money of another amount, or none at all."""
        typed = mpesa_money.find(self._database, named)
        if typed is None or typed.state not in _TYPED_STATES:
            raise ChangedMeanwhile
        is_money = typed.state is MoneyState.DIFFERS
        state = MoneyState.SUSPENSE if is_money else MoneyState.ELSEWHERE
        at = self._book.now()
        mpesa_money.put(self._database, replace(typed, state=state, sale_id=None, changed_at=at))
        self._book.tell(EventKind.REPLACED, typed)

    def _use(self, money: Money, sale_id: Id, attempt_id: Id | None = None) -> None:
        at = self._book.now()
        if not mpesa_money.use(self._database, money.receipt, sale_id, at, attempt_id):
            raise ChangedMeanwhile
        self._claims.want(money.receipt, sale_id, Certainty.PERSON)

    def attach_late(
        self, attempt_id: Id, *, actor: Person | None, approval: Approval | None = None
    ) -> None:
        """Let the cart of an attempt that was paid late have it, before its code is known.

        Raises ChangedMeanwhile where the cart is gone.
        """
        hand = hand_of(actor, Permission.MPESA, approval)
        with self._database.write():
            attempt = mpesa_attempts.find(self._database, attempt_id)
            if attempt is None or not carts.is_kept(self._database, attempt.sale_id):
                raise ChangedMeanwhile
            at = self._book.now()
            if not happen(self._database, attempt, AttemptEvent.ATTACH, at):
                raise ChangedMeanwhile
            self._waiting.keep_waiting(attempt.sale_id, attempt.amount_cents)
            self._book.tell_of(attempt, EventKind.ATTACHED, hand)

    # what else a person says

    def elsewhere(
        self,
        receipt: str,
        reason: str,
        *,
        actor: Person | None,
        approval: Approval | None = None,
    ) -> None:
        """Say that a payment is none of this till's; Refused without a reason."""
        if not reason.strip():
            raise Refused(_("Say whose payment it is, or why it is not the shop's."))
        hand = hand_of(actor, Permission.MPESA, approval)
        with self._database.write():
            money = self._book.allow(receipt, TrayAct.ELSEWHERE)
            self._book.move(money, MoneyEvent.BE_ELSEWHERE, reason.strip())
            self._book.tell(EventKind.ELSEWHERE, money, hand, why=reason.strip())

    def seen(self, receipt: str, *, actor: Person | None, approval: Approval | None = None) -> None:
        """Say that the portal shows a payment as it was told or typed."""
        hand = hand_of(actor, Permission.MPESA, approval)
        with self._database.write():
            money = self._book.allow(receipt, TrayAct.SEEN)
            is_sales = money.state is MoneyState.UNVERIFIED
            seen = replace(
                money,
                is_confirmed=True,
                source=MoneySource.STATEMENT,
                state=MoneyState.MATCHED if is_sales else money.state,
                changed_at=self._book.now(),
            )
            mpesa_money.put(self._database, seen)
            self._book.tell(EventKind.SEEN, money, hand)

    def missing(
        self, receipt: str, *, actor: Person | None, approval: Approval | None = None
    ) -> None:
        """Say that the portal does not show a payment: it never came.

        A sale that took it by its code keeps its tender; the money is missed. Should M-Pesa tell
        of it after all, it is that sale's.
        """
        hand = hand_of(actor, Permission.MPESA, approval)
        with self._database.write():
            money = self._book.allow(receipt, TrayAct.MISSING)
            self._book.move(money, MoneyEvent.MISS)
            self._book.tell(EventKind.MISSING, money, hand)

    def accept(
        self,
        receipt: str,
        *,
        actor: Person | None,
        approval: Approval | None = None,
    ) -> None:
        """Let a sale keep a payment of another amount than was typed; the difference is noted.

        Or say that it is seen that M-Pesa gave it back although it was settled otherwise.
        """
        hand = hand_of(actor, Permission.MPESA, approval)
        with self._database.write():
            money = self._book.allow(receipt, TrayAct.ACCEPT)
            if self._is_seen(receipt):
                self._book.tell(EventKind.ACCEPTED, money, hand)
                return
            self._book.move(money, MoneyEvent.KEEP)
            told = told_cents(self._database, money.sale_id or "", receipt)
            self._book.tell(EventKind.ACCEPTED, money, hand, told_cents=told)

    def _is_seen(self, receipt: str) -> bool:
        """Take note that a person has seen what M-Pesa gave back too; tell whether that was so."""
        at, sources = self._book.now(), (RequestState.DONE_TOO,)
        asked = mpesa_requests.of_receipt(self._database, receipt)
        moved = [
            mpesa_requests.move(self._database, one.token, sources, RequestState.DONE, at)
            for one in asked
        ]
        return any(moved)
