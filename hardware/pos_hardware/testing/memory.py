"""A table of prints that lives in memory."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass, field

from pos_hardware.document import ReceiptDocument
from pos_hardware.faults import Fault
from pos_hardware.print_jobs import JobKind, JobState, PrintJob

_ENDED = {JobState.PRINTED, JobState.SENT, JobState.UNKNOWN, JobState.FAILED}


@dataclass
class Entry:
    """A job with what happened to it."""

    job: PrintJob
    device: str
    state: JobState = JobState.QUEUED
    fault: Fault | None = None
    history: list[tuple[JobState, Fault | None]] = field(default_factory=list)


class MemoryPrintJobs:
    """Jobs in memory; tests wait for what becomes of them."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._changed = threading.Condition()
        self.answers: dict[str, bool] = {}

    def add(self, device: str, document: ReceiptDocument | str, job_id: str = "") -> str:
        """Queue a document, or a content as it would stand in the table; return its id."""
        content = document if isinstance(document, str) else document.to_json()
        return self._add(device, JobKind.PAPER, content, job_id, 0.0)

    def add_pulse(self, device: str, job_id: str = "", age: float = 0.0) -> str:
        """Queue a drawer's pulse; return its id."""
        return self._add(device, JobKind.PULSE, "", job_id, age)

    def entry(self, job_id: str) -> Entry:
        """Return a job with its state."""
        with self._changed:
            return self._entries[job_id]

    def wait_for(
        self, job_id: str, states: Collection[JobState] = frozenset(_ENDED), seconds: float = 10
    ) -> Entry:
        """Return the job when it is in one of the states; `TimeoutError` if it does not come."""
        entry = self.entry(job_id)
        with self._changed:
            if not self._changed.wait_for(lambda: entry.state in states, seconds):
                raise TimeoutError(f"{job_id} is {entry.state}")
        return entry

    def wait_for_fault(self, job_id: str, fault: Fault, seconds: float = 10) -> Entry:
        """Return the job when it was put back with this fault."""
        entry = self.entry(job_id)
        with self._changed:
            if not self._changed.wait_for(lambda: entry.fault is fault, seconds):
                raise TimeoutError(f"{job_id} has {entry.fault}")
        return entry

    def force(self, job_id: str, state: JobState) -> None:
        """Put a job into a state, as a crash would leave it."""
        self._mark(job_id, state, None)

    def recover(self, device: str) -> None:
        """Make what is `sending` `unknown`."""
        for entry in list(self._entries.values()):
            if entry.device == device and entry.state is JobState.SENDING:
                self._mark(entry.job.id, JobState.UNKNOWN, None)

    def next_job(self, device: str, *, pulses_only: bool) -> PrintJob | None:
        """Return the next queued job, pulses first."""
        with self._changed:
            queued = [
                entry.job
                for entry in self._entries.values()
                if entry.device == device and entry.state is JobState.QUEUED
            ]
        pulses = [job for job in queued if job.kind is JobKind.PULSE]
        return next(iter(pulses if pulses_only else pulses + queued), None)

    def sending(self, job_id: str) -> None:
        """Mark a job `sending`."""
        self._mark(job_id, JobState.SENDING, None)

    def finish(self, job_id: str, state: JobState, fault: Fault | None) -> None:
        """Mark what became of a job."""
        self._mark(job_id, state, fault)

    def put_back(self, job_id: str, fault: Fault) -> None:
        """Mark a job `queued` again."""
        self._mark(job_id, JobState.QUEUED, fault)

    def learned(self, device: str, *, answers: bool) -> None:
        """Keep whether a device answers."""
        self.answers[device] = answers

    def _add(self, device: str, kind: JobKind, content: str, job_id: str, age: float) -> str:
        with self._changed:
            name = job_id or f"job-{len(self._entries) + 1}"
            self._entries[name] = Entry(PrintJob(name, kind, content, age), device)
        return name

    def _mark(self, job_id: str, state: JobState, fault: Fault | None) -> None:
        with self._changed:
            entry = self._entries[job_id]
            entry.state, entry.fault = state, fault
            entry.history.append((state, fault))
            self._changed.notify_all()
