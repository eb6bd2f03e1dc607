"""Makes the files that go along with mails, in the process that prepares them.

A file is written aside and takes its name when it is whole. One that is there already was made by
an attempt before and stays, so that each maker may be begun any number of times.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from pos_hardware.document import ReceiptDocument

from pos_desktop.documents.document import nothing_told
from pos_desktop.documents.written_aside import written_aside
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.export import FileForm
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mail import PartyKind
from pos_desktop.domain.text import _, speaking
from pos_desktop.services.exports.export_documents import ExportDocuments
from pos_desktop.services.exports.statements import Statements
from pos_desktop.services.mail.mail_attachments import (
    EXPORT,
    PAPER,
    RECEIPT,
    REPORT,
    STATEMENT,
    Attachment,
    wish_of,
)
from pos_desktop.services.mail.mail_files import MailFiles
from pos_desktop.services.mail.mail_papers import MailPapers, Maker
from pos_desktop.storage import customers, exports, print_jobs
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.mail_recipients import Recipient
from pos_desktop.storage.mails import Mail

_NO_NAME = re.compile(r"[^\w.()-]+")
_STATEMENT_FILE = "statement.pdf"
"""The same in every language: an attempt may speak another one than the attempt before."""


class MailMakers:
    """Makes each kind of attachment; yields how many recipients have theirs."""

    def __init__(
        self,
        database: ShopDatabase,
        files: MailFiles,
        papers: MailPapers,
        documents: ExportDocuments,
        statements: Statements,
        exports_folder: Callable[[], Path],
    ) -> None:
        self._database = database
        self._files = files
        self._papers = papers
        self._documents = documents
        self._statements = statements
        self._exports_folder = exports_folder

    @property
    def by_kind(self) -> Mapping[str, Maker]:
        """Return each maker by the kind of attachment that it makes."""
        return {
            REPORT: self._report,
            EXPORT: self._export,
            STATEMENT: self._statement,
            RECEIPT: self._receipt,
            PAPER: self._paper,
        }

    def _report(
        self, mail: Mail, attachment: Attachment, waiting: Sequence[Recipient]
    ) -> Iterator[int]:
        """Make a report, the same for all."""
        wish = wish_of(attachment)
        path = self._files.place(mail.id) / _file_name(wish.stem, wish.form)
        if not path.exists():
            self._documents.check(wish)
            with speaking(wish.language):
                self._documents.write(
                    wish, path, mode=self._files.file_mode, tell=nothing_told, made_by=""
                )
        yield self._done(mail, waiting)

    def _export(
        self, mail: Mail, attachment: Attachment, waiting: Sequence[Recipient]
    ) -> Iterator[int]:
        """Copy the file of an export that was made: `export` is its id."""
        export = exports.by_id(self._database, Id(attachment["export"]))
        made = self._exports_folder() / export.file if export and export.file else None
        path = self._files.place(mail.id) / (made.name if made else "")
        if made is None or not (path.exists() or made.is_file()):
            raise Refused(_("The file that was to go along is gone: make the export again."))
        if not path.exists():
            with written_aside(path, mode=self._files.file_mode) as aside, made.open("rb") as file:
                shutil.copyfileobj(file, aside.file)
        yield self._done(mail, waiting)

    def _statement(
        self, mail: Mail, attachment: Attachment, waiting: Sequence[Recipient]
    ) -> Iterator[int]:
        """Make each customer's own: what they bought and paid, and owe; `first` and `end` of it.

        Without them it is of the ninety days before the mail was left. Who was erased meanwhile
        gets none, and is left out when the mail goes out.
        """
        first, end = attachment.get("first"), attachment.get("end")
        for done, recipient in enumerate(waiting, start=1):
            customer_id = recipient.party_id if recipient.party is PartyKind.CUSTOMER else None
            if customer_id is not None and customers.by_id(self._database, customer_id):
                path = self._files.place(mail.id, recipient.no) / _STATEMENT_FILE
                if not path.exists():
                    mode = self._files.file_mode
                    period = first, end, mail.asked_at
                    self._statements.write(customer_id, period, path, mode=mode)
                self._files.check(self._files.of(mail.id, recipient.no))
            yield done

    def _receipt(
        self, mail: Mail, attachment: Attachment, waiting: Sequence[Recipient]
    ) -> Iterator[int]:
        """Make the page of a receipt, marked as a copy: `receipt` is its number."""
        number = attachment["receipt"]
        path = self._files.place(mail.id) / _file_name(number, FileForm.PDF)
        if not path.exists():
            self._write_paper(self._papers.receipt(number), number, path)
        yield self._done(mail, waiting)

    def _paper(
        self, mail: Mail, attachment: Attachment, waiting: Sequence[Recipient]
    ) -> Iterator[int]:
        """Make the page of what was printed: `paper` is the job that printed it, `name` a name."""
        printed = print_jobs.find(self._database, Id(attachment["paper"]))
        if printed is None:
            raise Refused(_("The paper that was to go along is gone."))
        path = self._files.place(mail.id) / _file_name(attachment["name"], FileForm.PDF)
        if not path.exists():
            document = ReceiptDocument.from_json(printed.body)
            self._write_paper(document, printed.title, path)
        yield self._done(mail, waiting)

    def _write_paper(self, document: ReceiptDocument, title: str, path: Path) -> None:
        from pos_desktop.documents.paper_pdf import write_paper

        with written_aside(path, mode=self._files.file_mode) as aside:
            write_paper(document, title, aside)

    def _done(self, mail: Mail, waiting: Sequence[Recipient]) -> int:
        """Raise Refused where all files together are too much for a mail; else all have theirs."""
        self._files.check(self._files.of(mail.id, 0))
        return len(waiting)


def _file_name(stem: str, form: FileForm) -> str:
    return f"{_NO_NAME.sub('-', stem)}.{form}"
