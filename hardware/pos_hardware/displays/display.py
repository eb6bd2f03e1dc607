"""Shows what a customer is to read, in a thread of its own: nobody waits for a display."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from enum import StrEnum

from pos_hardware.clock import Clock, Deadline, SystemClock
from pos_hardware.displays.dialects import DisplayDialect
from pos_hardware.errors import DeviceError, Lost, NotSent
from pos_hardware.faults import Fault
from pos_hardware.transports.addresses import TransportFactory
from pos_hardware.transports.base import Transport

RECONNECT_EVERY = 1.0
REFRESH_EVERY = 5.0
"""Seconds after which the text is written again: the display may have been switched off and on."""
FRAME_SECONDS = 0.05
"""What a frame takes on a line of 9600 baud: none is written before the last one is out."""
SEND_WITHIN = 2.0
"""Seconds after which a display that takes nothing is let go of, and begun with anew."""
CLEAR_WITHIN = 0.5
_OPEN_WITHIN = 3.0

logger = logging.getLogger(__name__)


class DisplayState(StrEnum):
    """What a display is doing, for the status bar."""

    READY = "ready"
    MISSING = "missing"
    """Not there, or another program has it, or it takes nothing; it is tried all the time."""
    STOPPED = "stopped"


class CustomerDisplay:
    """A plain object whose `run()` blocks in any thread; `show()` never does.

    The last text wins: what a slow display could not show in time, nobody wants to see later.
    `make_transport` looks the device up afresh, so that one put into another socket is found again.
    """

    def __init__(
        self,
        make_transport: TransportFactory,
        dialect: DisplayDialect,
        *,
        on_state: Callable[[DisplayState], None] = lambda _state: None,
        clock: Clock | None = None,
    ) -> None:
        self._make_transport = make_transport
        self._dialect = dialect
        self._on_state = on_state
        self._clock = clock or SystemClock()
        self._text = ("", "")
        self._state: DisplayState | None = None
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._ended = threading.Event()
        self._ended.set()

    def show(self, upper: str, lower: str) -> None:
        """Show two lines in place of what stands there; from any thread, at once."""
        self._text = (upper, lower)
        self._wake.set()

    def run(self) -> None:
        """Show until `stop()`, then clear the display."""
        self._ended.clear()
        try:
            while not self._stop.is_set():
                self._serve_connection()
                self._clock.wait(self._stop, RECONNECT_EVERY)
        finally:
            self._tell(DisplayState.STOPPED)
            self._ended.set()

    def stop(self, within: float = 2.0) -> bool:
        """End `run()`, from another thread; tell whether it has ended in time."""
        self._stop.set()
        self._wake.set()
        return self._ended.wait(within)

    def _serve_connection(self) -> None:
        transport = self._make_transport()
        try:
            transport.open(Deadline(self._clock, _OPEN_WITHIN, self._stop))
            self._send(transport, self._dialect.begin)
            self._show_texts(transport)
            self._send(transport, self._dialect.clear)
        except DeviceError:
            self._tell(DisplayState.MISSING)
        finally:
            transport.close()

    def _show_texts(self, transport: Transport) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            self._send(transport, self._dialect.frame(*self._text))
            self._tell(DisplayState.READY)
            self._clock.wait(self._stop, FRAME_SECONDS)
            self._clock.wait(self._wake, REFRESH_EVERY)

    def _send(self, transport: Transport, data: bytes) -> None:
        deadline = Deadline(self._clock, SEND_WITHIN, self._stop, grace=CLEAR_WITHIN)
        send_all(transport, data, deadline)

    def _tell(self, state: DisplayState) -> None:
        if state is self._state:
            return
        self._state = state
        try:
            self._on_state(state)
        except Exception:
            logger.exception("the state of the customer display was not taken")


def show_once(
    transport: Transport,
    dialect: DisplayDialect,
    upper: str,
    lower: str,
    clock: Clock | None = None,
) -> Fault | None:
    """Show two lines and let go of the display; return why that failed. It stays shown."""
    clock = clock or SystemClock()
    try:
        transport.open(Deadline(clock, _OPEN_WITHIN))
        data = dialect.begin + dialect.frame(upper, lower)
        send_all(transport, data, Deadline(clock, SEND_WITHIN))
    except NotSent as error:
        return error.fault
    except Lost:
        return Fault.SILENT
    finally:
        transport.close()
    return None


def send_all(transport: Transport, data: bytes, deadline: Deadline) -> None:
    """Hand over all of it; `Lost` where the display does not take it in time."""
    rest = data
    while rest:
        rest = rest[transport.write(rest, deadline) :]
        if rest and not deadline.left():
            raise Lost("the display takes nothing")
