"""How each device is set and how it is, as lines of a list and in full."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pos_hardware.displays.display import DisplayState
from pos_hardware.faults import Fault
from pos_hardware.scales.reading import ScaleFault, Weight
from pos_hardware.serial_scanner import ScannerState

from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.devices.address_words import place_words
from pos_desktop.services.devices.counter_kinds import CounterKind
from pos_desktop.services.devices.device_setup import Around, SeenDevice
from pos_desktop.services.devices.scale_words import reading_words, scale_sentence
from pos_desktop.services.paper.print_queue import DRAWER_DEVICE, RECEIPT_PRINTER, Device
from pos_desktop.services.printing.faults import fault_sentence
from pos_desktop.services.printing.print_room import DeviceState
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.screens.devices.device_parts import asked_of, none_words
from pos_desktop.ui.screens.devices.device_state import display_trouble, scanner_trouble
from pos_desktop.ui.screens.devices.printer_state import no_printer, printer_pill

Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Health:
    """How a device is in a word or two, and what to do where it is not well."""

    words: str = ""
    tone: Tone = Tone.QUIET
    advice: str = ""


_NOT_TOLD = Health()


def device_row(seen: SeenDevice, around: Around) -> ListRow:
    """Return the line of a device."""
    health = health_of(seen, around)
    return ListRow(
        key=seen.kind.value,
        title=seen.kind.title,
        note=where_words(seen, around),
        chip=health.words,
        tone=health.tone,
    )


def where_words(seen: SeenDevice, around: Around) -> str:
    """Return where a device is; of none what that means."""
    if seen.address:
        return place_words(seen.address, around.found)
    if seen.kind is CounterKind.DRAWER and not seen.on_printer:
        return _("None")
    return none_words(seen.kind)


def health_of(seen: SeenDevice, around: Around) -> Health:
    """Return how a device is now; nothing where that is not known."""
    return _HEALTH[seen.kind](seen, around)


def facts_of(seen: SeenDevice, around: Around, configuration: Configuration) -> Iterator[Fact]:
    """Yield what is known of a device, what to do, and how it is set."""
    health = health_of(seen, around)
    yield _("Set to"), where_words(seen, around)
    yield _("Now"), health.words
    yield _("What to do"), health.advice
    if seen.waiting:
        text = ngettext("{count} paper waits", "{count} papers wait", seen.waiting)
        yield _("Papers"), text.format(count=seen.waiting)
    for one in asked_of(seen.kind, configuration):
        if one.needed(seen.address):
            yield one.setting.label(), one.setting.shown(configuration.get(one.setting))


def _printer(seen: SeenDevice, _around: Around) -> Health:
    if not seen.address:
        words, tone, _elsewhere = no_printer()
        return Health(words, tone, _("Receipts are kept and wait: choose a printer with Enter."))
    return _as_printed(seen.state, Device(RECEIPT_PRINTER, seen.address))


def _drawer(seen: SeenDevice, around: Around) -> Health:
    if seen.address:
        device = Device(DRAWER_DEVICE, seen.address)
        fault = around.ports.get(seen.address)
        if fault is not None:
            return Health(_("Drawer missing"), Tone.DANGER, fault_sentence(fault, device))
        return _opened_by(seen.state, device)
    if not seen.on_printer:
        return Health(_("No drawer"), Tone.QUIET, _("The receipt printer opens it: choose that."))
    if isinstance(seen.state, DeviceState) and seen.state.fault is not None:
        return Health(_("See printer"), Tone.WARNING, _("The receipt printer opens it: see there."))
    return _opened_by(seen.state, Device())


def _opened_by(state: object, device: Device) -> Health:
    if isinstance(state, DeviceState) and state.fault is Fault.TOO_LATE:
        return Health(_("Drawer not opened"), Tone.WARNING, fault_sentence(state.fault, device))
    if isinstance(state, DeviceState) and state.fault is not None:
        words = _("Drawer does not open")
        return Health(words, Tone.DANGER, fault_sentence(state.fault, device))
    return Health(_("Ready"), Tone.OK) if state is not None else _NOT_TOLD


def _as_printed(state: object, device: Device) -> Health:
    if not isinstance(state, DeviceState):
        return _NOT_TOLD
    return Health(*printer_pill(state.state, state.fault, device))


def _scanner(seen: SeenDevice, _around: Around) -> Health:
    if not seen.address:
        return Health("", Tone.QUIET, _("Whether it is heard, F5 tells: scan something then."))
    if seen.state is ScannerState.READY:
        return Health(_("Ready"), Tone.OK)
    trouble = scanner_trouble(ScannerState.MISSING) if seen.state else None
    return Health(trouble.words, Tone.DANGER, trouble.sentence) if trouble else _NOT_TOLD


def _scale(seen: SeenDevice, _around: Around) -> Health:
    reading = seen.state
    if isinstance(reading, Weight):
        return Health(reading_words(reading), Tone.OK)
    if not isinstance(reading, ScaleFault) or reading is ScaleFault.STOPPED:
        return _NOT_TOLD
    tone = Tone.WARNING if reading.is_of_goods else Tone.DANGER
    return Health(reading_words(reading), tone, scale_sentence(reading, seen.address))


def _display(seen: SeenDevice, _around: Around) -> Health:
    if seen.state is DisplayState.READY:
        unseen = _("Whether it shows anything only a look at it tells: F5 sends it a test.")
        return Health(_("Ready"), Tone.OK, unseen)
    if seen.state is DisplayState.MISSING:
        trouble = display_trouble(DisplayState.MISSING, seen.address)
        return Health(trouble.words, Tone.DANGER, trouble.sentence) if trouble else _NOT_TOLD
    return _NOT_TOLD


_HEALTH: dict[CounterKind, Callable[[SeenDevice, Around], Health]] = {
    CounterKind.PRINTER: _printer,
    CounterKind.DRAWER: _drawer,
    CounterKind.SCANNER: _scanner,
    CounterKind.SCALE: _scale,
    CounterKind.DISPLAY: _display,
}
