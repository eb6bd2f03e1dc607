"""Devices that are files: /dev/usb/lp* of Linux. No plain file or disk is written here."""

from __future__ import annotations

import errno
import os
import select
import stat
from collections.abc import Callable
from pathlib import Path

from pos_hardware.clock import Deadline
from pos_hardware.errors import Lost, NotSent
from pos_hardware.faults import Fault
from pos_hardware.transports.base import StreamTransport

_FAULTS = {
    errno.EBUSY: Fault.BUSY,
    errno.EACCES: Fault.REFUSED,
    errno.EPERM: Fault.REFUSED,
}
_CHUNK = 4096


def fault_of_opening(error: OSError) -> Fault:
    """Return the fault that explains why a device file did not open."""
    return _FAULTS.get(error.errno or 0, Fault.UNREACHABLE)


class DeviceFileTransport(StreamTransport):
    """A character device, never waited for longer than the deadline (Linux).

    `find` names the file when it opens: its number may have changed.
    """

    def __init__(self, find: Callable[[], Path | None]) -> None:
        self._find = find
        self._file = -1

    def open(self, deadline: Deadline) -> None:  # noqa: ARG002 - does not block
        """Open for both directions, or for writing alone where the device only listens."""
        path = self._find()
        if path is None or os.name == "nt":
            raise NotSent(Fault.UNREACHABLE)
        flags = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
        try:
            _check_is_device(path.stat().st_mode)
            try:
                self._file = os.open(path, os.O_RDWR | flags)
            except PermissionError:
                self._file = os.open(path, os.O_WRONLY | flags)
                self.can_answer = False
        except OSError as error:
            raise NotSent(fault_of_opening(error)) from error

    def write(self, data: bytes, deadline: Deadline) -> int:
        """Hand over what the driver's buffer takes."""
        if not self._ready(select.POLLOUT, deadline):
            return 0
        try:
            return os.write(self._file, data[:_CHUNK])
        except BlockingIOError:
            return 0
        except OSError as error:
            raise Lost from error

    def read(self, size: int, deadline: Deadline) -> bytes:
        """Return what the device said. Some drivers answer with nothing at once: that waits."""
        if not self._ready(select.POLLIN, deadline):
            return b""
        try:
            data = os.read(self._file, size)
        except BlockingIOError:
            data = b""
        except OSError as error:
            raise Lost from error
        if not data:
            deadline.pause(0.02)
        return data

    def close(self) -> None:
        """Let go of the device."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _ready(self, event: int, deadline: Deadline) -> bool:
        poll = select.poll()
        poll.register(self._file, event)
        while True:
            for _, seen in poll.poll(deadline.step() * 1000):
                if seen & event:
                    return True
                raise Lost("the device is gone")
            if not deadline.left():
                return False


def _check_is_device(mode: int) -> None:
    """Raise `NotSent` for a file or a disk: a print would be written over what stands in it."""
    if not (stat.S_ISCHR(mode) or stat.S_ISFIFO(mode)):
        raise NotSent(Fault.NOT_OURS)
