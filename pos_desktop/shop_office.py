"""Joins what a shop does beside the till: mail, exports, schedules, imports, backups, licence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from pos_desktop.domain.chance import draw
from pos_desktop.security.mail_keys import mail_keys
from pos_desktop.security.secrets import Secrets
from pos_desktop.services.backup.backup_at_z import BackupAtZ
from pos_desktop.services.backup.backup_checking import BackupChecking
from pos_desktop.services.backup.backup_writing import BackupSource
from pos_desktop.services.backup.backups import Backups
from pos_desktop.services.exports.export_documents import ExportDocuments
from pos_desktop.services.exports.exporting import EXPORT_FILE, Exports
from pos_desktop.services.exports.statements import Statements
from pos_desktop.services.imports.import_course import ImportCourses
from pos_desktop.services.imports.import_jobs import IMPORT_PRODUCTS, ImportJobs
from pos_desktop.services.imports.import_spool import ImportSpool
from pos_desktop.services.imports.importing import Importing
from pos_desktop.services.licence.activation_line import ACTIVATION
from pos_desktop.services.licence.licence_room import LicenceRoom, licence_room
from pos_desktop.services.licence.subscription import ATTEMPT_ACTIVATION
from pos_desktop.services.mail.mail_makers import MailMakers
from pos_desktop.services.mail.mail_post import PREPARE_MAIL, SENDERS
from pos_desktop.services.mail.mail_room import MailRoom, mail_room
from pos_desktop.services.mail.mail_sending import SMTP
from pos_desktop.services.mpesa.mpesa_room import MpesaRoom, mpesa_room
from pos_desktop.services.mpesa.setup.relay_line import RELAY
from pos_desktop.services.mpesa.statements.statement_import import StatementImport
from pos_desktop.services.people.sign_in import SignIn
from pos_desktop.services.reports.reporting import Reporting
from pos_desktop.services.sales.sale_papers import SalePapers
from pos_desktop.services.sales.selling import Selling
from pos_desktop.services.schedules.schedule_room import ScheduleRoom, schedule_room
from pos_desktop.shop_folder import (
    BACKING_UP_FOLDER,
    BACKUPS_FOLDER,
    EXPORTS_FOLDER,
    HEAD_FILE,
    IMPORTS_FOLDER,
    MAIL_FOLDER,
    file_mode,
    folder,
)
from pos_desktop.shop_locks import one_backup, one_import
from pos_desktop.shop_queue import QueuePlace, ShopQueue
from pos_desktop.storage import job_states
from pos_desktop.storage.gate import BulkPace
from pos_desktop.storage.job_states import Begun


@dataclass(frozen=True, slots=True)
class Sources:
    """Where its files and mails come from."""

    reporting: Reporting
    selling: Selling
    sale_papers: SalePapers
    sign_in: SignIn


@dataclass(frozen=True, slots=True)
class PostAndFiles:
    """What leaves the shop, at once or when it comes round."""

    mail: MailRoom
    exports: Exports
    schedules: ScheduleRoom


def post_and_files(
    place: QueuePlace, queue: ShopQueue, secrets: Secrets, of: Sources
) -> PostAndFiles:
    """Join mail, exports and schedules, and tell the queue who hears of their jobs."""
    mail = _mail(place, queue, secrets, of)
    documents = ExportDocuments(place.reader, place.configuration, of.reporting, of.sign_in.named)
    exports_folder = partial(folder, place.directory, EXPORTS_FOLDER)
    exports = Exports(
        place.database,
        place.reader,
        place.books,
        documents,
        queue.intake,
        place.clock,
        folder=exports_folder,
        file_mode=file_mode(place.directory),
    )
    queue.undone[EXPORT_FILE] = exports.job_undone
    statements = Statements(place.reader, place.configuration)
    makers = MailMakers(
        place.reader, mail.files, mail.papers, documents, statements, exports_folder
    )
    mail.papers.makers.update(makers.by_kind)
    return PostAndFiles(mail, exports, _schedules(place, queue, secrets, mail, of.reporting))


def _mail(place: QueuePlace, queue: ShopQueue, secrets: Secrets, of: Sources) -> MailRoom:
    mail = mail_room(
        place.database,
        place.reader,
        place.books,
        place.configuration,
        of.selling,
        of.sale_papers,
        queue.intake,
        place.clock,
        secrets=secrets,
        keys=mail_keys(secrets),
        folder=partial(folder, place.directory, MAIL_FOLDER),
        file_mode=file_mode(place.directory),
        cashier_name=of.sign_in.named,
        chance=draw,
    )
    queue.probes[SMTP] = mail.office.is_there
    queue.undone |= dict.fromkeys((*SENDERS, PREPARE_MAIL), mail.post.job_undone)
    return mail


def mpesa(place: QueuePlace, queue: ShopQueue, secrets: Secrets) -> MpesaRoom:
    """Join what has to do with M-Pesa, and let its list be read by itself."""
    mpesa = mpesa_room(
        place.database,
        place.reader,
        place.books,
        place.configuration,
        secrets,
        queue.intake,
        place.clock,
        chance=draw,
    )
    queue.rounds.append(mpesa.payment_list.rounds)
    queue.beside.append(mpesa.reading)
    queue.probes[RELAY] = mpesa.relay.is_there
    return mpesa


def mpesa_statements(
    place: QueuePlace,
    queue: ShopQueue,
    mpesa: MpesaRoom,
    spool: ImportSpool,
    pace: Callable[[], BulkPace],
) -> StatementImport:
    """Join what imports statements of M-Pesa; their copies lie where those of other imports do."""
    return StatementImport(
        place.database,
        place.configuration,
        mpesa.setup,
        mpesa.money,
        spool,
        queue.intake,
        place.clock,
        pace,
    )


def _schedules(
    place: QueuePlace, queue: ShopQueue, secrets: Secrets, mail: MailRoom, reporting: Reporting
) -> ScheduleRoom:
    schedules = schedule_room(
        place.database,
        place.books,
        place.configuration,
        mail_keys(secrets),
        mail.post,
        reporting,
        queue,
        place.clock,
    )
    queue.rounds.append(schedules.book.rounds)
    queue.watch = schedules.watch
    return schedules


def licence(place: QueuePlace, queue: ShopQueue, newest: Callable[[], datetime]) -> LicenceRoom:
    """Join the subscription; `newest` is the latest moment that the clock or the books know."""
    room = licence_room(
        place.database,
        place.books,
        place.configuration,
        queue.intake,
        place.clock,
        newest=newest,
        chance=draw,
    )
    queue.probes[ACTIVATION] = room.line.is_there
    queue.undone[ATTEMPT_ACTIVATION] = room.subscription.job_undone
    return room


def import_courses(place: QueuePlace, queue: ShopQueue) -> ImportCourses:
    """Join what knows which imports go on."""

    def begun() -> list[tuple[Begun, Any]]:
        jobs = job_states.begun(place.database, IMPORT_PRODUCTS)
        return [(job, _kept(queue, job)) for job in jobs]

    return ImportCourses(
        place.database, begun, queue.cancel, one_at_a_time=lambda: one_import(place.directory)
    )


def import_jobs(
    place: QueuePlace, queue: ShopQueue, importing: Importing, courses: ImportCourses
) -> ImportJobs:
    """Join what lets a job import."""
    make = partial(folder, place.directory, IMPORTS_FOLDER)
    spool = ImportSpool(make, file_mode(place.directory), place.database, place.clock)
    result_of = partial(_result_of, queue)
    return ImportJobs(importing, spool, queue.intake, place.database, result_of, courses)


def backups(
    place: QueuePlace, queue: ShopQueue, secrets: Secrets
) -> tuple[Backups, BackupChecking]:
    """Join what makes backups of the shop, and what checks them."""
    directory, books = place.directory, place.books
    source = BackupSource(
        reader=place.reader,
        node=lambda: books.node,
        head=directory / HEAD_FILE,
        secrets=secrets,
        clock=place.clock,
        work=directory / BACKING_UP_FOLDER,
        file_mode=file_mode(directory),
    )
    making = Backups(
        source,
        place.database,
        books,
        place.configuration,
        queue.intake,
        own_folder=partial(folder, directory, BACKUPS_FOLDER),
        one_at_a_time=lambda: one_backup(directory),
    )
    checking = BackupChecking(source, queue.intake, one_at_a_time=lambda: one_backup(directory))
    return making, checking


def backup_at_z(place: QueuePlace, queue: ShopQueue) -> BackupAtZ:
    """Join what leaves a backup with each Z."""
    return BackupAtZ(place.database, place.configuration, queue.intake, queue.views_of_now)


def _kept(queue: ShopQueue, job: Begun) -> object:
    """Return what a job has kept of how far it is; None where nobody can read it."""
    try:
        return queue.result_of(IMPORT_PRODUCTS, job.cursor)
    except Exception:  # noqa: BLE001 - it may be wrong in any way
        return None


def _result_of(queue: ShopQueue, number: int) -> object:
    """Return what a job has left as its result; None where it has none, or is forgotten."""
    detail = queue.views.job(number)
    return detail.result if detail else None
