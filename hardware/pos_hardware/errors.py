"""The errors of devices, split by what the caller can do.

DeviceError
├── BadAddress     a setting to correct: the address says no device we know
├── BadDocument    a document that cannot be printed, now or later
├── NotSent        nothing was sent, trying again is safe; carries why as a `Fault`
└── Lost           the connection ended or the device failed while it was in use

Errors of foreign libraries are translated where the library is used; the cause is kept.
"""

from __future__ import annotations

from pos_hardware.faults import Fault


class DeviceError(Exception):
    """A device did not do what was asked of it."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").splitlines()[0])


class BadAddress(DeviceError):
    """The address names no kind of device that is known."""


class BadDocument(DeviceError):
    """The document cannot be printed as it is."""


class NotSent(DeviceError):
    """Nothing was sent to the device."""

    def __init__(self, fault: Fault, message: str | None = None) -> None:
        super().__init__(message or f"nothing sent: {fault.value}")
        self.fault = fault


class Lost(DeviceError):
    """The device went away while it was in use.

    `uncertain`: the very call that failed may have printed, whatever was counted before it.
    """

    def __init__(self, message: str | None = None, *, uncertain: bool = False) -> None:
        super().__init__(message)
        self.uncertain = uncertain
