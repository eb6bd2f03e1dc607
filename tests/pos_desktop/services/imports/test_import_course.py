"""An import that halts is told as what it is, and taken back without its job's going on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pos_queue.job import RunsIn
from pos_queue.premises import Terms

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.runs import Course, RunState
from pos_desktop.services.background import pacing
from pos_desktop.services.background.queue_words import cause
from pos_desktop.services.imports.import_course import ListedImport
from pos_desktop.services.imports.import_jobs import UNDO_IMPORT
from pos_desktop.services.imports.import_words import halt_words, state_words
from pos_desktop.shop import Shop
from pos_desktop.shop_locks import one_import
from pos_desktop.storage import import_undo
from tests.pos_desktop.conftest import bad_books
from tests.pos_desktop.services.imports.halted import ROWS, halt_an_import
from tests.pos_desktop.services.imports.test_importing import MILK, SOAP, live, sheet

NUMBER = 2


@pytest.fixture
def stocked(shop: Shop, tmp_path: Path) -> Shop:
    shop.importing.products(sheet(tmp_path / "first.csv", MILK, SOAP), actor=None)
    return shop


@pytest.fixture
def before(stocked: Shop) -> Any:
    return live(stocked)


@pytest.fixture
def job(stocked: Shop, before: Any, tmp_path: Path) -> int:
    """The job of an import that is halted after its first rows."""
    number = halt_an_import(stocked, tmp_path)
    assert live(stocked) != before
    return number


def listed(shop: Shop) -> ListedImport:
    return shop.import_jobs.courses.latest()[0]


def work(shop: Shop) -> None:
    shop.queue.runner(Terms(when_empty=True), runs_in=RunsIn.THREAD).run()


def state_of(shop: Shop, job: int) -> str:
    detail = shop.queue.views.job(job)
    assert detail is not None
    return detail.view.state


def test_one_whose_job_waits_says_so_and_who_halts_it(stocked: Shop, job: int) -> None:
    one = listed(stocked)
    assert (one.course, one.job, one.can_be_undone) == (Course.WAITS, job, True)
    assert 0 < one.whose.rows < ROWS
    assert (state_words(one), halt_words(one)) == ("waits", f"goes on by itself, as job {job}")
    stocked.queue.desk.pause("imports", actor=None)
    one = listed(stocked)
    assert (one.course, one.can_be_undone) == (Course.PAUSED, True)
    assert state_words(one) == "paused"
    assert halt_words(one) == "goes on once queue imports is resumed"
    stocked.queue.desk.cancel(job, actor=None)
    one = listed(stocked)
    assert (state_words(one), halt_words(one), one.job) == ("not ended", "", None)


def test_one_that_another_import_found_broken_off_waits_all_the_same(
    stocked: Shop, job: int, tmp_path: Path
) -> None:
    stocked.importing.products(sheet(tmp_path / "third.csv", SOAP), actor=None)
    one = stocked.import_jobs.courses.latest()[1]
    assert (one.whose.state, one.course) == (RunState.STOPPED, Course.WAITS)
    assert state_words(one) == "waits"


def test_one_that_runs_is_not_taken_back_and_says_what_to_do(stocked: Shop, job: int) -> None:
    with one_import(stocked.directory):
        one = listed(stocked)
        assert (state_words(one), one.can_be_undone) == ("runs", False)
        for act in (stocked.importing.undo, stocked.import_jobs.leave_undo):
            with pytest.raises(Refused, match=f"once it has ended, or cancel its job {job} first"):
                act(NUMBER, actor=None)
    assert state_of(stocked, job) == "scheduled"


def test_a_job_whose_cursor_nobody_can_read_holds_up_no_list(stocked: Shop, job: int) -> None:
    stocked.database.execute_sql("UPDATE job_progress SET cursor = x'00ff'")
    assert state_words(listed(stocked)) == "not ended"


def test_taken_back_its_job_is_cancelled(stocked: Shop, before: Any, job: int) -> None:
    stocked.importing.undo(NUMBER, actor=None)
    assert live(stocked) == before
    assert state_of(stocked, job) == "cancelled"
    assert state_words(listed(stocked)) == "taken back"
    work(stocked)
    assert live(stocked) == before
    assert bad_books(stocked) == set()


def test_by_a_job_it_is_cancelled_together_with_that_jobs_coming_or_not_at_all(
    stocked: Shop, before: Any, job: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_named: object) -> int:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr(stocked.import_jobs._queue, "enqueue", full)
        with pytest.raises(OSError):
            stocked.import_jobs.leave_undo(NUMBER, actor=None)
    assert state_of(stocked, job) == "scheduled"
    stocked.import_jobs.leave_undo(NUMBER, actor=None)
    assert state_of(stocked, job) == "cancelled"
    assert [one.job for one in stocked.queue.views.unfinished()] == [UNDO_IMPORT]
    work(stocked)
    assert live(stocked) == before


@pytest.mark.parametrize("is_whole", [True, False])
def test_taken_back_or_a_part_of_it_a_failed_job_does_not_go_on_once_it_is_tried_again(
    stocked: Shop, before: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_whole: bool
) -> None:
    job, take_back = halt_an_import(stocked, tmp_path, for_good=True), import_undo.take_back
    assert (state_words(listed(stocked)), listed(stocked).job) == ("not ended", None)

    def broken(*args: Any) -> None:
        take_back(*args)
        monkeypatch.setattr(import_undo, "take_back", _raise)

    if is_whole:
        stocked.importing.undo(NUMBER, actor=None)
    else:
        monkeypatch.setattr(import_undo, "take_back", broken)
        monkeypatch.setattr(pacing, "_FIRST_ROWS", 10)
        with pytest.raises(ZeroDivisionError):
            stocked.importing.undo(NUMBER, actor=None)
    left = live(stocked)
    assert (left == before) == is_whole
    stocked.queue.desk.retry(job, actor=None)
    work(stocked)
    (failed,) = stocked.queue.views.failed(most=9)
    assert cause(failed) == f"Import {NUMBER} was taken back; import the file anew."
    assert live(stocked) == left
    if not is_whole:
        monkeypatch.setattr(import_undo, "take_back", take_back)
        stocked.importing.undo(NUMBER, actor=None)
        assert live(stocked) == before


def _raise(*_args: object) -> None:
    raise ZeroDivisionError


def test_a_job_whose_program_died_is_asked_to_end(stocked: Shop, before: Any, job: int) -> None:
    """Nobody has seen yet that it died: it is not cancelled, but has nothing to do any more."""
    stocked.database.execute_sql("UPDATE jobs SET state = 'running', owner = 'gone', run_at = 0")
    assert state_words(listed(stocked)) == "waits"
    stocked.importing.undo(NUMBER, actor=None)
    work(stocked)
    assert state_of(stocked, job) == "cancelled"
    assert live(stocked) == before
    assert state_words(listed(stocked)) == "taken back"
