"""The folder that is a printer."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path
from queue import Queue

import pytest
from pos_hardware.clock import SystemClock
from pos_hardware.document import KickDrawer, ReceiptDocument, Text
from pos_hardware.faults import Fault
from pos_hardware.printing import Hooks, Limits, Outcome, Result, print_once, pulse_once
from pos_hardware.profile import PAPER_58, PAPER_80
from pos_hardware.rendering import render_escpos
from pos_hardware.testing.virtual import VirtualPrinter, set_fault
from pos_hardware.transports.addresses import parse_address

from tests.pos_hardware.receipts import receipt

CLOCK = SystemClock()


def note(text: str) -> bytes:
    return render_escpos(ReceiptDocument((Text(text),)), PAPER_80)


def test_a_print_leaves_its_picture_its_text_and_its_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "prints"
    data = render_escpos(receipt(), PAPER_80)
    result = print_once(parse_address(f"virtual://{folder}")(), data, clock=CLOCK)
    assert result == Result(Outcome.PRINTED, None, answers=True)
    assert sorted(file.name for file in folder.iterdir()) == [
        "000001.bin",
        "000001.png",
        "000001.txt",
    ]
    assert data in (folder / "000001.bin").read_bytes()
    assert "TOTAL                               KES 1,886.00" in (folder / "000001.txt").read_text()
    read = subprocess.run(
        ["zbarimg", "-q", str(folder / "000001.png")],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "CODE-128:T1-000123" in read.stdout


def test_prints_are_numbered(tmp_path: Path) -> None:
    for text in "abc":
        print_once(VirtualPrinter(tmp_path, PAPER_58), note(text), clock=CLOCK)
    texts = [file.read_text() for file in sorted(tmp_path.glob("*.txt"))]
    assert texts == ["a\n", "b\n", "c\n"]


def test_a_drawer_leaves_a_note(tmp_path: Path) -> None:
    pulse_once(VirtualPrinter(tmp_path), PAPER_80.pulse.command(), clock=CLOCK)
    data = render_escpos(ReceiptDocument((KickDrawer(), Text("paid"))), PAPER_80)
    print_once(VirtualPrinter(tmp_path), data, clock=CLOCK)
    texts = [file.read_text() for file in sorted(tmp_path.glob("*.txt"))]
    assert texts == ["[drawer opens, pin 2]\n", "[drawer opens, pin 2]\npaid\n"]


@pytest.mark.parametrize(
    ("fault", "answers"),
    [
        (Fault.PAPER_OUT, True),
        (Fault.COVER_OPEN, True),
        (Fault.OFFLINE, True),
        (Fault.UNREACHABLE, None),
    ],
)
def test_faults(tmp_path: Path, fault: Fault, answers: bool | None) -> None:
    set_fault(tmp_path, fault)
    result = print_once(VirtualPrinter(tmp_path), note("a"), clock=CLOCK)
    assert result == Result(Outcome.NOT_SENT, fault, answers)
    set_fault(tmp_path, None)
    set_fault(tmp_path, None)
    assert print_once(VirtualPrinter(tmp_path), note("a"), clock=CLOCK).outcome is Outcome.PRINTED
    assert [file.name for file in tmp_path.glob("*.txt")] == ["000001.txt"]


def test_a_silent_one_is_taken_for_one_that_never_answers(tmp_path: Path) -> None:
    set_fault(tmp_path, Fault.SILENT)
    limits = Limits(learn=0.2, reply=0.1)
    result = print_once(VirtualPrinter(tmp_path), note("a"), clock=CLOCK, limits=limits)
    assert result == Result(Outcome.SENT, Fault.SILENT, answers=False)


def test_paper_that_ends_while_printing_waits_for_the_new_roll(tmp_path: Path) -> None:
    """The fault comes between the check and the print."""
    told: Queue[Fault | None] = Queue()
    results: Queue[Result] = Queue()
    hooks = Hooks(fault=told.put, sending=lambda: set_fault(tmp_path, Fault.PAPER_OUT))

    def run() -> None:
        results.put(print_once(VirtualPrinter(tmp_path), note("a"), clock=CLOCK, hooks=hooks))

    threading.Thread(target=run, daemon=True).start()
    assert told.get(timeout=2) is Fault.PAPER_OUT
    assert list(tmp_path.glob("*.txt")) == []
    set_fault(tmp_path, None)
    assert results.get(timeout=5).outcome is Outcome.PRINTED
    assert (tmp_path / "000001.txt").read_text() == "a\n"


def test_what_waits_inside_comes_out_with_the_next_print(tmp_path: Path) -> None:
    hooks = Hooks(sending=lambda: set_fault(tmp_path, Fault.PAPER_OUT))
    limits = Limits(waiting=0.2)
    result = print_once(
        VirtualPrinter(tmp_path), note("first"), clock=CLOCK, hooks=hooks, limits=limits
    )
    assert result == Result(Outcome.UNKNOWN, Fault.PAPER_OUT, answers=True)
    assert (tmp_path / "held.bin").exists()
    set_fault(tmp_path, None)
    print_once(VirtualPrinter(tmp_path), note("second"), clock=CLOCK)
    texts = [file.read_text() for file in sorted(tmp_path.glob("*.txt"))]
    assert texts == ["first\n", "second\n"]
    assert not (tmp_path / "held.bin").exists()
