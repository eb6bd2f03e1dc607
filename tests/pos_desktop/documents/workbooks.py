"""Workbooks for the tests: real ones by openpyxl and XlsxWriter, hostile ones by hand."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
WORKBOOK = (
    '<workbook xmlns="m" xmlns:r="r"><sheets>'
    '<sheet name="Stock" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>"
)


def save(path: Path, rows: Iterable[Sequence[object]], title: str = "Stock") -> Path:
    """Write rows with openpyxl."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def by_hand(path: Path, sheet_xml: str | bytes, **parts: str) -> Path:
    """Write an archive with the parts of a workbook, the sheet's XML as given."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        archive.writestr("xl/worksheets/sheet1.xml", sheet_xml)
        for name, text in parts.items():
            archive.writestr(f"xl/{name}.xml", text)
    return path


def swollen(path: Path, entry: str, megabytes: int) -> Path:
    """Write a workbook one of whose parts unpacks to so many megabytes of nothing."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        with archive.open(entry, "w", force_zip64=True) as part:
            for _megabyte in range(megabytes):
                part.write(bytes(1 << 20))
    return path
