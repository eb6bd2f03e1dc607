"""Writes a document to a file in the form that was asked for, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from pos_desktop.documents.document import Document, Tell, nothing_told
from pos_desktop.documents.report_csv import write_csv
from pos_desktop.documents.report_pdf import write_pdf
from pos_desktop.documents.report_xlsx import write_xlsx
from pos_desktop.documents.written_aside import Rename, written_aside
from pos_desktop.domain.export import FileForm

_WRITERS = {FileForm.CSV: write_csv, FileForm.XLSX: write_xlsx, FileForm.PDF: write_pdf}


def write_document(
    document: Document,
    path: Path,
    form: FileForm,
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
