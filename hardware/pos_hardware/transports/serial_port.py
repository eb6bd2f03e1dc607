"""Devices on a serial line, also those that USB shows as one.

pyserial's own write blocks for ever by default, or throws away how much it wrote. So it is only
asked to write what the line takes at once.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from pos_hardware.bounded import TookTooLong, bounded
from pos_hardware.clock import Deadline
from pos_hardware.errors import Lost, NotSent
from pos_hardware.faults import Fault
from pos_hardware.transports.base import StreamTransport

if TYPE_CHECKING:
    from serial import Serial

_WINDOWS_CHUNK = 64
_PSEUDO_TERMINALS = "/dev/pts/"
_BUSY = {errno.EBUSY, errno.EAGAIN}


class FlowControl(StrEnum):
    """How a device says that it can take no more."""

    NONE = "none"
    DTR = "dtr"
    RTS = "rts"
    XON = "xon"


@dataclass(frozen=True, kw_only=True)
class LineSettings:
    """The settings of a serial line."""

    baud: int = 9600
    bits: int = 8
    parity: str = "N"
    stop: float = 1
    flow: FlowControl = FlowControl.NONE


class SerialTransport(StreamTransport):
    """A serial line. `find` names the port when it opens: its number may have changed."""

    def __init__(self, find: Callable[[], str | None], line: LineSettings) -> None:
        self._find = find
        self._line = line
        self._port: Serial | None = None

    def open(self, deadline: Deadline) -> None:
        """Open the port for this program alone."""
        try:
            self._port = bounded(self._open_port, deadline, late=_close)
        except TookTooLong as error:
            raise NotSent(Fault.UNREACHABLE) from error
        except port_errors() as error:
            raise NotSent(_fault(error)) from error

    def write(self, data: bytes, deadline: Deadline) -> int:
        """Hand over what the line takes at once, as soon as it takes any."""
        port = self._open()
        try:
            if os.name == "nt":
                return _write_on_windows(port, data, deadline)
            if not _writable(port, deadline):
                return 0
            return port.write(data) or 0
        except port_errors() as error:
            raise Lost from error

    def read(self, size: int, deadline: Deadline) -> bytes:
        """Return what the device said."""
        port = self._open()
        try:
            while True:
                port.timeout = deadline.step()
                if data := port.read(max(1, min(size, port.in_waiting))):
                    return bytes(data)
                if not deadline.left():
                    return b""
        except port_errors() as error:
            raise Lost from error

    def close(self) -> None:
        """Let go of the port; a dead one complains, which nobody needs to hear."""
        port, self._port = self._port, None
        if port is not None:
            _close(port)

    def _open_port(self) -> Serial:
        from serial import Serial

        name = self._find()
        if name is None:
            raise NotSent(Fault.UNREACHABLE)
        line = _fitting(name, self._line)
        return Serial(
            name,
            baudrate=line.baud,
            bytesize=line.bits,
            parity=line.parity,
            stopbits=line.stop,
            dsrdtr=line.flow is FlowControl.DTR,
            rtscts=line.flow is FlowControl.RTS,
            xonxoff=line.flow is FlowControl.XON,
            exclusive=None if os.name == "nt" else True,
            write_timeout=0.2 if os.name == "nt" else 0,
        )

    def _open(self) -> Serial:
        if self._port is None:
            raise Lost("the port is not open")
        return self._port


def port_errors() -> tuple[type[Exception], ...]:
    """Return everything that pyserial lets through when a port fails (its own are OSErrors)."""
    errors: list[type[Exception]] = [OSError, ValueError, TypeError]
    with contextlib.suppress(ImportError):
        import termios

        errors.append(termios.error)
    return tuple(errors)


def _fitting(name: str, line: LineSettings) -> LineSettings:
    """Return settings that the port can have: a pseudo terminal has eight bits and no parity.

    Linux refuses any other on it; simulators are behind such terminals, and no real device.
    """
    if os.path.realpath(name).startswith(_PSEUDO_TERMINALS):
        return replace(line, bits=8, parity="N")
    return line


def _close(port: Serial) -> None:
    with contextlib.suppress(*port_errors()):
        port.close()


def _fault(error: Exception) -> Fault:
    code = getattr(error, "errno", None)
    if code in _BUSY or "lock" in str(error):
        return Fault.BUSY
    return Fault.REFUSED if code in {errno.EACCES, errno.EPERM} else Fault.UNREACHABLE


def _writable(port: Serial, deadline: Deadline) -> bool:
    waiting: Iterable[object] = ()
    while not waiting:
        _, waiting, _ = select.select([], [port.fileno()], [], deadline.step())
        if not waiting and not deadline.left():
            return False
    return True


def _write_on_windows(port: Serial, data: bytes, deadline: Deadline) -> int:
    from serial import SerialTimeoutException

    try:
        return port.write(data[:_WINDOWS_CHUNK]) or 0
    except SerialTimeoutException:
        deadline.pause(deadline.step())
        return 0
