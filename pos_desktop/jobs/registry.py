"""Every job of the program, handed the services that it calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pos_queue.job import Job

from pos_desktop.jobs.backup_shop import backup_shop
from pos_desktop.jobs.email_receipt import email_receipt
from pos_desktop.jobs.import_products import import_products
from pos_desktop.jobs.prune_jobs import prune_jobs
from pos_desktop.services.backups import Backups
from pos_desktop.services.import_jobs import ImportJobs
from pos_desktop.services.job_keeping import JobKeeping
from pos_desktop.services.receipt_mail import ReceiptMail


@dataclass(frozen=True, slots=True, kw_only=True)
class JobServices:
    """The services that jobs call."""

    keeping: JobKeeping
    imports: ImportJobs
    mail: ReceiptMail
    backups: Backups


def every_job(services: JobServices) -> Iterator[Job]:
    """Yield each job; none calls a service before it runs."""
    yield prune_jobs(services.keeping)
    yield import_products(services.imports)
    yield email_receipt(services.mail)
    yield backup_shop(services.backups)
