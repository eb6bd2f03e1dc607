"""Prints that go into files: for tests, and for spoolers that watch a file or a folder.

Nothing that is not ours is ever added to: the file is new, or empty, or begins as our prints do.
In a folder every print is a new file.
"""

from __future__ import annotations

import itertools
import os
import stat
from pathlib import Path
from typing import BinaryIO

from pos_hardware.clock import Deadline
from pos_hardware.errors import Lost, NotSent
from pos_hardware.faults import Fault
from pos_hardware.transports.device_file import fault_of_opening

BEGINNINGS = (b"\x1b@", b"\x1bp", b"\x10\x14", b"\x07")
"""How prints (ESC @) and pulses (ESC p, DLE DC4, BEL) begin; no text or program does."""
_SYSTEM = {"dev", "proc", "sys"}
"""Folders whose files are not files: their sizes and contents say nothing."""


class FileTransport:
    """A file at whose end every print is added, or a folder for one new file each."""

    can_answer = False
    takes_whole = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None

    def open(self, deadline: Deadline) -> None:  # noqa: ARG002 - does not block
        """Open the file for adding; `NotSent` with `NOT_OURS` where something else is in it."""
        try:
            check_print_file(self._path)
            self._file = _new_in(self._path) if self._path.is_dir() else _opened(self._path)
        except OSError as error:
            raise NotSent(fault_of_opening(error)) from error

    def write(self, data: bytes, deadline: Deadline) -> int:  # noqa: ARG002 - does not block
        """Add the bytes to the file."""
        if self._file is None:
            raise Lost("the file is not open")
        try:
            return self._file.write(data)
        except OSError as error:
            raise Lost from error

    def read(self, size: int, deadline: Deadline) -> bytes:  # noqa: ARG002 - a file is silent
        """Return nothing."""
        return b""

    def settle(self, deadline: Deadline) -> Fault | None:  # noqa: ARG002 - nothing stands between
        """Nothing waits behind a file."""
        return None

    def close(self) -> None:
        """Let go of the file."""
        file, self._file = self._file, None
        if file is not None:
            file.close()


def check_print_file(path: Path) -> None:
    """Raise `NotSent` with `NOT_OURS` where prints may not go; touches nothing.

    What is not there yet may be made; what cannot be read is not known to be ours.
    """
    real = path.resolve()
    if os.name != "nt" and len(real.parts) > 1 and real.parts[1] in _SYSTEM:
        raise NotSent(Fault.NOT_OURS)
    try:
        mode = real.stat().st_mode
        if stat.S_ISDIR(mode):
            return
        if not stat.S_ISREG(mode):
            raise NotSent(Fault.NOT_OURS)
        with real.open("rb") as file:
            _check_begun_by_us(file)
    except FileNotFoundError:
        return


def _opened(path: Path) -> BinaryIO:
    """Return the file, judged once more as it is open: it may be another one by now."""
    file = path.resolve().open("a+b", buffering=0)
    try:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise NotSent(Fault.NOT_OURS)
        file.seek(0)
        _check_begun_by_us(file)
    except BaseException:
        file.close()
        raise
    return file


def _new_in(folder: Path) -> BinaryIO:
    """Return a new file in a folder, under the number after the highest."""
    taken = [int(file.stem) for file in folder.glob("*.bin") if file.stem.isdecimal()]
    for number in itertools.count(max(taken, default=0) + 1):
        try:
            return (folder / f"{number:06}.bin").open("xb", buffering=0)
        except FileExistsError:
            continue
    raise AssertionError


def _check_begun_by_us(file: BinaryIO) -> None:
    begins = file.read(len(max(BEGINNINGS, key=len)))
    if begins and not begins.startswith(BEGINNINGS):
        raise NotSent(Fault.NOT_OURS)
