"""What may or may not be on paper is listed until a person has dealt with it, once."""

from __future__ import annotations

import json

import pytest
from pos_hardware.document import ReceiptDocument, Text
from pos_hardware.faults import Fault
from pos_hardware.print_jobs import JobState
from pos_hardware.testing.simulator import PrinterSimulator

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.services.paper.print_queue import DRAWER_KIND, Device
from pos_desktop.services.printing.table_print_jobs import TablePrintJobs
from pos_desktop.services.printing.unsettled_prints import advice, outcome_sentence
from pos_desktop.shop import Shop
from pos_desktop.storage import print_jobs
from tests.pos_desktop.conftest import bad_books
from tests.pos_desktop.services.play import play


def _sold(shop: Shop, state: JobState, fault: Fault | None = None) -> dict[str, Id]:
    """Sell for cash, and leave pulse and paper in a state; return their ids by kind."""
    play(shop, "SUGAR", "pay cash 200")
    ids = {row["kind"]: row["id"] for row in shop.database.rows("SELECT * FROM print_job")}
    with shop.database.write():
        for job_id in ids.values():
            print_jobs.set_state(shop.database, job_id, state, fault=fault, at=0)
    return ids


def _journal(shop: Shop, kind: str) -> list[dict[str, object]]:
    rows = shop.database.rows("SELECT detail FROM journal WHERE kind = ?", (kind,))
    return [json.loads(row["detail"]) for row in rows]


def test_an_unknown_receipt_is_listed_and_printed_again_as_a_copy(selling_shop: Shop) -> None:
    ids = _sold(selling_shop, JobState.UNKNOWN, Fault.LOST)
    prints = selling_shop.unsettled_prints
    assert {job.id for job in prints.all()} == set(ids.values())
    assert [job.id for job in prints.papers()] == [ids["receipt"]]
    assert prints.count() == 1
    with PrinterSimulator() as printer:
        selling_shop.configuration.set(
            settings.PRINTER_ADDRESS, printer.address, selling_shop.books, actor=None
        )
        selling_shop.print_room.start()
        prints.again(ids["receipt"], selling_shop.till.person)
        job = selling_shop.print_room.wait_for(ids["receipt"], 10)
        assert selling_shop.print_room.stop()
    assert (job.state, job.copy) == (JobState.PRINTED, True)
    assert printer.paper.lines[0].strip() == "COPY"
    assert "T1-000001" in printer.paper.text
    assert prints.count() == 0
    assert [entry["title"] for entry in _journal(selling_shop, "print again")] == ["T1-000001"]
    assert not bad_books(selling_shop)


def test_what_never_came_out_is_no_copy(selling_shop: Shop) -> None:
    job_id = _sold(selling_shop, JobState.FAILED)["receipt"]
    job = selling_shop.unsettled_prints.again(job_id, None)
    assert not job.copy
    assert "COPY" not in job.body


def test_a_copy_is_marked_once(selling_shop: Shop) -> None:
    _sold(selling_shop, JobState.PRINTED)
    play(selling_shop, "reprint")
    copy = selling_shop.unsettled_prints.all()[0]
    with selling_shop.database.write():
        print_jobs.set_state(selling_shop.database, copy.id, JobState.UNKNOWN, fault=None, at=0)
    assert selling_shop.unsettled_prints.again(copy.id, None).body.count("COPY") == 1


def test_two_who_ask_at_once_get_one_paper(selling_shop: Shop) -> None:
    job_id = _sold(selling_shop, JobState.UNKNOWN)["receipt"]
    prints = selling_shop.unsettled_prints
    prints.again(job_id, None)
    for act in (prints.again, prints.settle):
        with pytest.raises(Refused, match="waits still"):
            act(job_id, None)


def test_what_is_there_is_settled_and_gone_from_the_list(selling_shop: Shop) -> None:
    ids = _sold(selling_shop, JobState.UNKNOWN)
    prints = selling_shop.unsettled_prints
    for job_id in ids.values():
        prints.settle(job_id, selling_shop.till.person)
    assert prints.all() == []
    assert len(_journal(selling_shop, "print settled")) == 2
    with pytest.raises(Refused, match="done already"):
        prints.again(ids["receipt"], None)
    assert not bad_books(selling_shop)


def test_a_drawer_is_never_opened_later(selling_shop: Shop) -> None:
    ids = _sold(selling_shop, JobState.FAILED, Fault.TOO_LATE)
    with pytest.raises(Refused, match="drawer open"):
        selling_shop.unsettled_prints.again(ids["drawer"], None)


def test_a_print_is_named_by_the_end_of_its_id(selling_shop: Shop) -> None:
    ids = _sold(selling_shop, JobState.UNKNOWN)
    prints = selling_shop.unsettled_prints
    assert prints.find(ids["receipt"][-6:].upper()).id == ids["receipt"]
    assert prints.find(ids["drawer"]).id == ids["drawer"]
    for wrong in ("", ids["receipt"][-1], "ffffffffff"):
        with pytest.raises(Refused, match="printers jobs"):
            prints.find(wrong)
    with pytest.raises(Refused, match="no such print"):
        prints.settle("ffff", None)


@pytest.mark.parametrize("state", list(JobState))
@pytest.mark.parametrize("fault", [None, Fault.LOST])
def test_each_state_has_its_sentences(
    selling_shop: Shop, state: JobState, fault: Fault | None
) -> None:
    job_id = _sold(selling_shop, state, fault)["receipt"]
    job = selling_shop.unsettled_prints.find(job_id)
    device = selling_shop.unsettled_prints.device(job)
    known = advice(job, device)
    assert known.what_to_do.endswith(".")
    assert bool(known.why) or fault is None
    assert outcome_sentence(job, device).endswith(".")


OLD, NEW = "tcp://127.0.0.1:9", "tcp://127.0.0.2:9100"


def test_a_fault_is_told_of_the_address_at_which_it_was_met(selling_shop: Shop) -> None:
    ids = _sold(selling_shop, JobState.SENDING)
    jobs = TablePrintJobs(selling_shop.database, selling_shop.clock)
    jobs.addresses["receipt"] = OLD
    jobs.put_back(ids["receipt"], Fault.UNREACHABLE)
    jobs.finish(ids["drawer"], JobState.FAILED, Fault.UNREACHABLE)
    assert OLD in _why(selling_shop, ids["receipt"], OLD)
    assert _why(selling_shop, ids["receipt"], NEW) == ""  # it has not been tried there
    assert OLD in _why(selling_shop, ids["drawer"], NEW)
    drawer = selling_shop.unsettled_prints.find(ids["drawer"])
    assert OLD in outcome_sentence(drawer, Device("receipt", NEW))


def test_the_address_of_a_fault_goes_with_the_fault(selling_shop: Shop) -> None:
    ids = _sold(selling_shop, JobState.SENDING)
    jobs = TablePrintJobs(selling_shop.database, selling_shop.clock)
    jobs.addresses["receipt"] = OLD
    jobs.put_back(ids["receipt"], Fault.UNREACHABLE)
    jobs.finish(ids["drawer"], JobState.FAILED, Fault.UNREACHABLE)
    selling_shop.unsettled_prints.settle(ids["drawer"], None)
    jobs.finish(ids["receipt"], JobState.PRINTED, None)
    assert not selling_shop.database.rows("SELECT * FROM device_memory WHERE value = ?", (OLD,))
    assert not bad_books(selling_shop)


def test_what_is_printed_again_has_failed_nowhere(selling_shop: Shop) -> None:
    ids = _sold(selling_shop, JobState.SENDING)
    jobs = TablePrintJobs(selling_shop.database, selling_shop.clock)
    jobs.addresses["receipt"] = OLD
    jobs.finish(ids["receipt"], JobState.FAILED, Fault.UNREACHABLE)
    selling_shop.unsettled_prints.again(ids["receipt"], None)
    assert selling_shop.unsettled_prints.find(ids["receipt"]).fault_at == ""


def _why(shop: Shop, job_id: Id, address: str) -> str:
    """Return why a print is not over, where its device has an address now."""
    return advice(shop.unsettled_prints.find(job_id), Device("receipt", address)).why


def test_how_often_no_drawer_opened_is_counted_until_it_is_settled(selling_shop: Shop) -> None:
    ids = _sold(selling_shop, JobState.FAILED, Fault.TOO_LATE)
    assert selling_shop.unsettled_prints.pulses_failed() == 1
    selling_shop.unsettled_prints.settle(ids["drawer"], None)
    assert selling_shop.unsettled_prints.pulses_failed() == 0


def test_the_list_is_read_by_its_index(
    selling_shop: Shop,
) -> None:
    """A shop of years has millions of prints; the screen counts at every change of the printer."""
    database = selling_shop.database
    asked: list[str] = []
    database.connection().set_trace_callback(asked.append)
    selling_shop.unsettled_prints.all()
    selling_shop.unsettled_prints.count()
    database.connection().set_trace_callback(None)
    assert len(asked) == 2
    for sql in asked:
        plan = database.rows(f"EXPLAIN QUERY PLAN {sql}")
        assert "INDEX print_job_unsettled" in plan[0]["detail"], sql


def test_of_two_programs_that_ask_at_the_same_time_one_is_told_no(selling_shop: Shop) -> None:
    """Both have read it as unknown; the table itself lets one of them through."""
    database = selling_shop.database
    job_id = _sold(selling_shop, JobState.UNKNOWN)["receipt"]
    job = print_jobs.find(database, job_id)
    assert job is not None
    assert [print_jobs.queue_again(database, job, at=at) for at in (1, 2)] == [True, False]
    assert not print_jobs.settle(database, job_id, at=3)
    found = print_jobs.find(database, job_id)
    assert found is not None
    assert (found.state, found.changed_at) == (JobState.QUEUED, 1)


def test_a_drawer_goes_before_paper_that_has_waited_longer(selling_shop: Shop) -> None:
    queue, database = selling_shop.print_queue, selling_shop.database
    with database.write():
        paper = queue.paper("test", "Test page", ReceiptDocument((Text("test"),)))
        pulse = queue.open_drawer("Drawer")
    order = []
    for _ in range(2):
        job = print_jobs.next_queued(database, "receipt", first_kind=DRAWER_KIND, only_first=False)
        assert job is not None
        order.append(job.id)
        with database.write():
            print_jobs.set_state(database, job.id, JobState.SENT, fault=None, at=0)
    assert order == [pulse, paper]


@pytest.mark.parametrize("state", list(JobState))
def test_a_paper_waits_until_it_is_out_or_somebody_is_wanted(
    selling_shop: Shop, state: JobState
) -> None:
    _sold(selling_shop, state, None)
    waits = state in (JobState.QUEUED, JobState.SENDING)
    assert selling_shop.unsettled_prints.any_paper_waits() is waits
