"""Asks the relay whose a payment is, where several tills are paid by one number.

The relay is told of each cart that waits, and grants a payment once. What only amount and time, or
a phone, speak for is used after it was granted; what a reference or a person speaks for is used at
once, and claimed so that it stands in nobody's way. All of it is the work of jobs, but for what a
person decides: money that leaves the shop by it is granted first, or stays.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from pos_queue.context import JobContext
from pos_queue.errors import NoNetwork, TryLater

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import (
    IN_USE,
    MAY_BE_USED,
    Certainty,
    MoneyEvent,
    MoneyState,
    Wait,
)
from pos_desktop.services.background.enqueueing import Enqueues, JobName
from pos_desktop.services.mpesa.setup.relay_line import RELAY, RelayLine, RelayNotSetUp
from pos_desktop.storage import carts, mpesa_claims, mpesa_events, mpesa_money, mpesa_waits
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import from_stored, to_stored
from pos_desktop.storage.mpesa_claims import Claim, ClaimState
from pos_desktop.storage.mpesa_money import Money

if TYPE_CHECKING:
    from pos_sync.relay.errors import RelayError
    from pos_sync.relay.fitting import Wait as RelayWait
    from pos_sync.relay.waits import Verdict

CLAIM_MPESA = JobName("claim_mpesa")
TELL_MPESA_WAIT = JobName("tell_mpesa_wait")

log = logging.getLogger(__name__)

_REFUSED_SECONDS = 300.0
_UNCLEAR_SECONDS = 5.0


class AnotherTillHasIt(Refused):
    """Another till of the shop has this payment: look there for the sale that it has paid."""


class RelaySilent(Refused):
    """The relay does not answer, and another till may have used this payment: try again later."""


class Claiming:
    """Tells the relay of waits and claims payments; from any thread."""

    def __init__(
        self,
        database: ShopDatabase,
        relay: RelayLine,
        queue: Enqueues,
        clock: Clock,
        ahead: Callable[[], timedelta],
    ) -> None:
        """Take by how much M-Pesa's clock is ahead of this computer's."""
        self._ahead = ahead
        self._database = database
        self._relay = relay
        self._queue = queue
        self._clock = clock
        self._one_tells = threading.Lock()

    @property
    def decides(self) -> bool:
        """Whether the relay is to say whose a payment is."""
        return self._relay.decides

    # what is left for jobs, in the caller's transaction

    def wait_changed(self, sale_id: Id) -> None:
        """Let the relay be told of a wait as it is now."""
        if self.decides:
            self._queue.enqueue(TELL_MPESA_WAIT, {"sale": sale_id})

    def has(self, receipt: str) -> bool:
        """Tell whether a payment was granted to this till, and so is nobody else's."""
        claim = mpesa_claims.find(self._database, receipt)
        return claim is not None and claim.state is ClaimState.GRANTED

    def want(self, receipt: str, sale_id: Id, by: Certainty) -> None:
        """Let the relay be asked for a payment, unless that was done or it has answered."""
        claim = Claim(receipt=receipt, sale_id=sale_id, by=by, changed_at=self._now())
        if self.decides and mpesa_claims.ask(self._database, claim):
            self._queue.enqueue(CLAIM_MPESA, {"receipt": receipt})

    # what jobs do

    def tell_wait(self, sale_id: Id) -> None:
        """Tell the relay of one wait as it is now; raises NoNetwork and TryLater."""
        from pos_sync.relay.errors import RelayError

        try:
            with self._one_tells:  # the last word is the newest
                self._tell(sale_id)
        except (RelayError, RelayNotSetUp) as error:
            raise _later(error) from error

    def run(self, context: JobContext, receipt: str) -> str:
        """Ask for one payment; return the answer. Raises NoNetwork and TryLater."""
        from pos_sync.relay.errors import RelayError

        claim = mpesa_claims.find(self._database, receipt)
        money = mpesa_money.find(self._database, receipt)
        if claim is None or money is None or claim.state is not ClaimState.ASKED:
            return ""
        try:
            with self._one_tells:
                self._tell(claim.sale_id, money)
            verdict = self._asked(claim, money)
        except (RelayError, RelayNotSetUp) as error:
            raise _later(error) from error
        state = _state_of(verdict)
        context.at_completion(lambda: self._answered(claim, state))
        return state.value

    def learn_taken(self) -> int:
        """Put away the payments that other tills have; return how many.

        Where the relay does not say which, none: it is asked again with the next list.
        """
        from pos_sync.relay.asked import MOST_RECEIPTS
        from pos_sync.relay.errors import RelayError

        unused = mpesa_money.in_states(self._database, MAY_BE_USED, MOST_RECEIPTS)
        if not self.decides or not unused:
            return 0
        try:
            taken = self._relay.reader().taken([one.receipt for one in unused])
        except (RelayError, RelayNotSetUp) as error:
            log.info("what other tills have is not known: %s", error)
            return 0
        return sum(self._is_put_away(receipt) for receipt in taken)

    # what a person waits for

    def may_pick(self, receipt: str, sale_id: Id) -> bool:
        """Ask for a payment that a person picks, for a few seconds; False where another has it.

        Where the relay does not answer, the person's word stands, and it is asked for later.
        """
        from pos_sync.relay.errors import RelayError

        money = mpesa_money.find(self._database, receipt)
        if money is None or not self.decides or not self._relay.is_live or self.has(receipt):
            return True
        claim = self._by_person(receipt, sale_id)
        try:
            self._tell(sale_id, money)
            state = self._state_here(claim, money)
        except (RelayError, RelayNotSetUp):
            return True
        with self._database.write():
            mpesa_claims.ask(self._database, claim)
            self._answered(claim, state)
        return state is not ClaimState.TAKEN

    def decide(self, receipt: str, sale_id: Id | None = None, *, may_leave: bool = False) -> None:
        """Ask for a payment before a person's decision about it is carried out; in no transaction.

        `may_leave` says that money leaves the shop by it. Raises AnotherTillHasIt; and RelaySilent
        for money that may leave where the relay does not say that it is this till's. Else the
        person's word stands, and it is asked for later.
        """
        from pos_sync.relay.errors import RelayError

        money = mpesa_money.find(self._database, receipt)
        if money is None or not self.decides or self.has(receipt):
            return
        claim = self._by_person(receipt, sale_id or receipt)
        try:
            self._tell(claim.sale_id, money)
            state = self._state_here(claim, money)
        except (RelayError, RelayNotSetUp) as error:
            if may_leave:
                raise RelaySilent from error
            return
        with self._database.write():
            mpesa_claims.ask(self._database, claim)
            self._answered(claim, state, uses=False)
        if state is ClaimState.TAKEN:
            raise AnotherTillHasIt
        if may_leave and state is not ClaimState.GRANTED:
            raise RelaySilent

    # how

    def _by_person(self, receipt: str, wait_id: Id) -> Claim:
        by, at = Certainty.PERSON, self._now()
        return Claim(receipt=receipt, sale_id=wait_id, by=by, changed_at=at)

    def _state_here(self, claim: Claim, money: Money) -> ClaimState:
        """Ask, and let what this till has for another of its sales be this till's."""
        state = _state_of(self._asked(claim, money))
        is_held = state is ClaimState.TAKEN
        if is_held and money.receipt not in self._relay.reader().taken([money.receipt]):
            return ClaimState.GRANTED
        return state

    def _tell(self, sale_id: Id, money: Money | None = None) -> None:
        """Tell of a wait; for a payment that nobody has waited for, of one that is over."""
        wait = mpesa_waits.find(self._database, sale_id)
        if wait is None and money is not None:
            wait = _wait_of(money, sale_id)
        if wait is None:
            return
        reader = self._relay.reader()
        if wait.amount_cents > 0:
            reader.open_wait(sale_id, _told(wait, self._ahead()))
        if wait.closed_at is not None or wait.amount_cents <= 0:
            reader.close_wait(sale_id)

    def _asked(self, claim: Claim, money: Money) -> Verdict:
        from pos_sync.mpesa.payer import digest_of
        from pos_sync.relay import messages, waits
        from pos_sync.relay.fitting import By

        phone = money.payer_phone
        told = messages.Money(
            receipt=money.receipt,
            amount_cents=money.amount_cents,
            paid_at=from_stored(money.paid_at),
            digest=digest_of(phone) if phone else money.payer_digest,
            reference=money.reference,
        )
        wanted = waits.Claim(
            receipt=money.receipt, wait=claim.sale_id, by=By(claim.by.value), money=told
        )
        return self._relay.reader().claim(wanted)

    def _answered(self, claim: Claim, state: ClaimState, *, uses: bool = True) -> None:
        """Take the relay's word, in the caller's transaction; `uses` lets a granted one be used."""
        if not mpesa_claims.answered(self._database, claim, state, self._now()):
            return
        mpesa_events.add(
            self._database,
            EventKind.CLAIM,
            self._now(),
            sale_id=None if claim.sale_id == claim.receipt else claim.sale_id,
            receipt=claim.receipt,
            by=claim.by.value,
            state=state.value,
        )
        if state is ClaimState.GRANTED and uses:
            self._use(claim)
        elif state is ClaimState.TAKEN:
            self._is_put_away(claim.receipt)

    def _use(self, claim: Claim) -> None:
        """Bring a payment to the cart for which it was granted, if that still waits for it."""
        wait = mpesa_waits.find(self._database, claim.sale_id)
        money = mpesa_money.find(self._database, claim.receipt)
        if wait is None or money is None or money.state not in MAY_BE_USED:
            return
        is_same = claim.by is Certainty.PERSON or wait.amount_cents == money.amount_cents
        if is_same and carts.is_kept(self._database, claim.sale_id):
            mpesa_money.use(self._database, claim.receipt, claim.sale_id, self._now())
            mpesa_events.add(
                self._database,
                EventKind.MONEY_MATCHED,
                self._now(),
                sale_id=claim.sale_id,
                receipt=claim.receipt,
                amount_cents=money.amount_cents,
                by=claim.by.value,
            )

    def _is_put_away(self, receipt: str) -> bool:
        """Put a payment away that another till has; one that is in use here is for a person."""
        with self._database.write():
            money = mpesa_money.find(self._database, receipt)
            if money is None:
                return False
            note, is_used = "another till has it", money.state in IN_USE
            event = MoneyEvent.DIFFER if is_used else MoneyEvent.BE_ELSEWHERE
            moved = mpesa_money.move(self._database, receipt, event, self._now(), note)
            return moved is MoneyState.ELSEWHERE

    def _now(self) -> int:
        return to_stored(self._clock.now())


def _wait_of(money: Money, wait_id: Id) -> Wait:
    at = from_stored(money.paid_at)
    return Wait(
        sale_id=wait_id,
        amount_cents=money.amount_cents,
        phone=None,
        reference="",
        opened_at=at,
        closed_at=at,
    )


def _told(wait: Wait, ahead: timedelta) -> RelayWait:
    """Return a wait as the relay is told of it: by M-Pesa's clock, as it hears of payments."""
    from pos_sync.mpesa.payer import digest_of
    from pos_sync.relay.fitting import Wait as RelayWait

    return RelayWait(
        amount_cents=wait.amount_cents,
        opened_at=wait.opened_at + ahead,
        phone_digest=digest_of(wait.phone) if wait.phone else None,
        reference=wait.reference,
    )


def _state_of(verdict: Verdict) -> ClaimState:
    if verdict.granted or verdict.why is None:
        return ClaimState.GRANTED
    return ClaimState(verdict.why.value)


def _later(error: RelayError | RelayNotSetUp) -> NoNetwork | TryLater:
    from pos_sync.relay.errors import NotReached, RelayRefused

    if isinstance(error, NotReached):
        return NoNetwork(RELAY, str(error))
    is_for_a_person = isinstance(error, RelayRefused | RelayNotSetUp)
    seconds = _REFUSED_SECONDS if is_for_a_person else _UNCLEAR_SECONDS
    return TryLater(seconds, str(error))
