"""How the devices beside the printer are, in words for the top bar: only what is wrong is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pos_hardware.displays.display import DisplayState
from pos_hardware.scales.reading import Reading, ScaleFault, Weight
from pos_hardware.serial_scanner import ScannerState

from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.devices.scale_words import reading_words, scale_sentence
from pos_desktop.ui.kit.pill import Tone


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a device in two or three words, and what to do next."""

    words: str
    sentence: str


def display_trouble(state: DisplayState, address: str) -> Trouble | None:
    """Return what is wrong with the customer display, if anything is."""
    if state is not DisplayState.MISSING:
        return None
    sentence = _(
        "The customer display at {address} shows nothing: check its cable, and that no other "
        "program holds it. The till looks for it on."
    )
    return Trouble(_("Display missing"), sentence.format(address=address))


def scale_trouble(reading: Reading, address: str) -> Trouble | None:
    """Return what is wrong with the scale itself, if anything is."""
    if isinstance(reading, Weight) or reading.is_of_goods or reading is ScaleFault.STOPPED:
        return None
    return Trouble(reading_words(reading), scale_sentence(reading, address))


def scanner_trouble(state: ScannerState) -> Trouble | None:
    """Return what is wrong with the serial scanner, if anything is."""
    if state is not ScannerState.MISSING:
        return None
    sentence = _("The serial scanner is missing: check its cable; the till looks for it on.")
    return Trouble(_("Scanner missing"), sentence)


def devices_pill(troubles: Sequence[Trouble]) -> tuple[str, Tone, str]:
    """Return the words of the pill, its tone, and the sentences of its tooltip; no words: none."""
    if not troubles:
        return "", Tone.OK, ""
    words = troubles[0].words
    if len(troubles) > 1:
        text = ngettext("{count} device missing", "{count} devices missing", len(troubles))
        words = text.format(count=len(troubles))
    return words, Tone.WARNING, joined(" ", (one.sentence for one in troubles))
