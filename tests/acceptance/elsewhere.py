"""Another machine: it has nothing of the first one but what a person carries over.

Its home, its data and its environment are its own; the program is the same.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from csv import DictReader
from decimal import Decimal
from pathlib import Path
from typing import Any

from pos_desktop.shop_folder import DATABASE_FILE

ROOT = Path(__file__).resolve().parents[2]
POSCTL = (sys.executable, "-m", "pos_desktop.cli.main")
Z_PAPERS = Path(__file__).with_name("z_papers_process.py")
LOGIN = "login manager 1234"
EVER = ("--from", "2026-01-01", "--to", "2030-01-01")


class Machine:
    """A machine with a shop, asked by posctl alone."""

    def __init__(self, shop: Path, home: Path) -> None:
        self.shop = shop
        self._home = home
        home.mkdir(parents=True)

    def asked(self, *words: str) -> Any:
        """Return what posctl says of the shop, as JSON; it must succeed."""
        return json.loads(self.run(*POSCTL, "--data", str(self.shop), *words, "--json"))

    def played(self, *lines: str) -> dict[str, Any]:
        """Type lines at the till; return what it says to the last."""
        said = self.run(
            *POSCTL, *("--data", str(self.shop), "play", "-", "--json", "--strict"), typed=lines
        )
        found = json.loads(said.splitlines()[-1])
        assert isinstance(found, dict)
        return found

    def stock(self) -> dict[str, int]:
        """Return what is in stock of the goods that were sold, in thousandths."""
        file = self._home / "stock.csv"
        self.asked("export", "stock", str(file))
        with file.open(encoding="utf-8-sig", newline="") as rows:
            found = {row["Code"]: int(1000 * Decimal(row["In stock"])) for row in DictReader(rows)}
        return {code: count for code, count in found.items() if count and code.startswith("G")}

    def in_drawer(self) -> int | None:
        """Return what the drawer should hold, in cents; None where no shift is open."""
        if not self._read("SELECT 1 FROM shift WHERE id NOT IN (SELECT shift_id FROM shift_close)"):
            return None
        return int(self.played(LOGIN, "x")["report"]["expected_cents"])

    def closed_day(self) -> dict[str, Any]:
        """Close the day; return the Z."""
        report = self.played(LOGIN, "z")["report"]
        assert isinstance(report, dict)
        return report

    def zs(self) -> list[dict[str, Any]]:
        """Return all Zs with their papers, as `z_papers_process` tells them."""
        found = json.loads(self.run(sys.executable, str(Z_PAPERS), str(self.shop)))
        assert isinstance(found, list)
        return found

    def receipts(self) -> list[int]:
        """Return the numbers of all receipts of before, in order."""
        sql = "SELECT receipt_number FROM sale WHERE till_code = 'T1' ORDER BY 1"
        return [number for (number,) in self._read(sql)]

    def journal_before(self) -> int:
        """Return the last entry of the journal that the backup has brought along."""
        ((found,),) = self._read("SELECT seq - 1 FROM journal WHERE kind = 'shop restored'")
        return int(found)

    def _read(self, sql: str) -> list[Any]:
        with closing(sqlite3.connect(self.shop / DATABASE_FILE)) as books:
            return books.execute(sql).fetchall()

    def run(self, *command: str, typed: tuple[str, ...] = ()) -> str:
        """Run a program of this machine, with nothing of the first one's environment."""
        ended = subprocess.run(
            command,
            input="".join(f"{line}\n" for line in typed),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            cwd=self._home,
            env={"PATH": os.defpath, "HOME": str(self._home), "PYTHONPATH": str(ROOT)},
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout


class Elsewhere(Machine):
    """A machine with a stick in it, and no shop yet."""

    def __init__(self, folder: Path, backup: Path, recovery_key: str) -> None:
        """Carry a backup and the recovery key there."""
        super().__init__(folder / "shop", folder / "home")
        self._stick = folder / "stick"
        self._stick.mkdir()
        shutil.copyfile(backup, self._stick / "backup")
        (self._stick / "key").write_text(f"{recovery_key}\n", encoding="ascii")

    def restore(self) -> dict[str, Any]:
        """Bring the shop back, and return what the program says of it."""
        key = ("--recovery-key-file", str(self._stick / "key"))
        found = self.asked("restore", str(self._stick / "backup"), *key)
        assert isinstance(found, dict)
        return found
