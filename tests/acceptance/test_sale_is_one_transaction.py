"""Killed at random moments, a till loses no sale, leaves none half done, and skips no number."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from pathlib import Path

from pos_desktop.shop import open_shop
from pos_desktop.shops.new_shop import demo_shop, make_shop
from pos_desktop.storage.audit import run_checks

KILLS, FULL_KILLS = 12, 500
LONGEST_LIFE_SECONDS = 0.2
CHECK_EVERY = 25
SELLER = Path(__file__).with_name("selling_process.py")


def test_no_kill_leaves_a_trace(tmp_path: Path, torture: bool) -> None:
    directory = tmp_path / "shop"
    make_shop(directory, demo_shop())
    shop = open_shop(directory)
    shop.till.sign_in("cashier", "1111")
    shop.closing.open_shift(shop.till.person, 0)
    shop.close()
    chance = random.Random(20261124)
    handed_out: list[str] = []
    kills = FULL_KILLS if torture else KILLS
    for number in range(1, kills + 1):
        handed_out += _sell_and_kill(directory, chance.uniform(0, LONGEST_LIFE_SECONDS))
        if number % CHECK_EVERY == 0 or number == kills:
            _check(directory, handed_out)
    assert len(handed_out) >= kills


def _sell_and_kill(directory: Path, life: float) -> list[str]:
    """Let a till sell, kill it after some seconds of selling, return the receipts it gave out."""
    with subprocess.Popen(
        [sys.executable, str(SELLER), str(directory)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        killer = threading.Timer(life, process.kill)
        killer.start()
        lines = process.stdout.readlines()
        killer.join()
    assert process.returncode == -9
    return [line.strip() for line in lines if line.endswith("\n")]


def _check(directory: Path, handed_out: list[str]) -> None:
    shop = open_shop(directory)
    bad = [check for check in run_checks(shop.database, shop.key, shop.head) if not check.ok]
    assert not bad
    numbers = shop.database.rows("SELECT receipt_number AS n FROM sale ORDER BY 1")
    assert [row["n"] for row in numbers] == list(range(1, len(numbers) + 1))
    known = {f"T1-{row['n']:06d}" for row in numbers}
    assert len(set(handed_out)) == len(handed_out)
    assert set(handed_out) <= known
    whole = shop.database.value(
        "SELECT count(*) FROM sale s WHERE "
        "(SELECT count(*) FROM sale_line WHERE sale_id = s.id) >= 3 AND "
        "(SELECT count(*) FROM tender WHERE sale_id = s.id) = 1 AND "
        "(SELECT count(*) FROM stock_move WHERE fact_id = s.id) = "
        "(SELECT count(*) FROM sale_line WHERE sale_id = s.id) AND "
        "(SELECT count(*) FROM print_job WHERE fact_id = s.id) = 2"
    )
    assert whole == len(numbers)
    shop.close()
