"""A paper on a printer that no settings name yet: while a shop is being made."""

from __future__ import annotations

from pos_hardware.clock import SystemClock
from pos_hardware.document import ReceiptDocument
from pos_hardware.errors import BadAddress
from pos_hardware.faults import Fault
from pos_hardware.printing import Outcome, print_once
from pos_hardware.profile import PAPER_80
from pos_hardware.testpage import make_test_page
from pos_hardware.transports.addresses import parse_address

from pos_desktop.domain.errors import Unavailable
from pos_desktop.services.paper.print_queue import Device
from pos_desktop.services.printing.faults import fault_sentence


def print_now(address: str, paper: ReceiptDocument) -> None:
    """Print a paper on the printer of an address, and wait for it: seconds, where it is silent.

    Raises Unavailable, with what to do, where it is not known to have come out.
    """
    from pos_hardware.rendering import render_escpos

    try:
        transport = parse_address(address)()
    except BadAddress as error:
        raise Unavailable(fault_sentence(Fault.BAD_ADDRESS, Device())) from error
    result = print_once(transport, render_escpos(paper, PAPER_80), clock=SystemClock())
    if result.fault is not None or result.outcome in (Outcome.NOT_SENT, Outcome.UNKNOWN):
        raise Unavailable(fault_sentence(result.fault or Fault.LOST, Device()))


def print_test_page(address: str, title: str) -> None:
    """Print a test page with this title; raises what `print_now` raises."""
    print_now(address, make_test_page(PAPER_80, title, address))
