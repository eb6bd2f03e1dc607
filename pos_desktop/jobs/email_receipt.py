"""The job that sends a receipt by e-mail."""

from __future__ import annotations

from pos_queue.context import JobContext
from pos_queue.job import Job, job

from pos_desktop.services.receipt_mail import EMAIL_RECEIPT, ReceiptMail

QUEUE = "mail"


def email_receipt(mail: ReceiptMail) -> Job:
    """Declare the job; an address is a secret, and the same mail waits once."""

    @job(EMAIL_RECEIPT, queue=QUEUE, attempts=8, sensitive=True, unique=True)
    def body(
        _context: JobContext,
        *,
        receipt: str,
        customer: str,
        address: str,
        copy: str,  # noqa: ARG001 - tells one that was asked for again from the first
    ) -> None:
        mail.deliver(receipt, customer, address)

    return body
