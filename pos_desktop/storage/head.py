"""The journal's head outside the file: what the file must still hold, or more.

Two slots of fixed size are written in turn, each with its own seal, so that a torn write spoils
at most the newer one. The head may lag behind the file (a process died after its commit); a file
that lags behind the head has lost its tail or is an older copy.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

log = logging.getLogger(__name__)

SealOf = Callable[[int], str | None]
"""Returns the seal of a journal's entry by its number, None where there is none."""

_SLOT = 512
_LOCK_SECONDS = 1.0


@dataclass(frozen=True)
class Head:
    """The last entry of the journal and the last receipt number until then.

    An entry that gives out no receipt (an empty text) leaves the last one standing.
    """

    seq: int
    mac: str
    receipt: str


class HeadFile:
    """The side file `journal.head` beside the shop's file."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self._told = False
        self.sync: Callable[[int], None] = os.fsync
        """Waits until what was written through a handle is on the disk."""
        self._lock = FileLock(f"{path}.lock", mode=0o660, thread_local=False)

    def read(self) -> Head | None:
        """Return the newest sealed head, or None where there is none."""
        heads = [head for head in map(self._open, self._slots()) if head]
        return max(heads, key=lambda head: head.seq, default=None)

    def advance(self, head: Head, seal_of: SealOf) -> None:
        """Write a head that is newer than the file's own; an older one is passed over.

        `seal_of` returns the seal of an entry of the journal. A head that the journal does not
        hold is never replaced: it is the witness of a tail that was cut or an older copy. A fault
        of the disk is logged and never stops a sale: the head may lag.
        """
        try:
            with self._lock.acquire(timeout=_LOCK_SECONDS):
                newest = self.read()
                if newest and newest.seq < head.seq and seal_of(newest.seq) != newest.mac:
                    self._tell_once()
                elif newest is None or newest.seq < head.seq:
                    receipt = head.receipt or (newest.receipt if newest else "")
                    self._write(Head(head.seq, head.mac, receipt))
        except (OSError, Timeout) as error:
            log.warning("the journal's head could not be kept outside the file: %s", error)

    def _tell_once(self) -> None:
        if not self._told:
            log.error("the journal does not hold the head beside it; see posctl verify")
        self._told = True

    def _slots(self) -> list[bytes]:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return []
        except OSError as error:
            log.error("the journal's head beside the file cannot be read: %s", error)
            return []
        return [content[:_SLOT], content[_SLOT:]]

    def _open(self, slot: bytes) -> Head | None:
        seal, _, body = slot.rstrip(b" \0").partition(b" ")
        if not hmac.compare_digest(seal, self._seal(body)):
            return None
        return Head(**json.loads(body))

    def _seal(self, body: bytes) -> bytes:
        return hmac.new(self._key, b"head:" + body, hashlib.sha256).hexdigest().encode()

    def _write(self, head: Head) -> None:
        body = json.dumps(asdict(head), separators=(",", ":")).encode()
        slot = (self._seal(body) + b" " + body).ljust(_SLOT)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        try:
            os.lseek(handle, _SLOT * (head.seq % 2), os.SEEK_SET)
            os.write(handle, slot)
            self.sync(handle)
        finally:
            os.close(handle)
