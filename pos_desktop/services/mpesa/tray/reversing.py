"""Asks M-Pesa to give payments back, and hears what becomes of it: the work of a job.

To ask twice pays nothing twice: M-Pesa gives a payment back whole or not at all, and says of one
that has gone back already that it has (R000001), which is the same good end. So what may have been
taken in is asked once more, a few times, and then left to a person who looks into the portal. The
end is a report to an address that holds a token drawn for this request alone; what never comes is
looked up by a person too. Managers are told of both.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

from pos_queue.errors import NoNetwork, TryLater
from pos_sync.mpesa.callbacks import ResultReport, TimeoutReport
from pos_sync.mpesa.errors import CallRefused, MpesaError, NotSent, Unasked, WhyRefused

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import IN_USE, MoneyEvent, MoneyState
from pos_desktop.domain.staff import Permission
from pos_desktop.services.background.enqueueing import Enqueues
from pos_desktop.services.mpesa.later_requests import LaterRequests
from pos_desktop.services.mpesa.setup.daraja_line import MPESA, DarajaLine
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaNotSetUp
from pos_desktop.services.mpesa.tray.reversal_words import did_not_go_back, no_answer, went_back_too
from pos_desktop.services.mpesa.tray.reversals import REVERSE_MPESA
from pos_desktop.services.mpesa.tray.standing import is_overdue
from pos_desktop.services.mpesa.tray.tray_book import TrayBook
from pos_desktop.services.people.telling import tell_all_who_may
from pos_desktop.storage import mpesa_events, mpesa_money, mpesa_requests
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.mpesa_money import Money
from pos_desktop.storage.mpesa_requests import OPEN, MpesaRequest, RequestKind, RequestState

log = logging.getLogger(__name__)

_DONE = frozenset({"0", "R000001"})
"""Done now, and done before."""
_SENDINGS = 4
"""How often one request is sent at most."""
_AGAIN = timedelta(minutes=5)
_BUSY = timedelta(minutes=1)
_PASSING = frozenset({WhyRefused.BUSY, WhyRefused.QUOTA, WhyRefused.LOCKED, WhyRefused.TOKEN})
"""Refusals that are over in a while: nothing has been done, and it may be asked again."""
_UNCLEAR = frozenset({WhyRefused.REPEATED, WhyRefused.IN_PROGRESS})
_S = RequestState
_TO_SEND = frozenset({_S.NEW, _S.SENT, _S.UNKNOWN})


class Reversing:
    """Carries reversals out; from any thread."""

    def __init__(
        self,
        database: ShopDatabase,
        queue: Enqueues,
        daraja: DarajaLine,
        book: TrayBook,
        later: LaterRequests,
        clock: Clock,
    ) -> None:
        self._database = database
        self._queue = queue
        self._daraja = daraja
        self._book = book
        self._later = later
        self._clock = clock

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
        try:
            to, daraja = self._later.answers_at(request), self._daraja.calls()
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
        self._move(request, (_S.SENT,), _S.ACKNOWLEDGED, EventKind.REVERSAL_TAKEN, **taken.ids)
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
            kind = EventKind.REVERSAL_REFUSED
            if self._move(request, OPEN, _S.REFUSED, kind, code=code, words=words):
                self._back_into_tray(request)
                ended = replace(request, state=_S.REFUSED, code=code, words=words)
                self._tell_managers(lambda: did_not_go_back(ended))
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
            request = self._later.by_token(token, RequestKind.REVERSAL)
            if request is None:
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
            again = self._clock.now() + _AGAIN
            self._queue.enqueue(REVERSE_MPESA, {"receipt": request.receipt}, at=again)

    def _done(self, request: MpesaRequest, report: ResultReport) -> None:
        sources = (*OPEN, _S.REFUSED)
        told = {"code": report.code, "words": report.transaction_id}
        if not self._move(request, sources, _S.DONE, EventKind.REVERSED, **told):
            return
        at, receipt = self._book.now(), request.receipt
        went = mpesa_money.move(self._database, receipt, MoneyEvent.GO_BACK, at)
        money = self._book.find(receipt)
        was_settled = request.state is _S.REFUSED or money.state is not MoneyState.REFUNDED
        if not went and was_settled:
            self._book.tell(EventKind.REVERSED_TOO, money)
            log.warning("%s was given back by M-Pesa, and is %s", receipt, money.state.value)
        if not went and self._is_settled_otherwise(money):
            # it is in the tray until a person has seen that it was paid twice
            self._later.move(request, (_S.DONE,), _S.DONE_TOO)
            self._tell_managers(lambda: went_back_too(request))

    def _is_settled_otherwise(self, money: Money) -> bool:
        """Tell whether a sale has it, or the till has given it back in another way."""
        if money.state is not MoneyState.REFUNDED:
            return money.state in IN_USE | {MoneyState.DIFFERS}
        events = mpesa_events.of_receipt(self._database, money.receipt)
        return any(one.kind in (EventKind.IN_CASH, EventKind.IN_CREDIT) for one in events)

    def _back_into_tray(self, request: MpesaRequest) -> None:
        at = self._book.now()
        mpesa_money.move(self._database, request.receipt, MoneyEvent.STAY, at)

    def tell_unanswered(self, receipt: str, job: int) -> None:
        """Tell managers of a payment whose reversal has no answer for half an hour.

        In the caller's transaction; nothing where the answer has come, or was looked up.
        """
        request = mpesa_requests.open_for(self._database, RequestKind.REVERSAL, receipt)
        if request is not None and is_overdue(request, self._clock.now()):
            self._book.tell(EventKind.REVERSAL_OVERDUE, self._book.find(receipt))
            self._tell_managers(lambda: no_answer(request), job)

    def _tell_managers(self, say: Callable[[], str], job: int | None = None) -> None:
        at, who = self._book.now(), Permission.MPESA
        tell_all_who_may(self._database, who, say, at, job=job, has_failed=True)

    # how it is written

    def _move(
        self,
        request: MpesaRequest,
        sources: Iterable[RequestState],
        state: RequestState,
        kind: EventKind,
        **values: str,
    ) -> bool:
        with self._database.write():
            if not self._later.move(request, sources, state, **values):
                return False
            code = values.get("code", "")
            self._book.tell(kind, self._book.find(request.receipt), code=code)
        return True


def _before(request: MpesaRequest) -> RequestState:
    """Return what a request is once more of which nothing left this time."""
    return RequestState.NEW if request.state is RequestState.NEW else RequestState.UNKNOWN
