"""What a scale says, in words: the one place for console, window and errors."""

from __future__ import annotations

from pos_hardware.scales.reading import Reading, ScaleFault, Weight

from pos_desktop import settings
from pos_desktop.domain.quantity import ONE
from pos_desktop.domain.text import _


def weight_words(grams: int) -> str:
    """Return a weight as a scale shows it: `1.250 kg`."""
    return _("{weight} kg").format(weight=weight_text(grams))


def weight_text(grams: int) -> str:
    """Return the kilograms of a weight, with all three decimals."""
    whole, part = divmod(grams, ONE)
    return f"{whole}.{part:03d}"


def reading_words(reading: Reading) -> str:
    """Return what a scale says now in two or three words, for a corner of the screen."""
    if isinstance(reading, Weight):
        return weight_words(reading.grams)
    return {
        ScaleFault.MOVING: _("Scale moves"),
        ScaleFault.BELOW_ZERO: _("Scale below zero"),
        ScaleFault.OVER_CAPACITY: _("Too heavy"),
        ScaleFault.NOT_ZEROED: _("Scale not at zero"),
        ScaleFault.NOT_READY: _("Scale not ready"),
        ScaleFault.OTHER_UNIT: _("Scale not in kg"),
        ScaleFault.SILENT: _("Scale says nothing"),
        ScaleFault.GARBLED: _("Scale not understood"),
        ScaleFault.UNPLUGGED: _("Scale missing"),
        ScaleFault.BUSY: _("Scale taken"),
        ScaleFault.REFUSED: _("Scale refused"),
        ScaleFault.STOPPED: _("No scale"),
    }[reading]


def scale_sentence(fault: ScaleFault, address: str) -> str:
    """Return why there is no weight, and what to do next."""
    return {
        ScaleFault.MOVING: _("The scale still moves: wait until it rests, then weigh again."),
        ScaleFault.BELOW_ZERO: _("The scale is below zero: empty it, press its zero key, then "
                                 "weigh again."),
        ScaleFault.OVER_CAPACITY: _("It is too heavy for the scale: weigh it in parts."),
        ScaleFault.NOT_ZEROED: _("The scale has not found its zero: empty it, press its zero key, "
                                 "then weigh again."),
        ScaleFault.NOT_READY: _("The scale is not ready: look at its display, then weigh again."),
        ScaleFault.OTHER_UNIT: _("The scale does not weigh in kilograms: set it to kg."),
        ScaleFault.SILENT: _("The scale at {address} says nothing: switch it on, then check its "
                             "cable and how it speaks (Devices in the menu, or {protocol})."),
        ScaleFault.GARBLED: _("What answers at {address} is not understood: check how the scale "
                              "speaks, and its address (Devices in the menu, or {protocol} and "
                              "{setting})."),
        ScaleFault.UNPLUGGED: _("No scale is found at {address}: check its cable, then the address "
                                "(Devices in the menu, or {setting})."),
        ScaleFault.BUSY: _("Another program holds the scale: close it, or the till, and try "
                           "again."),
        ScaleFault.REFUSED: _("This login may not use the scale's line: ask your technician for "
                              "the right."),
        ScaleFault.STOPPED: _("The scale is not read: choose it in the menu, under Devices "
                              "({setting})."),
    }[fault].format(
        address=address,
        setting=settings.SCALE_ADDRESS.key,
        protocol=settings.SCALE_PROTOCOL.key,
    )  # fmt: skip
