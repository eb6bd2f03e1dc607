"""The worker prints each job once, tells faults in time, and stops whatever hangs."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from queue import Empty, Queue

import pytest
from pos_hardware.clock import Clock, SystemClock
from pos_hardware.document import ReceiptDocument, Text
from pos_hardware.faults import Fault
from pos_hardware.print_jobs import JobState, PrintDevice, PrintJob
from pos_hardware.printing import Limits
from pos_hardware.profile import PAPER_80
from pos_hardware.testing.memory import MemoryPrintJobs
from pos_hardware.testing.model import PrinterModel
from pos_hardware.testing.simulator import PrinterSimulator
from pos_hardware.worker import STOP_WITHIN, PrintWorker, WorkerState

from tests.pos_hardware.clocks import Unhurried
from tests.pos_hardware.lines import Answering, FarEnd
from tests.pos_hardware.test_printing import deaf

FRONT = "front"
HEARD_WITHIN = 20.0
"""Seconds that a test waits on the machine's clock, which may be busy."""
FAST = Limits(learn=0.5, silence=1.0, stall=2.5, slowest=50_000)


class Shop:
    """A printer, a table of prints, and a worker in a thread."""

    def __init__(self, printer: PrinterSimulator, folder: Path) -> None:
        self.printer = printer
        self.jobs = MemoryPrintJobs()
        self.folder = folder
        self.states: Queue[tuple[WorkerState, Fault | None, float]] = Queue()
        self.workers: list[PrintWorker] = []
        self.clock = Unhurried()

    def start(
        self,
        *,
        limits: Limits = FAST,
        jobs: MemoryPrintJobs | None = None,
        answers: bool | None = None,
        address: str = "",
        pulse: bytes | None = None,
        clock: Clock | None = None,
    ) -> PrintWorker:
        device = PrintDevice(
            name=FRONT,
            address=address or self.printer.address,
            profile=PAPER_80,
            answers=answers,
            pulse=pulse,
        )
        worker = PrintWorker(
            device,
            jobs or self.jobs,
            lock_file=self.folder / "front.lock",
            on_state=self._hear,
            limits=limits,
            clock=clock or self.clock,
        )
        self.workers.append(worker)
        threading.Thread(target=worker.run, daemon=True).start()
        return worker

    def _hear(self, device: str, state: WorkerState, fault: Fault | None) -> None:
        assert device == FRONT
        self.states.put((state, fault, self.clock.monotonic()))

    def hears(self, state: WorkerState, fault: Fault | None = None) -> float:
        """Wait for a state, over others; return when it was told, on the workers' clock."""
        while True:
            try:
                heard = self.states.get(timeout=HEARD_WITHIN)
            except Empty:
                raise TimeoutError(f"{state} {fault} was not told") from None
            if heard[:2] == (state, fault):
                return heard[2]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with PrinterSimulator() as printer:
        shop = Shop(printer, tmp_path)
        yield shop
        assert all(worker.stop(HEARD_WITHIN) for worker in shop.workers)


def note(text: str) -> ReceiptDocument:
    return ReceiptDocument((Text(text),))


def test_jobs_are_printed_in_order_and_once(shop: Shop) -> None:
    ids = [shop.jobs.add(FRONT, note(f"receipt {number}")) for number in range(5)]
    worker = shop.start()
    for job in ids:
        assert shop.jobs.wait_for(job).history == [
            (JobState.SENDING, None),
            (JobState.PRINTED, None),
        ]
    later = shop.jobs.add(FRONT, note("receipt 5"))
    worker.wake()
    assert shop.jobs.wait_for(later).state is JobState.PRINTED
    assert shop.printer.paper.lines == [f"receipt {number}" for number in range(6)]
    assert shop.jobs.answers == {FRONT: True}


@pytest.mark.parametrize("fault", [Fault.PAPER_OUT, Fault.COVER_OPEN, Fault.OFFLINE])
def test_a_fault_is_told_in_time_and_the_job_resumes_once(shop: Shop, fault: Fault) -> None:
    worker = shop.start()
    shop.hears(WorkerState.IDLE)
    shop.printer.set(fault=fault)
    job = shop.jobs.add(FRONT, note("kept"))
    started = shop.clock.monotonic()
    worker.wake()
    assert shop.hears(WorkerState.FAULT, fault) - started < 2
    shop.jobs.wait_for_fault(job, fault)
    assert shop.jobs.entry(job).state is JobState.QUEUED
    shop.printer.set()
    assert shop.jobs.wait_for(job).state is JobState.PRINTED
    shop.hears(WorkerState.IDLE)
    assert shop.printer.paper.lines == ["kept"]


def test_an_unplugged_printer_prints_when_it_is_back(shop: Shop) -> None:
    shop.printer.unplug()
    job = shop.jobs.add(FRONT, note("kept"))
    worker = shop.start()
    shop.hears(WorkerState.FAULT, Fault.UNREACHABLE)
    shop.printer.plug_in()
    worker.retry()
    assert shop.jobs.wait_for(job).state is JobState.PRINTED
    assert shop.printer.paper.lines == ["kept"]


def test_paper_that_ends_in_the_middle_is_waited_for(shop: Shop) -> None:
    shop.printer.set(paper_left=25)
    job = shop.jobs.add(FRONT, note("a line that does not fit any more"))
    shop.start()
    shop.hears(WorkerState.FAULT, Fault.PAPER_OUT)
    assert shop.jobs.entry(job).state is JobState.SENDING
    shop.printer.set()
    assert shop.jobs.wait_for(job).state is JobState.PRINTED
    assert shop.printer.paper.lines == ["a line that does not fit any more"]


def test_a_drawer_opens_while_a_print_waits_for_paper(shop: Shop) -> None:
    shop.printer.set(paper_left=25)
    shop.jobs.add(FRONT, note("a line that does not fit any more"))
    worker = shop.start()
    shop.hears(WorkerState.FAULT, Fault.PAPER_OUT)
    pulse = shop.jobs.add_pulse(FRONT)
    old = shop.jobs.add_pulse(FRONT, age=60)
    worker.wake()
    assert shop.jobs.wait_for(pulse).state is JobState.SENT
    shop.printer.wait_for(lambda printer: printer.paper.pulses == [2])
    assert shop.jobs.wait_for(old).fault is Fault.TOO_LATE
    shop.printer.set()
    shop.hears(WorkerState.IDLE)
    assert shop.printer.paper.pulses == [2]


def test_a_drawer_goes_before_paper_and_is_not_held_up_by_a_fault(shop: Shop) -> None:
    shop.printer.set(fault=Fault.COVER_OPEN)
    paper = shop.jobs.add(FRONT, note("waits"))
    worker = shop.start()
    shop.jobs.wait_for_fault(paper, Fault.COVER_OPEN)
    pulse = shop.jobs.add_pulse(FRONT)
    worker.wake()
    assert shop.jobs.wait_for(pulse).state is JobState.SENT
    assert shop.jobs.entry(paper).state is JobState.QUEUED
    shop.printer.wait_for(lambda printer: printer.paper.pulses == [2])


def test_drawers_are_claimed_first(shop: Shop) -> None:
    shop.jobs.add(FRONT, note("paper"))
    pulse = shop.jobs.add_pulse(FRONT)
    old = shop.jobs.add_pulse(FRONT, age=11)
    shop.start()
    assert shop.jobs.wait_for(pulse).state is JobState.SENT
    assert shop.jobs.wait_for(old).state is JobState.FAILED
    shop.printer.wait_for(lambda printer: printer.paper.lines == ["paper"])
    assert shop.printer.paper.pulses == [2]


def test_a_pulse_that_cannot_be_sent_fails_and_never_comes_later(shop: Shop) -> None:
    shop.printer.unplug()
    pulse = shop.jobs.add_pulse(FRONT)
    worker = shop.start(pulse=b"\x07")
    entry = shop.jobs.wait_for(pulse)
    assert (entry.state, entry.fault) == (JobState.FAILED, Fault.UNREACHABLE)
    shop.printer.plug_in()
    job = shop.jobs.add(FRONT, note("next"))
    worker.wake()
    shop.jobs.wait_for(job)
    assert shop.printer.paper.pulses == []
    assert shop.printer.paper.unknown == []


def test_what_a_crash_left_sending_is_unknown_and_not_printed(shop: Shop) -> None:
    job = shop.jobs.add(FRONT, note("perhaps"))
    shop.jobs.force(job, JobState.SENDING)
    after = shop.jobs.add(FRONT, note("certain"))
    shop.start()
    assert shop.jobs.wait_for(after).state is JobState.PRINTED
    assert shop.jobs.entry(job).state is JobState.UNKNOWN
    assert shop.printer.paper.lines == ["certain"]


def test_a_print_that_dies_in_the_middle_is_unknown_and_the_next_goes_on(shop: Shop) -> None:
    shop.printer.dies_after = 30
    job = shop.jobs.add(FRONT, note("lost in the middle of the line"))
    after = shop.jobs.add(FRONT, note("next"))
    shop.start()
    assert shop.jobs.wait_for(job).state is JobState.UNKNOWN
    assert shop.jobs.wait_for(after).state is JobState.PRINTED
    assert shop.printer.paper.text.count("next") == 1


def test_the_first_print_of_a_run_waits_for_one_that_may_still_be_inside(shop: Shop) -> None:
    """What the printer owes of an earlier run must not pass for the acknowledgement of this one."""
    model = PrinterModel()
    model.paper_left = 12 + 2
    with FarEnd() as end:
        device = Answering(end, model.receive)
        job = shop.jobs.add(FRONT, note("next"))
        worker = shop.start(address=f"serial://{end.path}", limits=replace(FAST, waiting=0.5))
        entry = shop.jobs.wait_for_fault(job, Fault.PAPER_OUT)
        assert JobState.SENDING not in [state for state, _fault in entry.history]
        assert model.held == b"\x01"
        assert worker.stop()
        device.stop()


def test_a_printer_that_never_answers_ends_sent(shop: Shop) -> None:
    shop.printer.set(answers=False)
    jobs = [shop.jobs.add(FRONT, note(str(number))) for number in range(2)]
    shop.start()
    assert [shop.jobs.wait_for(job).state for job in jobs] == [JobState.SENT, JobState.SENT]
    assert shop.jobs.answers == {FRONT: False}
    shop.printer.wait_for(lambda printer: printer.paper.lines == ["0", "1"])


def test_one_that_took_a_print_and_said_nothing_is_told_until_the_next_print(shop: Shop) -> None:
    shop.printer.set(answers=False)
    worker = shop.start()
    shop.hears(WorkerState.IDLE)
    job = shop.jobs.add(FRONT, note("perhaps"))
    worker.wake()
    assert shop.jobs.wait_for(job).state is JobState.SENT
    shop.hears(WorkerState.FAULT, Fault.SILENT)
    shop.jobs.add(FRONT, note("next"))
    worker.wake()
    state, fault, _at = shop.states.get(timeout=10)
    assert (state, fault) == (WorkerState.PRINTING, None), "and not idle in between"


def test_a_fault_is_told_before_there_is_anything_to_print(shop: Shop) -> None:
    shop.printer.set(fault=Fault.COVER_OPEN)
    shop.start()
    shop.hears(WorkerState.FAULT, Fault.COVER_OPEN)
    shop.printer.set()
    shop.hears(WorkerState.IDLE)
    assert shop.printer.paper.lines == []


def test_a_bad_document_fails_alone(shop: Shop) -> None:
    bad = shop.jobs.add(FRONT, "no document")
    good = shop.jobs.add(FRONT, note("good"))
    shop.start()
    assert shop.jobs.wait_for(bad).fault is Fault.BAD_DOCUMENT
    assert shop.jobs.wait_for(good).state is JobState.PRINTED


def test_a_bad_address_is_told_and_the_job_kept(shop: Shop) -> None:
    job = shop.jobs.add(FRONT, note("kept"))
    shop.start(address="nonsense")
    shop.hears(WorkerState.FAULT, Fault.BAD_ADDRESS)
    assert shop.jobs.entry(job).state is JobState.QUEUED


class FullDisk(MemoryPrintJobs):
    """A table that takes nothing more while its disk is full; it can still be read."""

    def __init__(self) -> None:
        super().__init__()
        self.full = threading.Event()
        self.refused: Queue[str] = Queue()

    def _mark(self, job_id: str, state: JobState, fault: Fault | None) -> None:
        if self.full.is_set():
            self.refused.put(job_id)
            raise OSError("the disk is full")
        super()._mark(job_id, state, fault)


def test_a_full_disk_sends_nothing_and_all_is_tried_again(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    jobs = FullDisk()
    jobs.full.set()
    job = jobs.add(FRONT, note("once"))
    worker = shop.start(jobs=jobs)
    shop.hears(WorkerState.FAULT, Fault.NOT_KEPT)
    for _ in range(3):
        assert jobs.refused.get(timeout=5) == job
        worker.retry()
    assert shop.printer.paper.lines == []
    jobs.full.clear()
    worker.retry()
    assert jobs.wait_for(job).state is JobState.PRINTED
    shop.hears(WorkerState.IDLE)
    assert shop.printer.paper.lines == ["once"]
    told = [record for record in caplog.records if record.name == "pos_hardware.worker"]
    assert [record.getMessage() for record in told if record.levelname == "ERROR"] == [
        "a print worker goes on after an error: the disk is full"
    ]
    assert not [record for record in told if record.exc_info and record.levelname != "INFO"]


def test_what_became_of_a_print_is_owed_to_a_full_disk(shop: Shop) -> None:
    """Neither printed again nor left unknown: the printer has said that it is on paper."""
    jobs = FullDisk()
    shop.printer.set(paper_left=25)
    job = jobs.add(FRONT, note("a line that does not fit any more"))
    worker = shop.start(jobs=jobs)
    shop.hears(WorkerState.FAULT, Fault.PAPER_OUT)
    jobs.full.set()
    pulse = jobs.add_pulse(FRONT)
    worker.wake()
    assert jobs.refused.get(timeout=5) == pulse
    shop.printer.set()
    shop.hears(WorkerState.FAULT, Fault.NOT_KEPT)
    while jobs.refused.get(timeout=5) != job:
        pass
    jobs.full.clear()
    worker.retry()
    assert jobs.wait_for(job).state is JobState.PRINTED
    assert jobs.wait_for(pulse).state is JobState.SENT
    assert shop.printer.paper.lines == ["a line that does not fit any more"]
    assert shop.printer.paper.pulses == [2]


def test_a_disk_without_room_for_the_lock_is_waited_for(shop: Shop) -> None:
    shop.folder = shop.folder / "later"
    shop.folder.write_text("a file where the folder of locks should be")
    shop.jobs.add(FRONT, note("once"), "job")
    shop.start()
    shop.hears(WorkerState.FAULT, Fault.NOT_KEPT)
    shop.folder.unlink()
    shop.folder.mkdir()
    assert shop.jobs.wait_for("job").state is JobState.PRINTED


def test_a_listener_that_fails_does_not_make_a_print_unknown(shop: Shop) -> None:
    def broken(device: str, state: WorkerState, fault: Fault | None) -> None:
        raise RuntimeError("the window is gone")

    shop._hear = broken  # type: ignore[method-assign]
    job = shop.jobs.add(FRONT, note("once"))
    shop.start()
    assert shop.jobs.wait_for(job).state is JobState.PRINTED


def test_a_pulse_that_a_stop_comes_before_waits_for_the_next_start(shop: Shop) -> None:
    """It is judged by its age there; that it failed because of the stop would be no truth."""
    with deaf() as address:
        pulse = shop.jobs.add_pulse(FRONT)
        worker = shop.start(address=address)
        shop.hears(WorkerState.FAULT, Fault.UNREACHABLE)
        assert worker.stop()
    entry = shop.jobs.entry(pulse)
    assert (entry.state, entry.fault) == (JobState.QUEUED, Fault.STOPPED)


class Watched(MemoryPrintJobs):
    """A table that remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Queue[bool] = Queue()

    def next_job(self, device: str, *, pulses_only: bool) -> PrintJob | None:
        self.asked.put(pulses_only)
        return super().next_job(device, pulses_only=pulses_only)


def test_a_wake_does_not_shorten_the_wait_of_paper_after_a_fault(shop: Shop) -> None:
    shop.printer.set(fault=Fault.COVER_OPEN)
    jobs = Watched()
    job = jobs.add(FRONT, note("waits"))
    worker = shop.start(jobs=jobs)
    jobs.wait_for_fault(job, Fault.COVER_OPEN)
    assert jobs.asked.get(timeout=5) is False
    worker.wake()
    assert jobs.asked.get(timeout=5) is True


class IdleClock(SystemClock):
    """Notes whether the event was already set when a wait began."""

    def __init__(self) -> None:
        self.began_set: Queue[bool] = Queue()

    def wait(self, event: threading.Event, seconds: float | None) -> bool:
        self.began_set.put(event.is_set())
        return super().wait(event, seconds)


def test_an_idle_worker_sleeps(shop: Shop) -> None:
    clock = IdleClock()
    worker = shop.start(clock=clock)
    for _ in range(3):
        assert clock.began_set.get(timeout=5) is False
        worker.wake()


def no_paper(shop: Shop) -> None:
    shop.printer.set(paper_left=25)


def no_reading(shop: Shop) -> None:
    shop.printer.reads = False


def unplugged(shop: Shop) -> None:
    shop.printer.unplug()


@pytest.mark.parametrize("trouble", [no_paper, no_reading, unplugged])
def test_a_worker_stops_in_time_whatever_hangs(shop: Shop, trouble: Callable[[Shop], None]) -> None:
    trouble(shop)
    job = shop.jobs.add(FRONT, note("a line that does not fit any more\n" * 200))
    worker = shop.start(limits=Limits(), answers=False if trouble is no_reading else None)
    if trouble is no_reading:
        shop.jobs.wait_for(job, {JobState.SENDING, JobState.SENT})
    else:
        shop.hears(WorkerState.FAULT, Fault.PAPER_OUT if trouble is no_paper else Fault.UNREACHABLE)
    start = shop.clock.monotonic()
    assert worker.stop(HEARD_WITHIN)
    assert shop.clock.monotonic() - start < STOP_WITHIN
    assert shop.jobs.entry(job).state is not JobState.SENDING


def test_a_second_worker_waits_for_the_lock_and_takes_over(shop: Shop) -> None:
    first = shop.start()
    shop.hears(WorkerState.IDLE)
    shop.start()
    shop.hears(WorkerState.WAITING)
    assert first.stop()
    shop.hears(WorkerState.IDLE)
    job = shop.jobs.add(FRONT, note("by the second"))
    shop.workers[1].wake()
    assert shop.jobs.wait_for(job).state is JobState.PRINTED


HOLDER = """
import sys
from filelock import FileLock
with FileLock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_the_lock_holds_against_another_process_and_falls_with_it(shop: Shop) -> None:
    job = shop.jobs.add(FRONT, note("mine"))
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(shop.folder / "front.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        shop.start()
        shop.hears(WorkerState.WAITING)
        assert shop.jobs.entry(job).history == []
        holder.kill()
    assert shop.jobs.wait_for(job).state is JobState.PRINTED


def test_a_worker_that_never_ran_stops_at_once(tmp_path: Path) -> None:
    device = PrintDevice(name=FRONT, address="tcp://127.0.0.1", profile=PAPER_80)
    worker = PrintWorker(
        device, MemoryPrintJobs(), lock_file=tmp_path / "lock", on_state=lambda *_: None
    )
    assert worker.stop(0)


def test_nothing_is_printed_twice_or_lost_under_changing_faults(shop: Shop, torture: bool) -> None:
    """Prints while the printer loses its paper again and again."""
    count = 500 if torture else 40
    ids = [shop.jobs.add(FRONT, note(f"receipt {number:03}")) for number in range(count)]
    shop.printer.set(paper_left=97)
    worker = shop.start(limits=Limits())
    for roll in range(1, count // 6):
        shop.hears(WorkerState.FAULT, Fault.PAPER_OUT)
        shop.printer.set(paper_left=97 + roll)
        worker.retry()
    shop.hears(WorkerState.FAULT, Fault.PAPER_OUT)
    shop.printer.set()
    worker.retry()
    assert {shop.jobs.wait_for(job, seconds=120).state for job in ids} == {JobState.PRINTED}
    assert shop.printer.paper.lines == [f"receipt {number:03}" for number in range(count)]


def test_one_that_is_to_leave_ends_with_the_paper_under_way(shop: Shop) -> None:
    shop.printer.reads = False
    first, second = (shop.jobs.add(FRONT, note(text)) for text in ("first", "second"))
    worker = shop.start()
    shop.hears(WorkerState.PRINTING)
    assert not worker.leave(within=0)
    shop.printer.reads = True
    assert shop.jobs.wait_for(first).state is JobState.PRINTED
    assert worker.leave(HEARD_WITHIN)
    assert shop.jobs.entry(second).state is JobState.QUEUED
    assert shop.printer.paper.lines == ["first"]


def test_one_without_work_leaves_at_once_and_lets_the_next_one_in(shop: Shop) -> None:
    worker = shop.start()
    shop.hears(WorkerState.IDLE)
    assert worker.leave(HEARD_WITHIN)
    job = shop.jobs.add(FRONT, note("of the next one"))
    shop.start()
    assert shop.jobs.wait_for(job).state is JobState.PRINTED
