"""Payments that M-Pesa is asked to give back, whole, once a manager has approved it.

The request is kept with the state of the payment, and a job asks (`reversing`). Where the shop
cannot ask, or no answer comes, a person looks into the portal and says here what it shows.
"""

from __future__ import annotations

from collections.abc import Sequence

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import MoneyEvent, MoneyState
from pos_desktop.domain.mpesa_tray import REVERSAL_TOLD_WITHIN, TrayAct
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tender import Tender, TenderKind
from pos_desktop.services.background.enqueueing import Enqueues, JobName
from pos_desktop.services.mpesa.claiming import Claiming
from pos_desktop.services.mpesa.later_requests import LaterRequests
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaSetup
from pos_desktop.services.mpesa.tray.standing import NotConfirmed
from pos_desktop.services.mpesa.tray.tray_book import TrayBook
from pos_desktop.services.people.acting import Approval, Hand, hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import mpesa_requests
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.mpesa_money import Money
from pos_desktop.storage.mpesa_requests import OPEN, MpesaRequest, RequestKind, RequestState

REVERSE_MPESA = JobName("reverse_mpesa")
TELL_MPESA_REVERSAL = JobName("tell_mpesa_reversal")
"""Tells managers of one that was not answered in time; nothing where it was."""


class Reversals:
    """Takes down what people want to go back, and what they have seen; from any thread."""

    def __init__(
        self,
        database: ShopDatabase,
        queue: Enqueues,
        setup: MpesaSetup,
        book: TrayBook,
        later: LaterRequests,
        claims: Claiming,
        clock: Clock,
    ) -> None:
        self._claims = claims
        self._database = database
        self._queue = queue
        self._setup = setup
        self._book = book
        self._later = later
        self._clock = clock

    def ask(
        self, receipt: str, *, actor: Person | None, approval: Approval | None = None
    ) -> MpesaRequest:
        """Leave it to a job to have a payment of the tray given back.

        Raises NeedsApproval, NotConfirmed, ReversalsByHand, ChangedMeanwhile where it is not free
        any more, and Refused where another till has it, or the relay that would know does not
        answer.
        """
        hand = hand_of(actor, Permission.MPESA, approval)
        if self._setup.has_operator and self._book.find(receipt).is_confirmed:
            self._claims.decide(receipt, may_leave=True)
        with self._database.write():
            money = self._book.allow(receipt, TrayAct.REVERSE)
            return self._begin(money, MoneyEvent.ASK_BACK, hand)

    def _begin(self, money: Money, event: MoneyEvent, hand: Hand) -> MpesaRequest:
        self._book.move(money, event)
        request = self._later.new(RequestKind.REVERSAL, money, staff_id=hand.actor_id)
        self._book.tell(EventKind.REVERSAL_ASKED, money, hand)
        payload, now = {"receipt": money.receipt}, self._clock.now()
        self._queue.enqueue(REVERSE_MPESA, payload, at=now)
        self._queue.enqueue(TELL_MPESA_REVERSAL, payload, at=now + REVERSAL_TOLD_WITHIN)
        return request

    def give_back_tenders(
        self, tenders: Sequence[Tender], person: Person, approval: Approval | None
    ) -> None:
        """Let the payments go back by M-Pesa that the tenders of a refund name.

        Raises NeedsApproval, and ChangedMeanwhile where such a payment is not its sale's any more.
        """
        for one in tenders:
            if one.kind is TenderKind.MPESA and one.amount_cents < 0:
                hand = hand_of(person, Permission.MPESA, approval)
                self.give_back(one.reference, hand)

    def give_back(self, receipt: str, hand: Hand) -> None:
        """Let the payment of a sale go back that is taken back whole; in the caller's transaction.

        Where M-Pesa cannot be asked, it stands in the tray until somebody has done it in the
        portal. Raises NotConfirmed, and ChangedMeanwhile where the sale has it no more.
        """
        money = self._book.find(receipt)
        if not money.is_confirmed:
            raise NotConfirmed
        if self._setup.has_operator:
            self._begin(money, MoneyEvent.ASK_BACK_OF_SALE, hand)
            return
        self._book.move(money, MoneyEvent.ASK_BACK_OF_SALE)
        self._book.tell(EventKind.REVERSAL_ASKED, money, hand)

    def went_back(
        self, receipt: str, *, actor: Person | None, approval: Approval | None = None
    ) -> None:
        """Note that a payment was given back in the portal, or is seen there to have gone back.

        Raises NotConfirmed, AskedJustNow while M-Pesa was asked and its answer may still come, and
        ChangedMeanwhile where M-Pesa can be asked to do it.
        """
        hand = hand_of(actor, Permission.MPESA, approval)
        self._claims.decide(receipt)
        with self._database.write():
            is_asked = self._book.find(receipt).state is MoneyState.REFUND_ASKED
            act = TrayAct.WENT_BACK if is_asked else TrayAct.PORTAL
            money = self._book.allow(receipt, act)
            self._close(receipt, RequestState.DONE)
            self._book.move(money, MoneyEvent.GO_BACK)
            self._book.tell(EventKind.WENT_BACK, money, hand)

    def stayed(
        self, receipt: str, *, actor: Person | None, approval: Approval | None = None
    ) -> None:
        """Note that the portal shows a payment that did not go back: it is in the tray again.

        Raises AskedJustNow as `went_back` does.
        """
        hand = hand_of(actor, Permission.MPESA, approval)
        with self._database.write():
            money = self._book.allow(receipt, TrayAct.STAYED)
            self._close(receipt, RequestState.REFUSED)
            self._book.move(money, MoneyEvent.STAY)
            self._book.tell(EventKind.STAYED, money, hand)

    def _close(self, receipt: str, state: RequestState) -> None:
        """End an open request by what a person has seen."""
        request = mpesa_requests.open_for(self._database, RequestKind.REVERSAL, receipt)
        if request is not None:
            self._later.move(request, OPEN, state, words="portal")
