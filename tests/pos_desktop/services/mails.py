"""A shop that mails to a simulated server, for tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from pos_queue.premises import Terms
from pos_sync.testing.mail_simulator import MailSimulator

from pos_desktop import settings
from pos_desktop.domain.contact import ContactForm
from pos_desktop.domain.mail import Audience, Fate, PartyKind
from pos_desktop.services.mail.mailing import Letter
from pos_desktop.shop import Shop
from pos_desktop.storage import mail_recipients, mails

LETTER = Letter(subject="News from {shop}", body="Dear {name},\n\nthe beans are here.")
CONTACTS = Audience(kind=PartyKind.CONTACT)


def set_up(shop: Shop, port: int) -> None:
    """Let the shop mail to a server on this machine."""
    configuration, books = shop.configuration, shop.books
    configuration.set(settings.MAIL_SMTP_HOST, "127.0.0.1", books, actor=None)
    configuration.set(settings.MAIL_SMTP_PORT, port, books, actor=None)
    configuration.set(settings.MAIL_SECURITY, "none", books, actor=None)
    configuration.set(settings.MAIL_FROM_ADDRESS, "shop@example.com", books, actor=None)


def add_contacts(shop: Shop, count: int) -> None:
    """Fill the address book with so many people."""
    form = ContactForm(name="", email="")
    for number in range(1, count + 1):
        shop.mail.contacts.add(
            replace(form, name=f"Person {number:03}", email=f"p{number:03}@example.com"),
            actor=None,
        )


def work(shop: Shop) -> None:
    """Let the queue run until no job waits for a worker."""
    shop.queue.runner(Terms(when_empty=True)).run()


@contextmanager
def working(shop: Shop) -> Iterator[None]:
    """Let the queue work beside the test."""
    runner = shop.queue.runner()
    thread = threading.Thread(target=runner.run)
    thread.start()
    try:
        yield
    finally:
        runner.stop()
        thread.join()


def fates(shop: Shop, number: int = 1) -> dict[Fate, int]:
    """Return how many recipients of a mail have which fate."""
    mail = mails.by_number(shop.database, number)
    assert mail is not None
    return dict(mail_recipients.counts(shop.database, [mail.id]).get(mail.id, {}))


def reasons(shop: Shop, fate: Fate, number: int = 1) -> list[str]:
    """Return why recipients of a mail have a fate."""
    outcomes = shop.mail.mailing.outcomes(number, [fate], limit=100, actor=None)
    return [one.recipient.reason for one in outcomes]


def got(server: MailSimulator) -> Sequence[str]:
    """Return who got a letter, once for each, sorted."""
    return sorted(server.recipients)
