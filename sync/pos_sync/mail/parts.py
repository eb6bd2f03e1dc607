"""Files as parts of a message, made once for all who get them.

To write a file as text takes 25 ms a megabyte, all of it in the process in which somebody sells: a
mailing to a thousand people does it once for each file, not once for each of them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from email.message import MIMEPart
from email.policy import SMTP
from pathlib import Path

_MOST_BYTES = 64 * 1024 * 1024
"""Of parts that are kept: the files of a mailing or two."""
_Key = tuple[str, str, str, int, int]


class Parts:
    """Keeps parts of files by path, size and time of change; from any thread."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most = most_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Key, bytes] = OrderedDict()

    def of_file(self, name: str, media_type: str, path: Path, read: Callable[[], bytes]) -> bytes:
        """Return a file as a part, headers and all; `read` is asked for what is not known yet.

        Raises OSError where there is no such file.
        """
        status = path.stat()
        key = (name, media_type, str(path), status.st_size, status.st_mtime_ns)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = part_of(name, media_type, read())
        with self._lock:
            self._kept[key] = made
            while sum(map(len, self._kept.values())) > self._most and len(self._kept) > 1:
                self._kept.popitem(last=False)
        return made


def part_of(name: str, media_type: str, content: bytes) -> bytes:
    """Return some content as a part of a message, headers and all; lines end in CRLF."""
    kind, subtype = media_type.split("/")
    part = MIMEPart(SMTP.clone(cte_type="7bit"))
    part.set_content(content, kind, subtype, filename=name, disposition="attachment")
    return part.as_bytes()
