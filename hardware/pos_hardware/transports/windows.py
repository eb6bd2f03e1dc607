"""Printers behind the Windows spooler, by winspool.drv. Success means spooled, never printed.

Only a fake of `Winspool` is tested on other systems; the calls behind it follow the published
interface and have not met a real spooler here. A switched-off printer shows status 0, so the
attribute WORK_OFFLINE is what counts.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Protocol, TypeVar

from pos_hardware.bounded import TookTooLong, bounded
from pos_hardware.clock import Deadline
from pos_hardware.errors import Lost, NotSent
from pos_hardware.faults import Fault

T = TypeVar("T")

WORK_OFFLINE = 0x400
_STATUS = (
    (0x00400000, Fault.COVER_OPEN),
    (0x00000010, Fault.PAPER_OUT),
    (0x00000080, Fault.OFFLINE),
    (0x00000001, Fault.OFFLINE),
    (0x00000002, Fault.BROKEN),
)
"""Bits of PRINTER_INFO_2.Status."""


class Winspool(Protocol):
    """The calls of the spooler that are needed; each raises `OSError`."""

    def open(self, printer: str) -> int:
        """Return a handle."""
        ...

    def state(self, handle: int) -> tuple[int, int]:
        """Return status and attributes of the printer."""
        ...

    def print_raw(self, handle: int, title: str, data: bytes) -> int:
        """Spool a document of type RAW; return the number of its job."""
        ...

    def job_is_waiting(self, handle: int, job: int) -> bool:
        """Tell whether the job is still in the queue; a job that is gone was printed."""
        ...

    def close(self, handle: int) -> None:
        """Give the handle back."""
        ...

    def printers(self) -> list[str]:
        """Return the names of all printers of this machine."""
        ...


class WindowsTransport:
    """A printer of the Windows spooler."""

    can_answer = False
    takes_whole = True

    def __init__(self, printer: str, api: Callable[[], Winspool]) -> None:
        self._printer = printer
        self._make_api = api
        self._api: Winspool | None = None
        self._handle = 0
        self._job = 0

    def open(self, deadline: Deadline) -> None:
        """Open the printer and ask for its state."""
        try:
            self._api = api = self._make_api()
            self._handle = bounded(lambda: api.open(self._printer), deadline, late=api.close)
            status, attributes = bounded(lambda: api.state(self._handle), deadline)
        except (OSError, TookTooLong) as error:
            raise NotSent(Fault.UNREACHABLE) from error
        if fault := _fault(status, attributes):
            raise NotSent(fault)

    def write(self, data: bytes, deadline: Deadline) -> int:
        """Spool all the bytes as one print."""
        api, handle = self._opened(), self._handle
        try:
            self._job = bounded(
                lambda: api.print_raw(handle, "POS", data),
                deadline,
                late=lambda _job: api.close(handle),
            )
        except OSError as error:
            raise NotSent(Fault.REFUSED) from error
        except TookTooLong as error:
            self._handle = 0
            raise Lost("the spooler did not come back in time", uncertain=True) from error
        return len(data)

    def read(self, size: int, deadline: Deadline) -> bytes:  # noqa: ARG002 - a spooler is silent
        """Return nothing."""
        return b""

    def settle(self, deadline: Deadline) -> Fault | None:
        """Watch the queue until the job has left it."""
        api = self._opened()
        try:
            while bounded(lambda: api.job_is_waiting(self._handle, self._job), deadline):
                if not deadline.left():
                    return Fault.OFFLINE
                deadline.pause(0.25)
        except (OSError, TookTooLong):
            return None
        return None

    def close(self) -> None:
        """Give the printer back."""
        handle, self._handle = self._handle, 0
        if handle and self._api is not None:
            try:
                self._api.close(handle)
            except OSError:
                return

    def _opened(self) -> Winspool:
        if self._api is None or not self._handle:
            raise Lost("the printer is not open")
        return self._api


def _fault(status: int, attributes: int) -> Fault | None:
    if attributes & WORK_OFFLINE:
        return Fault.OFFLINE
    return next((fault for bit, fault in _STATUS if status & bit), None)


def system_winspool() -> Winspool:
    """Return the spooler of this machine; `OSError` where there is none."""
    if sys.platform == "win32":
        from pos_hardware.transports.winspool import SystemWinspool

        return SystemWinspool()
    raise OSError("only Windows has this spooler")
