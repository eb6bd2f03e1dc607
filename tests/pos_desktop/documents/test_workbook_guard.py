"""Workbooks that must not be opened."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from pos_desktop.documents import workbook_guard
from pos_desktop.documents.opening import open_table
from pos_desktop.documents.reasons import FileFault, FileRefused
from tests.pos_desktop.documents import workbooks
from tests.pos_desktop.documents.memory import peak_of


def _fault(path: Path) -> FileFault:
    with pytest.raises(FileRefused) as refused:
        list(open_table(path).rows())
    assert str(refused.value).startswith(path.name)
    return refused.value.fault


def test_an_encrypted_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "goods.xlsx"
    stream = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(
        workbooks.OLE_MAGIC + bytes(workbook_guard.OLE_BLOCK - 20) + stream + bytes(99)
    )
    assert _fault(path) is FileFault.ENCRYPTED


def test_an_old_workbook_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.xls"
    path.write_bytes(workbooks.OLE_MAGIC + "WordDocument".encode("utf-16-le") + bytes(99))
    assert _fault(path) is FileFault.NOT_A_TABLE
    path.write_bytes(workbooks.OLE_MAGIC + "Workbook".encode("utf-16-le") + bytes(9999))
    assert _fault(path) is FileFault.DAMAGED


@pytest.mark.parametrize("entry", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/a.bin"])
def test_a_workbook_that_unpacks_without_end_is_refused_with_nothing_unpacked(
    tmp_path: Path, entry: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbooks.swollen(tmp_path / "goods.xlsx", entry, megabytes=300)
    assert path.stat().st_size < 1 << 20
    unpacked: list[object] = []
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda _archive, part: unpacked.append(part))
    assert _fault(path) is FileFault.ENDLESS
    assert unpacked == []
    assert peak_of(lambda: _fault(path)) < 4 << 20


def test_a_lie_about_the_size_gains_nothing(tmp_path: Path) -> None:
    path = workbooks.swollen(tmp_path / "goods.xlsx", "xl/worksheets/sheet1.xml", megabytes=40)
    true_size = (40 << 20).to_bytes(8, "little")
    raw = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        told = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    assert told == 40 << 20
    lied = raw.replace(true_size, (1000).to_bytes(8, "little")).replace(
        true_size[:4], (1000).to_bytes(4, "little")
    )
    path.write_bytes(lied)
    assert _fault(path) is FileFault.DAMAGED


def test_an_archive_of_very_many_parts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "goods.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(workbook_guard.MOST_ENTRIES + 1):
            archive.writestr(f"{number}", "")
    assert _fault(path) is FileFault.ENDLESS


def test_an_archive_that_is_no_workbook_or_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert _fault(path) is FileFault.NOT_A_TABLE
    whole = workbooks.save(tmp_path / "goods.xlsx", [["barcode"], ["1"]]).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert _fault(path) is FileFault.DAMAGED


def test_an_encrypted_ods_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "goods.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "secret")
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    assert _fault(path) is FileFault.ENCRYPTED


def test_a_format_that_is_held_whole_has_a_smaller_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_guard, "MOST_HELD_IN_MEMORY", 10)
    path = tmp_path / "goods.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<office:document-content/>")
    assert _fault(path) is FileFault.TOO_LARGE


ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    '<office:spreadsheet><table:table table:name="Bei"><table:table-row>'
    '<table:table-cell office:value-type="string"><text:p>barcode</text:p></table:table-cell>'
    "</table:table-row><table:table-row>"
    '<table:table-cell office:value-type="float" office:value="4011"><text:p>4011</text:p>'
    "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
    "</office:document-content>"
)


def _ods(path: Path, content: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


def test_an_open_document_sheet_of_repeated_cells_is_refused(tmp_path: Path) -> None:
    many = ODS.replace("<table:table-row>", '<table:table-row table:number-rows-repeated="60000">')
    many = many.replace(
        "<table:table-cell ", '<table:table-cell table:number-columns-repeated="99" '
    )
    assert _fault(_ods(tmp_path / "goods.ods", many)) is FileFault.ENDLESS


def test_an_open_document_sheet_is_read(tmp_path: Path) -> None:
    table = open_table(_ods(tmp_path / "goods.ods", ODS))
    assert (table.format, table.sheet) == ("ods", "Bei")
    assert list(table.rows()) == [(1, ["barcode"]), (2, [4011.0])]
