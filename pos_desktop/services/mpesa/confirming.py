"""Confirms money that a report has told of, by asking M-Pesa: the work of a job.

The list of payments is read from a little before it on, or its status is asked for, which M-Pesa
answers by a report to a secret address. What nobody confirms within an hour is left to the list,
which is read by itself.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

from pos_queue.context import JobContext
from pos_queue.errors import NoNetwork, TryLater
from pos_sync.mpesa.addresses import report_to
from pos_sync.mpesa.callbacks import ResultReport, StatusTold, TimeoutReport, read_status
from pos_sync.mpesa.errors import CallRefused, MpesaError, NotSent

from pos_desktop.domain.chance import unguessable
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import MoneySource
from pos_desktop.services.background.enqueueing import JobName
from pos_desktop.services.mpesa.money_book import MoneyBook
from pos_desktop.services.mpesa.payment_list import PaymentList
from pos_desktop.services.mpesa.setup.daraja_line import MPESA, DarajaLine
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaSetup
from pos_desktop.storage import mpesa_events, mpesa_money, mpesa_requests
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import from_stored, span_stored, to_stored
from pos_desktop.storage.mpesa_money import Money
from pos_desktop.storage.mpesa_requests import OPEN, MpesaRequest, RequestKind, RequestState

CONFIRM_MPESA = JobName("confirm_mpesa")

_COMPLETED = "completed"
_TOKEN_BYTES = 16
_ANSWERED_WITHIN = timedelta(minutes=1)
"""After that a status that was not told of is asked for anew."""
_GIVES_UP_AFTER = timedelta(hours=1)
_LISTED_BEFORE = timedelta(minutes=2)
_WAITS = (
    (timedelta(seconds=20), 2.0),
    (timedelta(minutes=2), 10.0),
    (timedelta(minutes=10), 60.0),
    (_GIVES_UP_AFTER, 300.0),
)
"""Up to which age of a report how many seconds are let pass before the next question."""


class Confirming:
    """Asks about payments that are not confirmed; from any thread."""

    def __init__(
        self,
        database: ShopDatabase,
        setup: MpesaSetup,
        daraja: DarajaLine,
        payments: PaymentList,
        money_book: MoneyBook,
        clock: Clock,
    ) -> None:
        """Take the machine's clock, which no replay moves."""
        self._database = database
        self._setup = setup
        self._daraja = daraja
        self._payments = payments
        self._money_book = money_book
        self._clock = clock
        self._one_reads = threading.Lock()

    def run(self, context: JobContext, receipt: str) -> str:
        """Ask about one payment; return what confirms it, or that it is left to the list.

        Raises NoNetwork while M-Pesa is out of reach, and TryLater until it is known.
        """
        money = mpesa_money.find(self._database, receipt)
        if money is None or money.is_confirmed or not self._setup.can_call:
            return "confirmed"
        age = self._clock.now() - from_stored(money.told_at)
        if age > _GIVES_UP_AFTER:
            return "left to the list"
        ways = [self._is_listed, self._is_asked]
        if not self._payments.shows_payments:
            ways.reverse()
        if any(way(money, context) for way in ways):
            return "confirmed"
        raise TryLater(next(seconds for until, seconds in _WAITS if age <= until))

    def hear(self, token: str, report: ResultReport | TimeoutReport) -> bool:
        """Take in the end of a request for a status, in the caller's transaction.

        Tells whether it was one. The token is known to M-Pesa alone, so its words are believed.
        """
        request = mpesa_requests.find(self._database, token)
        if request is None or request.kind is not RequestKind.STATUS:
            return False
        told = read_status(report) if isinstance(report, ResultReport) else None
        code, words = ("", "")
        if isinstance(report, ResultReport):
            code, words = report.code, report.words
        is_told = told is not None and told.receipt == request.receipt
        state = RequestState.DONE if is_told else RequestState.REFUSED
        values = {"code": code, "words": words}
        moved = mpesa_requests.move(self._database, token, OPEN, state, self._now(), values)
        if moved and told is not None and is_told:
            self._told(told)
        return True

    # by the list

    def _is_listed(self, money: Money, context: JobContext) -> bool:
        """Read the list around a payment, unless another job has just done so."""
        with self._one_reads:
            if self._is_confirmed(money.receipt):
                return True
            try:
                self._payments.read_from(from_stored(money.paid_at) - _LISTED_BEFORE, context)
            except (MpesaError, Unavailable):  # not registered, or not clear: ask otherwise
                return False
        return self._is_confirmed(money.receipt)

    # by its status

    def _is_asked(self, money: Money, _context: JobContext) -> bool:
        """Ask for the status of a payment where that was not done just now; it is told later."""
        if self._setup.has_operator and (request := self._new_request(money)) is not None:
            self._send(request)
        return False

    def _new_request(self, money: Money) -> MpesaRequest | None:
        """Keep a request before it goes out; None where one is on its way."""
        at = self._now()
        with self._database.write():
            before = mpesa_requests.open_for(self._database, RequestKind.STATUS, money.receipt)
            if before is not None:
                if at - before.asked_at < span_stored(_ANSWERED_WITHIN):
                    return None
                self._move(before.token, RequestState.REFUSED, words="no answer")
            request = MpesaRequest(
                token=unguessable(_TOKEN_BYTES).hex(),
                kind=RequestKind.STATUS,
                receipt=money.receipt,
                amount_cents=money.amount_cents,
                state=RequestState.SENT,
                asked_at=at,
                changed_at=at,
            )
            mpesa_requests.add(self._database, request)
        return request

    def _send(self, request: MpesaRequest) -> None:
        to = report_to(self._setup.account.callback_url, request.token)
        try:
            taken = self._daraja.calls().transaction_status(request.receipt, to)
        except NotSent as error:
            self._move(request.token, RequestState.REFUSED, words="not sent")
            raise NoNetwork(MPESA, str(error)) from error
        except CallRefused as error:
            self._move(request.token, RequestState.REFUSED, code=error.code, words=error.words)
        except MpesaError:
            self._move(request.token, RequestState.UNKNOWN)
        else:
            self._move(
                request.token,
                RequestState.ACKNOWLEDGED,
                originator_id=taken.originator_id,
                conversation_id=taken.conversation_id,
            )

    def _move(self, token: str, state: RequestState, **values: str) -> None:
        with self._database.write():
            mpesa_requests.move(self._database, token, OPEN, state, self._now(), values)

    def _told(self, told: StatusTold) -> None:
        known = mpesa_money.find(self._database, told.receipt)
        if known is None:
            return
        if told.state.lower() != _COMPLETED:
            mpesa_events.add(
                self._database,
                EventKind.NOT_COMPLETED,
                self._now(),
                receipt=told.receipt,
                state=told.state,
            )
            return
        self._money_book.take_in(
            replace(
                known,
                amount_cents=told.amount_cents,
                paid_at=known.paid_at if told.at is None else to_stored(told.at),
                source=MoneySource.STATUS,
                is_confirmed=True,
                changed_at=self._now(),
            )
        )

    def _is_confirmed(self, receipt: str) -> bool:
        found = mpesa_money.find(self._database, receipt)
        return found is not None and found.is_confirmed

    def _now(self) -> int:
        return to_stored(self._clock.now())
