"""What a report of M-Pesa leads to: a question of our own, since anybody may have sent it.

A push that is reported to have ended is asked about at once. Money that is reported to have come is
kept, and confirmed by the list of payments or by its status. Only the answer to a request that has
its own secret address is the end of that request.
"""

from __future__ import annotations

from collections.abc import Callable

from pos_queue.context import JobContext
from pos_sync.mpesa.callbacks import (
    PaidIn,
    Report,
    ResultReport,
    StkReport,
    TimeoutReport,
    read_report,
)
from pos_sync.mpesa.results import Meaning

from pos_desktop.domain.mpesa_attempt import PAYING, UNDER_WAY
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import MoneySource
from pos_desktop.services.background.enqueueing import Enqueues
from pos_desktop.services.mpesa.attempts import Attempts
from pos_desktop.services.mpesa.confirming import CONFIRM_MPESA
from pos_desktop.services.mpesa.money_book import MoneyBook
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaSetup
from pos_desktop.storage import mpesa_attempts, mpesa_events, mpesa_reports
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.mpesa_attempts import Attempt
from pos_desktop.storage.mpesa_money import Money
from pos_desktop.storage.mpesa_reports import KeptReport

HearsResult = Callable[[str, ResultReport | TimeoutReport], bool]
"""Takes the end of a request by its token; tells whether it was one of its own."""


class ReportIntake:
    """Takes in reports that the relay has handed over: the work of a job."""

    def __init__(
        self,
        database: ShopDatabase,
        setup: MpesaSetup,
        attempts: Attempts,
        money_book: MoneyBook,
        queue: Enqueues,
    ) -> None:
        self.results: list[HearsResult] = []
        """Who hears of the ends of requests, in turn."""
        self._database = database
        self._setup = setup
        self._attempts = attempts
        self._money_book = money_book
        self._queue = queue

    def run(self, context: JobContext, no: int) -> str:
        """Take in one report, in the transaction that makes the job done; return its kind."""
        kept = mpesa_reports.find(self._database, no)
        if kept is None:
            return ""
        said = read_report(kept.body.encode())
        context.at_completion(lambda: self._take(kept, said))
        return kept.kind

    def _take(self, kept: KeptReport, said: Report | None) -> None:
        mpesa_reports.remove(self._database, kept.no)
        match said:
            case StkReport():
                self._push_ended(kept, said)
            case PaidIn():
                self._paid_in(kept, said)
            case ResultReport() | TimeoutReport():
                any(hear(kept.token, said) for hear in self.results)

    def _push_ended(self, kept: KeptReport, report: StkReport) -> None:
        attempt = self._attempt_of(kept.token, report)
        if attempt is None:
            return
        if attempt.checkout_id is None:
            self._attempts.told_id(attempt.id, report.checkout_id, report.merchant_id)
        elif attempt.checkout_id != report.checkout_id:
            mpesa_events.add(self._database, EventKind.OTHER_ID, kept.at, attempt_id=attempt.id)
            return
        if report.meaning is Meaning.PAID:
            self._told_paid(attempt, report, kept.at)
        self._ask(attempt)

    def _attempt_of(self, token: str, report: StkReport) -> Attempt | None:
        found = mpesa_attempts.find(self._database, token)
        return found or mpesa_attempts.by_checkout(self._database, report.checkout_id)

    def _told_paid(self, attempt: Attempt, report: StkReport, at: int) -> None:
        if attempt.state not in PAYING:
            self._attempts.told_paid(attempt.id, report.receipt)
        if report.receipt is None:
            return
        self._money_book.take_in(
            Money(
                receipt=report.receipt,
                amount_cents=report.amount_cents or attempt.amount_cents,
                paid_at=at if report.paid_at is None else to_stored(report.paid_at),
                short_code=self._setup.account.short_code,
                reference=attempt.reference,
                payer_phone=report.payer.phone,
                payer_digest=report.payer.digest,
                payer_mask=report.payer.mask,
                source=MoneySource.REPORT,
                is_confirmed=False,
                attempt_id=attempt.id,
                told_at=at,
                changed_at=at,
            )
        )
        if self._money_book.confirm_pushed(self._attempts.find(attempt.id)) is None:
            self._confirm(report.receipt)

    def _paid_in(self, kept: KeptReport, report: PaidIn) -> None:
        account = self._setup.account
        if report.short_code not in (account.short_code, account.number):
            return
        reference = report.reference.strip().upper()
        attempt = mpesa_attempts.by_reference(self._database, reference) if reference else None
        money = self._money_book.take_in(
            Money(
                receipt=report.receipt,
                amount_cents=report.amount_cents,
                paid_at=kept.at if report.paid_at is None else to_stored(report.paid_at),
                short_code=report.short_code,
                reference=report.reference,
                payer_phone=report.payer.phone,
                payer_digest=report.payer.digest,
                payer_mask=report.payer.mask,
                payer_name=report.name,
                source=MoneySource.REPORT,
                is_confirmed=False,
                attempt_id=attempt.id if attempt else None,
                told_at=kept.at,
                changed_at=kept.at,
            )
        )
        if attempt is not None:
            self._attempts.told_paid(attempt.id, report.receipt)
            self._ask(attempt)
            self._money_book.confirm_pushed(attempt)
        if not money.is_confirmed:
            self._confirm(report.receipt)

    def _ask(self, attempt: Attempt) -> None:
        if self._attempts.find(attempt.id).state in UNDER_WAY:
            self._attempts.ask_told(attempt.id)

    def _confirm(self, receipt: str) -> None:
        self._queue.enqueue(CONFIRM_MPESA, {"receipt": receipt})
