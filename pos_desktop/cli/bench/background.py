"""What a shop hands to the queue, measured twice: done by the caller, and left to a job.

Of each job two times count: until the caller can go on, and until all is done. The mails go to a
mail server on this machine.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from pos_sync.mail.addresses import Mailbox
from pos_sync.mail.connection import Connection
from pos_sync.mail.message import Letter as MailLetter
from pos_sync.mail.message import seal
from pos_sync.mail.server import MailServer, Security
from pos_sync.testing.mail_simulator import MailSimulator

from pos_desktop import settings
from pos_desktop.cli.bench import goods
from pos_desktop.cli.bench.figure import Figure, of_times
from pos_desktop.documents.document import nothing_told
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.contact import ContactForm
from pos_desktop.domain.export import ExportWish, FileForm
from pos_desktop.domain.mail import Audience, PartyKind
from pos_desktop.domain.text import _
from pos_desktop.services.mail.mail_words import words
from pos_desktop.services.mail.mailing import Letter
from pos_desktop.shop import Shop

_MAILS, _PRODUCTS = 100, 200
_ANSWER_MS, _MAILS_MS, _PRODUCTS_MS = 16, 1000, 200
_POLL_SECONDS = 0.002
_LIMIT_SECONDS = 120.0
_FAST = 60_000
"""Mails in a minute: the rate of the shop shall not be what is measured."""
_LETTER = Letter(subject="{shop}", body="Dear {name},\n\n" + "the beans are here. " * 90)
_CONTACTS = Audience(kind=PartyKind.CONTACT)


class Background:
    """Measures in an open shop that has goods and sales."""

    def __init__(self, shop: Shop, folder: Path, clock: Clock, first_product: int) -> None:
        """Take the place from which on no goods are in the catalogue yet."""
        self._shop = shop
        self._folder = folder
        self._clock = clock
        self._next_product = first_product

    def run(self) -> Iterator[Figure]:
        """Yield two figures for each kind of work."""
        report = ExportWish(what="sales", form=FileForm.XLSX)
        paper = ExportWish(what="sales-by-product", form=FileForm.PDF)
        with MailSimulator() as server, self._worker():
            self._know_people(server.port)
            self._import_one()
            yield from self._both(
                _("{count} mails").format(count=_MAILS),
                partial(self._send, server.port),
                self._leave_mail,
                _MAILS_MS,
            )
            yield from self._both(
                _("{count} products").format(count=_PRODUCTS),
                partial(self._shop.importing.products, self._file(), actor=None),
                lambda: self._shop.import_jobs.leave(self._file(), actor=None),
                _PRODUCTS_MS,
            )
            for what, wish in ((_("a large report"), report), (_("a PDF"), paper)):
                yield from self._both(
                    what, partial(self._write, wish), partial(self._leave_export, wish)
                )

    def _both(
        self,
        what: str,
        here: Callable[[], object],
        leave: Callable[[], int],
        most_ms: int | None = None,
    ) -> Iterator[Figure]:
        """Do it here, then leave it; yield the times to answer and to the end."""
        caller = [self._timed(here)]
        began = self._clock.monotonic()
        number = leave()
        answered = self._clock.monotonic() - began
        self._wait_for(number)
        done = self._clock.monotonic() - began
        beside = (_("in the caller"), caller)
        name = _("{what}: answer").format(what=what)
        yield of_times(name, [answered], below=_ANSWER_MS, reference=beside)
        name = _("{what}: done by the queue").format(what=what)
        yield of_times(name, [done], below=most_ms, reference=beside)

    def _timed(self, act: Callable[[], object]) -> float:
        began = self._clock.monotonic()
        act()
        return self._clock.monotonic() - began

    def _wait_for(self, number: int) -> None:
        """Return when a job has ended, with all that follows it; TimeoutError if it does not."""
        ends = self._clock.monotonic() + _LIMIT_SECONDS
        views = self._shop.queue.views
        while (detail := views.job(number)) is not None and detail.view.finished_at is None:
            if self._clock.monotonic() > ends:
                raise TimeoutError(f"job {number} did not end")
            self._clock.sleep(_POLL_SECONDS)

    @contextmanager
    def _worker(self) -> Iterator[None]:
        """Let the queue work beside this thread, as it does in the till."""
        runner = self._shop.queue.runner()
        thread = threading.Thread(target=runner.run, name="bench worker")
        thread.start()
        try:
            yield
        finally:
            runner.stop()
            thread.join()

    def _know_people(self, port: int) -> None:
        configuration, books = self._shop.configuration, self._shop.books
        configuration.set(settings.MAIL_SMTP_HOST, "127.0.0.1", books, actor=None)
        configuration.set(settings.MAIL_SMTP_PORT, port, books, actor=None)
        configuration.set(settings.MAIL_SECURITY, "none", books, actor=None)
        configuration.set(settings.MAIL_FROM_ADDRESS, "shop@example.com", books, actor=None)
        configuration.set(settings.MAIL_MOST_PER_MINUTE, _FAST, books, actor=None)
        for number in range(_MAILS):
            form = ContactForm(name=f"Person {number}", email=f"p{number}@example.com")
            self._shop.mail.contacts.add(form, actor=None)

    def _import_one(self) -> None:
        """Let the queue do one thing first: its process is there then, as in a till that is on."""
        self._wait_for(self._shop.import_jobs.leave(self._file(), actor=None))

    def _send(self, port: int) -> None:
        """Send as a program does that knows no queue: one after the other, while all wait."""
        server = MailServer(host="127.0.0.1", port=port, security=Security.PLAIN)
        connection = Connection(server, self._clock.monotonic)
        connection.open()
        for number in range(_MAILS):
            connection.send(seal(self._letter(number)))
        connection.close()

    def _letter(self, number: int) -> MailLetter:
        filled = words(_LETTER.subject, _LETTER.body, "", {"shop": "Bench", "name": f"P {number}"})
        return MailLetter(
            sender=Mailbox("Bench", "shop@example.com"),
            recipient=Mailbox(f"Person {number}", f"p{number}@example.com"),
            subject=filled.subject,
            text=filled.text,
            html=filled.html,
            message_id=f"<{number}@example.com>",
            date=self._clock.now(),
        )

    def _leave_mail(self) -> int:
        return self._shop.mail.mailing.send(_LETTER, _CONTACTS, actor=None).job or 0

    def _leave_export(self, wish: ExportWish) -> int:
        return self._shop.exports.leave(wish, actor=None).job or 0

    def _write(self, wish: ExportWish) -> None:
        path = self._folder / f"{wish.what}.{wish.form}"
        self._shop.exports.write(wish, path, tell=nothing_told, actor=None)

    def _file(self) -> Path:
        """Return a file of goods that the catalogue has not."""
        self._next_product += _PRODUCTS
        path = self._folder / f"goods-{self._next_product}.csv"
        return goods.write_csv(path, _PRODUCTS, self._next_product)
