"""Prints over real sockets against a printer that fails in every way."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from queue import Queue

import pytest
from pos_hardware.clock import Deadline, SystemClock
from pos_hardware.document import ReceiptDocument, Text
from pos_hardware.errors import Lost
from pos_hardware.faults import Fault
from pos_hardware.printing import (
    Hooks,
    Limits,
    Outcome,
    Result,
    ask_once,
    print_once,
    pulse_once,
)
from pos_hardware.profile import PAPER_80
from pos_hardware.rendering import render_escpos
from pos_hardware.status import PrinterStatus
from pos_hardware.testing.simulator import PrinterSimulator
from pos_hardware.transports.addresses import parse_address
from pos_hardware.transports.base import StreamTransport

from tests.pos_hardware.clocks import FAR, Unhurried
from tests.pos_hardware.receipts import receipt

TOLD_WITHIN = 2.0
"""Seconds on the clock of a print."""
HEARD_WITHIN = 30.0
"""Seconds that a test waits on the machine's clock, which may be busy."""
FAST = Limits(learn=0.5, silence=1.0, stall=2.5, waiting=5.0, slowest=50_000)


@pytest.fixture
def printer() -> Iterator[PrinterSimulator]:
    with PrinterSimulator() as simulator:
        yield simulator


class Attempt:
    """A print in a thread of its own, and when each fault was told."""

    def __init__(
        self,
        printer: PrinterSimulator,
        data: bytes,
        *,
        answers: bool | None = None,
        limits: Limits = FAST,
        address: str = "",
    ) -> None:
        self.told: Queue[tuple[Fault | None, float]] = Queue()
        self.sending = 0
        self.stop = threading.Event()
        self.clock = Unhurried()
        self.began = self.clock.monotonic()
        self.ended = 0.0
        self._result: Queue[Result] = Queue()
        self._arguments = (address or printer.address, data, answers, limits)
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        address, data, answers, limits = self._arguments
        result = print_once(
            parse_address(address)(),
            data,
            clock=self.clock,
            answers=answers,
            stop=self.stop,
            limits=limits,
            hooks=Hooks(fault=self._tell, sending=self._count),
        )
        self.ended = self.clock.monotonic()
        self._result.put(result)

    def _tell(self, fault: Fault | None) -> None:
        self.told.put((fault, self.clock.monotonic() - self.began))

    def _count(self) -> None:
        self.sending += 1

    def hears(self, fault: Fault | None, within: float = TOLD_WITHIN) -> None:
        """Wait for the next thing that is told; it is this, and in time."""
        told, after = self.told.get(timeout=HEARD_WITHIN)
        assert told is fault
        assert after < within

    def result(self) -> Result:
        return self._result.get(timeout=HEARD_WITHIN)


def document(lines: int = 3) -> bytes:
    return render_escpos(ReceiptDocument(tuple(Text(f"line {n}") for n in range(lines))), PAPER_80)


SHORT = document()
LONG = document(20_000)


def test_a_good_printer_acknowledges(printer: PrinterSimulator) -> None:
    attempt = Attempt(printer, render_escpos(receipt(300), PAPER_80))
    assert attempt.result() == Result(Outcome.PRINTED, None, answers=True)
    assert attempt.sending == 1
    assert sum("Item" in line for line in printer.paper.lines) == 300
    assert printer.paper.unknown == []


def test_a_printer_that_never_answers_is_learned_and_asked_no_more(
    printer: PrinterSimulator,
) -> None:
    printer.set(answers=False)
    assert Attempt(printer, SHORT).result() == Result(Outcome.SENT, Fault.SILENT, answers=False)
    received = printer.received
    later = Attempt(printer, SHORT, answers=False)
    assert later.result() == Result(Outcome.SENT, None, answers=False)
    assert later.told.empty()
    printer.wait_for(lambda p: p.received == received + len(SHORT))
    assert printer.paper.lines == ["line 0", "line 1", "line 2"] * 2


@pytest.mark.parametrize("fault", [Fault.PAPER_OUT, Fault.COVER_OPEN, Fault.OFFLINE, Fault.BROKEN])
@pytest.mark.parametrize("answers", [None, True])
def test_a_fault_before_the_print_sends_nothing(
    printer: PrinterSimulator, fault: Fault, answers: bool | None
) -> None:
    printer.set(fault=fault)
    attempt = Attempt(printer, SHORT, answers=answers)
    assert attempt.result() == Result(Outcome.NOT_SENT, fault, answers=True)
    assert attempt.sending == 0
    printer.set()
    assert printer.paper.rows == []
    assert Attempt(printer, SHORT).result().outcome is Outcome.PRINTED
    assert printer.paper.lines == ["line 0", "line 1", "line 2"]


def test_paper_that_ends_in_the_middle_waits_for_the_new_roll(printer: PrinterSimulator) -> None:
    printer.set(paper_left=30)
    attempt = Attempt(printer, SHORT)
    attempt.hears(Fault.PAPER_OUT)
    printer.set()
    attempt.hears(None, within=10)
    assert attempt.result() == Result(Outcome.PRINTED, None, answers=True)
    assert printer.paper.lines == ["line 0", "line 1", "line 2"]


def test_a_printer_that_goes_on_answering_is_not_given_up(printer: PrinterSimulator) -> None:
    """Five rounds of questions last longer than the silence that would end the wait."""
    printer.set(paper_left=30)
    attempt = Attempt(printer, SHORT, limits=Limits(silence=0.8, slowest=50_000, consume=0.5))
    attempt.hears(Fault.PAPER_OUT)
    asked = printer.received
    printer.wait_for(lambda p: p.received >= asked + 5 * 12)
    printer.set()
    assert attempt.result().outcome is Outcome.PRINTED


def test_paper_that_never_comes_leaves_the_print_unknown(printer: PrinterSimulator) -> None:
    printer.set(paper_left=30)
    limits = Limits(waiting=1.0)
    attempt = Attempt(printer, SHORT, limits=limits)
    attempt.hears(Fault.PAPER_OUT)
    assert attempt.result() == Result(Outcome.UNKNOWN, Fault.PAPER_OUT, answers=True)


def test_a_refused_connection_is_told_at_once(printer: PrinterSimulator) -> None:
    printer.unplug()
    attempt = Attempt(printer, SHORT, limits=Limits(connect=FAR))
    assert attempt.result() == Result(Outcome.NOT_SENT, Fault.UNREACHABLE)


@contextmanager
def deaf() -> Iterator[str]:
    """Give the address of a listener that never accepts, its backlog filled: nothing answers."""
    with socket.socket() as listener, ExitStack() as stack:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"


def test_a_connection_that_hangs_is_told_before_it_is_given_up(printer: PrinterSimulator) -> None:
    with deaf() as address:
        attempt = Attempt(printer, SHORT, address=address)
        attempt.hears(Fault.UNREACHABLE)
        assert attempt.result() == Result(Outcome.NOT_SENT, Fault.UNREACHABLE)


@pytest.mark.parametrize("answers", [None, True])
def test_a_web_server_is_no_printer(printer: PrinterSimulator, answers: bool | None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        attempt = Attempt(printer, SHORT, address=address, answers=answers)
        connection, _ = server.accept()
        with connection:
            connection.recv(100)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            result = attempt.result()
    assert (result.outcome, result.fault) == (Outcome.NOT_SENT, Fault.NOT_A_PRINTER)
    assert attempt.sending == 0


def test_a_known_printer_that_says_nothing_gets_nothing(printer: PrinterSimulator) -> None:
    printer.reads = False
    attempt = Attempt(printer, SHORT, answers=True)
    assert attempt.result() == Result(Outcome.NOT_SENT, Fault.SILENT, answers=True)
    assert attempt.ended - attempt.began < TOLD_WITHIN
    assert attempt.sending == 0


@contextmanager
def hole(room: int) -> Iterator[str]:
    """A port that accepts and never reads, with so many bytes of room."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)
        yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("room", [4096, 200_000])
def test_what_accepts_and_never_reads_is_told_in_time(printer: PrinterSimulator, room: int) -> None:
    """Also on first contact, when it might be a printer that never answers."""
    with hole(room) as address:
        attempt = Attempt(printer, LONG[:9000], address=address, limits=Limits(stall=4.0))
        attempt.hears(Fault.SILENT)
        attempt.stop.set()
        assert attempt.result().fault is Fault.SILENT


@pytest.mark.parametrize("answers", [None, False])
def test_what_is_seen_to_take_nothing_is_unknown_and_not_learned(
    printer: PrinterSimulator, answers: bool | None
) -> None:
    with hole(4096) as address:
        attempt = Attempt(printer, LONG[:9000], address=address, answers=answers)
        assert attempt.result() == Result(Outcome.UNKNOWN, Fault.SILENT, answers=answers)


def test_a_printer_that_reads_late_is_no_trouble(printer: PrinterSimulator) -> None:
    printer.set(answers=False)
    printer.reads = False
    attempt = Attempt(printer, LONG[:9000], answers=False, limits=Limits())
    attempt.hears(Fault.SILENT)
    printer.reads = True
    assert attempt.result() == Result(Outcome.SENT, None, answers=False)


def test_a_printer_that_takes_nothing_more_is_told_and_given_up(printer: PrinterSimulator) -> None:
    printer.reads = False
    attempt = Attempt(printer, LONG * 20, answers=False)
    attempt.hears(Fault.SILENT, within=TOLD_WITHIN + 0.5)
    assert attempt.result() == Result(Outcome.UNKNOWN, Fault.SILENT, answers=False)


def test_a_printer_that_falls_silent_after_the_print_is_unknown(
    printer: PrinterSimulator,
) -> None:
    printer.set(paper_left=40)
    attempt = Attempt(printer, SHORT)
    attempt.hears(Fault.PAPER_OUT)
    printer.set(fault=Fault.SILENT)
    assert attempt.result() == Result(Outcome.UNKNOWN, Fault.PAPER_OUT, answers=True)


def test_a_printer_that_prints_but_never_acknowledges_is_told_and_unknown(
    printer: PrinterSimulator,
) -> None:
    printer.silent_after = len(SHORT)
    attempt = Attempt(printer, SHORT, limits=Limits(silence=2.0, slowest=50_000))
    attempt.hears(Fault.SILENT)
    assert attempt.result() == Result(Outcome.UNKNOWN, Fault.SILENT, answers=True)
    assert printer.paper.lines == ["line 0", "line 1", "line 2"]


def test_a_printer_that_dies_in_the_middle_is_unknown(printer: PrinterSimulator) -> None:
    printer.dies_after = 5_000
    attempt = Attempt(printer, LONG, limits=Limits(stall=FAR, silence=FAR))
    assert attempt.result() == Result(Outcome.UNKNOWN, Fault.LOST, answers=True)
    assert attempt.sending == 1


def test_a_printer_that_dies_before_the_print_is_tried_again(printer: PrinterSimulator) -> None:
    printer.dies_after = 0
    attempt = Attempt(printer, SHORT)
    assert attempt.result() == Result(Outcome.NOT_SENT, Fault.LOST)
    assert attempt.sending == 0


@pytest.fixture
def deaf_address() -> Iterator[str]:
    with deaf() as address:
        yield address


@pytest.mark.parametrize("trouble", ["paper", "reads", "connect"])
def test_a_stop_ends_any_wait_in_time(
    printer: PrinterSimulator, deaf_address: str, trouble: str
) -> None:
    if trouble == "paper":
        printer.set(paper_left=30)
        attempt = Attempt(printer, SHORT, limits=Limits())
        attempt.hears(Fault.PAPER_OUT)
    elif trouble == "reads":
        printer.reads = False
        attempt = Attempt(printer, LONG * 20, answers=False, limits=Limits(stall=FAR))
        attempt.hears(Fault.SILENT, within=3)
    else:
        attempt = Attempt(printer, SHORT, address=deaf_address, limits=Limits(connect=FAR))
    before = attempt.clock.monotonic()
    attempt.stop.set()
    result = attempt.result()
    assert attempt.ended - before < 1.5
    expected = Outcome.NOT_SENT if trouble == "connect" else Outcome.UNKNOWN
    assert result.outcome is expected


def test_a_pulse_to_a_printer_that_has_closed_is_lost(printer: PrinterSimulator) -> None:
    printer.dies_after = 0
    transport = parse_address(printer.address)()
    result = pulse_once(transport, PAPER_80.pulse.command(), clock=SystemClock())
    assert result == Result(Outcome.UNKNOWN, Fault.LOST, answers=None)


class Gone(StreamTransport):
    """A printer that has closed."""

    def open(self, deadline: Deadline) -> None: ...

    def write(self, data: bytes, deadline: Deadline) -> int:
        raise Lost

    def read(self, size: int, deadline: Deadline) -> bytes:
        raise Lost

    def close(self) -> None: ...


@pytest.mark.parametrize("answers", [True, False])
def test_a_connection_that_broke_is_told_as_that_also_while_the_program_closes(
    answers: bool,
) -> None:
    stop = threading.Event()
    stop.set()
    result = pulse_once(
        Gone(), b"\x07", clock=SystemClock(), stop=stop, answers=answers, offline=b"\x07"
    )
    assert result == Result(Outcome.NOT_SENT, Fault.LOST, answers)


def test_a_pulse_waits_for_no_answer(printer: PrinterSimulator) -> None:
    printer.set(answers=False)
    pulse = PAPER_80.pulse.command()
    limits = Limits(reply=FAR, learn=FAR, silence=FAR)
    transport = parse_address(printer.address)()
    result = pulse_once(transport, pulse, clock=SystemClock(), limits=limits)
    assert result.outcome is Outcome.SENT
    printer.wait_for(lambda p: p.paper.pulses == [2])


def test_a_printer_off_line_opens_the_drawer_now_and_not_when_it_is_back(
    printer: PrinterSimulator,
) -> None:
    printer.set(fault=Fault.COVER_OPEN)
    pulse = PAPER_80.pulse
    result = pulse_once(
        parse_address(printer.address)(),
        pulse.command(),
        clock=SystemClock(),
        offline=pulse.real_time_command(),
        answers=True,
    )
    assert result.outcome is Outcome.SENT
    printer.wait_for(lambda p: p.paper.pulses == [2])
    printer.set()
    assert Attempt(printer, SHORT).result().outcome is Outcome.PRINTED
    assert printer.paper.pulses == [2]


def test_a_pulse_to_nobody_is_not_sent(printer: PrinterSimulator) -> None:
    printer.unplug()
    result = pulse_once(parse_address(printer.address)(), b"\x07", clock=SystemClock())
    assert result == Result(Outcome.NOT_SENT, Fault.UNREACHABLE)


def test_what_comes_unasked_is_no_acknowledgement(printer: PrinterSimulator) -> None:
    """An automatic status holds bytes that look like a reply to GS r."""
    printer.set(paper_left=30)
    attempt = Attempt(printer, SHORT)
    attempt.hears(Fault.PAPER_OUT)
    printer.say(b"\x18\x00\x0c\x0f")
    printer.set()
    attempt.hears(None, within=10)
    assert attempt.result().outcome is Outcome.PRINTED
    assert printer.paper.lines[-1] == "line 2"


def test_a_printer_can_be_asked_without_printing(printer: PrinterSimulator) -> None:
    def ask() -> PrinterStatus:
        return ask_once(parse_address(printer.address)(), clock=SystemClock())

    assert ask() == PrinterStatus(answers=True, drawer_signal=False)
    printer.set(fault=Fault.PAPER_OUT)
    assert ask() == PrinterStatus(answers=True, fault=Fault.PAPER_OUT, drawer_signal=False)
    printer.set(answers=False)
    assert ask() == PrinterStatus(answers=False)
    printer.unplug()
    assert ask() == PrinterStatus(answers=False, fault=Fault.UNREACHABLE)
    assert printer.paper.rows == []
