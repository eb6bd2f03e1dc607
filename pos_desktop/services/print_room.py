"""The room where papers are printed: one worker a device, each in a thread of its own."""

from __future__ import annotations

import threading
from pathlib import Path

from pos_hardware import print_jobs as device_jobs
from pos_hardware.drawer import DrawerPulse, trigger_bytes
from pos_hardware.errors import BadAddress
from pos_hardware.faults import Fault
from pos_hardware.print_jobs import JobKind, JobState, PrintDevice
from pos_hardware.profile import (
    CODE_PAGES,
    CP858,
    PAPER_58,
    PAPER_80,
    CodePage,
    PrinterProfile,
)
from pos_hardware.worker import STOP_WITHIN, OnState, PrintWorker

from pos_desktop import settings
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.printing import (
    DRAWER_KIND,
    RECEIPT_PRINTER,
    SERIAL_DRAWER,
    PrintQueue,
)
from pos_desktop.storage import device_memory, print_jobs
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import from_stored, to_stored
from pos_desktop.storage.print_jobs import PrintJob

ANSWERS = "answers"
_LOOK_EVERY_SECONDS = 1.0
_LOOK_SECONDS = 0.05


class TablePrintJobs:
    """The shop's table of prints as a print worker asks for it."""

    def __init__(self, database: ShopDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def recover(self, device: str) -> None:
        """Make what a crash left `sending` `unknown`: a person decides whether it is printed."""
        for job in print_jobs.waiting(self._database, device):
            if job.state == print_jobs.SENDING:
                self._set(job.id, print_jobs.UNKNOWN)

    def claim(self, device: str, *, drawers_only: bool) -> device_jobs.PrintJob | None:
        """Return the next queued job, drawers first, then by age."""
        job = print_jobs.next_queued(
            self._database, device, first_kind=DRAWER_KIND, only_first=drawers_only
        )
        return self._for_device(job) if job else None

    def sending(self, job_id: str) -> None:
        """Mark it `sending`: bytes are about to leave."""
        self._set(job_id, print_jobs.SENDING, attempt=1)

    def finish(self, job_id: str, state: JobState, fault: Fault | None) -> None:
        """Mark it printed, sent, unknown or failed."""
        self._set(job_id, state.value, fault)

    def put_back(self, job_id: str, fault: Fault) -> None:
        """Mark it `queued` with the fault that stands in its way."""
        self._set(job_id, print_jobs.QUEUED, fault)

    def learned(self, device: str, *, answers: bool) -> None:
        """Keep whether the device answers."""
        with self._database.write():
            device_memory.remember(self._database, device, ANSWERS, str(int(answers)))

    def _for_device(self, job: PrintJob) -> device_jobs.PrintJob:
        age = self._clock.now() - from_stored(job.created_at)
        kind = JobKind.DRAWER if job.kind == DRAWER_KIND else JobKind.PAPER
        return device_jobs.PrintJob(job.id, kind, job.body, age.total_seconds())

    def _set(
        self, job_id: str, state: str, fault: Fault | None = None, *, attempt: int = 0
    ) -> None:
        at = to_stored(self._clock.now())
        with self._database.write():
            print_jobs.set_state(
                self._database, job_id, state, fault=fault or "", at=at, attempt=attempt
            )


class PrintRoom:
    """Runs the workers of the devices that the settings name."""

    def __init__(
        self,
        database: ShopDatabase,
        configuration: Configuration,
        queue: PrintQueue,
        clock: Clock,
        locks: Path,
    ) -> None:
        self._database = database
        self._configuration = configuration
        self._clock = clock
        self._jobs = TablePrintJobs(database, clock)
        self._locks = locks
        self._workers: dict[str, PrintWorker] = {}
        self._threads: list[threading.Thread] = []
        queue.subscribe(self.wake)

    def start(self, on_state: OnState = lambda _device, _state, _fault: None) -> None:
        """Start a worker for each device; `on_state` hears of them in their threads."""
        for device in self.devices():
            worker = PrintWorker(
                device,
                self._jobs,
                lock_file=self._locks / f"device-{device.name}",
                on_state=on_state,
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

    def wait_until_printed(self, seconds: float) -> bool:
        """Wait until nothing is queued for our devices, or a device has a fault; tell which.

        True when all is printed or with another process that prints for the shop. That the
        program before was closed over a paper is no fault of the device.
        """
        limit = self._clock.monotonic() + seconds
        while self._clock.monotonic() < limit:
            waiting = [
                job
                for device in self._workers
                for job in print_jobs.waiting(self._database, device)
            ]
            if not waiting:
                return True
            if any(job.fault not in ("", Fault.STOPPED) for job in waiting):
                return False
            self._clock.sleep(_LOOK_SECONDS)
        return False

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
            found.append(self._device(SERIAL_DRAWER, address, self._trigger()))
        return found

    def _device(self, name: str, address: str, pulse: bytes | None) -> PrintDevice:
        answers = device_memory.recall(self._database, name, ANSWERS)
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


def _code_page(number: int) -> CodePage:
    return CodePage(CODE_PAGES[number], number) if number in CODE_PAGES else CP858


def fault_sentence(fault: Fault) -> str:
    """Return what is wrong with a device and what to do next."""
    return {
        Fault.PAPER_OUT: _("The printer has no paper: put a new roll in; it goes on by itself."),
        Fault.COVER_OPEN: _("The printer's lid is open: close it; it goes on by itself."),
        Fault.OFFLINE: _("The printer is switched off line: press its feed or online button."),
        Fault.BROKEN: _("The printer reports a fault: switch it off and on, look for stuck paper."),
        Fault.UNREACHABLE: _("The printer does not answer: check power, cable and address."),
        Fault.BUSY: _("Another program holds the printer: close it."),
        Fault.REFUSED: _("This login may not use the printer: ask your technician for the right."),
        Fault.SILENT: _("The printer takes nothing: switch it off and on."),
        Fault.LOST: _("The connection to the printer broke off: check the cable, then the paper."),
        Fault.BAD_ADDRESS: _("The printer's address is wrong: correct it in the settings."),
        Fault.NOT_A_PRINTER: _("Something else answers at the printer's address: correct it."),
        Fault.BAD_DOCUMENT: _("A paper could not be printed; the others go on."),
        Fault.TOO_LATE: _("The drawer was not opened: it waited too long. Open it with its key."),
        Fault.STOPPED: _("The program is closing; what waits is printed at the next start."),
    }[fault]
