"""Imports that a job does: they survive every kill, and end as if nothing had happened."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from pos_queue.premises import Terms
from pos_queue.views.shown import JobDetail

from pos_desktop.documents.reasons import FileFault, FileRefused
from pos_desktop.domain.errors import Refused
from pos_desktop.services.background.jobs_board import Look, Part
from pos_desktop.services.imports.import_spool import ImportSpool
from pos_desktop.services.imports.import_undoing import undone_of
from pos_desktop.services.imports.import_words import state_words
from pos_desktop.services.imports.importing import ImportResult
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shop_locks import one_import, till_open
from pos_desktop.shops.new_shop import make_shop
from pos_desktop.storage.errors import DiskFull
from pos_desktop.storage.room import SELLING_BYTES
from tests.pos_desktop.conftest import CASHIER, MANAGER, NEW_SHOP, bad_books
from tests.pos_desktop.services.imports.test_importing import MILK, SOAP, live, sheet

ROOT = Path(__file__).parents[4]
SECONDS = 60.0
ROWS = 5000
KILLS = 4


def wait_until(is_so: Callable[[], Any]) -> None:
    """Return once it is so; fails the test if it never is."""
    pause = threading.Event()
    for _look in range(int(SECONDS / 0.002)):
        if is_so():
            return
        pause.wait(0.002)
    pytest.fail("it was never so")


def long_list(path: Path, many: int = ROWS) -> Path:
    """Write a list in which every kind of row comes round again and again."""
    rows = [MILK, SOAP]
    for number in range(many):
        kind = number % 50
        price = "x" if kind == 7 else str(1 + number % 90)
        stock = "3" if kind % 2 else ""
        rows.append([f"N{number}", "", f"Tea {number}", "Tea", price, "", "", stock, ""])
        if kind == 11:
            rows.append([f"N{number}", "", f"Other tea {number}", "", "7", "", "", "", ""])
        if kind == 13:
            rows.append([f"W{number}", "6161990000334", "Soda", "", "", "", "7", "", ""])
    rows.append(["M1", "", "Fresh milk", "", "70", "", "", "", ""])
    rows.append(["M1", "", "Fresh milk", "", "71", "", "", "", ""])
    return sheet(path / "long list.csv", *rows)


def run_all(shop: Shop) -> None:
    shop.queue.runner(Terms(when_empty=True)).run()


def ended(shop: Shop, number: int) -> JobDetail:
    detail = shop.queue.views.job(number)
    assert detail is not None
    return detail


def worker(directory: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pos_desktop.cli.main", "queue", "work", "--data"]
    return subprocess.Popen(
        [*command, str(directory)], cwd=ROOT, stderr=subprocess.DEVNULL, env={**os.environ}
    )


@pytest.fixture
def stocked(shop: Shop, tmp_path: Path) -> Shop:
    """A shop with milk and soap from a first import."""
    shop.importing.products(sheet(tmp_path / "first.csv", MILK, SOAP), actor=None)
    return shop


def undisturbed(directory: Path, file: Path, first: Path) -> tuple[ImportResult, Any]:
    """Import a file into a shop of its own; return the result and the catalogue."""
    make_shop(directory, NEW_SHOP)
    with closing(open_shop(directory)) as other:
        other.importing.products(first, actor=None)
        result = other.importing.products(file, actor=None)
        return result, live(other)


def test_an_import_whose_worker_is_killed_again_and_again_ends_as_if_undisturbed(
    stocked: Shop, tmp_path: Path
) -> None:
    file, before = long_list(tmp_path), live(stocked)
    wanted, catalogue = undisturbed(tmp_path / "other", file, tmp_path / "first.csv")
    number = stocked.import_jobs.leave(file, actor=None)
    file.unlink()

    def rows() -> int:
        sql = "SELECT rows FROM import_run WHERE number = 2"
        return int(stocked.database.value(sql) or 0)

    with till_open(stocked.directory, stocked.till):
        for kill in range(KILLS):
            process = worker(stocked.directory)
            try:
                goal = max(rows() + 1, (kill + 1) * ROWS // (KILLS + 2))
                wait_until(lambda goal=goal: rows() >= goal)  # type: ignore[misc]
            finally:
                process.send_signal(signal.SIGKILL)
                process.wait()
            assert stocked.queue.views.job(number).view.state == "running"  # type: ignore[union-attr]
    process = worker(stocked.directory)
    try:
        wait_until(lambda: ended(stocked, number).view.state == "done")
    finally:
        process.kill()
        process.wait()
    result = ImportResult(import_id=None)
    result.set_counts(ended(stocked, number).result)
    assert result.counts() == wanted.counts()
    assert live(stocked) == catalogue
    errors = [*stocked.import_jobs.errors(number)]
    assert errors[:100] == wanted.errors
    assert len({error.row for error in errors}) == wanted.rejected
    run = stocked.database.row("SELECT number, state, rows FROM import_run WHERE number = 2")
    assert run == {"number": 2, "state": "done", "rows": wanted.rows}
    notes = "SELECT count(*) FROM journal WHERE kind = 'import'"
    assert stocked.database.value(notes) == 2
    assert stocked.importing.undo(2, actor=None).left == []
    assert live(stocked) == before
    assert bad_books(stocked) == set()


def test_the_file_is_kept_as_the_shop_is_until_the_job_has_ended(
    stocked: Shop, tmp_path: Path
) -> None:
    number = stocked.import_jobs.leave(sheet(tmp_path / "goods.csv", SOAP), actor=None)
    folder = stocked.directory / "imports" / str(number)
    (kept,) = folder.iterdir()
    assert kept.name == "goods.csv"
    modes = [path.stat().st_mode & 0o777 for path in (folder.parent, folder, kept)]
    assert modes == [0o700, 0o700, 0o600]
    run_all(stocked)
    assert ended(stocked, number).view.state == "done"
    assert not folder.exists()
    stocked.database.execute_sql("DELETE FROM job_history")
    stocked.import_jobs.spool.sweep()
    assert [*folder.parent.iterdir()] == []


def test_what_cannot_be_swept_keeps_no_import_from_coming(shop: Shop, tmp_path: Path) -> None:
    goods = sheet(tmp_path / "goods.csv", MILK)
    shop.import_jobs.leave(goods, actor=None)
    stays = shop.import_jobs.spool.errors(10**23)
    stays.mkdir()
    number = shop.import_jobs.leave(goods, actor=None)
    assert shop.import_jobs.spool.file(number).name == "goods.csv"
    assert stays.exists()


def test_a_cancelled_job_loses_its_file_and_a_failed_one_keeps_it_until_forgotten(
    stocked: Shop, tmp_path: Path
) -> None:
    file = sheet(tmp_path / "goods.csv", SOAP)
    waiting, bad = stocked.import_jobs.leave(file, actor=None), tmp_path / "bad.csv"
    bad.write_text("nothing,that,says\nwhat,it,is\n")
    failing, spool = stocked.import_jobs.leave(bad, actor=None), stocked.import_jobs.spool
    stocked.queue.desk.cancel(waiting, actor=None)
    run_all(stocked)
    failed = ended(stocked, failing)
    assert failed.view.state == "failed"
    assert "bad.csv" in failed.view.error
    spool.sweep()
    assert spool.file(failing).name == "bad.csv"
    with pytest.raises(Refused, match="anew"):
        spool.file(waiting)
    stocked.queue.desk.forget(failing, actor=None)
    spool.sweep()
    with pytest.raises(Refused, match="anew"):
        spool.file(failing)


def test_a_job_waits_for_another_import_and_counts_no_attempt(
    stocked: Shop, tmp_path: Path
) -> None:
    number = stocked.import_jobs.leave(sheet(tmp_path / "goods.csv", SOAP), actor=None)
    runner = stocked.queue.runner()
    thread = threading.Thread(target=runner.run)
    with one_import(stocked.directory):
        thread.start()
        wait_until(lambda: ended(stocked, number).view.state == "scheduled")
    wait_until(lambda: ended(stocked, number).view.state == "done")
    runner.stop()
    thread.join(SECONDS)
    assert ended(stocked, number).result["counts"]["unchanged"] == 1


def test_an_import_halts_while_its_queue_is_paused_and_goes_on(
    stocked: Shop, tmp_path: Path
) -> None:
    file = long_list(tmp_path, 6 * ROWS)
    wanted, catalogue = undisturbed(tmp_path / "other", file, tmp_path / "first.csv")
    number = stocked.import_jobs.leave(file, actor=None)
    runner = stocked.queue.runner()
    thread = threading.Thread(target=runner.run, daemon=True)
    count = "SELECT coalesce(max(rows), 0) FROM import_run WHERE number = 2"
    with till_open(stocked.directory, stocked.till):
        thread.start()
        wait_until(lambda: stocked.database.value(count))
        stocked.queue.desk.pause("imports", actor=None)
        wait_until(lambda: ended(stocked, number).view.state == "queued")
        halted = stocked.database.value(count)
        assert 0 < halted < wanted.rows
        assert state_words(stocked.import_jobs.courses.latest()[0]) == "paused"
        stocked.queue.desk.resume("imports", actor=None)
        wait_until(lambda: ended(stocked, number).view.state == "done")
    runner.stop()
    thread.join(SECONDS)
    result = ImportResult(import_id=None)
    result.set_counts(ended(stocked, number).result)
    assert result.counts() == wanted.counts()
    assert live(stocked) == catalogue
    assert bad_books(stocked) == set()


def test_an_import_that_was_asked_to_end_ends_between_two_chunks(
    stocked: Shop, tmp_path: Path
) -> None:
    before = live(stocked)
    many = 6 * ROWS
    number = stocked.import_jobs.leave(long_list(tmp_path, many), actor=None)
    runner = stocked.queue.runner()
    thread = threading.Thread(target=runner.run)
    with till_open(stocked.directory, stocked.till):
        thread.start()
        count = "SELECT coalesce(max(rows), 0) FROM import_run WHERE number = 2"
        wait_until(lambda: stocked.database.value(count))
        stocked.queue.desk.cancel(number, actor=None)
        wait_until(lambda: ended(stocked, number).view.state == "cancelled")
    runner.stop()
    thread.join(SECONDS)
    run = stocked.database.row("SELECT state, rows FROM import_run WHERE number = 2")
    assert run is not None
    assert run["state"] == "stopped"
    assert 0 < run["rows"] < many
    stocked.importing.undo(2, actor=None)
    assert live(stocked) == before


def test_who_may_not_import_leaves_no_job(stocked: Shop, tmp_path: Path) -> None:
    file = sheet(tmp_path / "goods.csv", SOAP)
    with pytest.raises(NeedsApproval):
        stocked.import_jobs.leave(file, actor=stocked.sign_in.sign_in(*CASHIER))
    manager = stocked.sign_in.sign_in(*MANAGER)
    number = stocked.import_jobs.leave(file, actor=manager)
    assert ended(stocked, number).view.started_by == manager.id


def test_a_copy_that_would_leave_selling_no_room_on_the_disk_is_not_made(
    shop: Shop, tmp_path: Path
) -> None:
    source, folder = sheet(tmp_path / "list.csv", MILK), tmp_path / "copies"
    folder.mkdir()
    needed = SELLING_BYTES + 2 * source.stat().st_size

    def spool(free: int) -> ImportSpool:
        return ImportSpool(lambda: folder, 0o600, shop.database, shop.clock, free=lambda _at: free)

    with pytest.raises(DiskFull), spool(needed - 1).coming(source):
        pytest.fail("it was copied")
    assert list(folder.iterdir()) == []
    with spool(needed).coming(source):
        assert [path.name for path in folder.glob("*/*")] == [source.name]


def test_a_file_that_went_with_its_stick_is_refused_in_a_sentence(
    shop: Shop, tmp_path: Path
) -> None:
    gone = tmp_path / "stick" / "list.csv"
    with pytest.raises(FileRefused, match="there is no such file") as refused:
        shop.import_jobs.leave(gone, actor=None)
    assert refused.value.fault is FileFault.NOT_THERE
    assert shop.queue.views.unfinished() == []


def test_an_import_is_taken_back_by_a_job_through_kills_each_product_once(
    stocked: Shop, tmp_path: Path
) -> None:
    before, manager = live(stocked), stocked.sign_in.sign_in(*MANAGER)
    stocked.importing.products(long_list(tmp_path, 2000), actor=None)
    number = stocked.import_jobs.leave_undo(2, actor=manager)
    assert stocked.import_jobs.leave_undo(2, actor=manager) == number
    with till_open(stocked.directory, stocked.till):
        process = worker(stocked.directory)
        try:
            done = "SELECT count(*) FROM import_change WHERE ver_after < 0"
            wait_until(lambda: int(stocked.database.value(done)) > 100)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
    assert ended(stocked, number).view.state == "running"
    with pytest.raises(NeedsApproval):
        stocked.import_jobs.leave_undo(2, actor=stocked.sign_in.sign_in(*CASHIER))
    run_all(stocked)
    assert live(stocked) == before
    run = stocked.database.row("SELECT state, imported, updated FROM import_run WHERE number = 2")
    assert run is not None
    undone = undone_of(ended(stocked, number).result)
    assert run["state"] == "undone"
    assert undone.left == []
    assert undone.count == run["imported"] + run["updated"]
    (told,) = stocked.queue.notifications.unread(manager)
    assert told.text.startswith("Import 2 is taken back.")
    for none, words in ((2, "taken back before"), (77, "There is no import 77")):
        with pytest.raises(Refused, match=words):
            stocked.import_jobs.leave_undo(none, actor=None)
    assert bad_books(stocked) == set()


def rows_of(path: Path) -> int:
    sheet = load_workbook(path).active
    assert isinstance(sheet, Worksheet)
    return int(sheet.max_row)


def test_the_place_of_the_list_is_named_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_shop(tmp_path / "duka", NEW_SHOP)
    monkeypatch.chdir(tmp_path)
    with closing(open_shop(Path("duka"))) as shop:
        bad = [*MILK]
        bad[4] = "dear"
        number = shop.import_jobs.leave(sheet(tmp_path / "bad.csv", bad, SOAP), actor=None)
        run_all(shop)
        result = ended(shop, number).result
    assert Path(result["path"]).is_relative_to(tmp_path)


def test_what_was_rejected_is_listed_in_a_workbook_that_the_message_leads_to(
    stocked: Shop, tmp_path: Path
) -> None:
    manager, jobs = stocked.sign_in.sign_in(*MANAGER), stocked.import_jobs
    number = jobs.leave(long_list(tmp_path, 100), actor=manager)
    good = jobs.leave(sheet(tmp_path / "goods.csv", SOAP), actor=manager)
    run_all(stocked)
    path = Path(ended(stocked, number).result["path"])
    assert path == jobs.spool.error_list(number)
    assert path.stat().st_mode & 0o777 == 0o600
    listed = rows_of(path)
    assert listed - 1 == len([*jobs.errors(number)]) > 0
    told = {one.job: one.text for one in stocked.queue.notifications.unread(manager)}
    assert told[number].startswith("Import 2 of long list.csv: 98 new, 2 unchanged, 8 rejected.")
    assert "rejected" not in told[good]
    board = stocked.queue.board
    look = Look(part=Part.MESSAGES, told_by=number)
    assert board.read(look, actor=manager).file == path
    assert board.read(replace(look, told_by=good), actor=manager).file is None
    cashier = stocked.sign_in.sign_in(*CASHIER)
    assert board.read(look, actor=cashier).file is None
    jobs.write_list(number, tmp_path / "mine.xlsx", 2)
    assert (tmp_path / "mine.xlsx").read_bytes() == path.read_bytes()
    path.unlink()
    jobs.write_list(number, tmp_path / "anew.xlsx", 2)
    assert rows_of(tmp_path / "anew.xlsx") == listed
    assert jobs.kept() == {2: number}
    path.touch()
    stocked.database.execute_sql("DELETE FROM job_history")
    assert jobs.kept() == {}
    jobs.spool.sweep()
    assert not path.exists()


def test_what_an_import_would_reject_is_listed_by_a_job(stocked: Shop, tmp_path: Path) -> None:
    manager, path = stocked.sign_in.sign_in(*MANAGER), tmp_path / "errors.xlsx"
    file, before = long_list(tmp_path, 100), live(stocked)
    with pytest.raises(Refused, match="being imported"):
        stocked.import_jobs.leave_list(file, file, actor=manager)
    number = stocked.import_jobs.leave_list(file, path, actor=manager)
    run_all(stocked)
    kept = ended(stocked, number).result
    assert kept["path"] == str(path)
    assert rows_of(path) > kept["rejected"] > 0
    assert live(stocked) == before
    (told,) = stocked.queue.notifications.unread(manager)
    assert told.text == f"{kept['rejected']} rows that would be rejected are listed in {path}."
    assert not (stocked.directory / "imports" / str(number)).exists()
