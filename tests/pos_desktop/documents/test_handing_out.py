"""A document is handed out in each form, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_desktop.documents.document import Row
from pos_desktop.documents.handing_out import write_document
from pos_desktop.documents.writing_faults import NotWritten
from pos_desktop.domain.errors import Cancelled
from pos_desktop.domain.export import FileForm
from tests.pos_desktop.cli.queue_disks import MountedDisk, mounted
from tests.pos_desktop.documents.documents import document, many

BEGINS = {FileForm.CSV: b"\xef\xbb\xbf", FileForm.XLSX: b"PK", FileForm.PDF: b"%PDF-"}


@pytest.mark.parametrize("form", FileForm)
def test_each_form_is_written(tmp_path: Path, form: FileForm) -> None:
    path = tmp_path / f"list.{form}"
    assert write_document(document(many(5)), path, form, mode=0o640) == 5
    assert path.read_bytes().startswith(BEGINS[form])
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize("form", FileForm)
@pytest.mark.parametrize("error", [Cancelled(), OSError(5, "the rows broke off"), ValueError()])
def test_rows_that_break_off_leave_what_was_there(
    tmp_path: Path, form: FileForm, error: Exception
) -> None:
    def broken() -> Iterator[Row]:
        yield from many(300)
        raise error

    path = tmp_path / f"list.{form}"
    path.write_bytes(b"before")
    with pytest.raises(NotWritten if isinstance(error, OSError) else type(error)):
        write_document(document(broken()), path, form)
    assert path.read_bytes() == b"before"
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize("form", FileForm)
def test_a_full_disk_is_told_and_left_as_it_was(tmp_path: Path, form: FileForm) -> None:
    with mounted(tmp_path) as folder:
        disk = MountedDisk(folder)
        disk.fill()
        with pytest.raises(NotWritten, match="the disk is full"):
            write_document(document(many(20)), folder / f"list.{form}", form)
        assert [one.name for one in folder.iterdir()] == ["ballast"]
