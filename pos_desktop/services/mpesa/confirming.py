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
from pos_sync.mpesa.callbacks import ResultReport, StatusTold, TimeoutReport, read_status
from pos_sync.mpesa.errors import CallRefused, MpesaError, NotSent

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import MoneySource
from pos_desktop.services.background.enqueueing import JobName
from pos_desktop.services.mpesa.later_requests import LaterRequests
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
        later: LaterRequests,
        clock: Clock,
    ) -> None:
        self._database = database
        self._setup = setup
        self._daraja = daraja
        self._payments = payments
        self._money_book = money_book
        self._later = later
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
        request = self._later.by_token(token, RequestKind.STATUS)
        if request is None:
            return False
        told = read_status(report) if isinstance(report, ResultReport) else None
        code, words = ("", "")
        if isinstance(report, ResultReport):
            code, words = report.code, report.words
        is_told = told is not None and told.receipt == request.receipt
        state = RequestState.DONE if is_told else RequestState.REFUSED
        moved = self._later.move(request, OPEN, state, code=code, words=words)
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
        with self._database.write():
            before = mpesa_requests.open_for(self._database, RequestKind.STATUS, money.receipt)
            if before is not None:
                if self._now() - before.asked_at < span_stored(_ANSWERED_WITHIN):
                    return None
                self._later.move(before, OPEN, RequestState.REFUSED, words="no answer")
            return self._later.new(RequestKind.STATUS, money, state=RequestState.SENT)

    def _send(self, request: MpesaRequest) -> None:
        to, move = self._later.answers_at(request), self._later.move
        try:
            taken = self._daraja.calls().transaction_status(request.receipt, to)
        except NotSent as error:
            move(request, OPEN, RequestState.REFUSED, words="not sent")
            raise NoNetwork(MPESA, str(error)) from error
        except CallRefused as error:
            move(request, OPEN, RequestState.REFUSED, code=error.code, words=error.words)
        except MpesaError:
            move(request, OPEN, RequestState.UNKNOWN)
        else:
            move(request, OPEN, RequestState.ACKNOWLEDGED, **taken.ids)

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
