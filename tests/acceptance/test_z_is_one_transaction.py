"""A power cut in the middle of a Z: the day is closed whole, or not at all, and closes then.

The full form, with --torture, is killed before each statement of it.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from pos_desktop.services.paper.closing_reports import DayReport
from pos_desktop.shop import open_shop
from pos_desktop.shops.new_shop import demo_shop, make_shop
from pos_desktop.storage.audit import run_checks
from tests.pos_desktop.services.play import play

PROCESS = Path(__file__).with_name("closing_process.py")
KILLS = 8


def _close(directory: Path, deadly: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(PROCESS), str(directory), str(deadly)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _check(directory: Path) -> bool:
    """Assert that the books are in order and the day closes now; tell whether it was before."""
    with closing(open_shop(directory)) as shop:
        bad = [check for check in run_checks(shop.database, shop.key, shop.head) if not check.ok]
        assert not bad
        closed = bool(shop.database.value("SELECT count(*) FROM z_report"))
        papers = shop.database.value("SELECT count(*) FROM print_job WHERE kind = 'z'")
        assert papers == int(closed)
        assert (shop.closing.current() is None) is closed
        if not closed:
            shop.till.sign_in("manager", "1234")
            report = play(shop, "z").report
            assert isinstance(report, DayReport)
            assert (report.number, report.figures.sales, report.findings) == (1, 2, ())
    return closed


def test_a_power_cut_in_a_z_loses_nothing(tmp_path: Path, *, torture: bool) -> None:
    directory = tmp_path / "shop"
    make_shop(directory, demo_shop())
    with closing(open_shop(directory)) as shop:
        shop.till.sign_in("cashier", "1111")
        play(shop, "shift open 500", "P001", "pay cash", "P002", "void", "P003", "pay cash")
        shop.database.value("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = tmp_path / "whole"
    shutil.copytree(directory, whole)
    ended = _close(whole, 0)
    statements = int(ended.stdout)
    assert _check(whole)
    every = range(1, statements + 1)
    chosen = every if torture else random.Random(1).sample(every, KILLS)
    for number in chosen:
        victim = tmp_path / str(number)
        shutil.copytree(directory, victim)
        assert _close(victim, number).returncode == -9
        assert not _check(victim)
        shutil.rmtree(victim)
