"""The log in the shop's folder: what went wrong, with its traceback, for whoever looks after it.

All processes of a shop write into one file, `logs/pos-desktop.log`. Each record is one write at
the end of a file that is opened for it alone, so that no process holds a file that another one
turns over. A full disk or a folder that cannot be written costs the record and nothing else.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from pos_desktop.domain.errors import Unavailable
from pos_desktop.environment import log_level, log_level_is_set
from pos_desktop.shop_folder import (
    LOCKS_FOLDER,
    LOGS_FOLDER,
    file_mode,
    folder,
    shop_exists,
)

LOG_FILE = "pos-desktop.log"
LARGEST_BYTES = 1_000_000
FILES = 5
"""So many files are kept, the present one among them."""
LONGEST_RECORD = 32_000
_TELL_VALUES = ("peewee", "urllib3")
"""What these tell of each step holds rows, and addresses with what is secret in them."""
_FORMAT = "%(asctime)s.%(msecs)03dZ %(levelname)s %(process)d %(threadName)s %(name)s: %(message)s"


class ShopLog(logging.Handler):
    """Writes records into the log of a shop's folder; never raises, never waits."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self._directory = directory
        form = logging.Formatter(_FORMAT, "%Y-%m-%dT%H:%M:%S")
        form.converter = time.gmtime
        self.setFormatter(form)

    def emit(self, record: logging.LogRecord) -> None:
        """Add a record to the file."""
        try:
            if shop_exists(self._directory):
                text = self.format(record)[:LONGEST_RECORD] + "\n"
                self._write(text.encode("utf-8", "backslashreplace"))
        except (OSError, Unavailable):
            return
        except Exception:  # noqa: BLE001 - a record that cannot be worded is told by logging's own way
            self.handleError(record)

    def _write(self, content: bytes) -> None:
        path = folder(self._directory, LOGS_FOLDER) / LOG_FILE
        is_new = not path.exists()
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        handle = os.open(path, flags, 0o600)
        try:
            os.write(handle, content)
            size = os.fstat(handle).st_size
        finally:
            os.close(handle)
        if is_new:
            path.chmod(file_mode(self._directory))
        if size >= LARGEST_BYTES:
            self._turn_over(path)

    def _turn_over(self, path: Path) -> None:
        """Begin a new file; where another process is at it, or holds one, the next record will."""
        locks = folder(self._directory, LOCKS_FOLDER)
        lock = FileLock(locks / "log", mode=file_mode(self._directory), timeout=0)
        with suppress(Timeout, OSError), lock:
            if path.stat().st_size < LARGEST_BYTES:
                return
            for number in range(FILES - 1, 0, -1):
                older = path if number == 1 else path.with_suffix(f".log.{number - 1}")
                if older.exists():
                    older.replace(path.with_suffix(f".log.{number}"))


def log_path(directory: Path) -> Path:
    """Return where the log of a shop lies."""
    return directory.absolute() / LOGS_FOLDER / LOG_FILE


@contextmanager
def logged(directory: Path, *, on_terminal: bool = False) -> Iterator[None]:
    """Log into a shop's folder for a while; on standard error too where somebody wants to see it.

    The values that go into the file, and the addresses that are asked, are never logged: they hold
    what is secret.
    """
    handlers: list[logging.Handler] = [ShopLog(directory)]
    if on_terminal or log_level_is_set():
        screen = logging.StreamHandler()
        screen.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
        if not log_level_is_set():
            screen.setLevel(logging.WARNING)
        handlers.append(screen)
    root, before = logging.getLogger(), logging.getLogger().level
    for name in _TELL_VALUES:
        logging.getLogger(name).setLevel(logging.INFO)
    logging.getLogger("huey").setLevel(logging.CRITICAL)  # the queue tells of its jobs itself
    logging.getLogger("huey.consumer").setLevel(logging.WARNING)
    root.setLevel(log_level())
    for handler in handlers:
        root.addHandler(handler)
    try:
        yield
    finally:
        root.setLevel(before)
        for handler in handlers:
            root.removeHandler(handler)
            handler.close()
