"""The room where papers are printed: one worker a device, each in a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pos_hardware.document import ReceiptDocument
from pos_hardware.drawer import DrawerPulse, trigger_bytes
from pos_hardware.errors import BadAddress, BadDocument
from pos_hardware.faults import Fault
from pos_hardware.print_jobs import JobKind, JobState, PrintDevice, PrintJob
from pos_hardware.profile import (
    CODE_PAGES,
    CP858,
    PAPER_58,
    PAPER_80,
    CodePage,
    PrinterProfile,
)
from pos_hardware.worker import STOP_WITHIN, OnState, PrintWorker

from pos_desktop import lock_names, settings
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import PosError
from pos_desktop.domain.faults import logged_fault
from pos_desktop.domain.ids import Id
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.paper.print_queue import (
    DRAWER_DEVICE,
    DRAWER_KIND,
    RECEIPT_PRINTER,
    PrintQueue,
)
from pos_desktop.services.paper.receipt_layout import LOGO, WITH_LOGO, with_logo
from pos_desktop.storage import device_memory, pictures, print_jobs
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import from_stored, to_stored
from pos_desktop.storage.print_jobs import StoredPrint

T = TypeVar("T")

ANSWERS = "answers"
_LOOK_EVERY_SECONDS = 1.0
_LOOK_SECONDS = 0.05

logger = logging.getLogger(__name__)


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
        """Mark it `queued` with the fault that stands in its way; a stop hides none before it."""
        if fault is Fault.STOPPED:
            before = print_jobs.find(self._database, job_id)
            fault = (before.fault if before else None) or fault
        self._set(job_id, JobState.QUEUED, fault)

    def learned(self, device: str, *, answers: bool) -> None:
        """Keep whether the device answers."""
        with self._database.write():
            key = _answers_key(self.addresses[device])
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
        with self._database.write():
            print_jobs.set_state(self._database, job_id, state, fault=fault, at=at, attempt=attempt)


class PrintRoom:
    """Runs the workers of the devices that the settings name."""

    def __init__(
        self,
        database: ShopDatabase,
        configuration: Configuration,
        print_queue: PrintQueue,
        clock: Clock,
        locks: Path,
    ) -> None:
        """Take the machine's `clock`, which no replay moves."""
        self._database = database
        self._configuration = configuration
        self._clock = clock
        self.jobs = TablePrintJobs(database, clock)
        self._locks = locks
        self._workers: dict[str, PrintWorker] = {}
        self._threads: list[threading.Thread] = []
        self._faults_before: dict[Id, int] = {}
        print_queue.subscribe(self.wake)

    def start(self, on_state: OnState = lambda _device, _state, _fault: None) -> None:
        """Start a worker for each device; `on_state` hears of them in their threads."""
        devices = self.devices()
        self._faults_before = {
            job.id: job.changed_at
            for device in devices
            for job in print_jobs.waiting(self._database, device.name)
        }
        self.jobs.addresses = {device.name: device.address for device in devices}
        for device in devices:
            worker = PrintWorker(
                device,
                self.jobs,
                lock_file=self._locks / lock_names.device(device.name),
                on_state=on_state,
                on_error=self._log,
                look_every=_LOOK_EVERY_SECONDS,
            )
            thread = threading.Thread(
                target=self._run, args=(worker,), name=f"print-{device.name}", daemon=True
            )
            self._workers[device.name] = worker
            self._threads.append(thread)
            thread.start()

    def _run(self, worker: PrintWorker) -> None:
        try:
            worker.run()
        finally:
            self._database.close()

    def _log(self, error: Exception) -> None:
        """Log under a reference what no device did; a full disk is no bug and has its sentence."""
        if isinstance(error, PosError):
            logger.error("printing waits: %s", error)
        else:
            logged_fault(logger, error, "printing waits")
        logger.info("why printing waits", exc_info=error)

    def wait_until_printed(self, seconds: float) -> bool:
        """Wait until nothing is queued for our devices, or a device has a fault; tell which.

        True when all is printed or with another process that prints for the shop. A fault counts
        that was met in this run: what stood in the way before it is tried anew. That the program
        was closed over a paper is no fault of the device.
        """

        def outcome() -> bool | None:
            waiting = self._waiting(self._workers)
            if not waiting:
                return True
            return False if any(map(self._is_at_fault, waiting)) else None

        return self._wait_for(outcome, seconds) or False

    def wait_for(self, job_id: Id, seconds: float) -> StoredPrint:
        """Return a job as it is when it is over, cannot go on, or the time is up.

        It cannot go on while its device has a fault of this run: then it bears that fault, also
        where it was met by a job before it.
        """

        def outcome() -> StoredPrint | None:
            job = self._find(job_id)
            if job.state not in (JobState.QUEUED, JobState.SENDING):
                return job
            before = [one for one in self._waiting([job.device]) if one.id <= job_id]
            stuck = next(filter(self._is_at_fault, before), None)
            return replace(job, fault=stuck.fault) if stuck else None

        return self._wait_for(outcome, seconds) or self._find(job_id)

    def _find(self, job_id: Id) -> StoredPrint:
        job = print_jobs.find(self._database, job_id)
        assert job is not None, "print jobs are never taken out of the table"
        return job

    def _waiting(self, devices: Iterable[str]) -> list[StoredPrint]:
        return [job for name in devices for job in print_jobs.waiting(self._database, name)]

    def _is_at_fault(self, job: StoredPrint) -> bool:
        met_now = self._faults_before.get(job.id) != job.changed_at
        return met_now and job.fault not in (None, Fault.STOPPED)

    def _wait_for(self, outcome: Callable[[], T | None], seconds: float) -> T | None:
        """Return what `outcome` returns that is not None, or None when the time is up."""
        limit = self._clock.monotonic() + seconds
        while (found := outcome()) is None and self._clock.monotonic() < limit:
            self._clock.sleep(_LOOK_SECONDS)
        return found

    def wake(self) -> None:
        """Say that new papers were committed."""
        for worker in self._workers.values():
            worker.wake()

    def retry(self) -> None:
        """Try again at once, after somebody has mended a fault."""
        for worker in self._workers.values():
            worker.retry()

    def tell_to_stop(self) -> None:
        """Let all workers come to their end; nobody waits for them yet."""
        for worker in self._workers.values():
            worker.stop(within=0)

    def stop(self, within: float = STOP_WITHIN) -> bool:
        """Stop all workers within so many seconds together; tell whether all have ended."""
        workers = list(self._workers.values())
        limit = self._clock.monotonic() + within
        self.tell_to_stop()
        ended = [worker.stop(max(0.0, limit - self._clock.monotonic())) for worker in workers]
        self._workers.clear()
        self._threads.clear()
        return all(ended)

    def devices(self) -> list[PrintDevice]:
        """Return the devices that the settings name."""
        get = self._configuration.get
        found = []
        if address := get(settings.PRINTER_ADDRESS):
            found.append(self._device(RECEIPT_PRINTER, address, None))
        if address := get(settings.DRAWER_ADDRESS):
            found.append(self._device(DRAWER_DEVICE, address, self._trigger()))
        return found

    def _device(self, name: str, address: str, pulse: bytes | None) -> PrintDevice:
        answers = device_memory.recall(self._database, name, _answers_key(address))
        return PrintDevice(
            name=name,
            address=address,
            profile=self._profile(),
            answers=None if answers is None else answers == "1",
            pulse=pulse,
        )

    def _trigger(self) -> bytes:
        try:
            return trigger_bytes(self._configuration.get(settings.DRAWER_TRIGGER))
        except BadAddress:
            return trigger_bytes(settings.DRAWER_TRIGGER.default)

    def _profile(self) -> PrinterProfile:
        get = self._configuration.get
        base = {58: PAPER_58, 80: PAPER_80}[get(settings.PRINTER_PAPER_MM)]
        pulse = DrawerPulse(pin=get(settings.DRAWER_PIN), on_ms=get(settings.DRAWER_PULSE_MS))
        return PrinterProfile(
            columns=base.columns,
            dots=base.dots,
            paper_mm=base.paper_mm,
            cutter=base.cutter,
            code_page=_code_page(get(settings.PRINTER_CODE_PAGE)),
            pulse=pulse,
        )


def _answers_key(address: str) -> str:
    return f"{ANSWERS} {address}"


def _code_page(number: int) -> CodePage:
    return CodePage(CODE_PAGES[number], number) if number in CODE_PAGES else CP858
