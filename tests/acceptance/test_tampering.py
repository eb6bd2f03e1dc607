"""Whatever is changed in the books past the program: `verify` finds it, and a Z shows it.

The next one does in a young shop. In an old one, whose Z leaves the older books to a job, it is at
the latest the one after that job, which also tells the managers.
"""

from __future__ import annotations

import json
import random
import shutil
from contextlib import closing, suppress
from pathlib import Path

import pytest
from pos_queue.context import JobContext
from pos_queue.errors import GiveUp

from pos_desktop.cli.main import main
from pos_desktop.domain import staff
from pos_desktop.services.paper.closing_reports import DayReport
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shops.new_shop import make_shop
from tests.acceptance.tampering import tamper
from tests.pos_desktop.conftest import CASHIER, MANAGER, NEW_SHOP, add_product, person
from tests.pos_desktop.services.play import play

TRIES = 100
OF_YOUNG_SHOPS = 25
"""So many of them are tried in a young shop too."""
WARNING = "THE BOOKS WERE CHANGED PAST THE TILL"


@pytest.fixture
def two_ages(tmp_path: Path) -> tuple[Path, Path]:
    """A shop after a day and a half of work, and a copy of it from before its last sales."""
    directory, older = tmp_path / "shop", tmp_path / "older"
    make_shop(directory, NEW_SHOP)
    with closing(open_shop(directory)) as shop:
        shop.staffing.add(
            login=CASHIER[0], name="Wanjiku", role=staff.CASHIER, pin=CASHIER[1], actor=None
        )
        add_product(shop, "MILK", "Milk", 65_00)
        add_product(shop, "SUGAR", "Sugar", 165_00)
        play(shop, "login " + " ".join(CASHIER), "shift open 1000")
        play(
            shop, "2*MILK", "pay cash 200", "SUGAR", "10%", "pay card 148.50 A1", "cash out 50 tea"
        )
        play(shop, "shift close 1080", "z", "shift open 500", "MILK", "SUGAR", "void", "pay cash")
        shop.database.value("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(directory, older)
    with closing(open_shop(directory)) as shop:
        shop.till.sign_in(*CASHIER)
        play(shop, "SUGAR", "pay cash", "3*MILK", "pay cash 500", "cash in 20 change")
        shop.database.value("PRAGMA wal_checkpoint(TRUNCATE)")
    return directory, older


@pytest.fixture
def other(two_ages: tuple[Path, Path], tmp_path: Path) -> Path:
    """The shop with another history since the older copy: as many entries, of other sales."""
    directory = tmp_path / "other"
    shutil.copytree(two_ages[1], directory)
    with closing(open_shop(directory)) as shop:
        shop.till.sign_in(*CASHIER)
        play(shop, "MILK", "pay cash", "2*SUGAR", "pay cash 400", "cash in 30 change")
        shop.database.value("PRAGMA wal_checkpoint(TRUNCATE)")
    return directory


class InPlace:
    """Where a job that is run in place reports to."""

    def __init__(self, shop: Shop) -> None:
        self.write = shop.database.write

    def progress(self, done: int, total: int | None, message: str) -> None:
        """Show it to nobody."""

    def keep_cursor(self, cursor: object) -> None:
        """Keep nothing."""

    def is_cancelled(self) -> bool:
        """Go on."""
        return False

    def is_paused(self) -> bool:
        """Go on."""
        return False

    def left(self) -> float | None:
        """Take all the time."""
        return None


def check_all_books(shop: Shop) -> None:
    """Do what the job does that a Z of an old shop leaves."""
    reports = InPlace(shop)
    with suppress(GiveUp):
        shop.book_checks.run(
            JobContext(number=1, attempt=1, started_by=None, cursor=None, reports=reports)
        )


def _next_z(shop: Shop) -> tuple[DayReport, str]:
    """Close the day; return its report, and the paper that waits for the printer."""
    shop.till.sign_in(*MANAGER)
    report = play(shop, "z").report
    body = shop.database.value("SELECT body FROM print_job WHERE kind = 'z' ORDER BY id DESC")
    assert isinstance(report, DayReport)
    return report, str(body)


def _is_shown(z: tuple[DayReport, str]) -> bool:
    report, paper = z
    return bool(report.findings) and WARNING in paper


def _is_seen_of_old_books(shop: Shop) -> bool:
    """Tell whether a change in a shop that counts as old is told, and shown by the Z after it."""
    shop.book_checks.at_once_bytes = 0
    manager = person(shop, MANAGER)
    _next_z(shop)
    check_all_books(shop)
    told = [one.text for one in shop.queue.notifications.unread(manager)]
    return bool(told) and "posctl verify" in told[-1] and _is_shown(_next_z(shop))


def test_each_of_a_hundred_changes_is_found_and_shown(
    two_ages: tuple[Path, Path], other: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory, older = two_ages
    unseen = []
    for number in range(TRIES):
        victim = tmp_path / str(number)
        shutil.copytree(directory, victim)
        done = tamper(victim, older, other, random.Random(number))
        code = main(["verify", "--json", "--data", str(victim)])
        if code != 1 or json.loads(capsys.readouterr().out)["ok"]:
            unseen.append(f"verify: {done}")
        young = tmp_path / f"{number} young"
        if number < OF_YOUNG_SHOPS:
            shutil.copytree(victim, young)
            with closing(open_shop(young)) as shop:
                if not _is_shown(_next_z(shop)):
                    unseen.append(f"Z: {done}")
            shutil.rmtree(young)
        with closing(open_shop(victim)) as shop:
            if not _is_seen_of_old_books(shop):
                unseen.append(f"Z after the check: {done}")
        shutil.rmtree(victim)
    assert not unseen


def test_books_that_nobody_changed_are_said_to_be_in_order(two_ages: tuple[Path, Path]) -> None:
    directory, _older = two_ages
    assert main(["verify", "--data", str(directory)]) == 0
    with closing(open_shop(directory)) as shop:
        report, paper = _next_z(shop)
        assert not report.findings
        assert WARNING not in paper
        assert "Books checked: in order." in paper
        shop.book_checks.at_once_bytes = 0
        _report, paper = _next_z(shop)
        assert "All books: checked for the first time after this Z." in paper
        check_all_books(shop)
        report, paper = _next_z(shop)
        assert (report.findings, WARNING in paper) == ((), False)
        assert "All books checked: " in paper
        assert not shop.queue.notifications.unread(person(shop, MANAGER))
