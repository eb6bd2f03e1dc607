"""Looks at a workbook before anything opens it: encrypted, endless, or no workbook at all."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO

from pos_desktop.documents.reasons import FileFault, FileRefused

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

MOST_ENTRIES = 5_000
MOST_UNPACKED = 4 << 30
"""A million rows of twelve columns unpack to less than a quarter of this."""
PACKED_RATIO = 200
"""Sheets pack 5 to 40 times; deflate's limit is 1,032 times."""
PACKED_FREE = 32 << 20
"""Below this size nobody asks for the ratio."""
MOST_HELD_IN_MEMORY = 256 << 20
"""What a format may unpack to whose reader holds the whole sheet."""
LARGEST_OLD_WORKBOOK = 48 << 20
"""XLS ends at 65,536 rows; larger files hold pictures."""

BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What zipfile raises where an archive is not what it says."""

OLE_BLOCK = 1 << 20
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
WORKBOOK_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))


def workbook_format(path: Path) -> str | None:
    """Return "xlsx", "xlsb", "ods" or "xls", None for what is no workbook; raises FileRefused."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise FileRefused(FileFault.MISSING, file=path.name) from error
    if head.startswith(OLE_MAGIC):
        return _ole_format(path)
    return _zip_format(path) if head.startswith(ZIP_MAGIC) else None


def _ole_format(path: Path) -> str:
    """Tell an old workbook from an encrypted new one by the names of the streams inside."""
    is_workbook, tail = False, b""
    with path.open("rb") as file:
        while block := file.read(OLE_BLOCK):
            window = tail + block
            if ENCRYPTED_STREAM in window:
                raise FileRefused(FileFault.ENCRYPTED, file=path.name)
            is_workbook = is_workbook or any(name in window for name in WORKBOOK_STREAMS)
            tail = block[-64:]
    if not is_workbook:
        raise FileRefused(FileFault.NOT_A_TABLE, file=path.name)
    if path.stat().st_size > LARGEST_OLD_WORKBOOK:
        raise FileRefused(FileFault.TOO_LARGE, file=path.name)
    return "xls"


def _zip_format(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            guard_entries(entries, path.name)
            return _format_of(archive, {entry.filename for entry in entries}, path.name)
    except BROKEN_ARCHIVE as error:
        raise FileRefused(FileFault.DAMAGED, file=path.name) from error


def open_archive(path: Path) -> zipfile.ZipFile:
    """Return an archive that has passed the guard; raises FileRefused."""
    try:
        return zipfile.ZipFile(path)
    except BROKEN_ARCHIVE as error:
        raise FileRefused(FileFault.DAMAGED, file=path.name) from error


def open_part(archive: zipfile.ZipFile, part: str, name: str) -> IO[bytes]:
    """Return one part of an archive for reading; raises FileRefused where it is not there."""
    try:
        return archive.open(part)
    except (*BROKEN_ARCHIVE, KeyError) as error:
        raise FileRefused(FileFault.DAMAGED, file=name) from error


def guard_entries(entries: list[zipfile.ZipInfo], name: str) -> None:
    """Refuse an archive that unpacks to more than a catalogue holds, or needs a password.

    What an entry says of its size is also what is read of it at most, so that a lie gains nothing.
    """
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused(FileFault.ENCRYPTED, file=name)
    endless = (
        len(entries) > MOST_ENTRIES
        or sum(entry.file_size for entry in entries) > MOST_UNPACKED
        or any(
            entry.file_size > PACKED_FREE
            and entry.file_size > PACKED_RATIO * max(entry.compress_size, 1)
            for entry in entries
        )
    )
    if endless:
        raise FileRefused(FileFault.ENDLESS, file=name)


def _format_of(archive: zipfile.ZipFile, names: set[str], name: str) -> str:
    if "xl/workbook.xml" in names:
        return "xlsx"
    held = sum(entry.file_size for entry in archive.infolist())
    found = "xlsb" if "xl/workbook.bin" in names else "ods" if "content.xml" in names else None
    if found is None:
        raise FileRefused(FileFault.NOT_A_TABLE, file=name)
    if found == "ods" and _is_encrypted_ods(archive, names):
        raise FileRefused(FileFault.ENCRYPTED, file=name)
    if held > MOST_HELD_IN_MEMORY:
        raise FileRefused(FileFault.TOO_LARGE, file=name)
    return found


def _is_encrypted_ods(archive: zipfile.ZipFile, names: set[str]) -> bool:
    manifest = "META-INF/manifest.xml"
    if manifest not in names:
        return False
    with archive.open(manifest) as file:
        return b"encryption-data" in file.read(1 << 20)
