"""Tries the devices of an open till, by whoever has them: none is opened a second time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from pos_hardware.displays.display import DisplayState
from pos_hardware.faults import Fault
from pos_hardware.print_jobs import JobState
from pos_hardware.scales.reading import ScaleFault, Weight
from pos_hardware.testpage import make_test_page

from pos_desktop import settings
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.controlled_acts import Act
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _, joined
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.devices.counter_kinds import CounterKind
from pos_desktop.services.devices.customer_display import CustomerDisplayDesk
from pos_desktop.services.devices.scale_desk import ScaleDesk
from pos_desktop.services.devices.scale_words import weight_words
from pos_desktop.services.paper.print_queue import (
    DRAWER_KIND,
    RECEIPT_PRINTER,
    TEST_KIND,
    PrintQueue,
)
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.printing.faults import fault_sentence
from pos_desktop.services.printing.print_room import PrintRoom
from pos_desktop.services.printing.unsettled_prints import outcome_sentence
from pos_desktop.storage import print_jobs
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.print_jobs import StoredPrint

PRINT_SECONDS = 20.0
SHORT_SECONDS = 6.0
"""Longer than a line is opened and asked."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a trial, and whether it went well."""

    sentence: str
    is_well: bool = True


class Trial(ABC):
    """A trial that has begun. It is asked again and again what came of it."""

    seconds = SHORT_SECONDS
    """How long to ask."""

    @abstractmethod
    def look(self) -> Tried | None:
        """Return what came of it, at once; None while that is not known."""

    @abstractmethod
    def late(self) -> Tried:
        """Return what is to be said when the time is over."""

    def end(self) -> None:  # noqa: B027 - most show nothing
        """Take back what was shown for it."""


class PrintTrial(Trial):
    """A test page, or a drawer's pulse, on its way through the queue of its device."""

    seconds = PRINT_SECONDS

    def __init__(self, room: PrintRoom, job_id: Id, words: Callable[[StoredPrint], Tried]) -> None:
        self._room = room
        self._job_id = job_id
        self._words = words

    def look(self) -> Tried | None:
        """Return what became of the print; one that its device holds up is told too."""
        job = self._room.outcome(self._job_id)
        return self._words(job) if job is not None else None

    def late(self) -> Tried:
        """Say that the device is still busy with it."""
        return self._words(self._room.wait_for(self._job_id, 0))


class ScaleTrial(Trial):
    """A weighing by the reader of the scale."""

    def __init__(self, desk: ScaleDesk) -> None:
        self._desk = desk

    def look(self) -> Tried | None:
        """Return the weight, or what has to be done at the scale; its faults only at the end."""
        reading = self._desk.reading()
        if isinstance(reading, Weight):
            words = _("The scale shows {weight}.")
            return Tried(words.format(weight=weight_words(reading.grams)))
        return Tried(self._desk.sentence(reading)) if reading.is_of_goods else None

    def late(self) -> Tried:
        """Say why there is no weight."""
        reading = self._desk.reading()
        fault = ScaleFault.SILENT if isinstance(reading, Weight) else reading
        return Tried(self._desk.sentence(fault), is_well=False)


class DisplayTrial(Trial):
    """Two lines of a test on the customer's display, by the worker that has it."""

    def __init__(self, desk: CustomerDisplayDesk) -> None:
        self._desk = desk
        desk.try_out()

    def look(self) -> Tried | None:
        """Say that the display has taken the lines; whether they are seen nobody knows."""
        if self._desk.state is DisplayState.READY:
            return Tried(_("The display was sent a test and 1234567890: look at it."))
        return None

    def late(self) -> Tried:
        """Say why nothing is shown."""
        return Tried(self._desk.sentence(Fault.UNREACHABLE), is_well=False)

    def end(self) -> None:
        """Show the moment of the till again."""
        self._desk.show_anew()


class DeviceTrials:
    """Begins trials."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        configuration: Configuration,
        print_queue: PrintQueue,
        print_room: PrintRoom,
        clock: Clock,
        desks: tuple[ScaleDesk, CustomerDisplayDesk],
    ) -> None:
        """Take the machine's `clock`, which no replay moves."""
        self._database = database
        self._books = books
        self._configuration = configuration
        self._print_queue = print_queue
        self._print_room = print_room
        self._clock = clock
        self._scale, self._display = desks

    def begin(self, kind: CounterKind, *, actor: Person | None) -> Trial:
        """Begin to try a device of an open till; a scanner is tried by scanning.

        Raises Refused where none is set, and NeedsApproval; a drawer is opened only by who may.
        """
        hand_of(actor, Permission.SETTINGS)
        if kind is CounterKind.DRAWER:
            return self._open_drawer(actor)
        if not self._configuration.get(kind.address):
            words = _("None is set: choose one first ({device}).")
            raise Refused(words.format(device=kind.title))
        if kind is CounterKind.PRINTER:
            return self._print()
        if kind is CounterKind.SCALE:
            return ScaleTrial(self._scale)
        return DisplayTrial(self._display)

    def _print(self) -> Trial:
        """Print a test page; one that waits still gives way to it."""
        (device,) = (one for one in self._print_room.devices() if one.name == RECEIPT_PRINTER)
        shop_name = self._configuration.get(settings.SHOP_NAME)
        page = make_test_page(device.profile, shop_name, device.address)
        with self._database.write():
            at = to_stored(self._clock.now())
            print_jobs.withdraw(self._database, RECEIPT_PRINTER, TEST_KIND, at=at)
            job_id = self._print_queue.paper(TEST_KIND, _("Test page"), page)
        return PrintTrial(self._print_room, job_id, self._printed)

    def _open_drawer(self, actor: Person | None) -> Trial:
        hand = hand_of(actor, Permission.OPEN_DRAWER)
        name = self._print_queue.drawer_hangs_on()
        if not self._print_queue.device(name).address:
            raise Refused(_("No printer is set that opens the drawer: choose the printer first."))
        why = _("Test of the drawer")
        with self._database.write():
            job_id = self._print_queue.open_drawer(why)
            if job_id is None:
                raise Refused(_("This is a training shop: its drawer stays shut."))
            self._books.note(Act.NO_SALE.value, **hand.noted(why=why))
        return PrintTrial(self._print_room, job_id, self._printed)

    def _printed(self, job: StoredPrint) -> Tried:
        device = self._print_queue.device(job.device)
        said = outcome_sentence(job, device)
        is_well = job.state in (JobState.PRINTED, JobState.SENT) and job.fault is None
        if job.kind == DRAWER_KIND:
            return Tried(said, is_well)
        if job.state is JobState.PRINTED:
            return Tried(_("The test page was printed: look at it."))
        if job.state is JobState.UNKNOWN:
            why = fault_sentence(job.fault or Fault.LOST, device)
            said = joined(" ", (why, _("Is it on paper? Ctrl P at the till settles it.")))
        return Tried(said, is_well)
