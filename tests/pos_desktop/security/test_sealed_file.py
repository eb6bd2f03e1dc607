"""A sealed file opens with its key alone, whole as it was written, or not at all."""

from __future__ import annotations

import hashlib
import io
import random
import tracemalloc
from dataclasses import replace

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.security.recovery import WrongKey
from pos_desktop.security.sealed_file import (
    CHUNK,
    BackupDamaged,
    BackupTooNew,
    Description,
    NoBackup,
    Opening,
    Sealing,
)

KEY, OTHER = b"k" * 32, b"o" * 32
DESCRIBED = Description(
    shop_id="01" * 16, till_code="T1", taken_at=1_700_000_000_000, schema=4, size=9, program="1"
)
TAG = 16


def _sealed(content: bytes, key: bytes = KEY, described: Description = DESCRIBED) -> bytes:
    file = io.BytesIO()
    sealing = Sealing(file, key, described)
    for start in range(0, len(content), 10_000):
        sealing.write(content[start : start + 10_000])
    sealing.finish()
    return file.getvalue()


def _opened(sealed: bytes, key: bytes = KEY) -> bytes:
    return b"".join(Opening(io.BytesIO(sealed)).content(key))


def _noise(size: int, seed: int = 1) -> bytes:
    """Return bytes that do not get smaller, so that there are as many chunks as one expects."""
    return random.Random(seed).randbytes(size)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 30, CHUNK, 3 * CHUNK, 3 * CHUNK + 7])
def test_what_was_sealed_comes_back(size: int) -> None:
    content = _noise(size)
    assert _opened(_sealed(content)) == content


def test_a_last_chunk_that_is_full_is_still_the_last() -> None:
    """Of some sizes the compressed content fills its chunks exactly."""
    for size in range(2 * CHUNK - 60, 2 * CHUNK):
        sealed = _sealed(content := _noise(size))
        assert _opened(sealed) == content


@pytest.mark.parametrize("chunks", [1, 2])
def test_what_was_cut_between_two_chunks_is_not_whole(chunks: int) -> None:
    """Also for whoever proves it without unpacking it."""
    sealed = _sealed(_noise(3 * CHUNK))
    whole = [len(one) for one in Opening(io.BytesIO(sealed)).chunks(KEY)]
    last = sum(whole[chunks:]) + TAG * len(whole[chunks:])
    with pytest.raises(BackupDamaged):
        list(Opening(io.BytesIO(sealed[: len(sealed) - last])).chunks(KEY))


def test_the_description_is_read_without_the_key() -> None:
    assert Opening(io.BytesIO(_sealed(b"x"))).description == DESCRIBED


def test_two_files_of_the_same_content_have_nothing_in_common() -> None:
    first, second = _sealed(b"x" * 100), _sealed(b"x" * 100)
    assert first[-60:] != second[-60:]


def test_another_key_is_told_before_anything_is_opened() -> None:
    opening = Opening(io.BytesIO(_sealed(b"secret")))
    assert opening.is_of(KEY)
    assert not opening.is_of(OTHER)
    with pytest.raises(WrongKey):
        next(opening.content(OTHER))


def _spoilt(sealed: bytes, chance: random.Random) -> tuple[str, bytes]:
    """Return a file as a bad disk or a bad hand leaves it, and what was done to it."""
    head = len(sealed) - 5 * (CHUNK + TAG) + (CHUNK + TAG) - _tail(sealed)
    chunks = [sealed[at : at + CHUNK + TAG] for at in range(head, len(sealed), CHUNK + TAG)]
    start = sealed[:head]
    kind = chance.choice(["bit", "cut", "cut at a chunk", "swap", "left out", "twice", "more"])
    if kind == "bit":
        place = chance.randrange(len(sealed))
        changed = bytes([sealed[place] ^ (1 << chance.randrange(8))])
        return f"{kind} {place}", sealed[:place] + changed + sealed[place + 1 :]
    if kind == "cut":
        return kind, sealed[: chance.randrange(len(sealed))]
    one, two = chance.sample(range(len(chunks)), 2)
    if kind == "cut at a chunk":
        chunks = chunks[:one]
    elif kind == "swap":
        chunks[one], chunks[two] = chunks[two], chunks[one]
    elif kind == "left out":
        del chunks[one]
    elif kind == "twice":
        chunks.insert(one, chunks[one])
    else:
        chunks.append(chance.randbytes(chance.randrange(1, 100)))
    return f"{kind} {one} {two}", start + b"".join(chunks)


def _tail(sealed: bytes) -> int:
    """Return how long the last of five chunks is."""
    head = len(_sealed(b"")) - (8 + TAG)
    return (len(sealed) - head) % (CHUNK + TAG)


def test_no_damage_is_overlooked(torture: bool) -> None:
    sealed, chance = _sealed(_noise(4 * CHUNK + 5000)), random.Random(20261127)
    assert _tail(sealed) > TAG
    for _ in range(20_000 if torture else 300):
        what, spoilt = _spoilt(sealed, chance)
        with pytest.raises(Refused):
            _opened(spoilt)
            pytest.fail(what)


def test_a_chunk_of_another_file_of_the_same_key_does_not_fit() -> None:
    first, second = _sealed(_noise(3 * CHUNK)), _sealed(_noise(3 * CHUNK, seed=2))
    place = len(first) - 2 * (CHUNK + TAG)
    spliced = first[:place] + second[place : place + CHUNK + TAG] + first[place + CHUNK + TAG :]
    with pytest.raises(BackupDamaged):
        _opened(spliced)


def test_a_description_cannot_be_changed_without_the_key() -> None:
    sealed = _sealed(b"x")
    forged = sealed.replace(b'"till_code":"T1"', b'"till_code":"T2"')
    with pytest.raises(BackupDamaged):
        Opening(io.BytesIO(forged))


def test_what_is_no_backup_or_a_newer_one_says_so() -> None:
    for file in (b"", b"x", b"PK\x03\x04 and some more bytes of a workbook"):
        with pytest.raises(NoBackup):
            Opening(io.BytesIO(file))
    newer = _sealed(b"x").replace(b'"format":1', b'"format":2')
    with pytest.raises(BackupTooNew):
        Opening(io.BytesIO(newer))


@pytest.mark.parametrize(
    "words",
    [
        b"[" * 60_000,
        b'{"format": Infinity}',
        b'{"format":1,"compression":"zlib","shop_id":"","till_code":"","taken_at":1e999}',
    ],
)
def test_a_description_that_nobody_here_has_written_is_damage(words: bytes) -> None:
    head = b"POSBACKUP\n" + len(words).to_bytes(4, "big") + words + bytes(64)
    forged = head + hashlib.sha256(head).digest()[:16]
    with pytest.raises(BackupDamaged):
        Opening(io.BytesIO(forged))


def test_memory_does_not_grow_with_the_file() -> None:
    class Sink(io.RawIOBase):
        def write(self, content: object) -> int:
            return 0

    part = _noise(1 << 20)
    tracemalloc.start()
    sealing = Sealing(Sink(), KEY, replace(DESCRIBED, size=12 << 20))  # type: ignore[arg-type]
    for _ in range(12):
        sealing.write(part)
    sealing.finish()
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 6 << 20
