"""The pages of a database file, read past SQLite: for a file that SQLite itself gives up.

One spoilt byte makes SQLite refuse a table, or all of them. Here each page stands for itself: what
a page holds is read as far as it makes sense, and what does not is counted. Nothing is written.
The format is SQLite's file format 3 (sqlite.org/fileformat2.html).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pos_desktop.shop_folder import log_of

OUR_PAGE_SIZE = 4096
"""What every file of ours has; taken where a file does not say."""
INDEX_INNER, TABLE_INNER, INDEX_LEAF, TABLE_LEAF = 2, 5, 10, 13
KINDS = (INDEX_INNER, TABLE_INNER, INDEX_LEAF, TABLE_LEAF)
_HEADER = 100
_FRAME_HEADER, _WAL_HEADER = 24, 32
_WAL_MAGIC = 0x377F0682
_LARGEST_PAYLOAD = 1 << 28
_INT_SIZES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_MASK = 0xFFFFFFFF
_BLOCK = 4096
"""What a disk gives or does not."""

Value = int | float | str | bytes | None


class Spoilt(Exception):
    """What is read here makes no sense."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One entry of a page: the row's number where its table has them, and what it holds."""

    rowid: int | None
    values: tuple[Value, ...]


class RawFile:
    """A database file and the log beside it, as pages numbered from one."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        head = self._file.read(_HEADER)
        self.page_size = _page_size(head)
        size = path.stat().st_size
        self._logged: dict[int, bytes] = {}
        self.log_is_spoilt = False
        """Whether there is a log of which something that was committed could not be read."""
        log = log_of(path)
        if log.exists() and log.stat().st_size > _WAL_HEADER:
            self._logged, self.log_is_spoilt = _committed(log, self.page_size)
        self.pages = max(size // self.page_size, *self._logged, 0)
        """How many there are."""
        self.overflow: set[int] = set()
        """Pages on which cells that were read went on."""

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def page(self, number: int) -> bytes:
        """Return a page; raise Spoilt where there is none."""
        if number in self._logged:
            return self._logged[number]
        if not 1 <= number <= self.pages:
            raise Spoilt
        try:
            self._file.seek((number - 1) * self.page_size)
            content = self._file.read(self.page_size)
        except OSError as error:
            raise Spoilt from error
        if len(content) < self.page_size:
            raise Spoilt
        return content

    def kind(self, number: int) -> int:
        """Return of which kind a page says that it is; raise Spoilt where it is of none."""
        kind = self.page(number)[_start(number)]
        if kind not in KINDS:
            raise Spoilt
        return kind

    def free_pages(self) -> set[int] | None:
        """Return the pages that hold nothing any more; None where that cannot be read."""
        found: set[int] = set()
        try:
            trunk, wanted = struct.unpack(">II", self.page(1)[32:40])
            while trunk:
                if trunk in found:
                    return None
                found.add(trunk)
                content = self.page(trunk)
                following, count = struct.unpack(">II", content[:8])
                if count > self.page_size // 4 - 2:
                    return None
                found.update(struct.unpack(f">{count}I", content[8 : 8 + 4 * count]))
                trunk = following
        except Spoilt:
            return None
        return found if len(found) == wanted else None

    def children(self, number: int) -> list[int]:
        """Return the pages below an inner page, as far as they are named."""
        content, start = self.page(number), _start(number)
        found = [_four(content, at) for at in _pointers(content, start, inner=True)]
        return [*found, _four(content, start + 8)]

    def cells(self, number: int) -> Iterator[Cell | None]:
        """Yield what a page holds, None for each cell that makes no sense."""
        content, start = self.page(number), _start(number)
        kind = content[start]
        if kind == TABLE_INNER:
            return
        for at in _pointers(content, start, inner=kind == INDEX_INNER):
            try:
                yield self._cell(content, at, kind)
            except (Spoilt, struct.error, IndexError, UnicodeDecodeError):
                yield None

    def _cell(self, content: bytes, at: int, kind: int) -> Cell:
        if kind == INDEX_INNER:
            at += 4
        size, at = varint(content, at)
        rowid = None
        if kind == TABLE_LEAF:
            rowid, at = varint(content, at)
        return Cell(rowid, record(self._payload(content, at, size, is_table=kind == TABLE_LEAF)))

    def _payload(self, content: bytes, at: int, size: int, *, is_table: bool) -> bytes:
        """Return what a cell holds, on its page and on those where it goes on."""
        if not 0 < size <= _LARGEST_PAYLOAD:
            raise Spoilt
        usable = self.page_size
        least = (usable - 12) * 32 // 255 - 23
        most = usable - 35 if is_table else (usable - 12) * 64 // 255 - 23
        here = size
        if size > most:
            here = least + (size - least) % (usable - 4)
            here = here if here <= most else least
        if at + here > len(content):
            raise Spoilt
        parts, missing = [content[at : at + here]], size - here
        following = _four(content, at + here) if missing else 0
        seen: set[int] = set()
        while missing > 0:
            if following in seen:
                raise Spoilt
            seen.add(following)
            page = self.page(following)
            parts.append(page[4 : 4 + min(missing, usable - 4)])
            missing -= usable - 4
            following = _four(page, 0)
        self.overflow |= seen
        return b"".join(parts)


def _page_size(head: bytes) -> int:
    if len(head) < _HEADER:
        return OUR_PAGE_SIZE
    size = int.from_bytes(head[16:18])
    size = 65536 if size == 1 else size
    is_one = 512 <= size <= 65536 and size & (size - 1) == 0
    return size if is_one else OUR_PAGE_SIZE


def _start(number: int) -> int:
    """Return where the head of a page stands in it; the first one begins with the file's own."""
    return _HEADER if number == 1 else 0


def _four(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 4])


def _pointers(content: bytes, start: int, *, inner: bool) -> list[int]:
    """Return where the cells of a page stand, as far as that can be."""
    first = start + (12 if inner else 8)
    count = int.from_bytes(content[start + 3 : start + 5])
    if first + 2 * count > len(content):
        raise Spoilt
    found = struct.unpack_from(f">{count}H", content, first)
    least = first + 2 * count
    return [at if least <= at < len(content) else len(content) for at in found]


def varint(content: bytes, at: int) -> tuple[int, int]:
    """Return a number of one to nine bytes, and where it ends."""
    number = 0
    for place in range(8):
        byte = content[at + place]
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            return number, at + place + 1
    number = number << 8 | content[at + 8]
    return number - (1 << 64 if number >> 63 else 0), at + 9


def record(payload: bytes) -> tuple[Value, ...]:
    """Return the values of a record; raise Spoilt where its head and body do not fit."""
    size, at = varint(payload, 0)
    if not at <= size <= len(payload):
        raise Spoilt
    kinds = []
    while at < size:
        kind, at = varint(payload, at)
        kinds.append(kind)
    if at != size:
        raise Spoilt
    values: list[Value] = []
    for kind in kinds:
        value, at = _value(payload, at, kind)
        values.append(value)
    if at != len(payload):
        raise Spoilt
    return tuple(values)


def _value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind == 0:
        return None, at
    if kind in (8, 9):
        return kind - 8, at
    if kind in _INT_SIZES:
        size = _INT_SIZES[kind]
    elif kind == 7:
        size = 8
    elif kind >= 12:
        size = (kind - 12) // 2
    else:
        raise Spoilt
    part, end = payload[at : at + size], at + size
    if len(part) < size:
        raise Spoilt
    if kind == 7:
        return float(struct.unpack(">d", part)[0]), end
    if kind < 12:
        return int.from_bytes(part, signed=True), end
    return (part.decode() if kind % 2 else part), end


def _committed(log: Path, page_size: int) -> tuple[dict[int, bytes], bool]:
    """Return the pages of a log that were committed, each as it was left last.

    And whether there was more that was: behind a frame that is spoilt the sums of none are right,
    but those of this turn of the log are told by its salts.
    """
    found: dict[int, bytes] = {}
    pending: dict[int, bytes] = {}
    is_spoilt = False
    with log.open("rb") as file:
        head = file.read(_WAL_HEADER)
        magic, _version, size, _turn, *salts = struct.unpack(">IIIIII", head[:24])
        order = ">" if magic & 1 else "<"
        sums = _checksum(order, head[:24], (0, 0))
        if magic & ~1 != _WAL_MAGIC or size != page_size or sums != _two(head, 24):
            return {}, True
        while len(frame := file.read(_FRAME_HEADER + size)) == _FRAME_HEADER + size:
            number, commit, *frame_salts = struct.unpack(">IIII", frame[:16])
            sums = _checksum(order, frame[:8] + frame[_FRAME_HEADER:], sums)
            if is_spoilt or frame_salts != salts or sums != _two(frame, 16):
                if frame_salts == salts and commit:
                    return found, True
                is_spoilt = True
                continue
            pending[number] = frame[_FRAME_HEADER:]
            if commit:
                found |= pending
                pending = {}
    return found, False


def _read(file: BinaryIO, length: int) -> bytes:
    return file.read(length)


def copy_readable(
    source: Path, target: Path, read: Callable[[BinaryIO, int], bytes] = _read
) -> int:
    """Copy a file; what the disk does not give is left as zeros. Return how many bytes that are.

    Raises OSError where the target cannot be written.
    """
    lost, size = 0, source.stat().st_size
    with source.open("rb", buffering=0) as old, target.open("wb") as new:
        for at in range(0, size, _BLOCK):
            length = min(_BLOCK, size - at)
            try:
                old.seek(at)
                content = read(old, length)
            except OSError:
                content = b""
            lost += length - len(content)
            new.write(content.ljust(length, b"\0"))
    return lost


def _two(content: bytes, at: int) -> tuple[int, int]:
    first, second = struct.unpack_from(">II", content, at)
    return first, second


def _checksum(order: str, content: bytes, sums: tuple[int, int]) -> tuple[int, int]:
    first, second = sums
    for one, other in struct.iter_unpack(f"{order}II", content):
        first = (first + one + second) & _MASK
        second = (second + other + first) & _MASK
    return first, second
