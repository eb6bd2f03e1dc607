"""A file that only its key opens: compressed, encrypted and sealed as it is written, in one stream.

    magic  length  description  salt  commitment  checksum  chunk  chunk  ...  last chunk

The description is JSON that everybody can read: whose it is, when and by which program it was
made. Each file has a key of its own, derived from the shop's and the salt. Each chunk is sealed by
AES-256 in GCM with its number, whether it is the last one, and the whole head before it, so that a
chunk that was changed, moved, left out or brought from another file opens nowhere, and a file that
was cut short is found by its last chunk. The commitment tells a wrong key before anything is
opened, the checksum a damaged head from a wrong key.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, Any, Protocol

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.security.recovery import WrongKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CHUNK = 64 * 1024
"""Bytes of compressed content in a chunk; the last one has fewer, or as many."""
FORMAT = 1
_MAGIC = b"POSBACKUP\n"
_LENGTH_BYTES = 4
_LONGEST_DESCRIPTION = 64 * 1024
_SALT_BYTES = 32
_COMMITMENT_BYTES = 32
_CHECKSUM_BYTES = 16
_TAG_BYTES = 16
_COUNTER_BYTES = 11
_ZLIB_LEVEL = 1
"""Three quarters of a shop's file go at the first level; the others take much longer for little."""
_MOST_AT_ONCE = 1 << 20
_COMPRESSION = "zlib"


class NoBackup(Refused):
    """This file is no backup of POS Desktop; choose another one."""


class BackupTooNew(Refused):
    """A newer POS Desktop has made this backup; install that version to open it."""


class BackupDamaged(Refused):
    """This backup is damaged or was cut short; take another copy of it, or an older backup."""


def wrong_for_backup() -> str:
    """Say of a recovery key that it does not open a backup."""
    return _(
        "This recovery key is not that of the shop in this backup; type the one printed for it."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What can be read of a sealed file without its key; `taken_at` in milliseconds UTC."""

    shop_id: str
    till_code: str
    taken_at: int
    schema: int
    """The number of the last migration of the file that is in it."""
    size: int
    """How many bytes its content has."""
    program: str
    """The version of the program that made it."""


class Readable(Protocol):
    """A file that is read from its beginning."""

    def read(self, size: int, /) -> bytes:
        """Return so many bytes, fewer only at the end."""
        ...


class Sealing:
    """Seals what is written; the file is whole when `finish` has returned."""

    def __init__(
        self,
        file: IO[bytes],
        key: bytes,
        description: Description,
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> None:
        """Write the head; the file is left open."""
        self._file = file
        self._packer = zlib.compressobj(_ZLIB_LEVEL)
        self._waiting = bytearray()
        self._number = 0
        body = {**asdict(description), "format": FORMAT, "compression": _COMPRESSION}
        words = json.dumps(body, separators=(",", ":")).encode()
        salt = random_bytes(_SALT_BYTES)
        start = _MAGIC + len(words).to_bytes(_LENGTH_BYTES, "big") + words + salt
        keys = _Keys(key, salt, start)
        head = start + keys.commitment
        head += hashlib.sha256(head).digest()[:_CHECKSUM_BYTES]
        self._cipher, self._bound = keys.cipher, hashlib.sha256(head).digest()
        file.write(head)
        file.flush()

    def write(self, content: bytes) -> None:
        """Seal some more of the content."""
        self._waiting += self._packer.compress(content)
        while len(self._waiting) > CHUNK:
            self._seal(CHUNK, is_last=False)

    def finish(self) -> None:
        """Seal what is left; nothing can be written after it."""
        self._waiting += self._packer.flush()
        while len(self._waiting) > CHUNK:
            self._seal(CHUNK, is_last=False)
        self._seal(CHUNK, is_last=True)

    def _seal(self, size: int, *, is_last: bool) -> None:
        plain = bytes(self._waiting[:size])
        del self._waiting[:size]
        nonce = _nonce(self._number, is_last=is_last)
        self._file.write(self._cipher.encrypt(nonce, plain, self._bound))
        self._number += 1


class Opening:
    """A sealed file that is read from its beginning; first its description, then with the key."""

    def __init__(self, file: Readable) -> None:
        """Read the head. Raises NoBackup, BackupTooNew and BackupDamaged."""
        self._file = file
        start = _read(file, len(_MAGIC), NoBackup)
        if start != _MAGIC:
            raise NoBackup
        start += _read(file, _LENGTH_BYTES)
        length = int.from_bytes(start[-_LENGTH_BYTES:], "big")
        if length > _LONGEST_DESCRIPTION:
            raise BackupDamaged
        words = _read(file, length)
        self.description = _described(words)
        self._salt = _read(file, _SALT_BYTES)
        self._start = start + words + self._salt
        self._commitment = _read(file, _COMMITMENT_BYTES)
        head = self._start + self._commitment
        checksum = _read(file, _CHECKSUM_BYTES)
        if hashlib.sha256(head).digest()[:_CHECKSUM_BYTES] != checksum:
            raise BackupDamaged
        self._bound = hashlib.sha256(head + checksum).digest()

    def is_of(self, key: bytes) -> bool:
        """Tell whether this key opens the file: nobody without it has written its description."""
        keys = _Keys(key, self._salt, self._start)
        return hmac.compare_digest(keys.commitment, self._commitment)

    def content(self, key: bytes) -> Iterator[bytes]:
        """Yield the content, once, in parts of bounded size.

        Raises WrongKey before the first part, and BackupDamaged where anything is not as it was
        sealed; what came before is worth nothing then.
        """
        unpacker = zlib.decompressobj()
        try:
            for chunk in self.chunks(key):
                left = chunk
                while left:
                    yield unpacker.decompress(left, _MOST_AT_ONCE)
                    left = unpacker.unconsumed_tail
        except zlib.error as error:
            raise BackupDamaged from error
        yield unpacker.flush()
        if not unpacker.eof or unpacker.unused_data:
            raise BackupDamaged

    def chunks(self, key: bytes) -> Iterator[bytes]:
        """Yield what was sealed as it is, compressed: enough to prove that the file is whole."""
        from cryptography.exceptions import InvalidTag

        if not self.is_of(key):
            raise WrongKey(wrong_for_backup())
        cipher = _Keys(key, self._salt, self._start).cipher
        number, sealed = 0, self._file.read(CHUNK + _TAG_BYTES)
        while sealed:
            following = self._file.read(CHUNK + _TAG_BYTES)
            nonce = _nonce(number, is_last=not following)
            try:
                yield cipher.decrypt(nonce, sealed, self._bound)
            except (InvalidTag, ValueError) as error:
                raise BackupDamaged from error
            number, sealed = number + 1, following
        if not number:
            raise BackupDamaged


class _Keys:
    """The keys of one file."""

    def __init__(self, key: bytes, salt: bytes, start: bytes) -> None:
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        derived = HKDF(SHA256(), 64, salt=salt, info=b"sealed file").derive(key)
        self._key = derived[:32]
        self.commitment = hmac.digest(derived[32:], start, hashlib.sha256)

    @property
    def cipher(self) -> AESGCM:
        """What seals and opens the chunks."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self._key)


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(_COUNTER_BYTES, "big") + bytes([is_last])


def _read(file: Readable, size: int, otherwise: type[Refused] = BackupDamaged) -> bytes:
    found = file.read(size)
    if len(found) != size:
        raise otherwise
    return found


def _described(words: bytes) -> Description:
    try:
        body: dict[str, Any] = json.loads(words)
        if int(body["format"]) > FORMAT or body["compression"] != _COMPRESSION:
            raise BackupTooNew
        bytes.fromhex(body["shop_id"])
        return Description(
            **{name: kind(body[name]) for name, kind in _KINDS.items()},
        )
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise BackupDamaged from error


_KINDS: dict[str, Callable[[Any], Any]] = {
    "shop_id": str,
    "till_code": str,
    "taken_at": int,
    "schema": int,
    "size": int,
    "program": str,
}
