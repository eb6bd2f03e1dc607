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
REQUEST = b"Q"
"""What a parent asks for."""

LONGEST_FRAME = 256 << 20
HEAD = struct.Struct("<cI")


class BrokenFrame(Exception):
    """The other side ended in the middle of a frame, or wrote something else."""


def write_frame(pipe: IO[bytes], kind: bytes, value: Any = None) -> None:
    """Write one frame; blocks while the pipe is full. Raises ValueError for no plain value."""
    body = marshal.dumps(value)
    pipe.write(HEAD.pack(kind, len(body)))
    pipe.write(body)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> tuple[bytes, Any] | None:
    """Return kind and value of the next frame, None at the end; raises BrokenFrame."""
    head = pipe.read(HEAD.size)
    if not head:
        return None
    if len(head) < HEAD.size:
        raise BrokenFrame
    kind, length = HEAD.unpack(head)
    if kind not in (ITEM, END, REFUSED, FAILED, REQUEST) or length > LONGEST_FRAME:
        raise BrokenFrame
    body = pipe.read(length)
    if len(body) < length:
        raise BrokenFrame
    return kind, marshal.loads(body)  # noqa: S302 - from our own child or parent
