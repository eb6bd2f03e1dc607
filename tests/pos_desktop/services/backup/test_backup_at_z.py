"""A Z leaves a backup to a job: once, in its own transaction, and whatever becomes of it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest
from pos_queue.intake import Intake
from pos_queue.premises import Terms

from pos_desktop import settings
from pos_desktop.domain.errors import Unavailable
from pos_desktop.services.background.queue_words import cause
from pos_desktop.services.backup.backups import BACKUP_SHOP
from pos_desktop.services.paper.closing_reports import DayReport
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage.book_checks import last_z_entry
from tests.pos_desktop.conftest import MANAGER
from tests.pos_desktop.services.play import play


def _waiting(shop: Shop) -> int:
    counted = "SELECT count(*) FROM jobs WHERE job = ?"
    return int(shop.database.value(counted, (BACKUP_SHOP,)))


def _z(shop: Shop) -> DayReport:
    shop.till.sign_in(*MANAGER)
    report = play(shop, "shift open 100", "shift close 100", "z").report
    assert isinstance(report, DayReport)
    return report


def _run(shop: Shop) -> None:
    shop.queue.runner(Terms(when_empty=True)).run()


def test_a_z_leaves_one_that_the_next_program_makes(shop: Shop) -> None:
    """The program ends right after the Z: the job waits in the file for the next start."""
    assert _z(shop).is_backed_up
    assert _waiting(shop) == 1
    number = shop.database.value("SELECT number FROM jobs WHERE job = ?", (BACKUP_SHOP,))
    directory, z = shop.directory, last_z_entry(shop.database)
    shop.close()
    with closing(open_shop(directory)) as next_start:
        assert not next_start.backups.listed()
        _run(next_start)
        (kept,) = next_start.backups.listed()
        done = next_start.queue.views.job(number)
        assert done is not None
        assert (done.view.state, done.result["file"]) == ("done", str(kept.path))
        assert done.result["journal"] >= z


def test_two_at_once_are_one(shop: Shop) -> None:
    shop.backups.leave(actor=None)
    _z(shop)
    assert _waiting(shop) == 1


def test_one_that_runs_may_lack_the_z_so_another_follows_it(shop: Shop) -> None:
    number = shop.backups.leave(actor=None)
    shop.database.execute_sql("UPDATE jobs SET state = 'running' WHERE number = ?", (number,))
    _z(shop)
    assert _waiting(shop) == 2


def test_the_setting_turns_it_off(shop: Shop) -> None:
    shop.configuration.set(settings.BACKUP_AT_Z, False, shop.books, actor=None)
    assert not _z(shop).is_backed_up
    assert _waiting(shop) == 0


@pytest.mark.spoils_books
def test_a_shop_in_training_makes_none(shop: Shop) -> None:
    shop.configuration.put(settings.SHOP_TRAINING, True)
    shop.configuration.refresh()
    assert not _z(shop).is_backed_up
    assert _waiting(shop) == 0


def test_a_z_is_closed_whatever_is_wrong_with_the_queue(shop: Shop) -> None:
    enqueue = Intake.enqueue

    def breaks(self: Intake, name: str, *rest: object, **more: object) -> int:
        if name == BACKUP_SHOP:
            raise ValueError(name)
        return enqueue(self, name, *rest, **more)  # type: ignore[arg-type]

    with patch.object(Intake, "enqueue", breaks):
        report = _z(shop)
    assert (report.number, report.is_backed_up) == (1, False)
    assert last_z_entry(shop.database)


def test_a_z_that_is_not_written_leaves_none(shop: Shop) -> None:
    """It stands in the Z's own transaction: what is rolled back takes it along."""
    full = patch.object(Intake, "enqueue", side_effect=Unavailable("the disk is full"))
    with full, pytest.raises(Unavailable):
        _z(shop)
    assert (last_z_entry(shop.database), _waiting(shop)) == (0, 0)


def test_a_stick_that_is_not_there_is_a_failed_job_that_says_what_to_do(
    shop: Shop, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    shop.configuration.set(settings.BACKUP_FOLDER, str(stick), shop.books, actor=None)
    assert _z(shop).is_backed_up
    _run(shop)
    (failed,) = shop.queue.views.failed()
    assert f"The folder {stick} for the backup is not there: put the disk" in cause(failed)
