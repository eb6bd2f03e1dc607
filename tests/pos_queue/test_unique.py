"""Of jobs with one key one waits or runs, whoever races for it, and no key stays taken."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from pos_queue.context import JobContext
from pos_queue.job import Job

from tests.pos_queue.processes import SECONDS, wait_until
from tests.pos_queue.workers import Place

THREADS = 8
PROCESSES = 2


def jobs(place: Place) -> Iterable[Job]:
    def body(context: JobContext, *, key: int) -> None:
        time.sleep(0.001)
        context.at_completion(lambda: place.effect("ran", key))

    return [Job(name="work", body=body, unique=True)]


def race(place: Place, inserts: str, keys: str, seed: str) -> None:
    """Enqueue jobs of random keys in many threads, then tell how many were new."""
    print("ready", flush=True)

    def enqueue(thread: int) -> None:
        chance = random.Random(f"{seed} {thread}")
        for _insert in range(int(inserts) // THREADS):
            place.intake.enqueue("work", {"key": chance.randrange(int(keys))})
        place.database.close()

    threads = [threading.Thread(target=enqueue, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("done", flush=True)


def _live(place: Place) -> list[tuple[int, int]]:
    return place.rows("SELECT count(*), count(DISTINCT unique_key) FROM jobs")


def test_of_many_that_race_for_a_key_one_gets_it(tmp_path: Path, torture: bool) -> None:
    inserts, keys = (100_000, 1_000) if torture else (4_000, 100)
    with Place(tmp_path, jobs) as place:
        racers = [
            place.process(race, inserts // PROCESSES, keys, seed) for seed in range(PROCESSES)
        ]
        for racer in racers:
            said, _ = racer.communicate(timeout=SECONDS * (30 if torture else 1))
            assert said.split() == ["ready", "done"]
        assert _live(place) == [(keys, keys)]


def test_no_key_stays_taken_when_processes_are_killed(tmp_path: Path, torture: bool) -> None:
    kills, keys = (100 if torture else 5), 50
    with Place(tmp_path, jobs) as place:
        for kill in range(kills):
            enough = len(place.effects("ran")) + 2 * keys
            with place.process(race, 10_000_000, keys, kill) as racer, place.worker() as worker:
                try:
                    wait_until(partial(_have_run, place, enough))
                    worker.kill()
                finally:
                    racer.kill()
        place.work_until_done()
        interrupted = place.rows("SELECT count(*) FROM job_attempts WHERE outcome = 'interrupted'")
        assert interrupted[0][0] > 0
        for key in [*range(keys), *range(keys)]:
            place.intake.enqueue("work", {"key": key})
        assert _live(place) == [(keys, keys)]


def _have_run(place: Place, number: int) -> bool:
    return len(place.effects("ran")) >= number
