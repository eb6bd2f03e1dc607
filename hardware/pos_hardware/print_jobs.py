"""What a print worker asks of the application's table of prints."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from pos_hardware.faults import Fault
from pos_hardware.profile import PrinterProfile


class JobState(StrEnum):
    """The life of a print: queued, sending, then one of the rest; a person settles."""

    QUEUED = "queued"
    """Waits for the device."""
    SENDING = "sending"
    """Bytes may have left; found at start, it becomes unknown."""
    PRINTED = "printed"
    """The printer has acknowledged it."""
    SENT = "sent"
    """Handed to a printer that never says more."""
    UNKNOWN = "unknown"
    """May or may not be on paper: a person decides."""
    FAILED = "failed"
    """Will never print as it is."""
    SETTLED = "settled"
    """Was unknown or failed, and a person has dealt with it."""


class JobKind(StrEnum):
    """What a job does."""

    PAPER = "paper"
    PULSE = "pulse"
    """Opens a drawer."""


@dataclass(frozen=True)
class PrintJob:
    """A queued job: `content` is a document's JSON text (empty for a pulse).

    `age` is how many seconds ago it was made; an old pulse no longer opens the drawer.
    """

    id: str
    kind: JobKind
    content: str = field(default="", repr=False)
    age: float = 0.0


@dataclass(frozen=True, kw_only=True)
class PrintDevice:
    """A device of the shop's settings. `pulse` replaces the profile's (serial drawers)."""

    name: str
    address: str
    profile: PrinterProfile
    answers: bool | None = None
    pulse: bytes | None = None


class PrintJobs(Protocol):
    """The table of prints, called from a worker's thread only; each call is one transaction."""

    def recover(self, device: str) -> None:
        """Make every job of the device that is `sending` `unknown`: a crash left it there."""
        ...

    def next_job(self, device: str, *, pulses_only: bool) -> PrintJob | None:
        """Return the next queued job of the device, pulses first, then by age; leave it queued.

        Nobody else asks while the device's lock is held.
        """
        ...

    def sending(self, job_id: str) -> None:
        """Mark it `sending`: bytes are about to leave."""
        ...

    def finish(self, job_id: str, state: JobState, fault: Fault | None) -> None:
        """Mark it printed, sent, unknown or failed."""
        ...

    def put_back(self, job_id: str, fault: Fault) -> None:
        """Mark it `queued` with the fault that stands in its way; nothing was sent."""
        ...

    def learned(self, device: str, *, answers: bool) -> None:
        """Keep whether the device answers."""
        ...
