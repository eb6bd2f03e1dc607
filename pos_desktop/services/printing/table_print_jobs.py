"""The shop's table of prints, as the worker of a printer asks for it."""

from __future__ import annotations

from pos_hardware.document import ReceiptDocument
from pos_hardware.errors import BadDocument
from pos_hardware.faults import Fault
from pos_hardware.print_jobs import JobKind, JobState, PrintJob

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.ids import Id
from pos_desktop.services.paper.print_queue import DRAWER_KIND
from pos_desktop.services.paper.receipt_layout import LOGO, WITH_LOGO, with_logo
from pos_desktop.storage import device_memory, pictures, print_jobs
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import from_stored, to_stored
from pos_desktop.storage.print_jobs import StoredPrint

ANSWERS = "answers"


class TablePrintJobs:
    """The shop's table of prints as a print worker asks for it, under the machine's clock."""

    def __init__(self, database: ShopDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self.addresses: dict[str, str] = {}
        """Of each device: what is learned of a printer is not true of the next one there."""

    def recover(self, device: str) -> None:
        """Make what a crash left `sending` `unknown`: a person decides whether it is printed."""
        for job in print_jobs.waiting(self._database, device):
            if job.state is JobState.SENDING:
                self._set(job.id, JobState.UNKNOWN)

    def next_job(self, device: str, *, pulses_only: bool) -> PrintJob | None:
        """Return the next queued job, pulses first, then by age."""
        job = print_jobs.next_queued(
            self._database, device, first_kind=DRAWER_KIND, only_first=pulses_only
        )
        return self.for_device(job) if job else None

    def sending(self, job_id: str) -> None:
        """Mark it `sending`: bytes are about to leave."""
        self._set(job_id, JobState.SENDING, attempt=1)

    def finish(self, job_id: str, state: JobState, fault: Fault | None) -> None:
        """Mark it printed, sent, unknown or failed."""
        self._set(job_id, state, fault)

    def put_back(self, job_id: str, fault: Fault) -> None:
        """Mark it `queued` with the fault that stands in its way; a stop hides none before it.

        One that was withdrawn meanwhile stays so.
        """
        before = print_jobs.find(self._database, job_id)
        if before is not None and before.state is JobState.SETTLED:
            return
        if fault is Fault.STOPPED and before is not None:
            fault = before.fault or fault
        self._set(job_id, JobState.QUEUED, fault)

    def learned(self, device: str, *, answers: bool) -> None:
        """Keep whether the device answers."""
        with self._database.write():
            key = answers_key(self.addresses[device])
            device_memory.remember(self._database, device, key, str(int(answers)))

    def for_device(self, job: StoredPrint) -> PrintJob:
        """Return a job with its age; a clock that was put back makes no old pulse a young one."""
        age = abs(self._clock.now() - from_stored(job.created_at))
        kind = JobKind.PULSE if job.kind == DRAWER_KIND else JobKind.PAPER
        body = self._with_logo(job.body) if job.kind in WITH_LOGO else job.body
        return PrintJob(job.id, kind, body, age.total_seconds())

    def _with_logo(self, body: str) -> str:
        """Put the shop's logo at the head of a paper, which is stored without it."""
        logo = pictures.picture(self._database, LOGO)
        if logo is None:
            return body
        try:
            return with_logo(ReceiptDocument.from_json(body), logo).to_json()
        except BadDocument:
            return body

    def _set(
        self, job_id: Id, state: JobState, fault: Fault | None = None, *, attempt: int = 0
    ) -> None:
        at = to_stored(self._clock.now())
        address = self._address_of(job_id) if fault else ""
        with self._database.write():
            print_jobs.set_state(
                self._database, job_id, state, fault=fault, at=at, attempt=attempt, address=address
            )

    def _address_of(self, job_id: Id) -> str:
        job = print_jobs.find(self._database, job_id)
        return self.addresses.get(job.device, "") if job else ""


def answers_key(address: str) -> str:
    """Return the name under which it is kept whether the printer of an address answers."""
    return f"{ANSWERS} {address}"
