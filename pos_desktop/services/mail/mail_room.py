"""The mail of a shop, joined: whom it knows, what it writes, and how that goes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mail import Fate
from pos_desktop.security.mail_keys import MailKeys
from pos_desktop.security.secrets import Secrets
from pos_desktop.services.background.enqueueing import Enqueues
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mail.file_mail import FileMail
from pos_desktop.services.mail.mail_addresses import MailAddresses
from pos_desktop.services.mail.mail_files import MailFiles
from pos_desktop.services.mail.mail_office import MailOffice
from pos_desktop.services.mail.mail_papers import MailPapers
from pos_desktop.services.mail.mail_post import MailPost
from pos_desktop.services.mail.mail_preparing import MailPreparing
from pos_desktop.services.mail.mail_sending import MailSending
from pos_desktop.services.mail.mail_setup import MailSetup
from pos_desktop.services.mail.mail_stops import MailStops
from pos_desktop.services.mail.mail_templates import MailTemplates
from pos_desktop.services.mail.mailing import Mailing
from pos_desktop.services.mail.receipt_mail import ReceiptMail
from pos_desktop.services.people.contacts import Contacts
from pos_desktop.services.sales.sale_papers import SalePapers
from pos_desktop.services.sales.selling import Selling
from pos_desktop.storage import mail_recipients, mails
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.mail_recipients import Recipient


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRoom:
    """What has to do with mail; `post` is the one door by which any other service mails."""

    contacts: Contacts
    templates: MailTemplates
    mailing: Mailing
    receipts: ReceiptMail
    of_files: FileMail
    setup: MailSetup
    post: MailPost
    papers: MailPapers
    files: MailFiles
    preparing: MailPreparing
    sending: MailSending
    stops: MailStops
    office: MailOffice


def mail_room(
    database: ShopDatabase,
    reader: ShopDatabase,
    books: Books,
    configuration: Configuration,
    selling: Selling,
    sale_papers: SalePapers,
    queue: Enqueues,
    clock: Clock,
    *,
    secrets: Secrets,
    keys: MailKeys,
    folder: Callable[[], Path],
    file_mode: int,
    cashier_name: Callable[[Id], str],
    chance: Callable[[], float],
) -> MailRoom:
    """Join the services of mail; `clock` is the machine's, which no replay moves.

    Long because every one is named once, with all it needs.
    """
    addresses = MailAddresses(database, configuration, keys)
    stops = MailStops(database, clock)
    post = MailPost(database, books, addresses, queue, clock, configuration, stops)
    files = MailFiles(folder, file_mode, configuration)
    papers = MailPapers(selling, sale_papers, cashier_name)
    setup = MailSetup(
        database, books, configuration, secrets, partial(_take_up, database, post), clock.monotonic
    )
    office = MailOffice(setup, configuration, papers, files, clock)
    return MailRoom(
        contacts=Contacts(database, reader, books),
        templates=MailTemplates(database, reader, books),
        mailing=Mailing(
            database,
            reader,
            books,
            configuration,
            MailAddresses(reader, configuration, keys),
            post,
            files,
        ),
        receipts=ReceiptMail(database, books, configuration, selling, addresses, post, clock),
        of_files=FileMail(database, books, configuration, post),
        setup=setup,
        post=post,
        papers=papers,
        files=files,
        preparing=MailPreparing(database, configuration, addresses, papers.make),
        sending=MailSending(
            database,
            configuration,
            lambda mail, recipient: addresses.addressee(mail.kind, recipient),
            office,
            clock,
            chance,
            settled=partial(_settled, files),
            over=partial(_over, database, files),
            stopped=stops.finish,
        ),
        stops=stops,
        office=office,
    )


def _take_up(database: ShopDatabase, post: MailPost) -> None:
    """Take up what waited for another setup."""
    for mail in mails.under_way(database):
        with database.write():
            if mails.is_under_way(database, mail.id, mail.turn):
                post.again(mail, started_by=mail.staff_id)


def _settled(files: MailFiles, mail_id: Id, one: Recipient, fate: Fate) -> None:
    """Remove the files of one who has them."""
    if fate in (Fate.SENT, Fate.SKIPPED):
        files.drop_one(mail_id, one.no)


def _over(database: ShopDatabase, files: MailFiles, mail_id: Id) -> None:
    """Remove the files of a mail that nobody needs any more."""
    counts = mail_recipients.counts(database, [mail_id]).get(mail_id, {})
    if counts.keys() <= {Fate.SENT, Fate.SKIPPED}:
        files.drop(mail_id)
