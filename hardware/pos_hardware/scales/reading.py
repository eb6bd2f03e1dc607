"""What a scale says, as plain values; the application words them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pos_hardware.faults import Fault


class ScaleFault(StrEnum):
    """Why a scale tells no weight."""

    MOVING = "moving"
    """What lies on it has not come to rest."""
    BELOW_ZERO = "below_zero"
    """Less than nothing lies on it: it was zeroed or tared with something on it."""
    OVER_CAPACITY = "over_capacity"
    """More lies on it than it can weigh."""
    NOT_ZEROED = "not_zeroed"
    """It could not find its zero, mostly because something lay on it when it was switched on."""
    NOT_READY = "not_ready"
    """It says no weight, and no cause that is known."""
    OTHER_UNIT = "other_unit"
    """It does not weigh in kilograms."""
    SILENT = "silent"
    """Connected, but it says nothing: switched off, or set to another way of speaking."""
    GARBLED = "garbled"
    """What comes is no answer of such a scale: another protocol or line speed."""
    UNPLUGGED = "unplugged"
    """Nothing is there at the address, or no longer."""
    BUSY = "busy"
    """Another program holds the line."""
    REFUSED = "refused"
    """This login may not use the line."""
    STOPPED = "stopped"
    """Nobody reads the scale any more: the program is closing."""

    @property
    def is_of_goods(self) -> bool:
        """Whether whoever weighs mends it at the scale; the others are faults of the device."""
        return self in _OF_GOODS


_OF_GOODS = frozenset(
    (ScaleFault.MOVING, ScaleFault.BELOW_ZERO, ScaleFault.OVER_CAPACITY, ScaleFault.NOT_ZEROED)
)


@dataclass(frozen=True, slots=True)
class Weight:
    """What lies on the scale, in grams: thousandths of a kilogram, never below zero."""

    grams: int
    stable: bool = True
    net: bool = False
    """Whether the scale has a tare of its own set, and has subtracted it."""


Reading = Weight | ScaleFault
"""What one question to a scale brought."""

_FAULTS = {Fault.BUSY: ScaleFault.BUSY, Fault.REFUSED: ScaleFault.REFUSED}


def scale_fault(fault: Fault) -> ScaleFault:
    """Return what a fault of the line means for a scale."""
    return _FAULTS.get(fault, ScaleFault.UNPLUGGED)


def grams(whole: str, decimals: str = "") -> int:
    """Return the grams of a number of kilograms in digits; what is finer is rounded half up."""
    shown = decimals.ljust(3, "0")
    return int(whole or "0") * 1000 + int(shown[:3]) + (shown[3:4] >= "5")
