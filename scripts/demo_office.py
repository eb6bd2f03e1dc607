"""The office on the demo day, while the till sells: a list comes in, files and mails go out.

All of it is left to the shop's queue, which works beside the till the whole day. The mail server is
the simulator on this machine, at the end of a line that can be cut.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from email import message_from_bytes
from pathlib import Path
from typing import Any

from pos_queue.drivers.driver import Works
from pos_sync.testing.mail_simulator import MailSimulator
from pos_sync.testing.slow_line import SlowLine

from pos_desktop import settings
from pos_desktop.domain.contact import ContactForm, ContactKind
from pos_desktop.domain.export import ExportWish, FileForm, ListName
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mail import Audience, Fate, MailState, PartyKind
from pos_desktop.services.mail.mailing import Letter, ListedMail
from pos_desktop.shop import Shop, open_shop

REPORT_FILES = (("sales-summary", FileForm.PDF), ("sales-by-product", FileForm.XLSX))
CONTACTS = (
    ContactForm(kind=ContactKind.ACCOUNTANT, name="Wambui", email="wambui@accounts.example"),
    ContactForm(kind=ContactKind.OWNER, name="Mama Njeri", email="njeri@duka.example"),
    ContactForm(kind=ContactKind.BRANCH, name="Duka Westlands", email="westlands@duka.example"),
    ContactForm(kind=ContactKind.BRANCH, name="Duka Thika", email="thika@duka.example"),
    ContactForm(name="The school's kitchen", email="kitchen@school.example"),
)
EVERYBODY = Audience(kind=PartyKind.CONTACT)
ACCOUNTANT = Audience(kind=PartyKind.CONTACT, contact_kind=ContactKind.ACCOUNTANT)
NEWS = Letter(
    subject="New at {shop}",
    body="Dear {name},\n\npeanut butter and honey are on the shelf since this morning.\n",
)
LIMIT_SECONDS = 60.0
_LOOK_SECONDS = 0.02
_MOST_MAILS = 10


class Office:
    """The office of the demo shop on one day; remembers what it did."""

    def __init__(self, shop: Shop, runner: Works, server: MailSimulator, line: SlowLine) -> None:
        self._shop = shop
        self._runner = runner
        self._line = line
        self.server = server
        self.imported: dict[str, int] = {}
        """The counts of the import, as its job has left them."""
        self.exported: list[tuple[str, int]] = []
        """Each file with how many rows it has."""
        self.had_waited = 0
        """How many waited for their mail when the network came back."""
        self._figures: list[Id] = []
        """The exports that the accountant gets."""

    def set_up_mail(self) -> None:
        """Let the shop mail by the server of this day, and fill its address book."""
        shop = self._shop
        change, books = shop.configuration.set, shop.books
        change(settings.MAIL_SMTP_HOST, "127.0.0.1", books, actor=None)
        change(settings.MAIL_SMTP_PORT, self._line.port, books, actor=None)
        change(settings.MAIL_SECURITY, "none", books, actor=None)
        change(settings.MAIL_FROM_ADDRESS, "duka@example.com", books, actor=None)
        for form in CONTACTS:
            shop.mail.contacts.add(form, actor=None)

    def import_list(self, sheet: Path, rejected: Path) -> None:
        """Leave a supplier's list to the queue; what it rejects is listed as a workbook."""
        number = self._shop.import_jobs.leave(sheet, actor=None)
        self.imported = self._result(number)["counts"]
        self._shop.import_jobs.write_list(number, rejected, None)

    def mail_receipt(self, address: str) -> None:
        """Mail the till's last receipt; there is a network, so it arrives."""
        self._shop.mail.receipts.send(None, address, actor=None)
        self._see_all_sent()

    def lose_network(self) -> None:
        """Cut the line, and write to the whole address book: the mail waits."""
        self._line.cut()
        self._shop.mail.mailing.send(NEWS, EVERYBODY, actor=None)
        self._wait(lambda: self._waiting_mails == 1)

    def export_files(self, folder: Path, first: str, end: str) -> None:
        """Let the queue make reports of some days and a list, network or not; copy them out."""
        folder.mkdir()
        wishes = [
            ExportWish(what=name, form=form, first=first, end=end) for name, form in REPORT_FILES
        ]
        left = [self._shop.exports.leave(wish, actor=None) for wish in wishes]
        self._figures = [export.id for export in left]
        products = ExportWish(what=ListName.PRODUCTS, form=FileForm.CSV)
        left.append(self._shop.exports.leave(products, actor=None))
        for export in left:
            file = f"{export.wish.what}.{export.wish.form}"
            self.exported.append((file, self._result(export.job)["rows"]))
            self._shop.exports.copy(export.number, folder / file, actor=None)

    def regain_network(self) -> None:
        """Write to the accountant too, with the reports, mend the line, and see all arrive."""
        figures = Letter(
            subject="{shop}: the figures of the day",
            body="Dear {name},\n\nthe reports of the day are attached.\n",
            exports=tuple(self._figures),
        )
        self._shop.mail.mailing.send(figures, ACCOUNTANT, actor=None)
        self._wait(lambda: self._waiting_mails == 2)
        self.had_waited = self._people(Fate.WAITING)
        self._line.restore()
        self._runner.link_changed()
        self._see_all_sent()

    def summary(self) -> Iterator[str]:
        """Yield what was imported, exported, mailed and received, in sentences."""
        counts, files = self.imported, [f"{name} ({rows} rows)" for name, rows in self.exported]
        yield (
            f"imported by the queue: {counts['rows']} rows, {counts['imported']} new, "
            f"{counts['rejected']} rejected"
        )
        yield f"exported by the queue: {', '.join(files)}"
        yield (
            f"mailed by the queue: {len(self._mails())} mails to {self._people(Fate.SENT)} people; "
            f"{self.had_waited} of them waited until the network was back"
        )
        how = "each once" if self.is_each_once else "SOME LOST OR TWICE"
        yield f"received by the mail server: {len(self.server.letters)} letters, {how}"

    @property
    def is_each_once(self) -> bool:
        """Whether the server has each mail once for each who was written to."""
        letters = self.server.letters
        found = {(one.recipients, message_from_bytes(one.data)["Subject"]) for one in letters}
        return len(found) == len(letters) == self._people(Fate.SENT)

    def _result(self, job: int | None) -> Any:
        """Wait for a job and return its result; end the demo where it fails."""
        assert job is not None
        views = self._shop.queue.views
        self._wait(lambda: (found := views.job(job)) is not None and found.view.is_over)
        detail = views.job(job)
        assert detail is not None
        if detail.view.state != "done":
            sys.exit(f"the job {detail.view.job} failed: {detail.view.error}")
        return detail.result

    def _see_all_sent(self) -> None:
        self._wait(lambda: all(one.mail.state is MailState.DONE for one in self._mails()))

    def _mails(self) -> list[ListedMail]:
        return self._shop.mail.mailing.listed(_MOST_MAILS, actor=None)

    def _people(self, fate: Fate) -> int:
        """Return how many people have a fate, counted once for each mail."""
        return sum(one.counts.get(fate, 0) for one in self._mails())

    @property
    def _waiting_mails(self) -> int:
        """How many jobs wait for the mail server; what asks about M-Pesa may wait beside them."""
        jobs = self._shop.queue.views.unfinished(queue="mail")
        return sum(job.state == "waiting_for_network" for job in jobs)

    def _left(self) -> str:
        jobs = self._shop.queue.views.unfinished()
        words = [f"{job.job} is {job.state}, {job.error or 'no error'}" for job in jobs]
        return "; ".join(words) or "no job is left"

    def _wait(self, is_so: Callable[[], bool]) -> None:
        """Return once it is so; end the demo where it never is."""
        ends = time.monotonic() + LIMIT_SECONDS
        while not is_so():
            if time.monotonic() > ends:
                sys.exit(f"The queue of the demo shop has not done its work: {self._left()}")
            time.sleep(_LOOK_SECONDS)


@contextmanager
def office_of(directory: Path, letters: Path) -> Iterator[Office]:
    """Open the office of a shop, whose queue works until the block ends.

    What the mail server takes lies in the folder `letters`.
    """
    letters.mkdir()
    with ExitStack() as stack:
        server = stack.enter_context(MailSimulator(folder=letters))
        line = SlowLine("127.0.0.1", server.port, round_trip=0, monotonic=time.monotonic)
        stack.enter_context(line)
        shop = open_shop(directory)
        stack.callback(shop.close)
        runner = shop.queue.runner()
        thread = threading.Thread(target=runner.run, name="demo-queue")
        thread.start()
        stack.callback(thread.join)
        stack.callback(runner.stop)
        yield Office(shop, runner, server, line)
