"""The bytes that open a cash drawer: by the printer it hangs on, or by a serial line.

These are made without any library, since a pulse must leave at once. Fields report drawers that
open every second time with short pulses, hence the times are settings, in milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass

from pos_hardware.errors import BadAddress

_UNIT_MS = 2
_REAL_TIME_UNIT_MS = 100


@dataclass(frozen=True)
class DrawerPulse:
    """A pulse on pin 2 or 5 of the printer's drawer socket: so long on, so long off (ms)."""

    pin: int = 2
    on_ms: int = 100
    off_ms: int = 500

    def __post_init__(self) -> None:
        if self.pin not in {2, 5}:
            raise ValueError("the drawer hangs on pin 2 or 5")
        if not (2 <= self.on_ms <= 510 and 2 <= self.off_ms <= 510):
            raise ValueError("pulse times lie between 2 and 510 ms")

    def command(self) -> bytes:
        """Return ESC p: the printer obeys when it comes to it among what it was sent."""
        on, off = self.on_ms // _UNIT_MS, self.off_ms // _UNIT_MS
        return bytes((0x1B, ord("p"), self._pin_number, on, max(on, off)))

    def real_time_command(self) -> bytes:
        """Return DLE DC4: obeyed at once, also off line; only for printers that answer."""
        units = min(8, max(1, round(self.on_ms / _REAL_TIME_UNIT_MS)))
        return bytes((0x10, 0x14, 1, self._pin_number, units))

    @property
    def _pin_number(self) -> int:
        return {2: 0, 5: 1}[self.pin]


def trigger_bytes(text: str) -> bytes:
    """Return the bytes of a serial drawer's setting such as `1B 70 00 19 FA` or `07`.

    Raises `BadAddress` for what is not 1 to 32 bytes in hexadecimal.
    """
    try:
        trigger = bytes.fromhex(text)
    except ValueError as error:
        raise BadAddress("a serial drawer is opened by bytes in hexadecimal") from error
    if not 1 <= len(trigger) <= 32:
        raise BadAddress("a serial drawer is opened by 1 to 32 bytes")
    return trigger
