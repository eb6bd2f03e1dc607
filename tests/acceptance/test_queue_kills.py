"""Workers are killed at random moments: no job is lost, and none has its effect twice.

The full form, with --torture, is 1,000 kills over 100,000 jobs.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pos_queue.intake import Intake
from pos_queue.testing.file_database import FileDatabase

from tests.pos_queue import premises

WORKER = Path(premises.__file__)
ROOT = WORKER.parent.parent.parent
LIMIT = 120.0
ROWS = 20
LOT = 50
BATCHED = 8
"""The kind of those that form a batch with the others of their lot."""


@dataclass(frozen=True)
class Size:
    jobs: int
    kills: int


def enqueue(intake: Intake, database: FileDatabase, keys: range, chance: random.Random) -> None:
    """Enqueue one job of some kind for each key, a lot in a transaction and with a batch."""
    for start in range(keys.start, keys.stop, LOT):
        lot = range(start, min(start + LOT, keys.stop))
        with database.write():
            for key in lot:
                if key % 10 != BATCHED:
                    enqueue_one(intake, key, chance)
            batched = [("grouped", {"key": key}) for key in lot if key % 10 == BATCHED]
            intake.batch("lot", batched, then=("sealed", {}))


def enqueue_one(intake: Intake, key: int, chance: random.Random) -> None:
    later = intake._clock.now() + timedelta(seconds=chance.random())
    kind = key % 10
    if kind == 0:
        intake.enqueue("rows", {"key": key, "count": ROWS})
    elif kind == 1:
        intake.enqueue("first", {"key": key}, then=[("second", {})])
    elif kind == 2:
        intake.enqueue("shaky", {"key": key})
    elif kind == 3:
        intake.enqueue("plain", {"key": key}, at=later)
    elif kind == 4:
        intake.enqueue("slow", {"key": key})
    elif kind == 5:
        intake.enqueue("failing", {"key": key})
    elif kind == 6:
        intake.enqueue("plain", {"key": key}, unique_key=f"one {key}")
    else:
        intake.enqueue("grouped", {"key": key})


def expected(keys: range) -> Counter[tuple[str, int, float | None]]:
    """Return every effect that must be there, each once."""
    found: Counter[tuple[str, int, float | None]] = Counter()
    names = {2: "shaky", 3: "plain", 4: "slow", 6: "plain"}
    found.update(("sealed", batch, None) for batch in range(1, len(keys) // LOT + 1))
    for key in keys:
        kind = key % 10
        if kind == 0:
            found.update(("rows", key, float(row)) for row in range(ROWS))
        elif kind == 1:
            found.update([("first", key, None), ("second", key, None)])
        elif kind != 5:
            found[names.get(kind, "grouped"), key, None] += 1
    return found


def start(folder: Path) -> subprocess.Popen[str]:
    """Start a worker and wait until it works."""
    worker = subprocess.Popen(
        [sys.executable, str(WORKER), str(folder), "-", "4"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "working\n"
    return worker


def kill(worker: subprocess.Popen[str]) -> None:
    worker.send_signal(signal.SIGKILL)
    worker.wait(LIMIT)
    for pipe in (worker.stdin, worker.stdout):
        assert pipe is not None
        pipe.close()


def effects(database: FileDatabase) -> Counter[tuple[str, int, float | None]]:
    rows = database.execute_sql(
        "SELECT job, key, CASE job WHEN 'rows' THEN at END FROM effect"
    ).fetchall()
    return Counter((name, key, row) for name, key, row in rows)


def unfinished(database: FileDatabase) -> int:
    return int(database.execute_sql("SELECT count(*) FROM jobs").fetchone()[0])


def test_no_kill_of_a_worker_loses_or_doubles_a_job(tmp_path: Path, torture: bool) -> None:
    size = Size(100_000, 1_000) if torture else Size(2_500, 25)
    assert not size.jobs // size.kills % LOT
    premises._databases.clear()
    database, chance = premises.database_of(tmp_path), random.Random(20261126)
    with premises.sender_of(tmp_path) as sender:
        intake = premises.intake_of(tmp_path, sender)
        per_kill = size.jobs // size.kills
        for round_ in range(size.kills):
            enqueue(intake, database, range(round_ * per_kill, (round_ + 1) * per_kill), chance)
            worker = start(tmp_path)
            time.sleep(chance.random() * 0.1)
            kill(worker)
        last = start(tmp_path)
        ends = time.monotonic() + size.jobs / 100 + LIMIT
        while unfinished(database) and time.monotonic() < ends:
            time.sleep(0.05)
        kill(last)
    try:
        check(database, range(per_kill * size.kills))
    finally:
        database.close()


def check(database: FileDatabase, keys: range) -> None:
    assert unfinished(database) == 0
    found, wanted = effects(database), expected(keys)
    assert not wanted - found, "lost"
    assert not found - wanted, "doubled"
    states = dict(
        database.execute_sql("SELECT state, count(*) FROM job_history GROUP BY state").fetchall()
    )
    failing = len([key for key in keys if key % 10 == 5])
    assert states.pop("failed") == failing
    assert set(states) == {"done"}, "an innocent job was quarantined"
    interrupted = "SELECT count(*) FROM job_attempts WHERE outcome = 'interrupted'"
    assert database.execute_sql(interrupted).fetchone()[0] > 0, "no kill met a running job"
    assert database.execute_sql("PRAGMA integrity_check").fetchone() == ("ok",)
