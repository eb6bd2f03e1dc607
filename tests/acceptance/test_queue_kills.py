"""Workers are killed at random moments: no job is lost, and none has its effect twice.

The full form, with --torture, is 1,000 kills over 100,000 jobs.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.pos_queue import kinds
from tests.pos_queue.workers import Place

LIMIT = 120.0
ROWS = 20
LOT = 50
BATCHED = 8
"""The kind of those that form a batch with the others of their lot."""


@dataclass(frozen=True)
class Size:
    jobs: int
    kills: int


def enqueue(place: Place, keys: range, chance: random.Random) -> None:
    """Enqueue one job of some kind for each key, a lot in a transaction and with a batch."""
    for start in range(keys.start, keys.stop, LOT):
        lot = range(start, min(start + LOT, keys.stop))
        with place.database.write():
            for key in lot:
                if key % 10 != BATCHED:
                    enqueue_one(place, key, chance)
            batched = [("grouped", {"key": key}) for key in lot if key % 10 == BATCHED]
            place.intake.batch("lot", batched, then=("sealed", {}))


def enqueue_one(place: Place, key: int, chance: random.Random) -> None:
    intake, later = place.intake, place.clock.now() + timedelta(seconds=chance.random())
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


def expected(keys: range) -> Counter[tuple[str, int]]:
    """Return every effect that must be there, each once."""
    found: Counter[tuple[str, int]] = Counter()
    names = {2: "shaky", 3: "plain", 4: "slow", 6: "plain"}
    found.update(("sealed", batch) for batch in range(1, len(keys) // LOT + 1))
    for key in keys:
        kind = key % 10
        if kind == 0:
            found.update((f"rows {key}", row) for row in range(ROWS))
        elif kind == 1:
            found.update([("first", key), ("second", key)])
        elif kind != 5:
            found[names.get(kind, "grouped"), key] += 1
    return found


def effects(place: Place) -> Counter[tuple[str, int]]:
    return Counter(place.rows("SELECT name, value FROM effect"))


def test_no_kill_of_a_worker_loses_or_doubles_a_job(tmp_path: Path, torture: bool) -> None:
    size = Size(100_000, 1_000) if torture else Size(2_500, 25)
    assert not size.jobs // size.kills % LOT
    chance, per_kill = random.Random(20261126), size.jobs // size.kills
    with Place(tmp_path, kinds.jobs) as place:
        for round_ in range(size.kills):
            enqueue(place, range(round_ * per_kill, (round_ + 1) * per_kill), chance)
            with place.worker() as worker:
                time.sleep(chance.random() * 0.1)
                worker.kill()
        with place.worker() as last:
            ends = time.monotonic() + size.jobs / 100 + LIMIT
            while place.unfinished() and time.monotonic() < ends:
                time.sleep(0.05)
            last.kill()
        check(place, range(per_kill * size.kills))


def check(place: Place, keys: range) -> None:
    assert place.unfinished() == 0
    found, wanted = effects(place), expected(keys)
    assert not wanted - found, "lost"
    assert not found - wanted, "doubled"
    states = dict(place.rows("SELECT state, count(*) FROM job_history GROUP BY state"))
    failing = len([key for key in keys if key % 10 == 5])
    assert states.pop("failed") == failing
    assert set(states) == {"done"}, "an innocent job was quarantined"
    interrupted = "SELECT count(*) FROM job_attempts WHERE outcome = 'interrupted'"
    assert place.rows(interrupted)[0][0] > 0, "no kill met a running job"
    assert place.rows("PRAGMA integrity_check") == [("ok",)]
