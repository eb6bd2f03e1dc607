"""What lies sealed in a backup is read to its very end, or is no backup at all."""

from __future__ import annotations

import hashlib
import io
import random
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_desktop.security.sealed_file import CHUNK, BackupDamaged, Description, Opening, Sealing
from pos_desktop.services.backup.backup_content import Beside, pack, unpack
from pos_desktop.storage.snapshot import Counts

KEY = b"k" * 32
TAG = 16
COUNTS = Counts(journal=7, receipts=3, gross_cents=9_00)
BESIDE = Beside(head=b"head", secrets={"smtp password": b"secret"}, counts=COUNTS)


def sealing_into(file: io.BytesIO, size: int) -> Sealing:
    described = Description(
        shop_id="01" * 16, till_code="T1", taken_at=1, schema=4, size=size, program="1"
    )
    return Sealing(file, KEY, described)


def sealed(folder: Path, content: bytes, *, size: int | None = None) -> bytes:
    """Return a backup of a shop's file, which is said to have so many bytes."""
    source, file = folder / "source", io.BytesIO()
    source.write_bytes(content)
    sealing = sealing_into(file, len(content) if size is None else size)
    assert pack(sealing, BESIDE, source, lambda *_far: None) == hashlib.sha256(content).hexdigest()
    return file.getvalue()


def unpacked(folder: Path, backup: bytes) -> bytes:
    """Return what a backup was made of, once it was unpacked."""
    target = folder / "target"
    target.unlink(missing_ok=True)
    beside, digest = unpack(Opening(io.BytesIO(backup)), KEY, target, lambda *_far: None)
    content = target.read_bytes()
    assert (beside, digest) == (BESIDE, hashlib.sha256(content).hexdigest())
    return content


def last_chunk(backup: bytes) -> int:
    """Return how many bytes the last chunk of a backup has, with its tag."""
    return len([*Opening(io.BytesIO(backup)).chunks(KEY)][-1]) + TAG


def with_little_at_the_end(folder: Path) -> Iterator[tuple[bytes, bytes]]:
    """Yield contents with backups of which the last chunk holds nothing of the content any more."""
    noise = random.Random(20261127).randbytes(2 * CHUNK)
    for size in range(2 * CHUNK - 400, 2 * CHUNK):
        backup = sealed(folder, noise[:size])
        if last_chunk(backup) <= 4 + TAG:  # the checksum of the compressed content alone
            yield noise[:size], backup


@pytest.mark.parametrize("size", [0, 1, CHUNK, 3 * CHUNK + 7])
def test_it_comes_back_with_what_goes_beside_it(tmp_path: Path, size: int) -> None:
    content = random.Random(1).randbytes(size)
    assert unpacked(tmp_path, sealed(tmp_path, content)) == content


def test_a_tail_in_which_nothing_of_the_file_lies_is_read_too(tmp_path: Path) -> None:
    content, backup = next(with_little_at_the_end(tmp_path))
    assert unpacked(tmp_path, backup) == content
    tail = last_chunk(backup)
    changed = backup[:-1] + bytes([backup[-1] ^ 1])
    spoilt = (backup[:-tail], backup[:-1], changed, backup + b"\0", backup + backup)
    for one in spoilt:
        with pytest.raises(BackupDamaged):
            unpacked(tmp_path, one)


def test_more_or_less_than_is_said_of_it_is_damaged(tmp_path: Path) -> None:
    for size in (8, 10):
        with pytest.raises(BackupDamaged):
            unpacked(tmp_path, sealed(tmp_path, b"nine byte", size=size))


def test_content_that_was_never_brought_to_its_end_is_damaged() -> None:
    """Every chunk is in order, and all of the content is there, but nothing says that it is."""
    for ends in (False, True):
        file = io.BytesIO()
        sealing = sealing_into(file, 9)
        sealing._waiting += sealing._packer.compress(b"nine byte")
        sealing._waiting += sealing._packer.flush(zlib.Z_FINISH if ends else zlib.Z_SYNC_FLUSH)
        sealing._waiting += b"and more" if ends else b""
        sealing._seal(CHUNK, is_last=True)
        found = Opening(io.BytesIO(file.getvalue())).content(KEY)
        assert next(found) == b"nine byte"
        with pytest.raises(BackupDamaged):
            b"".join(found)
