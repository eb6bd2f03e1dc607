"""What stands in a mail and goes along with it: filled-in words, receipts, files of the shop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pos_hardware.document import Cut, ReceiptDocument
from pos_hardware.rendering.plain import render_text

from pos_desktop.domain.ids import Id
from pos_desktop.domain.mail import MailKind
from pos_desktop.domain.mail_template import fill
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.services.mail.mail_addresses import Addressee
from pos_desktop.services.mail.mail_attachments import RECEIPT, Attachment
from pos_desktop.services.mail.mail_words import Words, paper_page, way_out, words
from pos_desktop.services.sales.sale_papers import SalePapers
from pos_desktop.services.sales.selling import Selling
from pos_desktop.storage.mail_recipients import Recipient
from pos_desktop.storage.mails import Mail

COLUMNS = 42
"""How wide a paper is in a mail: it fits the screen of a telephone."""

Maker = Callable[[Mail, Attachment, Sequence[Recipient]], Iterator[int]]
"""Makes the files of one attachment; yields how many recipients have theirs."""


class MailPapers:
    """Writes the words of mails; what is attached is made by makers, by the kind of attachment."""

    def __init__(
        self, selling: Selling, papers: SalePapers, cashier_name: Callable[[Id], str]
    ) -> None:
        self._cashier_name = cashier_name
        self._selling = selling
        self._papers = papers
        self.makers: dict[str, Maker] = {}

    def make(
        self, mail: Mail, attachment: Attachment, waiting: Sequence[Recipient]
    ) -> Iterator[int]:
        """Make the files of one attachment; yield how many recipients have theirs."""
        maker = self.makers.get(attachment["kind"])
        return maker(mail, attachment, waiting) if maker else iter(())

    def words(self, mail: Mail, to: Addressee) -> Words:
        """Return the words of a mail for one; Refused where what it is about is gone."""
        if mail.kind is not MailKind.RECEIPT:
            foot = way_out() if mail.kind is MailKind.MAILING else ""
            return words(mail.subject, mail.body, mail.html, to.values, foot=foot)
        receipt = next(one["receipt"] for one in mail.attachments if one["kind"] == RECEIPT)
        title, text = fill(mail.subject, to.values), self.receipt_text(receipt)
        return Words(title, text, paper_page(title, text))

    def receipt(self, receipt: str) -> ReceiptDocument:
        """Return a receipt by its number, marked as a copy; Refused where there is none."""
        stored = self._selling.find(ReceiptNumber.parse(receipt))
        return self._papers.receipt(stored, self._cashier_name(stored.frame.staff_id), copy=True)

    def receipt_text(self, receipt: str) -> str:
        """Return a receipt as lines of letters of one width."""
        return paper_text(self.receipt(receipt))


def paper_text(paper: ReceiptDocument) -> str:
    """Return a paper as lines of letters of one width, as wide as fits a telephone."""
    blocks = tuple(one for one in paper.blocks if not isinstance(one, Cut))
    return render_text(ReceiptDocument(blocks), COLUMNS)
