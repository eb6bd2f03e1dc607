"""The worker of one device: takes jobs from the table and prints them, in a thread of its own.

A plain object: `run()` blocks in whatever thread calls it. One process holds the device's lock
and prints for all; the worker of another waits for the lock.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from filelock import FileLock, Timeout

from pos_hardware.clock import Clock, Deadline, SystemClock
from pos_hardware.document import ReceiptDocument
from pos_hardware.errors import BadAddress, BadDocument, DeviceError
from pos_hardware.faults import Fault
from pos_hardware.fonts import Fonts
from pos_hardware.print_jobs import JobKind, JobState, PrintDevice, PrintJob, PrintJobs
from pos_hardware.printing import Hooks, Limits, Outcome, Result, ask_once, print_once, pulse_once
from pos_hardware.transports.addresses import TransportFactory, parse_address
from pos_hardware.transports.base import Transport

FIRST_RETRY = 0.5
LONGEST_RETRY = 10.0
LOCK_EVERY = 1.0
"""Seconds between two tries for a lock that another process holds."""
OLDEST_PULSE = 10.0
"""Seconds after which a drawer pulse is no longer wanted."""
STOP_WITHIN = 2.0

logger = logging.getLogger(__name__)


class WorkerState(StrEnum):
    """What a worker is doing, for the status bar."""

    WAITING = "waiting"
    """Another process prints for this device."""
    IDLE = "idle"
    PRINTING = "printing"
    FAULT = "fault"
    """Something is wrong, see the fault; the work is kept."""
    STOPPED = "stopped"


OnState = Callable[[str, WorkerState, Fault | None], None]
"""Called in the worker's thread with the device's name, its state, and what is wrong."""

OnError = Callable[[Exception], None]
"""Called in the worker's thread with what no device did: a full disk, or a bug."""

_STATES = {
    Outcome.PRINTED: JobState.PRINTED,
    Outcome.SENT: JobState.SENT,
    Outcome.UNKNOWN: JobState.UNKNOWN,
}


def _log(error: Exception) -> None:
    logger.error("a print worker goes on after an error: %s", error)
    logger.info("the error of the print worker", exc_info=error)


class PrintWorker:
    """Prints the jobs of one device until it is stopped.

    What becomes of a job is remembered until the table has taken it: a full disk neither loses
    nor doubles a print. Meanwhile one state tells of it, and `on_error` hears of it once.
    """

    def __init__(
        self,
        device: PrintDevice,
        jobs: PrintJobs,
        *,
        lock_file: Path,
        on_state: OnState,
        on_error: OnError = _log,
        clock: Clock | None = None,
        limits: Limits | None = None,
        fonts: Fonts | None = None,
        look_every: float | None = None,
        make_transport: TransportFactory | None = None,
    ) -> None:
        """Take what the worker needs.

        `look_every`: seconds after which it looks for jobs of other processes unasked (None: it
        waits for `wake()`). `make_transport` replaces what the device's address says.
        """
        self._device = device
        self._answers = device.answers
        self._after_unknown = True
        self._jobs = jobs
        self._lock = FileLock(lock_file, mode=0o660, thread_local=False)
        self._on_state = on_state
        self._on_error = on_error
        self._clock = clock or SystemClock()
        self._limits = limits or Limits()
        self._fonts = fonts or Fonts()
        self._look_every = look_every
        self._make_transport = make_transport
        self._stop = threading.Event()
        self._leaving = threading.Event()
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._ended.set()
        self._failures = 0
        self._is_well = False
        self._is_silent = False
        self._retry_at = self._clock.monotonic()
        self._owed: deque[Callable[[], None]] = deque()
        self._told_error = ""
        self._state: tuple[WorkerState, Fault | None] | None = None

    def run(self) -> None:
        """Print until `stop()`; returns in the thread that called it."""
        self._ended.clear()
        try:
            if self._wait_for_lock():
                try:
                    self._serve()
                finally:
                    self._lock.release()
        finally:
            self._show(WorkerState.STOPPED)
            self._ended.set()

    def wake(self) -> None:
        """Say that new work was committed; from any thread."""
        self._wake.set()

    def retry(self) -> None:
        """Try again at once after a fault, and ask a device that was well; from any thread."""
        self._retry_at = self._clock.monotonic()
        self._is_well = False
        self._wake.set()

    def leave(self, within: float) -> bool:
        """End `run()` once the job under way is over; tell whether it has ended in time."""
        self._leaving.set()
        self._wake.set()
        return self._ended.wait(within)

    def stop(self, within: float = STOP_WITHIN) -> bool:
        """End `run()`, from another thread; tell whether it has ended in time."""
        self._stop.set()
        self._wake.set()
        return self._ended.wait(within)

    @property
    def _is_to_end(self) -> bool:
        return self._stop.is_set() or self._leaving.is_set()

    def _wait_for_lock(self) -> bool:
        while not self._is_to_end:
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                self._show(WorkerState.WAITING)
            except OSError as error:
                self._tell(error)
            else:
                return True
            self._clock.wait(self._stop, LOCK_EVERY)
        return False

    def _serve(self) -> None:
        recovered = False
        while not self._is_to_end:
            self._wake.clear()
            try:
                self._pay()
                if not recovered:
                    self._jobs.recover(self._device.name)
                    recovered = True
                worked = self._turn()
            except Exception as error:  # noqa: BLE001 - whatever it is, the next job is tried
                recovered = False
                worked = False
                self._back_off()
                self._tell(error)
            if not worked and not self._is_to_end:
                self._clock.wait(self._wake, self._pause())

    def _turn(self) -> bool:
        """Do one job, if there is one that may be tried now."""
        backing_off = self._clock.monotonic() < self._retry_at
        job = self._jobs.next_job(self._device.name, pulses_only=backing_off)
        if job is None:
            if not backing_off:
                self._look()
            return False
        if job.kind is JobKind.PULSE:
            self._kick(job)
        else:
            self._print(job)
        return True

    def _look(self) -> None:
        """Find out how the device is while there is nothing to print.

        At the start, so that a fault is told before a customer waits, and after one until it is
        over. Once it is well it is left alone until the next print. One that took a print and said
        nothing stays told: only a person can see whether it came out.
        """
        if self._is_silent:
            return
        if self._told_error or self._device.pulse is not None or self._is_well:
            fault = None
        else:
            fault = self._ask()
        if fault is None:
            self._is_well = True
            self._begin_anew()
            self._show(WorkerState.IDLE)
        elif fault is not Fault.STOPPED:
            self._back_off()
            self._show(WorkerState.FAULT, fault)

    def _ask(self) -> Fault | None:
        try:
            transport = self._transport()
        except BadAddress:
            return Fault.BAD_ADDRESS
        if not transport.can_answer:
            return None
        status = ask_once(transport, clock=self._clock, stop=self._stop, limits=self._limits)
        return status.fault

    def _pause(self) -> float | None:
        until_retry = self._retry_at - self._clock.monotonic() if self._failures else None
        waits = [wait for wait in (until_retry, self._look_every) if wait is not None]
        return max(0.0, min(waits)) if waits else None

    def _print(self, job: PrintJob) -> None:
        from pos_hardware.rendering import render_escpos

        try:
            document = ReceiptDocument.from_json(job.content)
            data = render_escpos(document, self._device.profile, self._fonts)
        except BadDocument as error:
            logger.info("why a document cannot be printed", exc_info=error)
            logger.error("a document cannot be printed on %s", self._device.name)
            self._finish(job, JobState.FAILED, Fault.BAD_DOCUMENT)
            return
        if not self._failures:
            self._show(WorkerState.PRINTING)
        self._conclude(job, self._send(job, data))

    def _send(self, job: PrintJob, data: bytes) -> Result:
        try:
            transport = self._transport()
        except BadAddress:
            return Result(Outcome.NOT_SENT, Fault.BAD_ADDRESS, self._answers)
        hooks = Hooks(
            fault=self._hear,
            sending=lambda: self._jobs.sending(job.id),
            meanwhile=self._kick_meanwhile,
        )
        self._look_at = self._clock.monotonic()
        return print_once(
            transport,
            data,
            clock=self._clock,
            answers=self._answers,
            after_unknown=self._after_unknown,
            stop=self._stop,
            limits=self._limits,
            hooks=hooks,
        )

    def _conclude(self, job: PrintJob, result: Result) -> None:
        learned = result.answers is not None and result.answers is not self._answers
        self._answers = result.answers
        if result.outcome is Outcome.NOT_SENT:
            fault = result.fault or Fault.UNREACHABLE
            self._put_back(job, fault)
            self._back_off()
            if fault is not Fault.STOPPED:
                self._show(WorkerState.FAULT, fault)
        else:
            self._after_unknown = result.outcome is Outcome.UNKNOWN
            self._is_silent = result.outcome is Outcome.SENT and result.fault is Fault.SILENT
            self._is_well = result.fault is None
            self._finish(job, _STATES[result.outcome], result.fault)
            self._begin_anew()
            self._show(WorkerState.FAULT if result.fault else WorkerState.IDLE, result.fault)
        if learned:
            self._jobs.learned(self._device.name, answers=bool(result.answers))

    def _begin_anew(self) -> None:
        self._failures = 0
        self._told_error = ""
        self._retry_at = self._clock.monotonic()

    def _finish(self, job: PrintJob, state: JobState, fault: Fault | None) -> None:
        self._owed.append(lambda: self._jobs.finish(job.id, state, fault))
        self._pay()

    def _put_back(self, job: PrintJob, fault: Fault) -> None:
        self._owed.append(lambda: self._jobs.put_back(job.id, fault))
        self._pay()

    def _pay(self) -> None:
        """Write down what became of jobs, in order; what the table refuses stays owed."""
        while self._owed:
            self._owed[0]()
            self._owed.popleft()

    def _tell(self, error: Exception) -> None:
        """Tell of an error that no device made; of the same one once, until all is well again."""
        if self._told_error != repr(error):
            self._told_error = repr(error)
            self._on_error(error)
        self._show(WorkerState.FAULT, Fault.NOT_KEPT)

    def _kick(self, job: PrintJob) -> None:
        if self._is_too_late(job):
            return
        try:
            transport = self._transport()
        except BadAddress:
            result = Result(Outcome.NOT_SENT, Fault.BAD_ADDRESS)
        else:
            result = pulse_once(
                transport,
                self._pulse(None),
                clock=self._clock,
                offline=None
                if self._device.pulse
                else self._device.profile.pulse.real_time_command(),
                answers=self._answers,
                stop=self._stop,
                limits=self._limits,
                hooks=Hooks(fault=self._hear, sending=lambda: self._jobs.sending(job.id)),
            )
        if result.fault is Fault.STOPPED:
            self._put_back(job, Fault.STOPPED)
            return
        self._finish(job, _STATES.get(result.outcome, JobState.FAILED), result.fault)
        if result.fault is not None:
            self._show(WorkerState.FAULT, result.fault)

    def _kick_meanwhile(self, transport: Transport, fault: Fault | None) -> None:
        """Send waiting pulses on the connection of a print that waits inside the printer.

        A table that fails meanwhile must not make the print an unknown one.
        """
        if not self._wake.is_set() and not self._is_time_to_look():
            return
        self._wake.clear()
        try:
            while job := self._jobs.next_job(self._device.name, pulses_only=True):
                if not self._is_too_late(job):
                    self._jobs.sending(job.id)
                    self._pulse_on(transport, job, fault)
        except DeviceError:
            raise
        except Exception as error:  # noqa: BLE001 - see above
            self._tell(error)

    def _pulse_on(self, transport: Transport, job: PrintJob, fault: Fault | None) -> None:
        rest, deadline = self._pulse(fault), Deadline(self._clock, 1.0, self._stop)
        try:
            while rest and deadline.left():
                rest = rest[transport.write(rest, deadline) :]
        except DeviceError:
            self._finish(job, JobState.UNKNOWN, Fault.LOST)
            raise
        state = JobState.UNKNOWN if rest else JobState.SENT
        self._finish(job, state, Fault.SILENT if rest else None)

    def _is_time_to_look(self) -> bool:
        now = self._clock.monotonic()
        if self._look_every is None or now < self._look_at + self._look_every:
            return False
        self._look_at = now
        return True

    def _is_too_late(self, job: PrintJob) -> bool:
        """Give an old pulse up: a drawer that opens by itself later is an invitation."""
        if job.age <= OLDEST_PULSE:
            return False
        self._finish(job, JobState.FAILED, Fault.TOO_LATE)
        return True

    def _pulse(self, fault: Fault | None) -> bytes:
        """Return the pulse; a printer that waits for paper obeys only the real-time one."""
        if self._device.pulse is not None:
            return self._device.pulse
        pulse = self._device.profile.pulse
        return pulse.real_time_command() if fault is not None else pulse.command()

    def _transport(self) -> Transport:
        make = self._make_transport or parse_address(self._device.address)
        return make()

    def _back_off(self) -> None:
        wait = min(LONGEST_RETRY, FIRST_RETRY * 2 ** min(self._failures, 10))
        self._failures += 1
        self._is_well = False
        self._retry_at = self._clock.monotonic() + wait

    def _hear(self, fault: Fault | None) -> None:
        self._show(WorkerState.FAULT if fault else WorkerState.PRINTING, fault)

    def _show(self, state: WorkerState, fault: Fault | None = None) -> None:
        if (state, fault) != self._state:
            self._state = (state, fault)
            try:
                self._on_state(self._device.name, state, fault)
            except Exception as error:  # noqa: BLE001 - a print goes on whoever listens
                logger.warning("nobody took the state of %s: %s", self._device.name, error)
