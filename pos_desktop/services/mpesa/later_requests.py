"""What M-Pesa is asked and answers later, by a report to an address that was told to nobody else.

Such a request is kept before it goes out, with a token drawn for it alone that stands in that
address. How it stands is moved from the states that are named: who comes second changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from pos_sync.mpesa.addresses import ReportTo, report_to

from pos_desktop.domain.chance import unguessable
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.ids import Id
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaSetup
from pos_desktop.storage import mpesa_requests
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.mpesa_money import Money
from pos_desktop.storage.mpesa_requests import MpesaRequest, RequestKind, RequestState

_TOKEN_BYTES = 16


class LaterRequests:
    """Keeps requests of the shop; from any thread."""

    def __init__(self, database: ShopDatabase, setup: MpesaSetup, clock: Clock) -> None:
        self._database = database
        self._setup = setup
        self._clock = clock

    def new(
        self,
        kind: RequestKind,
        money: Money,
        *,
        state: RequestState = RequestState.NEW,
        staff_id: Id | None = None,
    ) -> MpesaRequest:
        """Keep a request about a payment before it goes out, in the caller's transaction.

        There is none of its kind open for the payment: that was asked in the same transaction.
        """
        at = self._now()
        request = MpesaRequest(
            token=unguessable(_TOKEN_BYTES).hex(),
            kind=kind,
            receipt=money.receipt,
            amount_cents=money.amount_cents,
            state=state,
            staff_id=staff_id,
            asked_at=at,
            changed_at=at,
        )
        mpesa_requests.add(self._database, request)
        return request

    def answers_at(self, request: MpesaRequest) -> ReportTo:
        """Return where the answer to a request is reported; raises MpesaNotSetUp."""
        return report_to(self._setup.account.callback_url, request.token)

    def by_token(self, token: str, kind: RequestKind) -> MpesaRequest | None:
        """Return the request whose answer was reported; None where it is of no such kind."""
        found = mpesa_requests.find(self._database, token)
        return found if found is not None and found.kind is kind else None

    def move(
        self,
        request: MpesaRequest,
        sources: Iterable[RequestState],
        state: RequestState,
        **values: str,
    ) -> bool:
        """Let a request stand otherwise, where it stands in one of these; tell whether it did.

        In the caller's transaction or one of its own.
        """
        with self._database.write():
            return mpesa_requests.move(
                self._database, request.token, sources, state, self._now(), values
            )

    def _now(self) -> int:
        return to_stored(self._clock.now())
