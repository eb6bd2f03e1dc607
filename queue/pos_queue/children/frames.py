"""Length-prefixed frames between a parent and its child: one kind byte, four of length, a body.

Bodies are marshalled plain values (None, bool, int, float, str, bytes, list, tuple, dict). They
cross a pipe between two processes of one program and are never kept, so marshal's being bound to
one version of Python does not matter. It is as fast as pickle here, runs no code when it loads, and
takes less than half of JSON's time.
"""

from __future__ import annotations

import marshal
import struct
from typing import IO, Any

ITEM = b"I"
"""One result of a stream."""
END = b"E"
"""The stream is complete."""
REFUSED = b"R"
"""An expected error: (type, sentence, plain data)."""
FAILED = b"F"
"""Anything else: the traceback's text."""
READY = b"Y"
"""The child waits for a request."""
START = b"S"
"""What a child does before its first request."""
REQUEST = b"Q"
"""What a parent asks for."""
KINDS = frozenset((ITEM, END, REFUSED, FAILED, READY, START, REQUEST))

END_OF_RUN = b"\0\0end of run\0\0"
"""What a child writes to its standard error behind the output of a run."""

LONGEST_FRAME = 256 << 20
HEAD = struct.Struct("<cI")

Packed = tuple[bytes, bytes]
"""The head and the body of a frame."""


class BrokenFrame(Exception):
    """The other side ended in the middle of a frame, or wrote something else."""


def pack(kind: bytes, value: Any = None) -> Packed:
    """Return a frame ready to be written; raises ValueError for no plain value, or a huge one."""
    body = marshal.dumps(value)
    if len(body) > LONGEST_FRAME:
        raise ValueError(f"{len(body)} bytes are more than a frame holds")
    return HEAD.pack(kind, len(body)), body


def write_packed(pipe: IO[bytes], packed: Packed) -> None:
    """Write one frame; blocks while the pipe is full."""
    for part in packed:
        pipe.write(part)
    pipe.flush()


def write_frame(pipe: IO[bytes], kind: bytes, value: Any = None) -> None:
    """Pack and write one frame; a value that cannot be packed leaves the pipe as it was."""
    write_packed(pipe, pack(kind, value))


def read_frame(pipe: IO[bytes]) -> tuple[bytes, Any] | None:
    """Return kind and value of the next frame, None at the end; raises BrokenFrame."""
    head = pipe.read(HEAD.size)
    if not head:
        return None
    if len(head) < HEAD.size:
        raise BrokenFrame
    kind, length = HEAD.unpack(head)
    if kind not in KINDS or length > LONGEST_FRAME:
        raise BrokenFrame
    body = pipe.read(length)
    if len(body) < length:
        raise BrokenFrame
    return kind, marshal.loads(body)  # noqa: S302 - from our own child or parent
