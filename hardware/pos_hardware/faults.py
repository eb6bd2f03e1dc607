"""What may be wrong with a printer, as plain values; the application words them."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """Why a printer does not print."""

    PAPER_OUT = "paper_out"
    """The roll has ended."""
    COVER_OPEN = "cover_open"
    """The lid is not closed."""
    OFFLINE = "offline"
    """Reachable, but switched off line by a button, by its spooler or for a cause it hides."""
    BROKEN = "broken"
    """The printer reports an error of its own: cutter stuck, head too hot."""
    UNREACHABLE = "unreachable"
    """Nothing answers at the address: switched off, unplugged, wrong address."""
    NO_SUCH_NAME = "no_such_name"
    """The address names what is not known here: a host, a spooler's queue."""
    BUSY = "busy"
    """Somebody else holds the device."""
    REFUSED = "refused"
    """This login may not use the device."""
    SILENT = "silent"
    """Connected, but it takes no bytes or says nothing where it is known to answer."""
    LOST = "lost"
    """The connection ended while it was in use."""
    NOT_A_PRINTER = "not_a_printer"
    """Something answers that is no such printer: another service, or the wrong line speed."""
    BAD_ADDRESS = "bad_address"
    """The device's address is wrong: a setting to correct."""
    BAD_DOCUMENT = "bad_document"
    """This document cannot be printed; others can."""
    TOO_LATE = "too_late"
    """A drawer pulse that waited too long: an old one must not open the drawer."""
    NOT_OURS = "not_ours"
    """The address is a file, and something else than our prints stands in it."""
    NOT_KEPT = "not_kept"
    """The table of prints cannot be read or written: its disk is full or broken."""
    STOPPED = "stopped"
    """The program is closing."""
