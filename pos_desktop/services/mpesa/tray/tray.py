"""The tray: payments that no sale has for certain, and what a person may do with each.

Reading alone: what is decided is done by `tray_acts`, `reversals` and the counter, which gives cash
and credit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.mpesa_money import IN_THE_TRAY, MoneyState
from pos_desktop.domain.mpesa_tray import (
    CODE_TOLD_WITHIN,
    TrayAct,
    acts_of,
    acts_of_attempt,
)
from pos_desktop.domain.phone import masked_phone
from pos_desktop.domain.staff import Permission
from pos_desktop.services.mpesa.tray.standing import last_reversal, standing_of, went_too
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import carts, mpesa_attempts, mpesa_events, mpesa_money, sales
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import span_stored, to_stored
from pos_desktop.storage.mpesa_attempts import Attempt
from pos_desktop.storage.mpesa_events import MpesaEvent
from pos_desktop.storage.mpesa_money import Money
from pos_desktop.storage.mpesa_requests import MpesaRequest

MOST = 200
ALL = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayItem:
    """A payment, or an attempt whose payment is not known, as a person looks at it."""

    money: Money | None
    attempt: Attempt | None
    sale_number: str = ""
    """The number of the sale that has it, or whose it was."""
    is_held: bool = False
    """Whether a cart has it that is not sold yet."""
    request: MpesaRequest | None = None
    """How M-Pesa was last asked to give it back."""
    is_overdue: bool = False
    over_cents: Cents = 0
    """By how much more has come than its sale counted."""
    is_owed: bool = False
    """Whether the goods came back, and the customer waits for it."""
    acts: tuple[TrayAct, ...] = ()
    history: tuple[MpesaEvent, ...] = ()

    @property
    def key(self) -> str:
        """By what it is known in a list."""
        if self.money is not None:
            return self.money.receipt
        assert self.attempt is not None
        return self.attempt.id

    @property
    def amount_cents(self) -> Cents:
        """How much was paid."""
        found = self.money or self.attempt
        assert found is not None
        return found.amount_cents

    @property
    def at(self) -> int:
        """When it was paid, or asked for; milliseconds UTC."""
        if self.money is not None:
            return self.money.paid_at
        assert self.attempt is not None
        return self.attempt.sent_at or self.attempt.created_at

    @property
    def code(self) -> str:
        """The M-Pesa code; nothing where it is still to come."""
        return self.money.receipt if self.money is not None else ""

    @property
    def reference(self) -> str:
        """What the customer typed, or our own."""
        found = self.money or self.attempt
        assert found is not None
        return found.reference

    @property
    def phone(self) -> str:
        """The payer's, or that which was asked, with its middle digits left out; else nothing."""
        paid_by = self.money.payer_phone if self.money else None
        phone = paid_by or (self.attempt.phone if self.attempt else "")
        mask = self.money.payer_mask if self.money else None
        return masked_phone(phone) or mask or ""

    @property
    def name(self) -> str:
        """The payer's, as M-Pesa writes it."""
        return self.money.payer_name if self.money is not None else ""

    @property
    def is_to_do(self) -> bool:
        """Whether a person has to look at it."""
        if self.money is None or went_too(self.request):
            return True
        is_sales = self.money.state is MoneyState.UNVERIFIED and bool(self.sale_number)
        return is_sales or self.money.state in IN_THE_TRAY


class Tray:
    """Lists what a person has to look at; indexed look-ups alone, from any thread."""

    def __init__(
        self, reader: ShopDatabase, clock: Clock, can_ask_back: Callable[[], bool]
    ) -> None:
        """Take the machine's clock, and whether M-Pesa can be asked to give something back."""
        self._reader = reader
        self._can_ask_back = can_ask_back
        self._clock = clock

    def to_do(self, *, actor: Person | None, most: int = MOST) -> list[TrayItem]:
        """Return what is to be done, the newest first; so much of each kind at most."""
        hand_of(actor, Permission.MPESA)
        can_ask, found = self._can_ask_back(), mpesa_money.to_do(self._reader, most)
        items = [self._of_money(one, can_ask) for one in found]
        late = mpesa_attempts.without_code(self._reader, self._code_late(), most)
        items += [self._of_attempt(one) for one in late]
        return _newest_first(items)

    def since(self, first: int, *, actor: Person | None) -> list[TrayItem]:
        """Return all payments from a moment on, those of sales too, and what else is to be done."""
        hand_of(actor, Permission.MPESA)
        can_ask, since = self._can_ask_back(), mpesa_money.since(self._reader, first, MOST)
        found = [self._of_money(one, can_ask) for one in since]
        known = {one.key for one in found}
        others = (one for one in self.to_do(actor=actor) if one.key not in known)
        return _newest_first([*found, *others])

    def count(self) -> int:
        """Return how much is to be done, for the menu."""
        attempts = mpesa_attempts.count_without_code(self._reader, self._code_late())
        return mpesa_money.count_to_do(self._reader) + attempts

    def item(self, key: str) -> TrayItem | None:
        """Return one with its history, by a receipt or the id of an attempt; None without one."""
        money = mpesa_money.find(self._reader, key)
        if money is not None:
            return self._of_money(money, self._can_ask_back(), self._history(money))
        attempt = mpesa_attempts.find(self._reader, key)
        if attempt is None:
            return None
        return self._of_attempt(attempt, mpesa_events.of_attempt(self._reader, attempt.id))

    def _history(self, money: Money) -> list[MpesaEvent]:
        """Return what happened to a payment, and before it to the attempt that asked for it."""
        events = mpesa_events.of_receipt(self._reader, money.receipt)
        attempt_id = money.attempt_id or next((e.attempt_id for e in events if e.attempt_id), None)
        return mpesa_events.of_payment(self._reader, money.receipt, attempt_id)

    def _of_money(
        self,
        money: Money,
        can_ask_back: bool,  # noqa: FBT001 - looked up once for a whole list
        history: Sequence[MpesaEvent] = (),
    ) -> TrayItem:
        request = last_reversal(self._reader, money.receipt)
        now = self._clock.now()
        standing = standing_of(self._reader, money, request, now, can_ask_back=can_ask_back)
        return TrayItem(
            money=money,
            attempt=mpesa_attempts.by_receipt(self._reader, money.receipt),
            sale_number=self._sale_number(money.sale_id),
            is_held=bool(money.sale_id) and carts.is_kept(self._reader, money.sale_id or ""),
            request=request,
            is_overdue=standing.is_overdue,
            over_cents=standing.over_cents,
            is_owed=standing.is_owed,
            acts=acts_of(standing),
            history=tuple(history),
        )

    def _of_attempt(self, attempt: Attempt, history: Sequence[MpesaEvent] = ()) -> TrayItem:
        is_kept = carts.is_kept(self._reader, attempt.sale_id)
        return TrayItem(
            money=None,
            attempt=attempt,
            sale_number=self._sale_number(attempt.sale_id),
            is_held=is_kept,
            acts=acts_of_attempt(attempt.state, is_kept=is_kept),
            history=tuple(history),
        )

    def _sale_number(self, sale_id: Id | None) -> str:
        number = sales.receipt_of(self._reader, sale_id) if sale_id else None
        return str(number) if number else ""

    def _code_late(self) -> int:
        return to_stored(self._clock.now()) - span_stored(CODE_TOLD_WITHIN)


def _newest_first(items: Sequence[TrayItem]) -> list[TrayItem]:
    return sorted(items, key=lambda one: one.at, reverse=True)
