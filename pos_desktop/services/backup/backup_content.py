"""What lies sealed in a backup: the shop's file, the journal's head, and the secrets it carries."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pos_desktop.domain.progress import Progress
from pos_desktop.security.sealed_file import BackupDamaged, Opening, Sealing
from pos_desktop.storage.snapshot import Counts

_LENGTH_BYTES = 4
_AT_ONCE = 1 << 20

"""Told how many bytes are done, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What goes with the file."""

    head: bytes
    """The journal's head as it lay beside the file; empty where there was none."""
    secrets: dict[str, bytes]
    counts: Counts

    def as_bytes(self) -> bytes:
        """Return it as it stands before the file."""
        body = {
            "head": self.head.hex(),
            "secrets": {name: secret.hex() for name, secret in self.secrets.items()},
            "counts": _as_kept(self.counts),
        }
        return json.dumps(body, separators=(",", ":")).encode()

    @classmethod
    def of(cls, words: bytes) -> Beside:
        """Read it back; raise BackupDamaged where it is not what was written."""
        try:
            body: dict[str, Any] = json.loads(words)
            return cls(
                head=bytes.fromhex(body["head"]),
                secrets={name: bytes.fromhex(text) for name, text in body["secrets"].items()},
                counts=_counts_of(**body["counts"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise BackupDamaged from error


def _as_kept(counts: Counts) -> dict[str, int]:
    """Return counts by the names of the format, whose "sales" are receipts of every kind."""
    return {
        "journal": counts.journal,
        "sales": counts.receipts,
        "gross_cents": counts.gross_cents,
        "refunds": counts.refunds,
    }


def _counts_of(journal: int, sales: int, gross_cents: int, refunds: int = 0) -> Counts:
    """Return the counts of a backup; earlier ones do not say how many are refunds."""
    return Counts(journal=journal, receipts=sales, gross_cents=gross_cents, refunds=refunds)


def pack(sealing: Sealing, beside: Beside, source: Path, progress: Progress) -> str:
    """Seal a file and what goes with it; return the digest of the file."""
    words = beside.as_bytes()
    sealing.write(len(words).to_bytes(_LENGTH_BYTES, "big") + words)
    total, digest = source.stat().st_size, hashlib.sha256()
    with source.open("rb") as file:
        while part := file.read(_AT_ONCE):
            digest.update(part)
            sealing.write(part)
            progress(file.tell(), total)
    sealing.finish()
    return digest.hexdigest()


def unpack(
    opening: Opening, key: bytes, target: Path, progress: Progress, *, mode: int = 0o600
) -> tuple[Beside, str]:
    """Write the file of a backup, on the disk when this returns, and return the rest.

    The second part is the digest of the file. Raises WrongKey and BackupDamaged.
    """
    total, digest = opening.description.size, hashlib.sha256()
    words, parts = _apart(opening.content(key))
    with target.open("xb") as file:
        target.chmod(mode)
        for part in parts:
            digest.update(part)
            file.write(part)
            progress(file.tell(), total)
        file.flush()
        os.fsync(file.fileno())
        if file.tell() != total:
            raise BackupDamaged
    return Beside.of(words), digest.hexdigest()


def counts_in(opening: Opening, key: bytes) -> Counts:
    """Return by what the file of a backup is known, read from its first parts alone.

    Raises WrongKey and BackupDamaged.
    """
    words, _parts = _apart(opening.content(key))
    return Beside.of(words).counts


def _apart(parts: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return what stands before the file, and the file in parts."""
    start = bytearray()
    length = _LENGTH_BYTES
    for part in parts:
        start += part
        if len(start) >= _LENGTH_BYTES:
            length = _LENGTH_BYTES + int.from_bytes(start[:_LENGTH_BYTES], "big")
        if len(start) >= length > _LENGTH_BYTES:
            break
    return bytes(start[_LENGTH_BYTES:length]), itertools.chain([bytes(start[length:])], parts)
