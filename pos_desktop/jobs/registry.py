"""Every job of the program, handed the services that it calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pos_queue.job import Job

from pos_desktop.jobs.ask_mpesa import ask_mpesa
from pos_desktop.jobs.attempt_subscription_activation import attempt_subscription_activation
from pos_desktop.jobs.backup_shop import backup_shop
from pos_desktop.jobs.change_prices import change_prices
from pos_desktop.jobs.check_backup import check_backup
from pos_desktop.jobs.check_books import check_books
from pos_desktop.jobs.claim_mpesa import claim_mpesa
from pos_desktop.jobs.confirm_mpesa import confirm_mpesa
from pos_desktop.jobs.draw_labels import draw_labels
from pos_desktop.jobs.end_take import end_take
from pos_desktop.jobs.export_file import export_file
from pos_desktop.jobs.import_mpesa_statement import import_mpesa_statement
from pos_desktop.jobs.import_products import import_products
from pos_desktop.jobs.list_import_errors import list_import_errors
from pos_desktop.jobs.mail_day import mail_day
from pos_desktop.jobs.mail_failures import mail_failures
from pos_desktop.jobs.mail_low_stock import mail_low_stock
from pos_desktop.jobs.mail_week import mail_week
from pos_desktop.jobs.prepare_mail import prepare_mail
from pos_desktop.jobs.process_mpesa_callback import process_mpesa_callback
from pos_desktop.jobs.prune_jobs import prune_jobs
from pos_desktop.jobs.pull_mpesa import pull_mpesa
from pos_desktop.jobs.reverse_mpesa import reverse_mpesa
from pos_desktop.jobs.send_mail import send_mail
from pos_desktop.jobs.send_mailing import send_mailing
from pos_desktop.jobs.take_prices_back import take_prices_back
from pos_desktop.jobs.tell_mpesa_reversal import tell_mpesa_reversal
from pos_desktop.jobs.tell_mpesa_wait import tell_mpesa_wait
from pos_desktop.jobs.undo_import import undo_import
from pos_desktop.services.backup.backup_checking import BackupChecking
from pos_desktop.services.backup.backups import Backups
from pos_desktop.services.closing.book_checks import BookChecks
from pos_desktop.services.exports.exporting import Exports
from pos_desktop.services.imports.import_jobs import ImportJobs
from pos_desktop.services.job_keeping import JobKeeping
from pos_desktop.services.licence.activating import Activating
from pos_desktop.services.mail.mail_preparing import MailPreparing
from pos_desktop.services.mail.mail_sending import MailSending
from pos_desktop.services.mpesa.claiming import Claiming
from pos_desktop.services.mpesa.confirming import Confirming
from pos_desktop.services.mpesa.missing_codes import MissingCodes
from pos_desktop.services.mpesa.payment_list import PaymentList
from pos_desktop.services.mpesa.push_query import PushQuery
from pos_desktop.services.mpesa.report_intake import ReportIntake
from pos_desktop.services.mpesa.statements.statement_import import StatementImport
from pos_desktop.services.mpesa.tray.reversing import Reversing
from pos_desktop.services.products.label_jobs import LabelJobs
from pos_desktop.services.products.price_jobs import PriceJobs
from pos_desktop.services.schedules.schedule_alerts import ScheduleAlerts
from pos_desktop.services.schedules.schedule_letters import ScheduleLetters
from pos_desktop.services.stock.take_jobs import TakeJobs


@dataclass(frozen=True, slots=True, kw_only=True)
class JobServices:
    """The services that jobs call."""

    keeping: JobKeeping
    imports: ImportJobs
    prices: PriceJobs
    labels: LabelJobs
    preparing: MailPreparing
    sending: MailSending
    exports: Exports
    backups: Backups
    backup_checking: BackupChecking
    letters: ScheduleLetters
    alerts: ScheduleAlerts
    book_checks: BookChecks
    takes: TakeJobs
    push_query: PushQuery
    payment_list: PaymentList
    report_intake: ReportIntake
    confirming: Confirming
    claims: Claiming
    missing_codes: MissingCodes
    mpesa_statements: StatementImport
    reversing: Reversing
    activating: Activating


def every_job(services: JobServices) -> Iterator[Job]:
    """Yield each job; none calls a service before it runs."""
    yield prune_jobs(services.keeping)
    yield import_products(services.imports)
    yield list_import_errors(services.imports)
    yield undo_import(services.imports)
    yield change_prices(services.prices)
    yield take_prices_back(services.prices)
    yield draw_labels(services.labels)
    yield prepare_mail(services.preparing)
    yield send_mail(services.sending)
    yield send_mailing(services.sending)
    yield export_file(services.exports)
    yield backup_shop(services.backups)
    yield check_backup(services.backup_checking)
    yield check_books(services.book_checks)
    yield end_take(services.takes)
    yield mail_day(services.letters)
    yield mail_week(services.letters)
    yield mail_low_stock(services.letters)
    yield mail_failures(services.alerts)
    yield ask_mpesa(services.push_query)
    yield pull_mpesa(services.payment_list, services.claims, services.missing_codes)
    yield process_mpesa_callback(services.report_intake)
    yield confirm_mpesa(services.confirming)
    yield claim_mpesa(services.claims)
    yield tell_mpesa_wait(services.claims)
    yield import_mpesa_statement(services.mpesa_statements)
    yield reverse_mpesa(services.reversing)
    yield tell_mpesa_reversal(services.reversing)
    yield attempt_subscription_activation(services.activating)
