"""Writes a document to a file in the form that was asked for, whole or not at all."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pos_desktop.documents.document import Document, Tell, nothing_told
from pos_desktop.documents.report_csv import write_csv
from pos_desktop.documents.report_pdf import write_pdf
from pos_desktop.documents.report_xlsx import write_xlsx
from pos_desktop.documents.written_aside import Rename, written_aside


class Form(StrEnum):
    """In what a document can be written; the value is the ending of its file."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


_WRITERS = {Form.CSV: write_csv, Form.XLSX: write_xlsx, Form.PDF: write_pdf}


def write_document(
    document: Document,
    path: Path,
    form: Form,
    *,
    tell: Tell = nothing_told,
    mode: int | None = None,
    rename: Rename = Path.replace,
) -> int:
    """Write a document and return how many rows it has; `mode` are the rights of a new file.

    Raises Unavailable or Refused where it cannot be written, and whatever `tell` raises to break
    off; then nothing of it is left.
    """
    with written_aside(path, mode=mode, rename=rename) as aside:
        return _WRITERS[form](document, aside, tell)
