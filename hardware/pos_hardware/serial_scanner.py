"""Reads a scanner in serial mode: the better mode, since no key can be mistaken for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from enum import StrEnum

from pos_hardware.clock import Clock, Deadline, SystemClock
from pos_hardware.errors import DeviceError
from pos_hardware.scanned import scanned_code
from pos_hardware.transports.addresses import TransportFactory

LONGEST_CODE = 4096
RECONNECT_EVERY = 1.0
_OPEN_WITHIN = 3.0
_READ = 0.5
_ENDS = b"\r\n"

logger = logging.getLogger(__name__)


class ScannerState(StrEnum):
    """What a scanner is doing, for the status bar."""

    READY = "ready"
    MISSING = "missing"
    """Not there, or another program has it; it is looked for all the time."""
    STOPPED = "stopped"


class CodeSplitter:
    """Splits a stream of bytes into codes, each ended by CR, LF or both."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> list[str]:
        """Return the codes that these bytes complete; endless ones are dropped."""
        codes = []
        for byte in data:
            if byte in _ENDS:
                if 0 < len(self._pending) <= LONGEST_CODE:
                    codes.append(self._pending.decode("utf-8", "replace"))
                self._pending.clear()
            elif len(self._pending) <= LONGEST_CODE:
                self._pending.append(byte)
        return codes


class SerialScanner:
    """A plain object whose `run()` blocks in any thread and calls back for each code.

    `make_transport` looks the device up afresh (by its stable id), so that a scanner put into
    another socket is found again.
    """

    def __init__(
        self,
        make_transport: TransportFactory,
        on_code: Callable[[str], None],
        *,
        on_state: Callable[[ScannerState], None] = lambda _state: None,
        clock: Clock | None = None,
    ) -> None:
        self._make_transport = make_transport
        self._on_code = on_code
        self._on_state = on_state
        self._clock = clock or SystemClock()
        self._state: ScannerState | None = None
        self._stop = threading.Event()
        self._ended = threading.Event()
        self._ended.set()

    def run(self) -> None:
        """Read until `stop()`."""
        self._ended.clear()
        try:
            while not self._stop.is_set():
                self._read_connection()
                self._clock.wait(self._stop, RECONNECT_EVERY)
        finally:
            self._show(ScannerState.STOPPED)
            self._ended.set()

    def stop(self, within: float = 2.0) -> bool:
        """End `run()`, from another thread; tell whether it has ended in time."""
        self._stop.set()
        return self._ended.wait(within)

    def _read_connection(self) -> None:
        """Read until the device goes away; a code cut off by that is dropped."""
        transport = self._make_transport()
        splitter = CodeSplitter()
        try:
            transport.open(Deadline(self._clock, _OPEN_WITHIN, self._stop))
            self._show(ScannerState.READY)
            while not self._stop.is_set():
                data = transport.read(256, Deadline(self._clock, _READ, self._stop))
                for sent in splitter.feed(data):
                    if code := scanned_code(sent):
                        self._deliver(code)
        except DeviceError:
            self._show(ScannerState.MISSING)
        finally:
            transport.close()

    def _deliver(self, code: str) -> None:
        """Hand a code over; a failing receiver must not end the reading."""
        try:
            self._on_code(code)
        except Exception:
            logger.exception("a scanned code was not taken")

    def _show(self, state: ScannerState) -> None:
        if state is not self._state:
            self._state = state
            self._on_state(state)
