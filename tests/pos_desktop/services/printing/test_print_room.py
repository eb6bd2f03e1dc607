"""A sale's papers reach a real printer once; what goes wrong is told and never doubled."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from pos_hardware.document import ReceiptDocument, Text
from pos_hardware.faults import Fault
from pos_hardware.print_jobs import JobState
from pos_hardware.testing.simulator import PrinterSimulator
from pos_hardware.worker import WorkerState

from pos_desktop import settings
from pos_desktop.services.paper.print_queue import DRAWER_DEVICE, RECEIPT_PRINTER, Device
from pos_desktop.services.printing.faults import fault_sentence, fault_words
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage import print_jobs
from pos_desktop.storage.database import ShopDatabase
from tests.pos_desktop.services.play import play
from tests.pos_hardware.clocks import FAR

States = queue.Queue[tuple[str, WorkerState, Fault | None]]


def _states(shop: Shop) -> dict[str, str]:
    rows = shop.database.rows("SELECT kind, state FROM print_job ORDER BY id")
    return {row["kind"]: row["state"] for row in rows}


def _connect(
    shop: Shop, printer: PrinterSimulator, before: Callable[[], None] = lambda: None
) -> States:
    configuration = shop.configuration
    configuration.set(settings.PRINTER_ADDRESS, printer.address, shop.books, actor=None)
    before()
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
        assert _until(selling_shop, "receipt", JobState.PRINTED)
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
            selling_shop.database, jobs[0]["id"], JobState.QUEUED, fault=Fault.STOPPED, at=0
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
            selling_shop.database, jobs[0]["id"], JobState.SENDING, fault=None, at=0
        )
    with PrinterSimulator() as printer:
        _connect(selling_shop, printer)
        assert _until(selling_shop, "receipt", JobState.UNKNOWN)
        assert selling_shop.print_room.wait_until_printed(10)
        assert selling_shop.print_room.stop()
    assert "T1-000001" not in printer.paper.text


def test_a_fault_of_an_earlier_run_does_not_end_the_wait(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "pay cash 200")
    with selling_shop.database.write():
        for row in selling_shop.database.rows("SELECT id FROM print_job WHERE kind = 'receipt'"):
            print_jobs.set_state(
                selling_shop.database, row["id"], JobState.QUEUED, fault=Fault.PAPER_OUT, at=0
            )
    with PrinterSimulator() as printer:
        _connect(selling_shop, printer)
        assert selling_shop.print_room.wait_until_printed(10)
        assert selling_shop.print_room.stop()
        assert "T1-000001" in printer.paper.text
        printer.set(fault=Fault.COVER_OPEN)
        play(selling_shop, "SUGAR", "pay cash 200")
        selling_shop.print_room.start()
        assert not selling_shop.print_room.wait_until_printed(FAR)
        assert selling_shop.print_room.stop()


def test_one_job_is_waited_for_and_not_those_after_it(selling_shop: Shop) -> None:
    with PrinterSimulator() as printer:
        printer.set(fault=Fault.PAPER_OUT)
        play(selling_shop, "SUGAR", "pay cash 200")
        _connect(selling_shop, printer)
        room, queue = selling_shop.print_room, selling_shop.print_queue
        with selling_shop.database.write():
            pulse = queue.open_drawer("Drawer")
        assert pulse is not None
        assert room.wait_for(pulse, 10).state is JobState.SENT
        with selling_shop.database.write():
            page = queue.paper("test", "Test page", ReceiptDocument((Text("test"),)))
        stuck = room.wait_for(page, 10)
        assert (stuck.state, stuck.fault) == (JobState.QUEUED, Fault.PAPER_OUT)
        assert room.stop()


@pytest.mark.parametrize("at", ["2020-01-01T08:00:00", "2090-01-01T08:00:00"])
def test_a_pulse_does_not_grow_old_by_the_clock_of_a_replay(selling_shop: Shop, at: str) -> None:
    with PrinterSimulator() as printer:
        play(selling_shop, "SUGAR", "pay cash 200")
        selling_shop.clock.set(datetime.fromisoformat(at).replace(tzinfo=UTC))
        play(selling_shop, "SUGAR", "pay cash 200")
        _connect(selling_shop, printer)
        assert selling_shop.print_room.wait_until_printed(10)
        assert selling_shop.print_room.stop()
    assert printer.paper.pulses == [2, 2]


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_pulse_of_another_time_opens_nothing(selling_shop: Shop, hours: int) -> None:
    play(selling_shop, "SUGAR", "pay cash 200")
    with selling_shop.database.write():
        selling_shop.database.execute_sql(
            "UPDATE print_job SET created_at = created_at + ?", (hours * 3_600_000,)
        )
    with PrinterSimulator() as printer:
        _connect(selling_shop, printer)
        assert _until(selling_shop, "receipt", JobState.PRINTED)
        assert selling_shop.print_room.stop()
    assert printer.paper.pulses == []
    assert _states(selling_shop)["drawer"] == "failed"


def test_a_full_disk_is_one_state_and_one_line_in_the_log(
    selling_shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    """SQLite itself refuses to write more, as it does where the disk is full."""
    play(selling_shop, "SUGAR", "pay cash 200")
    database = selling_shop.database
    with PrinterSimulator() as printer:
        states = _connect(selling_shop, printer, before=lambda: _fill_disk(database))
        assert _wait_for(states, WorkerState.FAULT, 5) is Fault.NOT_KEPT
        assert printer.paper.text == ""
        database.execute_sql("DROP TRIGGER full_disk")
        selling_shop.print_room.retry()
        assert _until(selling_shop, "receipt", JobState.PRINTED)
        assert selling_shop.print_room.stop()
    assert printer.paper.text.count("T1-000001") == 2
    told = [record for record in caplog.records if record.levelname == "ERROR"]
    assert len(told) == 1
    assert "printing waits" in told[0].getMessage()
    assert told[0].exc_info is None
    database.execute_sql("DROP TABLE filler")


def _fill_disk(database: ShopDatabase) -> None:
    """Let connections that are opened from now on find less room than each print takes."""
    room = 200
    database.pragma("max_page_count", database.value("PRAGMA page_count") + room, permanent=True)
    database.execute_sql("CREATE TABLE filler (content BLOB)")
    database.execute_sql(
        "CREATE TRIGGER full_disk BEFORE UPDATE ON print_job BEGIN "
        f"INSERT INTO filler VALUES (zeroblob({room * 2 * 4096})); END"
    )


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
@pytest.mark.parametrize(
    "device",
    [Device(), Device(RECEIPT_PRINTER, "tcp://till:9100"), Device(DRAWER_DEVICE, "serial:///x")],
)
def test_every_fault_has_its_sentence(fault: Fault, device: Device) -> None:
    assert fault_sentence(fault, device).endswith(".")
    assert 0 < len(fault_words(fault)) <= 24


def test_a_wrong_address_is_named_with_its_setting() -> None:
    for fault in (Fault.UNREACHABLE, Fault.NO_SUCH_NAME, Fault.BAD_ADDRESS, Fault.NOT_A_PRINTER):
        printer = fault_sentence(fault, Device(RECEIPT_PRINTER, "tcp://till:9100"))
        assert "tcp://till:9100" in printer
        assert "printer.address" in printer
        drawer = fault_sentence(fault, Device(DRAWER_DEVICE, "serial:///dev/ttyS9"))
        assert "serial:///dev/ttyS9" in drawer
        assert "drawer.address" in drawer


def test_closing_hides_no_fault_that_was_there_before(selling_shop: Shop) -> None:
    with PrinterSimulator() as printer:
        printer.set(fault=Fault.PAPER_OUT)
        _connect(selling_shop, printer)
        play(selling_shop, "SUGAR", "pay cash")
        assert not selling_shop.print_room.wait_until_printed(10)
        assert selling_shop.print_room.stop()
        again = open_shop(selling_shop.directory)
        again.print_room.start()
        assert again.print_room.stop()
    (paper,) = again.unsettled_prints.papers()
    assert paper.fault is Fault.PAPER_OUT
    again.close()


def test_a_printer_is_asked_how_it_is_before_the_first_customer(selling_shop: Shop) -> None:
    with PrinterSimulator() as printer:
        printer.set(fault=Fault.COVER_OPEN)
        states = _connect(selling_shop, printer)
        assert _wait_for(states, WorkerState.FAULT, 5) is Fault.COVER_OPEN
        printer.set()
        assert _wait_for(states, WorkerState.IDLE, 5) is None
        assert selling_shop.print_room.stop()
    assert printer.paper.lines == []


def test_an_address_without_a_printer_is_told_before_the_first_customer(
    selling_shop: Shop,
) -> None:
    with PrinterSimulator() as printer:
        pass
    states = _connect(selling_shop, printer)
    assert _wait_for(states, WorkerState.FAULT, 5) is Fault.UNREACHABLE
    assert selling_shop.print_room.stop()


def _set(shop: Shop, setting: settings.Setting[Any], value: object) -> None:
    shop.configuration.set(setting, value, shop.books, actor=None)


def test_what_waits_is_printed_on_the_printer_that_is_set_then(selling_shop: Shop) -> None:
    with PrinterSimulator() as dead:
        pass
    with PrinterSimulator() as printer:
        states = _connect(selling_shop, dead)
        play(selling_shop, "SUGAR", "pay cash 200")
        assert _wait_for(states, WorkerState.FAULT) is Fault.UNREACHABLE
        _set(selling_shop, settings.PRINTER_ADDRESS, printer.address)
        assert selling_shop.print_room.wait_until_printed(10)
        assert selling_shop.print_room.stop()
    assert printer.paper.text.count("T1-000001") == 2


def test_a_fault_of_the_last_printer_is_none_of_the_next(selling_shop: Shop) -> None:
    """Who waits for a paper waits on, and nobody hears that a worker has ended."""
    room = selling_shop.print_room
    with PrinterSimulator() as dead:
        pass
    with PrinterSimulator() as printer:
        states = _connect(selling_shop, dead)
        play(selling_shop, "SUGAR", "pay cash 200")
        assert not room.wait_until_printed(10)
        receipt = print_jobs.latest(selling_shop.database, "receipt")
        assert receipt is not None
        printer.reads = False
        _set(selling_shop, settings.PRINTER_ADDRESS, printer.address)
        printer.wait_for(lambda one: one.connections > 0)
        assert room.outcome(receipt.id) is None
        printer.reads = True
        assert room.wait_until_printed(10)
        heard = [states.get_nowait()[1] for _state in range(states.qsize())]
        assert WorkerState.STOPPED not in heard
        assert room.stop()


def test_what_is_learned_of_one_printer_is_not_believed_of_the_next(selling_shop: Shop) -> None:
    room = selling_shop.print_room
    with PrinterSimulator() as first, PrinterSimulator() as second:
        _connect(selling_shop, first)
        play(selling_shop, "SUGAR", "pay cash 200")
        assert room.wait_until_printed(10)
        _set(selling_shop, settings.PRINTER_ADDRESS, second.address)
        assert [one.answers for one in room.devices()] == [None]
        play(selling_shop, "SUGAR", "pay cash 200")
        assert room.wait_until_printed(10)
        assert room.stop()
    assert [one.answers for one in room.devices()] == [True]
    assert first.paper.text.count("T1-000001") == 2
    assert second.paper.text.count("T1-000002") == 2


def test_the_paper_under_way_comes_out_of_the_printer_that_has_it(selling_shop: Shop) -> None:
    """It is neither cut off nor printed a second time, and nothing is taken for doubtful."""
    room = selling_shop.print_room
    with PrinterSimulator() as first, PrinterSimulator() as second:
        first.reads = False
        states = _connect(selling_shop, first)
        play(selling_shop, "SUGAR", "pay cash 200", "MILK", "pay cash 100")
        assert _wait_for(states, WorkerState.PRINTING) is None
        _set(selling_shop, settings.PRINTER_ADDRESS, second.address)
        first.reads = True
        assert room.wait_until_printed(10)
        assert room.stop()
    assert first.paper.text.count("T1-000001") == 2
    assert second.paper.text.count("T1-000001") == 0
    assert second.paper.text.count("T1-000002") == 2
    assert selling_shop.unsettled_prints.count() == 0


def test_no_printer_any_more_is_told_and_papers_wait(selling_shop: Shop) -> None:
    room = selling_shop.print_room
    with PrinterSimulator() as printer:
        states = _connect(selling_shop, printer)
        _wait_for(states, WorkerState.IDLE)
        _set(selling_shop, settings.PRINTER_ADDRESS, "")
        assert _wait_for(states, WorkerState.STOPPED) is None
        assert room.state(RECEIPT_PRINTER) is None
        play(selling_shop, "SUGAR", "pay cash 200")
        _set(selling_shop, settings.PRINTER_ADDRESS, printer.address)
        assert room.wait_until_printed(10)
        assert room.stop()
    assert "T1-000001" in printer.paper.text


@pytest.mark.parametrize(
    ("setting", "value"),
    [(settings.PRINTER_PAPER_MM, 58), (settings.DRAWER_PIN, 5), (settings.PRINTER_CODE_PAGE, 2)],
)
def test_how_the_printer_is_set_is_followed_too(
    selling_shop: Shop, setting: settings.Setting[int], value: int
) -> None:
    room = selling_shop.print_room
    with PrinterSimulator() as printer:
        states = _connect(selling_shop, printer)
        _wait_for(states, WorkerState.IDLE)
        before = printer.connections
        _set(selling_shop, settings.DISPLAY_GREETING, "Karibu")
        _set(selling_shop, setting, value)
        _wait_for(states, WorkerState.IDLE)
        play(selling_shop, "SUGAR", "pay cash 200")
        assert room.wait_until_printed(10)
        assert room.stop()
    assert printer.connections > before
    assert printer.paper.pulses == [5 if setting is settings.DRAWER_PIN else 2]
    longest = max(map(len, printer.paper.lines))
    assert longest == (32 if setting is settings.PRINTER_PAPER_MM else 48)


def test_a_room_that_is_not_open_follows_nothing(selling_shop: Shop) -> None:
    of_others = set(threading.enumerate())
    with PrinterSimulator() as printer:
        _set(selling_shop, settings.PRINTER_ADDRESS, printer.address)
        states = _connect(selling_shop, printer)
        _wait_for(states, WorkerState.IDLE)
        assert selling_shop.print_room.stop()
        for thread in _printing(of_others):
            thread.join(10)
        before = printer.connections
        _set(selling_shop, settings.PRINTER_PAPER_MM, 58)
        assert selling_shop.print_room.state(RECEIPT_PRINTER) is None
        assert not _printing(of_others)
    assert printer.connections == before


def _printing(of_others: set[threading.Thread]) -> list[threading.Thread]:
    """Return the threads of workers that are alive, but for those of other rooms."""
    begun = set(threading.enumerate()) - of_others
    return [thread for thread in begun if thread.name.startswith("print-")]


def test_a_printer_that_was_well_is_asked_again_where_somebody_wants_to_know(
    selling_shop: Shop,
) -> None:
    with PrinterSimulator() as printer:
        states = _connect(selling_shop, printer)
        _wait_for(states, WorkerState.IDLE)
        printer.set(fault=Fault.COVER_OPEN)
        selling_shop.print_room.retry()
        assert _wait_for(states, WorkerState.FAULT) is Fault.COVER_OPEN
        assert selling_shop.print_room.stop()
