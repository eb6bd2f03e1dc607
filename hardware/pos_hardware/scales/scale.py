"""Asking a scale what lies on it, within a time limit."""

from __future__ import annotations

import threading
from typing import Self

from pos_hardware.clock import Clock, Deadline, SystemClock
from pos_hardware.errors import DeviceError, Lost, NotSent
from pos_hardware.scales.protocols import LONGEST_REPLY, ScaleProtocol
from pos_hardware.scales.reading import Reading, ScaleFault, Weight, scale_fault
from pos_hardware.transports.addresses import TransportFactory
from pos_hardware.transports.base import Transport

WEIGH_WITHIN = 3.0
ANSWER_WITHIN = 0.6
"""Seconds for one answer; scales need less than a tenth of it."""
_ASK_AGAIN_AFTER = 0.1
_OPEN_WITHIN = 3.0


class ScaleLine:
    """An open line to a scale; for one thread, in a `with`.

    Entering raises `NotSent`, asking raises `Lost`, as the transport does.
    """

    def __init__(
        self,
        transport: Transport,
        protocol: ScaleProtocol,
        clock: Clock,
        stop: threading.Event | None = None,
    ) -> None:
        self._transport = transport
        self._protocol = protocol
        self._clock = clock
        self._stop = stop

    def __enter__(self) -> Self:
        try:
            self._transport.open(Deadline(self._clock, _OPEN_WITHIN, self._stop))
        except DeviceError:
            self._transport.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._transport.close()

    def ask(self, seconds: float = ANSWER_WITHIN) -> Reading:
        """Return the answer to one question; SILENT or GARBLED where none came in time."""
        deadline = Deadline(self._clock, seconds, self._stop)
        self._forget_late_answers()
        rest = self._protocol.question
        while rest and deadline.left():
            rest = rest[self._transport.write(rest, deadline) :]
        heard = b""
        while deadline.left():
            heard += self._transport.read(LONGEST_REPLY, deadline)
            reading = self._protocol.read(heard)
            if reading is not None:
                return reading
            heard = heard[-LONGEST_REPLY:]
        return ScaleFault.GARBLED if heard else ScaleFault.SILENT

    def _forget_late_answers(self) -> None:
        """Throw away what came unasked: a weight of before must not be taken for this one."""
        now = Deadline(self._clock, 0)
        for _portion in range(LONGEST_REPLY):
            if not self._transport.read(LONGEST_REPLY, now):
                return


class Scale:
    """A scale that is asked now and then; the line is let go of in between."""

    def __init__(
        self,
        make_transport: TransportFactory,
        protocol: ScaleProtocol,
        clock: Clock | None = None,
    ) -> None:
        self._make_transport = make_transport
        self._protocol = protocol
        self._clock = clock or SystemClock()

    def weigh(self, within: float = WEIGH_WITHIN, stop: threading.Event | None = None) -> Reading:
        """Return what lies on the scale once it has come to rest, or why there is no weight.

        Takes about `within` seconds at most, and the time to open the line.
        """
        try:
            with ScaleLine(self._make_transport(), self._protocol, self._clock, stop) as line:
                return self._come_to_rest(line, Deadline(self._clock, within, stop))
        except NotSent as error:
            return scale_fault(error.fault)
        except Lost:
            return ScaleFault.UNPLUGGED

    def _come_to_rest(self, line: ScaleLine, deadline: Deadline) -> Reading:
        reading = line.ask()
        while _is_moving(reading) and deadline.left():
            deadline.pause(_ASK_AGAIN_AFTER)
            reading = line.ask()
        return ScaleFault.MOVING if _is_moving(reading) else reading


def _is_moving(reading: Reading) -> bool:
    return reading is ScaleFault.MOVING or (isinstance(reading, Weight) and not reading.stable)
