"""The devices of this till: how each is set and how it is now, and how they are changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pos_hardware.discovery import FoundDevice, discover
from pos_hardware.displays.display import DisplayState
from pos_hardware.faults import Fault
from pos_hardware.scales.reading import Reading
from pos_hardware.serial_scanner import ScannerState
from pos_hardware.transports.address_parts import without_baud
from pos_hardware.transports.addresses import port_fault
from pos_hardware.worker import WorkerState

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Change, Configuration
from pos_desktop.services.devices.counter_kinds import CounterKind
from pos_desktop.services.devices.customer_display import CustomerDisplayDesk
from pos_desktop.services.devices.scale_desk import ScaleDesk
from pos_desktop.services.devices.scanner_reader import ScannerReader
from pos_desktop.services.paper.print_queue import DRAWER_DEVICE, DRAWER_KIND, RECEIPT_PRINTER
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.printing.print_room import DeviceState, PrintRoom
from pos_desktop.storage import print_jobs
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase

Known = DeviceState | ScannerState | DisplayState | Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenDevice:
    """A device as it is now: its address, empty where none is set, and what is known of it."""

    kind: CounterKind
    address: str
    state: Known | None = None
    """What its worker says; None where none runs, or it has not told yet."""
    waiting: int = 0
    """How many papers wait for it."""
    on_printer: bool = False
    """Whether it hangs on the receipt printer, whose state it shares."""


@dataclass(frozen=True, slots=True)
class Around:
    """What is found at this computer, and which ports of the settings cannot be used, and why."""

    found: Sequence[FoundDevice] = ()
    ports: Mapping[str, Fault] = field(default_factory=dict)


class DeviceSetup:
    """Says how the devices of the till are set, and sets them."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        configuration: Configuration,
        print_room: PrintRoom,
        desks: tuple[ScannerReader, ScaleDesk, CustomerDisplayDesk],
    ) -> None:
        self._database = database
        self._books = books
        self._configuration = configuration
        self._print_room = print_room
        self._scanner, self._scale, self._display = desks

    def seen(self, *, actor: Person | None) -> list[SeenDevice]:
        """Return all kinds of devices as they are now; asks no device, so it is quick."""
        hand_of(actor, Permission.SETTINGS)
        scanner, display = self._scanner.state, self._display.state
        is_read = self._scale.is_running
        return [
            self._printer(),
            self._drawer(),
            self._one(CounterKind.SCANNER, scanner),
            self._one(CounterKind.SCALE, self._scale.reading() if is_read else None),
            self._one(CounterKind.DISPLAY, display),
        ]

    def look_around(self, *, actor: Person | None) -> Around:
        """Return what is found at this computer; takes up to some seconds."""
        hand_of(actor, Permission.SETTINGS)
        ports = {}
        for kind in CounterKind:
            address = self._configuration.get(kind.address)
            if address.strip().startswith("serial:") and (fault := port_fault(address)):
                ports[address] = fault
        return Around(discover(), ports)

    def ask_anew(self, *, actor: Person | None) -> None:
        """Have the printers asked how they are, by the workers that have them; returns at once."""
        hand_of(actor, Permission.SETTINGS)
        self._print_room.retry()

    def change(self, kind: CounterKind, values: Sequence[Change], *, actor: Person | None) -> None:
        """Set a device with all that belongs to it, or nothing; a till that is open follows.

        Raises Refused for what does not fit, and for a line that another device has already.
        """
        hand_of(actor, Permission.SETTINGS)
        address = next((value for setting, value in values if setting is kind.address), "")
        self._check_free(kind, str(address))
        self._configuration.change(values, self._books, actor=actor)

    def _check_free(self, kind: CounterKind, address: str) -> None:
        wanted = without_baud(address.strip())
        for other in CounterKind:
            theirs = self._configuration.get(other.address)
            if other is kind or not wanted or without_baud(theirs.strip()) != wanted:
                continue
            if {kind, other} == {CounterKind.PRINTER, CounterKind.DRAWER}:
                raise Refused(
                    _("A drawer that the printer opens has no address: leave the drawer's empty.")
                )
            words = _("{address} is set for another device already ({other}): choose another one.")
            raise Refused(words.format(address=address, other=other.title))

    def _one(self, kind: CounterKind, state: Known | None) -> SeenDevice:
        address = self._configuration.get(kind.address)
        return SeenDevice(kind=kind, address=address, state=state if address else None)

    def _printer(self) -> SeenDevice:
        return SeenDevice(
            kind=CounterKind.PRINTER,
            address=self._configuration.get(settings.PRINTER_ADDRESS),
            state=self._printing(RECEIPT_PRINTER),
            waiting=print_jobs.count_waiting(
                self._database, RECEIPT_PRINTER, other_than=DRAWER_KIND
            ),
        )

    def _drawer(self) -> SeenDevice:
        address = self._configuration.get(settings.DRAWER_ADDRESS)
        has_printer = bool(self._configuration.get(settings.PRINTER_ADDRESS))
        return SeenDevice(
            kind=CounterKind.DRAWER,
            address=address,
            state=self._printing(DRAWER_DEVICE if address else RECEIPT_PRINTER),
            on_printer=has_printer and not address,
        )

    def _printing(self, name: str) -> DeviceState | None:
        """Return how a device is; one that another program has, by what stops its papers."""
        state = self._print_room.state(name)
        if state is None or state.state is not WorkerState.WAITING:
            return state
        stopped = print_jobs.stopped_by(self._database, name)
        return DeviceState(WorkerState.FAULT, stopped) if stopped else state
