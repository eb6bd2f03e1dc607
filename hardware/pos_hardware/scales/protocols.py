"""How scales are asked and what they answer: Toledo 8217, and SMA (SCP-0499).

Written from what the makers publish, like the simulators in `testing`, but apart from them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pos_hardware.scales.reading import Reading, ScaleFault, Weight, grams
from pos_hardware.transports.serial_port import LineSettings

LONGEST_REPLY = 64
"""Bytes after which what came without an end is no reply."""

_TOLEDO = re.compile(
    rb"\x02 *(?:(?P<whole>[0-9]{1,4})\.(?P<decimals>[0-9]{1,4})(?P<net>N?)|\?(?P<status>.))\r",
    re.DOTALL,
)
_TOLEDO_FAULTS = (
    (0x01, ScaleFault.MOVING),
    (0x02, ScaleFault.OVER_CAPACITY),
    (0x04, ScaleFault.BELOW_ZERO),
    (0x08, ScaleFault.NOT_ZEROED),
)
"""Bits of the status; one in motion may come to rest with the others gone."""
_KILOGRAM_DECIMALS = 3
"""A scale of pounds shows two decimals, and says nothing else of its unit."""

_SMA = re.compile(
    rb"\n(?:(?P<status>.)(?P<range>.)(?P<kind>.)(?P<motion>.)."
    rb"(?P<weight>[-+ 0-9.]{1,12})(?P<unit>[A-Za-z/_ ]{1,3})|(?P<refused>[?!]))\r"
)
_SMA_FAULTS = {
    b"O": ScaleFault.OVER_CAPACITY,
    b"U": ScaleFault.BELOW_ZERO,
    b"E": ScaleFault.NOT_ZEROED,
    b"I": ScaleFault.NOT_ZEROED,
    b"T": ScaleFault.NOT_READY,
}
_SMA_WEIGHT = re.compile(r"(?P<sign>[-+]?) *(?P<whole>[0-9]*)(?:\.(?P<decimals>[0-9]*))?")


@dataclass(frozen=True)
class ScaleProtocol:
    """How one kind of scale speaks."""

    name: str
    line: LineSettings
    """How its line is set where its address does not say otherwise."""
    question: bytes
    """What asks it for its weight."""
    read: Callable[[bytes], Reading | None]
    """Returns what the last whole reply among these bytes says, None where there is none."""


def read_toledo(heard: bytes) -> Reading | None:
    """Read a reply such as STX 01.250 CR, or STX ? status CR; a parity bit is passed over."""
    replies = list(_TOLEDO.finditer(bytes(byte & 0x7F for byte in heard)))
    if not replies:
        return None
    reply = replies[-1]
    if reply["status"]:
        status = reply["status"][0]
        return next((fault for bit, fault in _TOLEDO_FAULTS if status & bit), ScaleFault.NOT_READY)
    if len(reply["decimals"]) != _KILOGRAM_DECIMALS:
        return ScaleFault.OTHER_UNIT
    weight = grams(reply["whole"].decode(), reply["decimals"].decode())
    return Weight(weight, net=bool(reply["net"]))


def read_sma(heard: bytes) -> Reading | None:
    """Read a reply: LF, five signs of status, the weight in ten places, the unit, CR."""
    replies = list(_SMA.finditer(bytes(byte & 0x7F for byte in heard)))
    if not replies:
        return None
    reply = replies[-1]
    if reply["refused"]:
        return ScaleFault.NOT_READY
    if fault := _SMA_FAULTS.get(reply["status"].upper()):
        return ScaleFault.MOVING if reply["motion"] == b"M" else fault
    return _sma_weight(reply)


def _sma_weight(reply: re.Match[bytes]) -> Reading:
    number = _SMA_WEIGHT.fullmatch(reply["weight"].decode("ascii").strip())
    unit = reply["unit"].decode("ascii").strip(" _").lower()
    if unit not in {"kg", "g"}:
        return ScaleFault.OTHER_UNIT
    if number is None or not (number["whole"] or number["decimals"]):
        return ScaleFault.GARBLED
    whole, decimals = number["whole"], number["decimals"] or ""
    if unit == "g":
        whole, decimals = whole[:-3], whole[-3:].zfill(3) + decimals
    weight = grams(whole, decimals)
    stable = reply["motion"] != b"M"
    if weight and number["sign"] == "-":
        return ScaleFault.BELOW_ZERO if stable else ScaleFault.MOVING
    return Weight(weight, stable=stable, net=reply["kind"].upper() == b"N")


TOLEDO_8217 = ScaleProtocol("toledo", LineSettings(bits=7, parity="E"), b"W", read_toledo)
SMA = ScaleProtocol("sma", LineSettings(), b"\nW\r", read_sma)
PROTOCOLS = {protocol.name: protocol for protocol in (TOLEDO_8217, SMA)}
"""Every protocol by the name that settings give it."""
