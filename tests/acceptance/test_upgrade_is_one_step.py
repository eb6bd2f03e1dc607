"""Killed at random moments of an upgrade, a shop's file is the old or the new one, never half."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import DATABASE_FILE, UPGRADE_FOLDER
from pos_desktop.storage.audit import run_checks
from pos_desktop.storage.migrations import LATEST
from tests.released.released_shops import unpack

KILLS, FULL_KILLS = 10, 1_000
PROGRAM = Path(__file__).with_name("upgrading_process.py")


def content(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())


def opened(directory: Path, life: float | None = None) -> float:
    """Let a process open a shop, kill it after some seconds; return how long it took or lived."""
    with subprocess.Popen(
        [sys.executable, str(PROGRAM), str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        killer = threading.Timer(life or 60, process.kill)
        began = time.monotonic()
        process.stdin.write("go\n")
        process.stdin.flush()
        killer.start()
        process.stdout.readline()
        took = time.monotonic() - began
        killer.cancel()
        process.kill()
    return took


def version(directory: Path) -> int:
    with closing(sqlite3.connect(directory / DATABASE_FILE)) as connection:
        return int(connection.execute("SELECT max(number) FROM migration").fetchone()[0])


def test_no_kill_leaves_a_file_half_way(tmp_path: Path, torture: bool) -> None:
    chance = random.Random(20261128)
    whole = min(opened(unpack(1, tmp_path / f"whole {number}")) for number in range(2))
    left_old = left_copies = 0
    for number in range(FULL_KILLS if torture else KILLS):
        schema = chance.randint(1, LATEST - 1)
        directory = unpack(schema, tmp_path / f"shop {number}")
        before = content(directory / DATABASE_FILE)
        opened(directory, chance.uniform(0, whole))
        found = version(directory)
        assert found in (schema, LATEST)
        if found == schema:
            left_old += 1
            assert content(directory / DATABASE_FILE) == before
        copies = list((directory / UPGRADE_FOLDER).glob("schema-*.sqlite*"))
        left_copies += len(copies)
        assert [content(copy) for copy in copies] == [before] * len(copies)
        assert copies or found == schema
        with closing(open_shop(directory)) as shop:
            checks = run_checks(shop.database, shop.key, shop.head)
            assert not [check for check in checks if not check.ok]
    print(f"killed {number + 1} times: {left_old} old files, {left_copies} copies")
    assert left_old
