"""Reads a scale all the time, in a thread of its own, so that its weight is at hand."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from pos_hardware.clock import Clock, SystemClock
from pos_hardware.errors import DeviceError, NotSent
from pos_hardware.scales.protocols import ScaleProtocol
from pos_hardware.scales.reading import Reading, ScaleFault, Weight, scale_fault
from pos_hardware.scales.scale import ScaleLine
from pos_hardware.transports.addresses import TransportFactory

RECONNECT_EVERY = 1.0
ASK_EVERY = 0.2
FRESH_FOR = 1.5
"""Seconds after which a weight tells no longer what lies on the scale."""

logger = logging.getLogger(__name__)


class ScaleReader:
    """A plain object whose `run()` blocks in any thread and calls back when the reading changes.

    `make_transport` looks the device up afresh (by its stable id), so that a scale put into another
    socket is found again.
    """

    def __init__(
        self,
        make_transport: TransportFactory,
        protocol: ScaleProtocol,
        on_reading: Callable[[Reading], None] = lambda _reading: None,
        *,
        clock: Clock | None = None,
    ) -> None:
        self._make_transport = make_transport
        self._protocol = protocol
        self._on_reading = on_reading
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._reading: Reading | None = None
        self._read_at = 0.0
        self._stop = threading.Event()
        self._ended = threading.Event()
        self._ended.set()

    def run(self) -> None:
        """Read until `stop()`."""
        self._ended.clear()
        try:
            while not self._stop.is_set():
                self._show(self._read_connection())
                self._clock.wait(self._stop, RECONNECT_EVERY)
        finally:
            self._show(ScaleFault.STOPPED)
            self._ended.set()

    def stop(self, within: float = 2.0) -> bool:
        """End `run()`, from another thread; tell whether it has ended in time."""
        self._stop.set()
        return self._ended.wait(within)

    def latest(self) -> Reading:
        """Return the last reading, from any thread, at once; SILENT where a weight is too old."""
        with self._lock:
            reading = self._reading or ScaleFault.SILENT
            is_old = self._clock.monotonic() - self._read_at > FRESH_FOR
        return ScaleFault.SILENT if is_old and isinstance(reading, Weight) else reading

    def _read_connection(self) -> ScaleFault:
        """Read until the device goes away; return why it did."""
        try:
            with self._line() as line:
                while not self._stop.is_set():
                    reading = line.ask()
                    if not self._stop.is_set():
                        self._show(reading)
                    self._clock.wait(self._stop, ASK_EVERY)
        except NotSent as error:
            return scale_fault(error.fault)
        except DeviceError:
            return ScaleFault.UNPLUGGED
        return ScaleFault.STOPPED

    def _line(self) -> ScaleLine:
        return ScaleLine(self._make_transport(), self._protocol, self._clock, self._stop)

    def _show(self, reading: Reading) -> None:
        """Keep a reading and tell of a new one; a failing listener must not end the reading."""
        with self._lock:
            changed = reading != self._reading
            self._reading, self._read_at = reading, self._clock.monotonic()
        if changed:
            try:
                self._on_reading(reading)
            except Exception:
                logger.exception("a reading of the scale was not taken")
