"""Writes down what a person has decided about a payment: its state, the event and the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import MoneyEvent
from pos_desktop.domain.mpesa_tray import TrayAct, acts_of
from pos_desktop.domain.text import _
from pos_desktop.services.mpesa.tray.standing import last_reversal, standing_of, why_not
from pos_desktop.services.people.acting import ChangedMeanwhile, Hand
from pos_desktop.storage import mpesa_events, mpesa_money
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.mpesa_attempts import Attempt
from pos_desktop.storage.mpesa_money import Money

_ASKED_OR_BY_HAND = frozenset({TrayAct.REVERSE, TrayAct.PORTAL})


class TrayBook:
    """Decides once: who comes second is told so. Everything inside the caller's transaction."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        clock: Clock,
        can_ask_back: Callable[[], bool],
    ) -> None:
        """Take whether M-Pesa can be asked to give something back."""
        self._can_ask_back = can_ask_back
        self._database = database
        self._books = books
        self._clock = clock

    def find(self, receipt: str) -> Money:
        """Return a payment as it is now; Refused where there is none."""
        found = mpesa_money.find(self._database, receipt)
        if found is None:
            raise Refused(_("M-Pesa has told of no such payment: look at its code once more."))
        return found

    def allow(self, receipt: str, act: TrayAct) -> Money:
        """Return a payment with which something may be done, as it stands now.

        Raises NotConfirmed, ReversalsByHand, AskedJustNow and NothingOver; ChangedMeanwhile where
        it is not what the act is for.
        """
        money = self.find(receipt)
        # the shop's keys are read for this: not while a till waits for another act
        can_ask = act in _ASKED_OR_BY_HAND and self._can_ask_back()
        request = last_reversal(self._database, receipt)
        standing = standing_of(
            self._database, money, request, self._clock.now(), can_ask_back=can_ask
        )
        if act not in acts_of(standing):
            raise why_not(standing, act)
        return money

    def move(self, money: Money, event: MoneyEvent, note: str = "") -> None:
        """Let something happen to a payment; ChangedMeanwhile where it leads nowhere from here."""
        if not mpesa_money.move(self._database, money.receipt, event, self.now(), note):
            raise ChangedMeanwhile

    def tell(
        self,
        kind: EventKind,
        money: Money,
        hand: Hand | None = None,
        *,
        sale_id: Id | None = None,
        **detail: Any,
    ) -> None:
        """Keep what has happened to a payment; what somebody has decided stands in the journal too.

        Details are plain: who understands the payment afterwards reads them.
        """
        if hand is not None:
            self._note(kind, hand, money.receipt, money.amount_cents, detail)
        mpesa_events.add(
            self._database,
            kind,
            self.now(),
            sale_id=sale_id or money.sale_id,
            attempt_id=money.attempt_id,
            receipt=money.receipt,
            amount_cents=money.amount_cents,
            **_by(hand),
            **detail,
        )

    def tell_of(self, attempt: Attempt, kind: EventKind, hand: Hand, **detail: Any) -> None:
        """Keep what somebody has decided about an attempt, as `tell` does of a payment."""
        self._note(kind, hand, attempt.reference, attempt.amount_cents, detail)
        mpesa_events.add(
            self._database,
            kind,
            self.now(),
            sale_id=attempt.sale_id,
            attempt_id=attempt.id,
            **_by(hand),
            **detail,
        )

    def _note(
        self, kind: EventKind, hand: Hand, name: str, cents: Cents, detail: Mapping[str, Any]
    ) -> None:
        noted = hand.noted(receipt=name, paid_cents=cents, **detail)
        self._books.note(f"mpesa {kind}", **noted)

    def now(self) -> int:
        """Return the moment of the machine's clock, in milliseconds UTC."""
        return to_stored(self._clock.now())


def _by(hand: Hand | None) -> dict[str, Any]:
    """Return who has decided it, who approved that, and why."""
    if hand is None:
        return {}
    found: dict[str, Any] = {"by": hand.actor_id}
    if hand.approval is not None:
        found |= {"approver": hand.approval.approver.id, "reason": hand.approval.reason}
    return found
