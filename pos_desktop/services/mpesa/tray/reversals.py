"""Payments that M-Pesa is asked to give back, whole, once a manager has approved it.

The request is kept with the state of the payment, and a job asks. To ask twice pays nothing twice:
M-Pesa gives a payment back whole or not at all, and says of one that has gone back already that it
has (R000001), which is the same good end. So what may have been taken in is asked once more, a few
times, and then left to a person who looks into the portal. The end is a report to an address that
holds a token drawn for this request alone; what never comes is looked up by a person too.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from pos_queue.errors import NoNetwork, TryLater
from pos_sync.mpesa.addresses import report_to
from pos_sync.mpesa.callbacks import ResultReport, TimeoutReport
from pos_sync.mpesa.errors import CallRefused, MpesaError, NotSent, Unasked, WhyRefused

from pos_desktop.domain.chance import unguessable
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import MAY_BE_USED, MoneyState
from pos_desktop.domain.mpesa_tray import REVERSAL_TOLD_WITHIN
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tender import Tender, TenderKind
from pos_desktop.domain.text import _
from pos_desktop.services.background.enqueueing import Enqueues, JobName
from pos_desktop.services.mpesa.claiming import Claiming
from pos_desktop.services.mpesa.setup.daraja_line import MPESA, DarajaLine
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey, MpesaNotSetUp, MpesaSetup
from pos_desktop.services.mpesa.tray.tray_book import TrayBook
from pos_desktop.services.people.acting import Approval, Hand, hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.people.telling import tell_all_who_may
from pos_desktop.storage import mpesa_events, mpesa_money, mpesa_requests
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import from_stored
from pos_desktop.storage.mpesa_money import Money
from pos_desktop.storage.mpesa_requests import OPEN, MpesaRequest, RequestKind, RequestState

log = logging.getLogger(__name__)

REVERSE_MPESA = JobName("reverse_mpesa")

DONE_BEFORE = "R000001"
WRONG_RECEIPT = "R000002"
_DONE = frozenset({"0", DONE_BEFORE})
_SENDINGS = 4
"""How often one request is sent at most."""
_TOKEN_BYTES = 16
_AGAIN = timedelta(minutes=5)
_BUSY = timedelta(minutes=1)
_PASSING = frozenset({WhyRefused.BUSY, WhyRefused.QUOTA, WhyRefused.LOCKED, WhyRefused.TOKEN})
"""Refusals that are over in a while: nothing has been done, and it may be asked again."""
_UNCLEAR = frozenset({WhyRefused.REPEATED, WhyRefused.IN_PROGRESS})
_S = RequestState
_TO_SEND = frozenset({_S.NEW, _S.SENT, _S.UNKNOWN})
_IN_USE = frozenset({MoneyState.MATCHED, MoneyState.UNVERIFIED, MoneyState.DIFFERS})
_FREE = MAY_BE_USED | {MoneyState.REFUND_ASKED}


class ReversalsByHand(Refused):
    """This shop cannot ask M-Pesa to give money back: do it in the portal, and note it here."""


class Reversals:
    """Asks for reversals, and hears what becomes of them; from any thread."""

    def __init__(
        self,
        database: ShopDatabase,
        queue: Enqueues,
        setup: MpesaSetup,
        daraja: DarajaLine,
        book: TrayBook,
        claims: Claiming,
        clock: Clock,
    ) -> None:
        """Take the machine's clock, which no replay moves."""
        self._claims = claims
        self._database = database
        self._queue = queue
        self._setup = setup
        self._daraja = daraja
        self._book = book
        self._clock = clock

    @property
    def can_ask(self) -> bool:
        """Whether M-Pesa can be asked: there are an operator, his credential and a relay."""
        keys = (MpesaKey.INITIATOR, MpesaKey.CREDENTIAL, MpesaKey.RELAY_PATH)
        has_keys = self._setup.can_call and all(self._setup.key(one) for one in keys)
        return has_keys and bool(self._setup.account.callback_url)

    def last(self, receipt: str) -> MpesaRequest | None:
        """Return how M-Pesa was last asked to give a payment back, None where it never was."""
        asked = mpesa_requests.of_receipt(self._database, receipt)
        return next((one for one in reversed(asked) if one.kind is RequestKind.REVERSAL), None)

    @staticmethod
    def is_open(request: MpesaRequest) -> bool:
        """Tell whether a request has no end yet."""
        return request.state in OPEN

    # what a person wants

    def ask(
        self, receipt: str, *, actor: Person | None, approval: Approval | None = None
    ) -> MpesaRequest:
        """Leave it to a job to have a payment of the tray given back.

        Raises NeedsApproval, ReversalsByHand, ChangedMeanwhile where it is not free any more, and
        Refused where another till has it, or the relay that would know does not answer.
        """
        hand = hand_of(actor, Permission.MPESA, approval)
        if self.can_ask and self._book.find(receipt).is_confirmed:
            self._claims.decide(receipt, may_leave=True)
        with self._database.write():
            return self.begin(self._book.find(receipt), MAY_BE_USED, hand)

    def begin(self, money: Money, sources: frozenset[MoneyState], hand: Hand) -> MpesaRequest:
        """Let a payment in one of these states be asked back, in the caller's transaction."""
        if not self.can_ask:
            raise ReversalsByHand
        if not money.is_confirmed:
            raise Refused(_("M-Pesa has not confirmed this payment yet: look in its portal."))
        self._book.become(money, sources, MoneyState.REFUND_ASKED)
        at = self._book.now()
        request = MpesaRequest(
            token=unguessable(_TOKEN_BYTES).hex(),
            kind=RequestKind.REVERSAL,
            receipt=money.receipt,
            amount_cents=money.amount_cents,
            staff_id=hand.actor_id,
            asked_at=at,
            changed_at=at,
        )
        mpesa_requests.add(self._database, request)
        self._book.tell(EventKind.REVERSAL_ASKED, money, hand)
        self._enqueue(money.receipt)
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
        portal. Raises ChangedMeanwhile where the sale has it no more.
        """
        money = self._book.find(receipt)
        if self.can_ask:
            self.begin(money, frozenset({MoneyState.MATCHED}), hand)
            return
        self._book.become(money, (MoneyState.MATCHED,), MoneyState.REFUND_ASKED)
        self._book.tell(EventKind.REVERSAL_ASKED, money, hand)

    def went_back(
        self, receipt: str, *, actor: Person | None, approval: Approval | None = None
    ) -> None:
        """Note that a payment was given back in the portal, or is seen there to have gone back.

        Refused while M-Pesa was asked and its answer may still come.
        """
        hand = hand_of(actor, Permission.MPESA, approval)
        self._claims.decide(receipt)
        with self._database.write():
            money = self._book.find(receipt)
            if money.state is not MoneyState.REFUND_ASKED and not money.is_confirmed:
                raise Refused(_("M-Pesa has not confirmed this payment yet: look in its portal."))
            self._close(receipt, RequestState.DONE)
            self._book.become(money, _FREE, MoneyState.REFUNDED)
            self._book.tell(EventKind.WENT_BACK, money, hand)

    def stayed(
        self, receipt: str, *, actor: Person | None, approval: Approval | None = None
    ) -> None:
        """Note that the portal shows a payment that did not go back: it is in the tray again."""
        hand = hand_of(actor, Permission.MPESA, approval)
        with self._database.write():
            money = self._book.find(receipt)
            self._close(receipt, RequestState.REFUSED)
            self._book.become(money, (MoneyState.REFUND_ASKED,), MoneyState.SUSPENSE)
            self._book.tell(EventKind.STAYED, money, hand)

    def _close(self, receipt: str, state: RequestState) -> None:
        """End an open request by what a person has seen, once its answer is overdue."""
        request = mpesa_requests.open_for(self._database, RequestKind.REVERSAL, receipt)
        if request is None:
            return
        if from_stored(request.asked_at) + REVERSAL_TOLD_WITHIN > self._clock.now():
            sentence = _(
                "M-Pesa was asked just now and answers by itself: wait for half an hour before "
                "you look into the portal."
            )
            raise Refused(sentence)
        values = {"words": "portal"}
        mpesa_requests.move(self._database, request.token, OPEN, state, self._book.now(), values)

    # what the job does

    def run(self, receipt: str) -> str:
        """Ask M-Pesa to give a payment back; return how the request stands then.

        Raises NoNetwork while M-Pesa is out of reach, and TryLater where it is to be asked again.
        """
        request = mpesa_requests.open_for(self._database, RequestKind.REVERSAL, receipt)
        if request is None or request.state not in _TO_SEND:
            return "" if request is None else request.state.value
        if self._sendings(request) >= _SENDINGS:
            self._doubt(request)
            return RequestState.UNKNOWN.value
        return self._send(request)

    def _send(self, request: MpesaRequest) -> str:
        to = report_to(self._setup.account.callback_url, request.token)
        try:
            daraja = self._daraja.calls()
        except MpesaNotSetUp as error:
            return self._refuse(request, "", str(error))
        if not self._mark_sent(request):
            return RequestState.UNKNOWN.value
        try:
            taken = daraja.reverse(request.receipt, request.amount_cents, to)
        except NotSent as error:
            self._unsend(request)
            raise NoNetwork(MPESA, str(error)) from error
        except Unasked as error:
            return self._refuse(request, "", str(error))
        except CallRefused as error:
            return self._refused(request, error)
        except MpesaError as error:
            self._doubt(request)
            raise TryLater(_AGAIN.total_seconds()) from error
        ids = {
            "originator_id": taken.originator_id,
            "conversation_id": taken.conversation_id,
        }
        self._move(request, (_S.SENT,), _S.ACKNOWLEDGED, EventKind.REVERSAL_TAKEN, ids)
        return RequestState.ACKNOWLEDGED.value

    def _refused(self, request: MpesaRequest, error: CallRefused) -> str:
        if error.why in _PASSING:
            self._unsend(request)
            seconds = error.retry_after_seconds or _BUSY.total_seconds()
            raise TryLater(seconds) from error
        if error.why in _UNCLEAR:
            self._doubt(request)
            raise TryLater(_AGAIN.total_seconds()) from error
        return self._refuse(request, error.code or error.why.value, error.words)

    def _mark_sent(self, request: MpesaRequest) -> bool:
        """Keep that it goes out, before the first byte does."""
        return self._move(request, _TO_SEND, _S.SENT, EventKind.REVERSAL_SENT)

    def _unsend(self, request: MpesaRequest) -> None:
        """Keep that nothing was done this time: it stands as it stood before."""
        self._move(request, (_S.SENT,), _before(request), EventKind.REVERSAL_NOT_SENT)

    def _doubt(self, request: MpesaRequest) -> None:
        self._move(request, _TO_SEND, _S.UNKNOWN, EventKind.REVERSAL_UNCLEAR)

    def _refuse(self, request: MpesaRequest, code: str, words: str) -> str:
        """Put a payment back into the tray that M-Pesa does not give back."""
        with self._database.write():
            values = {"code": code, "words": words}
            if self._move(request, OPEN, _S.REFUSED, EventKind.REVERSAL_REFUSED, values):
                self._back_into_tray(request)
        return RequestState.REFUSED.value

    def _sendings(self, request: MpesaRequest) -> int:
        """Return how often a request went out, those left out of which nothing left."""
        events = mpesa_events.of_receipt(self._database, request.receipt)
        kinds = [one.kind for one in events if one.at >= request.asked_at]
        return kinds.count(EventKind.REVERSAL_SENT) - kinds.count(EventKind.REVERSAL_NOT_SENT)

    # what is reported

    def told(self, token: str, report: ResultReport | TimeoutReport) -> bool:
        """Take the end of a request in; tell whether the token is one of a reversal.

        In the caller's transaction or one of its own. A good end counts whenever it comes; a bad
        one only while the request is open.
        """
        with self._database.write():
            request = mpesa_requests.find(self._database, token)
            if request is None or request.kind is not RequestKind.REVERSAL:
                return False
            if isinstance(report, TimeoutReport):
                self._timed_out(request)
            elif report.code in _DONE:
                self._done(request, report)
            else:
                self._refuse(request, report.code, report.words)
        return True

    def _timed_out(self, request: MpesaRequest) -> None:
        """Doubt what M-Pesa has not dealt with in time, and ask once more in a while."""
        sources = (_S.SENT, _S.ACKNOWLEDGED)
        if self._move(request, sources, _S.UNKNOWN, EventKind.REVERSAL_UNCLEAR):
            self._enqueue(request.receipt, after=_AGAIN)

    def _done(self, request: MpesaRequest, report: ResultReport) -> None:
        sources = (*OPEN, _S.REFUSED)
        values = {"code": report.code, "words": report.transaction_id}
        if not self._move(request, sources, _S.DONE, EventKind.REVERSED, values):
            return
        at, receipt = self._book.now(), request.receipt
        went = mpesa_money.become(self._database, receipt, _FREE, MoneyState.REFUNDED, at)
        money = self._book.find(receipt)
        was_settled = request.state is _S.REFUSED or money.state is not MoneyState.REFUNDED
        if not went and was_settled:
            self._book.tell(EventKind.REVERSED_TOO, money)
            log.warning("%s was given back by M-Pesa, and is %s", receipt, money.state.value)
        if not went and self._is_settled_otherwise(money):
            self._went_too(request)

    def _is_settled_otherwise(self, money: Money) -> bool:
        """Tell whether a sale has it, or the till has given it back in another way."""
        if money.state is not MoneyState.REFUNDED:
            return money.state in _IN_USE
        events = mpesa_events.of_receipt(self._database, money.receipt)
        return any(one.kind in (EventKind.IN_CASH, EventKind.IN_CREDIT) for one in events)

    def _went_too(self, request: MpesaRequest) -> None:
        """Let a person see what was paid twice: it is in the tray until then, and managers know."""
        at, done = self._book.now(), (_S.DONE,)
        mpesa_requests.move(self._database, request.token, done, _S.DONE_TOO, at)
        tell_all_who_may(
            self._database,
            Permission.MPESA,
            lambda: _went_too_words(request),
            at,
            job=None,
            has_failed=True,
        )

    def _back_into_tray(self, request: MpesaRequest) -> None:
        sources = (MoneyState.REFUND_ASKED,)
        at = self._book.now()
        mpesa_money.become(self._database, request.receipt, sources, MoneyState.SUSPENSE, at)

    # how it is written

    def _move(
        self,
        request: MpesaRequest,
        sources: frozenset[RequestState] | tuple[RequestState, ...],
        state: RequestState,
        kind: EventKind,
        values: dict[str, str] | None = None,
    ) -> bool:
        with self._database.write():
            at = self._book.now()
            if not mpesa_requests.move(self._database, request.token, sources, state, at, values):
                return False
            code = (values or {}).get("code", "")
            self._book.tell(kind, self._book.find(request.receipt), code=code)
        return True

    def _enqueue(self, receipt: str, after: timedelta = timedelta()) -> None:
        self._queue.enqueue(REVERSE_MPESA, {"receipt": receipt}, at=self._clock.now() + after)


def _went_too_words(request: MpesaRequest) -> str:
    sentence = _(
        "M-Pesa has given {code} over {amount} back after all, and it was sold on or given back "
        "before: look at it under M-Pesa."
    )
    return sentence.format(code=request.receipt, amount=format_amount(request.amount_cents))


def _before(request: MpesaRequest) -> RequestState:
    """Return what a request is once more of which nothing left this time."""
    return RequestState.NEW if request.state is RequestState.NEW else RequestState.UNKNOWN
