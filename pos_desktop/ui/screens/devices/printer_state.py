"""How the receipt printer is, in words for the top bar."""

from __future__ import annotations

from pos_hardware.faults import Fault
from pos_hardware.worker import WorkerState

from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.paper.print_queue import Device
from pos_desktop.services.printing.faults import fault_sentence, fault_words
from pos_desktop.ui.kit.pill import Tone

Shown = tuple[str, Tone, str]
"""The words of the pill, its tone, and the sentence of its tooltip."""


def no_printer() -> Shown:
    """Return what is shown where the settings name no printer."""
    return (
        _("No printer"),
        Tone.WARNING,
        _("Receipts are kept and wait; choose a printer: Devices in the menu, Ctrl B."),
    )


def printer_pill(
    state: WorkerState, fault: Fault | None, device: Device, to_look_at: int = 0
) -> Shown:
    """Return what is shown of a worker's state, and of papers that a person must look at."""
    if state is WorkerState.FAULT and fault is not None:
        return fault_words(fault), Tone.DANGER, fault_sentence(fault, device)
    if to_look_at:
        text = ngettext("{count} paper to look at", "{count} papers to look at", to_look_at)
        why = _("Perhaps printed, perhaps not: press here, or Ctrl P.")
        return text.format(count=to_look_at), Tone.WARNING, why
    if state is WorkerState.PRINTING:
        return _("Printing"), Tone.OK, ""
    if state is WorkerState.WAITING:
        return _("Printed elsewhere"), Tone.OK, _("Another program of this shop prints for it.")
    if state is WorkerState.STOPPED:
        return _("Printer stopped"), Tone.WARNING, ""
    return _("Printer ready"), Tone.OK, ""


def trouble(state: WorkerState, fault: Fault | None) -> str:
    """Return why papers wait, in two or three words; nothing where they are printed."""
    if state is WorkerState.FAULT and fault is not None:
        return fault_words(fault)
    return _("Printer stopped") if state is WorkerState.STOPPED else ""
