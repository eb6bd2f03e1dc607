"""A sale's papers reach a real printer once; what goes wrong is told and never doubled."""

from __future__ import annotations

import queue
import threading

import pytest
from pos_hardware.faults import Fault
from pos_hardware.testing.simulator import PrinterSimulator
from pos_hardware.worker import WorkerState

from pos_desktop import settings
from pos_desktop.shop import Shop
from pos_desktop.storage import print_jobs
from tests.pos_desktop.services.test_till import play

States = queue.Queue[tuple[str, WorkerState, Fault | None]]


def _states(shop: Shop) -> dict[str, str]:
    rows = shop.database.rows("SELECT kind, state FROM print_job ORDER BY id")
    return {row["kind"]: row["state"] for row in rows}


def _connect(shop: Shop, printer: PrinterSimulator) -> States:
    configuration = shop.configuration
    configuration.set(settings.PRINTER_ADDRESS, printer.address, shop.books, actor=None)
    states: States = queue.Queue()
    shop.print_room.start(lambda *state: states.put(state))
    return states


def _wait_for(states: States, wanted: WorkerState, seconds: float = 10) -> Fault | None:
    while True:
        _device, state, fault = states.get(timeout=seconds)
        if state is wanted:
            return fault


def test_a_sale_is_printed_and_the_drawer_opens(selling_shop: Shop) -> None:
    with PrinterSimulator() as printer:
        _connect(selling_shop, printer)
        play(selling_shop, "SUGAR", "pay cash 200")
        assert selling_shop.print_room.wait_until_printed(10)
        assert selling_shop.print_room.stop()
    assert _states(selling_shop) == {"drawer": "sent", "receipt": "printed"}
    text = printer.paper.text
    assert "T1-000001" in text
    assert "Sugar 1 kg" in text
    assert "THIS IS NOT A FISCAL RECEIPT" in text
    assert printer.paper.pulses == [2]


def test_paper_out_is_told_and_the_paper_comes_once(selling_shop: Shop) -> None:
    with PrinterSimulator() as printer:
        printer.set(fault=Fault.PAPER_OUT)
        states = _connect(selling_shop, printer)
        play(selling_shop, "SUGAR", "pay cash 200")
        assert _wait_for(states, WorkerState.FAULT, 2) is Fault.PAPER_OUT
        printer.set()
        selling_shop.print_room.retry()
        assert _until(selling_shop, "receipt", print_jobs.PRINTED)
        assert selling_shop.print_room.stop()
    assert printer.paper.text.count("T1-000001") == 2


def _until(shop: Shop, kind: str, state: str) -> bool:
    done = threading.Event()
    for _ in range(200):
        if _states(shop)[kind] == state:
            return True
        done.wait(0.05)
    return False


def test_what_waited_when_the_program_closed_is_waited_for(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "pay cash 200")
    jobs = selling_shop.database.rows("SELECT id FROM print_job WHERE kind = 'receipt'")
    with selling_shop.database.write():
        print_jobs.set_state(
            selling_shop.database, jobs[0]["id"], print_jobs.QUEUED, fault=Fault.STOPPED, at=0
        )
    with PrinterSimulator() as printer:
        _connect(selling_shop, printer)
        assert selling_shop.print_room.wait_until_printed(10)
        assert selling_shop.print_room.stop()
    assert "T1-000001" in printer.paper.text


def test_what_a_crash_left_half_sent_becomes_unknown_and_is_not_printed_again(
    selling_shop: Shop,
) -> None:
    play(selling_shop, "SUGAR", "pay cash 200")
    jobs = selling_shop.database.rows("SELECT id FROM print_job WHERE kind = 'receipt'")
    with selling_shop.database.write():
        print_jobs.set_state(
            selling_shop.database, jobs[0]["id"], print_jobs.SENDING, fault="", at=0
        )
    with PrinterSimulator() as printer:
        _connect(selling_shop, printer)
        assert _until(selling_shop, "receipt", print_jobs.UNKNOWN)
        assert selling_shop.print_room.wait_until_printed(10)
        assert selling_shop.print_room.stop()
    assert "T1-000001" not in printer.paper.text


def test_two_programs_print_each_paper_once(selling_shop: Shop) -> None:
    from pos_desktop.shop import open_shop

    with PrinterSimulator() as printer:
        _connect(selling_shop, printer)
        other = open_shop(selling_shop.directory)
        other.print_room.start()
        for _ in range(5):
            play(selling_shop, "SUGAR", "pay cash")
        other.till.sign_in("manager", "1234")
        play(other, "reprint")
        assert selling_shop.print_room.wait_until_printed(20)
        assert other.print_room.wait_until_printed(20)
        other.close()
        assert selling_shop.print_room.stop()
    papers = [line for line in printer.paper.lines if "Receipt" in line]
    assert len(papers) == 6


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_has_its_sentence(fault: Fault) -> None:
    from pos_desktop.services.print_room import fault_sentence

    assert fault_sentence(fault).endswith(".")
