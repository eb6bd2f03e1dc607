"""The queues of the shop's jobs; each can be paused by itself, and has one kind of workers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pos_queue.job import Job, job

# run by threads, which only wait

MAIL = "mail"
"""Letters to few, which go out from the process that sells."""
PAYMENTS = "payments"
"""Questions to M-Pesa, which a cashier waits for."""
UPKEEP = "upkeep"
"""What comes round by itself and takes a moment."""

# run by children, which may compute

MAILINGS = "mailings"
"""Letters to many."""
IMPORTS = "imports"
"""What changes many rows: imports, prices, ends of takes, and taking those back."""
PAPERS = "papers"
"""What is written for people to take away: exports, lists, labels, files of mails."""
BACKUPS = "backups"
BOOKS = "books"
"""Checks of all books."""


def payment_job(name: str, **declared: Any) -> Callable[[Callable[..., Any]], Job]:
    """Declare a job of PAYMENTS: no mail that a slow server holds up keeps it waiting."""
    return job(name, queue=PAYMENTS, awaited=True, **declared)
