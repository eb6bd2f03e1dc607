"""What goes along with a mail, as plain values that the file keeps and `mail_makers` reads."""

from __future__ import annotations

from typing import Any

from pos_desktop.domain.export import ExportWish, FileForm
from pos_desktop.domain.ids import Id

Attachment = dict[str, Any]
REPORT, EXPORT, STATEMENT, RECEIPT, PAPER = "report", "export", "statement", "receipt", "paper"
"""The kinds; of each a maker makes the file."""


def report_attachment(wish: ExportWish) -> Attachment:
    """Return a report, made when the mail is made ready."""
    plain = {"what": wish.what, "form": wish.form.value, **wish.as_plain()}
    return {"kind": REPORT, "wish": plain}


def wish_of(attachment: Attachment) -> ExportWish:
    """Return which report is meant."""
    plain = attachment["wish"]
    return ExportWish(**{**plain, "form": FileForm(plain["form"])})


def export_attachment(export_id: Id) -> Attachment:
    """Return the file of an export that is made."""
    return {"kind": EXPORT, "export": export_id}


def statement_attachment() -> Attachment:
    """Return what each customer bought and paid, and owes: of the last ninety days."""
    return {"kind": STATEMENT}


def receipt_attachment(receipt: str) -> Attachment:
    """Return a receipt by its number, marked as a copy."""
    return {"kind": RECEIPT, "receipt": receipt}


def paper_attachment(paper: Id, name: str) -> Attachment:
    """Return what a job has printed, under a name."""
    return {"kind": PAPER, "paper": paper, "name": name}
