"""Prints that wait, failed, or may or may not be on paper, and what a person does about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pos_hardware.document import Align, ReceiptDocument, Size, Text
from pos_hardware.faults import Fault
from pos_hardware.print_jobs import JobState

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _, joined
from pos_desktop.services.paper.print_queue import DRAWER_KIND, Device, PrintQueue
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.printing.faults import fault_sentence
from pos_desktop.storage import print_jobs
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.print_jobs import StoredPrint

MOST_LISTED = 200
"""The newest are listed: more than a person looks through."""
_FEWEST_SIGNS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Why a print is not over, what to do, and whether a person may settle or repeat it."""

    why: str
    what_to_do: str
    repeatable: bool
    settleable: bool


def name_of(job: StoredPrint) -> str:
    """Return what a print is called: the drawer's pulse of a sale is not its receipt."""
    if job.kind == DRAWER_KIND:
        return _("Drawer ({title})").format(title=job.title)
    return _("{title} (copy)").format(title=job.title) if job.copy else job.title


def advice(job: StoredPrint, device: Device) -> Advice:
    """Return what a person should know of a print that is not over, on the device as it is set.

    What waits is tried at the new address; what failed has failed at the old one.
    """
    waits = job.state in (JobState.QUEUED, JobState.SENDING)
    is_pulse = job.kind == DRAWER_KIND
    was_elsewhere = bool(job.fault_at) and job.fault_at != device.address
    fault = None if waits and was_elsewhere else job.fault
    why = fault_sentence(fault, _at_fault(job, device)) if fault else ""
    if waits and not device.address:
        why = _("No device is set for it.")
        what = _("Set one: Devices in the menu, or posctl config set {setting} ADDRESS.").format(
            setting=device.setting
        )
    elif waits and not fault:
        what = _("It is printed by itself while a till is open.")
    elif waits and is_pulse:
        what = _("It waits until then, and needs a till that is open.")
    elif waits:
        what = _("What waits comes out then, while a till is open.")
    elif is_pulse:
        what = _("Look at the drawer; open it with its key, or with posctl drawer open.")
    elif job.state is JobState.UNKNOWN:
        why = why or _("The program ended while it was being printed.")
        what = _("If it is on paper, it is done; if not, print it again.")
    else:
        what = _("Print it again once the cause is mended.")
    return Advice(
        why=why, what_to_do=what, repeatable=not waits and not is_pulse, settleable=not waits
    )


def _at_fault(job: StoredPrint, device: Device) -> Device:
    """Return a device as it was set when the fault of a print was met."""
    return replace(device, address=job.fault_at or device.address)


class UnsettledPrints:
    """Lists what is not over, and lets a person repeat or settle it; both go into the journal."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        print_queue: PrintQueue,
        clock: Clock,
    ) -> None:
        """Take the machine's `clock`, which no replay moves."""
        self._database = database
        self._books = books
        self._print_queue = print_queue
        self._clock = clock

    def all(self) -> list[StoredPrint]:
        """Return what waits, failed or is unknown, the oldest first, at most `MOST_LISTED`."""
        return print_jobs.unsettled(self._database, most=MOST_LISTED)

    def papers(self) -> list[StoredPrint]:
        """Return the papers that are not over, first those that a person must look at."""
        papers = [job for job in self.all() if job.kind != DRAWER_KIND]
        return sorted(papers, key=lambda job: not job.wants_a_person)

    def device(self, job: StoredPrint) -> Device:
        """Return the device of a print as the settings name it now."""
        return self._print_queue.device(job.device)

    def count(self) -> int:
        """Return how many papers failed or are unknown."""
        return print_jobs.count_for_a_person(self._database, other_than=DRAWER_KIND)

    def pulses_failed(self) -> int:
        """Return how often a drawer did not open, and nobody has settled it."""
        return sum(job.kind == DRAWER_KIND and job.wants_a_person for job in self.all())

    def any_paper_waits(self) -> bool:
        """Tell whether a paper waits for its printer; whoever looks is not wanted for it."""
        return any(not job.wants_a_person for job in self.papers())

    def find(self, named: str) -> StoredPrint:
        """Return the print with an id, or with an id that ends so, among those not over.

        Raises Refused where there is none, or more than one.
        """
        wanted = named.strip().lower()
        if job := print_jobs.find(self._database, wanted):
            return job
        ends = [job for job in self.all() if job.id.endswith(wanted)]
        if len(wanted) < _FEWEST_SIGNS or len(ends) != 1:
            raise Refused(
                _(
                    "There is no print {named}; posctl printers jobs lists them with their ids."
                ).format(named=named)
            )
        return ends[0]

    def again(self, job_id: Id, actor: Person | None) -> StoredPrint:
        """Print a paper again; return it as it is queued now.

        It says COPY where the first may have come out. Raises Refused for a drawer pulse, and for
        what is not failed or unknown (any more): it never comes out twice.
        """
        actor_id = hand_of(actor, Permission.REPRINT).actor_id
        job = self._open(job_id)
        if job.kind == DRAWER_KIND:
            raise Refused(_("A drawer is not opened later; posctl drawer open opens it now."))
        if job.state is JobState.UNKNOWN and not job.copy:
            job = replace(job, copy=True, body=_marked_as_copy(job.body))

        def act(at: int) -> bool:
            self._database.after_commit(self._print_queue.announce)
            return print_jobs.queue_again(self._database, job, at=at)

        self._act(job, "print again", actor_id, act)
        return replace(job, state=JobState.QUEUED, fault=None)

    def settle(self, job_id: Id, actor: Person | None) -> StoredPrint:
        """Take a print off the list: it is on paper, or nobody wants it any more."""
        actor_id = hand_of(actor, Permission.REPRINT).actor_id
        job = self._open(job_id)
        self._act(
            job,
            "print settled",
            actor_id,
            lambda at: print_jobs.settle(self._database, job.id, at=at),
        )
        return replace(job, state=JobState.SETTLED)

    def _act(
        self, job: StoredPrint, word: str, actor_id: Id | None, act: Callable[[int], bool]
    ) -> None:
        detail = {"job": job.id, "title": job.title, "kind": job.kind, "copy": job.copy}
        with self._database.write():
            if not act(to_stored(self._clock.now())):
                raise Refused(_not_open(job))
            self._books.note(word, actor_id=actor_id, detail={**detail, "was": job.state.value})

    def _open(self, job_id: Id) -> StoredPrint:
        job = print_jobs.find(self._database, job_id)
        if job is None:
            raise Refused(_("There is no such print; posctl printers jobs lists them."))
        if not job.wants_a_person:
            raise Refused(_not_open(job))
        return job


def _not_open(job: StoredPrint) -> str:
    if job.state in (JobState.QUEUED, JobState.SENDING):
        return _("{title} waits still: it is printed by itself.").format(title=job.title)
    return _("{title} is done already; a receipt is printed again with reprint.").format(
        title=job.title
    )


def _marked_as_copy(body: str) -> str:
    document = ReceiptDocument.from_json(body)
    mark = Text(_("COPY"), Align.CENTER, bold=True, size=Size.DOUBLE)
    return ReceiptDocument((mark, *document.blocks)).to_json()


def outcome_sentence(job: StoredPrint, device: Device) -> str:
    """Return what became of a print, and what to do next where it did not come out."""
    if job.state is JobState.PRINTED:
        return _("Printed.")
    if job.state is JobState.SENT and job.kind == DRAWER_KIND:
        return _(
            "Sent. If the drawer stays shut: check its cable, then try another pin or a longer "
            "pulse (Devices in the menu, or drawer.pin and drawer.pulse_ms)."
        )
    if job.state is JobState.SENT and job.fault is Fault.SILENT:
        return _("Sent; this device says nothing: look once whether it came out.")
    if job.state is JobState.SENT and job.fault is None:
        return _("Sent; this device does not say more: look whether it came out.")
    why = fault_sentence(job.fault, _at_fault(job, device)) if job.fault else ""
    short = job.id[-6:]
    if job.state in (JobState.QUEUED, JobState.SENDING):
        why = why or _("The device is still busy.")
        waits = _("{title} waits, and is printed by itself.").format(title=job.title)
        return joined(" ", (why, waits))
    if job.state is JobState.UNKNOWN and job.kind != DRAWER_KIND:
        ask = _("Is it on paper: posctl printers done {id}; if not: posctl printers again {id}.")
        silent = _("The device fell silent.")
        return joined(" ", (why or silent, ask.format(id=short)))
    return why or _("It did not come out; look at the device and try again.")
