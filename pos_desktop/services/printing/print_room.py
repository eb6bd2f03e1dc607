"""The room where papers are printed: one worker a device, each in a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pos_hardware.drawer import DrawerPulse, trigger_bytes
from pos_hardware.errors import BadAddress
from pos_hardware.faults import Fault
from pos_hardware.print_jobs import JobState, PrintDevice
from pos_hardware.profile import (
    CODE_PAGES,
    CP858,
    PAPER_58,
    PAPER_80,
    CodePage,
    PrinterProfile,
)
from pos_hardware.worker import STOP_WITHIN, OnState, PrintWorker, WorkerState

from pos_desktop import lock_names, settings
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import PosError
from pos_desktop.domain.faults import logged_fault
from pos_desktop.domain.ids import Id
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.paper.print_queue import (
    DRAWER_DEVICE,
    RECEIPT_PRINTER,
    PrintQueue,
)
from pos_desktop.services.printing.table_print_jobs import TablePrintJobs, answers_key
from pos_desktop.storage import device_memory, print_jobs
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.print_jobs import StoredPrint

T = TypeVar("T")

_LOOK_EVERY_SECONDS = 1.0
_LOOK_SECONDS = 0.05
_FINISH_SECONDS = 5.0
"""How long the paper under way may still come out of a device that is another one now."""

logger = logging.getLogger(__name__)


def _tell_nobody(_device: str, _state: WorkerState, _fault: Fault | None) -> None:
    return None


@dataclass(frozen=True, slots=True)
class DeviceState:
    """What a worker does, and what is wrong with its device."""

    state: WorkerState
    fault: Fault | None = None


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
        self._turns = threading.RLock()
        """Of who starts workers and lets them go."""
        self._on_state: OnState = _tell_nobody
        self._follows = False
        """Whether another device of the settings gets a worker: from the start to the end."""
        self._workers: dict[str, PrintWorker] = {}
        self._devices: dict[str, PrintDevice] = {}
        """What each worker was made for."""
        self._left: dict[str, list[PrintWorker]] = {}
        """Those whose device is another now; each ends with its paper."""
        self._states: dict[str, DeviceState] = {}
        self._faults_before: dict[Id, int] = {}
        print_queue.subscribe(self.wake)
        configuration.subscribe(self._settings_changed)

    def start(self, on_state: OnState = _tell_nobody) -> None:
        """Start a worker for each device; `on_state` hears of them in their threads.

        From now on the room follows the settings: what waits for a device is printed on the one
        that they name, as soon as the last one is done with the paper under way.
        """
        with self._turns:
            self._on_state, self._follows = on_state, True
            self._faults_before = {}
            for device in self.devices():
                self._forgive(device.name)
                self._begin(device)

    def _settings_changed(self, _keys: frozenset[str]) -> None:
        """Print on the devices that the settings name now; returns at once."""
        with self._turns:
            if not self._follows:
                return
            wanted = {device.name: device for device in self.devices()}
            for name in {*self._devices, *wanted}:
                if not _is_same(self._devices.get(name), wanted.get(name)):
                    self._let_go(name)
                    if name in wanted:
                        self._begin(wanted[name])
                    else:
                        self._on_state(name, WorkerState.STOPPED, None)

    def _begin(self, device: PrintDevice) -> None:
        def tell(name: str, state: WorkerState, fault: Fault | None) -> None:
            if self._workers.get(name) is worker:
                self._states[name] = DeviceState(state, fault)
                self._on_state(name, state, fault)

        worker = PrintWorker(
            device,
            self.jobs,
            lock_file=self._locks / lock_names.device(device.name),
            on_state=tell,
            on_error=self._log,
            look_every=_LOOK_EVERY_SECONDS,
        )
        before = self._left.get(device.name, [])
        self._workers[device.name], self._devices[device.name] = worker, device
        name, what = f"print-{device.name}", (worker, device, tuple(before))
        threading.Thread(target=self._run, args=what, name=name, daemon=True).start()

    def _let_go(self, name: str) -> None:
        """Let the worker of a device come to its end, the paper under way first.

        One that is at no paper, or whose paper waits for a person, ends at once.
        """
        self._devices.pop(name, None)
        state = self._states.pop(name, None)
        worker = self._workers.pop(name, None)
        if worker is None:
            return
        if state is not None and state.state is WorkerState.PRINTING:
            worker.leave(within=0)
        else:
            worker.stop(within=0)
        still_there = [one for one in self._left.get(name, ()) if not one.leave(within=0)]
        self._left[name] = [*still_there, worker]

    def _run(
        self, worker: PrintWorker, device: PrintDevice, before: tuple[PrintWorker, ...]
    ) -> None:
        try:
            for one in before:
                one.leave(_FINISH_SECONDS)
                while not one.stop():
                    pass
            if before:
                self._forgive(device.name)
            self.jobs.addresses[device.name] = device.address
            worker.run()
        finally:
            self._database.close()

    def _forgive(self, name: str) -> None:
        """Take what stands in the way of a device's jobs now for what was so before this run."""
        for job in print_jobs.waiting(self._database, name):
            self._faults_before[job.id] = job.changed_at

    def state(self, name: str) -> DeviceState | None:
        """Return how a device of the settings is, from any thread; None where nobody has told."""
        return self._states.get(name)

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
        return self._wait_for(lambda: self.outcome(job_id), seconds) or self._find(job_id)

    def outcome(self, job_id: Id) -> StoredPrint | None:
        """Return a job that is over, or cannot go on as `wait_for` says; None while it goes on."""
        job = self._find(job_id)
        if job.state not in (JobState.QUEUED, JobState.SENDING):
            return job
        before = [one for one in self._waiting([job.device]) if one.id <= job_id]
        stuck = next(filter(self._is_at_fault, before), None)
        return replace(job, fault=stuck.fault) if stuck else None

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
        for worker in [*self._workers.values()]:
            worker.wake()

    def retry(self) -> None:
        """Try again at once, after somebody has mended a fault, and ask devices how they are."""
        for worker in [*self._workers.values()]:
            worker.retry()

    def tell_to_stop(self) -> None:
        """Let all workers come to their end; nobody waits for them yet."""
        with self._turns:
            self._follows = False
            for worker in self._all_workers():
                worker.stop(within=0)

    def stop(self, within: float = STOP_WITHIN) -> bool:
        """Stop all workers within so many seconds together; tell whether all have ended."""
        limit = self._clock.monotonic() + within
        self.tell_to_stop()
        workers = self._all_workers()
        ended = [worker.stop(max(0.0, limit - self._clock.monotonic())) for worker in workers]
        with self._turns:
            for kept in (self._workers, self._devices, self._left, self._states):
                kept.clear()
        return all(ended)

    def _all_workers(self) -> list[PrintWorker]:
        return [*self._workers.values(), *(one for left in self._left.values() for one in left)]

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
        answers = device_memory.recall(self._database, name, answers_key(address))
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


def _is_same(one: PrintDevice | None, other: PrintDevice | None) -> bool:
    """Tell whether both are one device, set alike; what is learned of it may differ."""
    if one is None or other is None:
        return one is other
    return replace(one, answers=None) == replace(other, answers=None)


def _code_page(number: int) -> CodePage:
    return CodePage(CODE_PAGES[number], number) if number in CODE_PAGES else CP858
