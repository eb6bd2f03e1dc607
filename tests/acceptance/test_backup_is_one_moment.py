"""A backup out of the middle of a busy day is one moment of it, whole, on a machine with nothing.

A till sells without a pause in one process while others make backups, some of which are killed
halfway. Each backup is restored elsewhere, with its file and the recovery key alone. It must hold
what the second books held at one moment, and what the till's own records come to up to there.

The full form, with --torture, is 1,000 sales in each of three shops.
"""

from __future__ import annotations

import json
import random
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import DATABASE_FILE
from pos_desktop.shops.new_shop import demo_shop, make_shop
from pos_desktop.shops.restored_shop import restore_shop
from tests.acceptance.elsewhere import EVER, POSCTL, ROOT, Elsewhere, Machine

HERE = Path(__file__).parent
SALES, FULL_SALES = 50, 1_000
BACKUPS, FULL_BACKUPS = 1, 6
KILLS, FULL_KILLS = 2, 12
SEEDS = 3
LAST_STEP = 0.75
"""Where the last step begins, after which a backup has its name."""
OF_THE_Z_ITSELF = re.compile(r"Z REPORT \d+|Closed +\S|Journal \d")
"""The lines of a Z that tell which Z of which till it is, and when it was made."""

Moment = dict[str, Any]


class Seller:
    """A till that sells in a process of its own, and the moments that its second books held."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._told: list[Moment] = []
        self._more = threading.Condition()
        self._ended = False
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._more:
                self._told.append(json.loads(line))
                self._more.notify_all()
        with self._more:
            self._ended = True
            self._more.notify_all()

    def reached(self, sales: int) -> int:
        """Wait until so many sales were told of; return how many moments were."""
        with self._more:
            self._more.wait_for(
                lambda: self._ended or (self._told and self._told[-1]["sales"] >= sales), 300
            )
            assert not self._ended
            return len(self._told)

    def ended(self) -> list[Moment]:
        """Let it come to an end; return all moments."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait(300) == 0
        with self._more:
            self._more.wait_for(lambda: self._ended, 60)
        return self._told


@contextmanager
def selling(directory: Path, seed: int, sales: int) -> Iterator[Seller]:
    """Let a till sell; it ends with the block, however that ends."""
    with subprocess.Popen(
        [sys.executable, str(HERE / "days_process.py"), str(directory), str(seed), str(sales)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(ROOT)},
    ) as process:
        try:
            yield Seller(process)
        finally:
            process.kill()


@dataclass(frozen=True)
class Kept:
    """A backup, how many moments were over before it began, and the length of its journal."""

    file: Path
    after: int
    journal: int


def back_up(directory: Path, file: Path, after: int) -> Kept:
    """Make a backup by posctl, as a second process beside the till."""
    made = subprocess.run(
        [*POSCTL, "--data", str(directory), "backup", str(file), "--json"],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    told = json.loads(made.stdout)
    assert told["ok"]
    return Kept(file, after, told["journal"])


def kill_halfway(directory: Path, share: float) -> None:
    """Begin a backup where the settings want it, and kill it when so much of it is done."""
    with subprocess.Popen(
        [sys.executable, str(HERE / "backing_up_process.py"), str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line in process.stdout:
            done, total = map(int, line.split())
            if done >= share * total:
                break
            process.stdin.write("\n")
            process.stdin.flush()
        process.kill()
    assert process.returncode == -9


def check_no_half_one_counts(directory: Path, folder: Path, key: str) -> int:
    """Assert that what killed backups left counts as none; return how many parts there were.

    What was killed while it was read back may be whole, and is one moment then; else it is refused.
    """
    with closing(open_shop(directory)) as shop:
        assert shop.backups.listed() == []
    left = [file for file in (directory / "backups").rglob("*") if file.is_file()]
    for number, file in enumerate(left):
        assert file.name.startswith(".")
        place = folder / f"half {number}"
        try:
            assert restore_shop(file, place, key).findings == ()
        except Refused:
            assert not (place / DATABASE_FILE).exists()
    return len(left)


@pytest.mark.parametrize(
    "seed",
    [pytest.param(seed, marks=pytest.mark.torture if seed else ()) for seed in range(SEEDS)],
)
def test_each_backup_is_one_moment_and_closes_the_same_day(
    tmp_path: Path, seed: int, *, torture: bool
) -> None:
    chance = random.Random(seed)
    first = tmp_path / "first"
    key = make_shop(first, demo_shop())
    sales = FULL_SALES if torture else SALES
    count = FULL_BACKUPS if torture else BACKUPS
    kept, halves = [], 0
    with selling(first, seed, sales) as seller:
        for number, at in enumerate(sorted(chance.sample(range(5, sales), count))):
            kept.append(back_up(first, tmp_path / f"backup {number}", seller.reached(at)))
            for _kill in range((FULL_KILLS if torture else KILLS) // count):
                kill_halfway(first, chance.uniform(0, LAST_STEP))
                halves += 1
        parts = check_no_half_one_counts(first, tmp_path, key)
        moments = seller.ended()
    kept.append(back_up(first, tmp_path / "last", len(moments)))
    told = [_is_one_moment(tmp_path, one, moments, first, key) for one in kept]
    _closes_the_same_day(tmp_path, kept[-1], first, key)
    assert told[-1] == len(moments) - 1
    end = moments[-1]
    print(
        f"\n{end['sales']} sales, {end['refunds']} refunds, {end['zs']} Zs; "
        f"{halves} backups killed, which left {parts} parts; {len(kept)} restored, with "
        + ", ".join(f"{moments[at]['sales'] + moments[at]['refunds']}" for at in told)
        + " receipts"
    )


def _is_one_moment(tmp_path: Path, one: Kept, moments: list[Moment], first: Path, key: str) -> int:
    """Assert that a backup is one of the moments; return which."""
    there = Elsewhere(tmp_path / f"machine of {one.file.name}", one.file, key)
    gone = first.rename(tmp_path / "the first machine is gone")
    try:
        there.restore()
        found = _told_there(there)
        last_entry = there.journal_before()
    finally:
        gone.rename(first)
    same = [number for number, moment in enumerate(moments) if moment == found]
    assert same, found
    assert same[-1] >= one.after - 1, "something is missing that was sold before it began"
    assert last_entry == one.journal
    assert found == _recomputed(first, one.journal)
    assert there.receipts() == list(range(1, found["sales"] + found["refunds"] + 1))
    return same[-1]


def _told_there(there: Elsewhere) -> Moment:
    """Return what the restored shop says of itself, in the words of the second books."""
    checked = there.asked("verify")
    assert checked["ok"], checked
    summary = there.asked("report", "sales-summary", *EVER)
    bands = there.asked("report", "vat", *EVER)["bands"]
    names = ("sales", "refunds", "gross_cents", "vat_cents", "rounding_cents", "discount_cents")
    return {
        **{name: summary[name] for name in (*names, "payments_on_account_cents")},
        "tenders": _nonzero({one["tender"]: one["amount_cents"] for one in summary["tenders"]}),
        "bands": _nonzero({one["band"]: one["gross_cents"] for one in bands}),
        "stock": there.stock(),
        "drawer_cents": there.in_drawer(),
        "zs": len(there.asked("report", "z", *EVER)["rows"]),
    }


def _nonzero(sums: dict[str, int]) -> dict[str, int]:
    return {name: amount for name, amount in sums.items() if amount}


def _recomputed(directory: Path, last_entry: int) -> Moment:
    """Return what the first till's own records come to, up to an entry of its journal."""
    with closing(sqlite3.connect(directory / DATABASE_FILE)) as books:
        books.execute(
            "CREATE TEMP TABLE known AS SELECT fact_id AS id FROM journal "
            "WHERE seq <= ? AND fact_id IS NOT NULL",
            (last_entry,),
        )
        for name, key in OF_FACTS.items():
            books.execute(
                f"CREATE TEMP VIEW k_{name} AS SELECT * FROM {name} "
                f"WHERE {key} IN (SELECT id FROM known)"
            )
        found = dict(zip(SUMS, books.execute(SUMMED).fetchone(), strict=True))
        return {
            **found,
            "tenders": _nonzero(dict(books.execute(BY_TENDER))),
            "bands": _nonzero(dict(books.execute(BY_BAND))),
            "stock": _nonzero(dict(books.execute(BY_GOODS))),
            "drawer_cents": books.execute(IN_DRAWER).fetchone()[0],
            "zs": books.execute("SELECT count(*) FROM k_z_report").fetchone()[0],
        }


OF_FACTS = {
    **dict.fromkeys(("sale", "account_payment", "cash_move", "shift", "z_report"), "id"),
    **dict.fromkeys(("sale_line", "tender"), "sale_id"),
    "stock_move": "fact_id",
    "shift_close": "id",
}
"""The tables that hold what was done, and the column that names the fact."""
SUMS = (
    *("sales", "refunds", "gross_cents", "vat_cents", "rounding_cents", "discount_cents"),
    "payments_on_account_cents",
)
SUMMED = """
    SELECT count(*) FILTER (WHERE refund_of IS NULL), count(refund_of), sum(gross_cents),
        sum(vat_cents), sum(rounding_cents), sum(discount_cents),
        (SELECT coalesce(sum(amount_cents), 0) FROM k_account_payment)
    FROM k_sale
"""
BY_TENDER = """
    SELECT kind, sum(amount_cents) FROM (
        SELECT kind, amount_cents FROM k_tender
        UNION ALL SELECT kind, amount_cents FROM k_account_payment
    ) GROUP BY kind
"""
BY_BAND = "SELECT tax_band, sum(gross_cents) FROM k_sale_line GROUP BY tax_band"
BY_GOODS = """
    SELECT p.code, sum(m.quantity) FROM k_stock_move m JOIN product p ON p.id = m.product_id
    WHERE p.code LIKE 'G%' GROUP BY p.code
"""
IN_DRAWER = """
    SELECT sum(cents) FROM (
        SELECT id AS shift, float_cents AS cents FROM k_shift
        UNION ALL SELECT s.shift_id, t.amount_cents FROM k_sale s
            JOIN k_tender t ON t.sale_id = s.id AND t.kind = 'cash'
        UNION ALL SELECT shift_id, amount_cents FROM k_cash_move
        UNION ALL SELECT shift_id, amount_cents FROM k_account_payment WHERE kind = 'cash'
    ) WHERE shift NOT IN (SELECT shift_id FROM k_shift_close)
"""


def _closes_the_same_day(tmp_path: Path, last: Kept, first: Path, key: str) -> None:
    """Assert that a Z of one moment is the same on both machines, and old ones print as before."""
    there = Elsewhere(tmp_path / "machine that closes the day", last.file, key)
    code = there.restore()["till_code"]
    here = Machine(first, tmp_path / "home")
    done = [machine.closed_day() for machine in (here, there)]
    *old_here, new_here = here.zs()
    *old_there, new_there = there.zs()
    assert old_here
    assert old_there == old_here
    assert (new_here["till_code"], new_here["number"]) == ("T1", len(old_here) + 1)
    assert (new_there["till_code"], new_there["number"]) == (code, 1)
    assert new_there["figures"] == new_here["figures"]
    assert _figures(done[1]) == _figures(done[0])
    lines = zip(new_here["lines"], new_there["lines"], strict=True)
    differ = [pair for pair in lines if pair[0] != pair[1]]
    assert all(OF_THE_Z_ITSELF.search(one) for pair in differ for one in pair), differ
    print(f"\nZ: {len(new_here['lines'])} lines, of which {len(differ)} differ: {differ}")


def _figures(report: dict[str, Any]) -> dict[str, Any]:
    """Return what a Z says but for its number and the moment of its making."""
    shifts = [{**one, "closed_at": None} for one in report["shifts"]]
    return {**report, "number": None, "closed_at": None, "shifts": shifts}
