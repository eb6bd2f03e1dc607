"""What every way to a device promises."""

from __future__ import annotations

from typing import Protocol

from pos_hardware.clock import Deadline
from pos_hardware.faults import Fault


class Transport(Protocol):
    """A way to one device, for one use: opened, written, read, closed by one thread.

    Raises only `NotSent` (nothing has left) and `Lost` (it may have), causes kept.
    """

    can_answer: bool
    """False where nothing ever comes back: spoolers, plain files."""
    takes_whole: bool
    """True where one write is one print, given whole or not at all: spoolers."""

    def open(self, deadline: Deadline) -> None:
        """Connect; `NotSent` with the reason if that fails or takes too long."""
        ...

    def write(self, data: bytes, deadline: Deadline) -> int:
        """Hand over what the device takes in time; return how many bytes that was, maybe 0."""
        ...

    def read(self, size: int, deadline: Deadline) -> bytes:
        """Return what has come, at least one byte, or nothing when the time is up."""
        ...

    def settle(self, deadline: Deadline) -> Fault | None:
        """Wait for a spooler to pass the print on; return why it stands. Others: None."""
        ...

    def close(self) -> None:
        """Let go of the device; never raises, also when it was never opened."""
        ...


class StreamTransport:
    """What byte streams share: they can answer, and nothing stands between."""

    can_answer = True
    takes_whole = False

    def settle(self, deadline: Deadline) -> Fault | None:  # noqa: ARG002 - see Transport
        """Nothing waits behind a stream."""
        return None
