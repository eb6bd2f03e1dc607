"""Workers are killed at random moments: each moment of a batch still comes exactly once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from pos_queue.backoff import Backoff
from pos_queue.context import JobContext
from pos_queue.errors import GiveUp
from pos_queue.job import Job

from tests.pos_queue.batch_counts import Counted, count
from tests.pos_queue.workers import Place, kill_again_and_again

SOON = Backoff(first=0.02, cap=0.02)
FIRST, LAST = 20, 10
"""How many members a batch has at first, and how many its members add."""


def jobs(place: Place) -> Iterable[Job]:
    def member(context: JobContext, *, n: int, adds: int = 0) -> None:
        if n < 0 and context.attempt == 1:
            raise OSError("not yet")
        if n == 13:
            raise GiveUp("never")
        context.at_completion(lambda: place.effect("member", n))
        if adds:
            batch = context.batch
            assert batch is not None
            more = [("grouped", {"n": n}) for n in range(adds)]
            context.at_completion(lambda: place.intake.add(batch, more))

    def grouped(_context: JobContext, *, n: int) -> None:
        place.effect("member", n)

    def moment(name: str) -> Job:
        def tell(context: JobContext, *, batch: int) -> None:
            context.at_completion(lambda: place.effect(name, batch))

        return Job(name=name, body=tell, backoff=SOON)

    return [
        Job(name="member", body=member, backoff=SOON),
        Job(name="grouped", body=grouped, backoff=SOON, grouped=True),
        *map(moment, ("then", "catch", "finally")),
    ]


def _enqueue(place: Place, numbers: Iterable[int]) -> int:
    members = [("member", {"n": n}) for n in numbers]
    return place.intake.batch(
        "killed",
        [*members, ("member", {"n": 1, "adds": LAST})],
        then=("then", {}),
        catch=("catch", {}),
        finally_=("finally", {}),
    )


def test_no_kill_doubles_or_loses_a_moment(tmp_path: Path, torture: bool) -> None:
    chance, number, kills = random.Random(20261126), *((400, 200) if torture else (40, 10))
    with Place(tmp_path, jobs) as place:
        good = [_enqueue(place, range(-5, 13)) for _batch in range(number)]
        bad = [_enqueue(place, range(FIRST)) for _batch in range(number)]
        kill_again_and_again(place, kills, lambda: chance.random() * 0.15)
        assert sorted(place.effects("finally")) == good + bad
        assert sorted(place.effects("then")) == good
        assert sorted(place.effects("catch")) == bad
        for batch in good:
            assert count(place, batch) == Counted(done=19 + LAST)
        for batch in bad:
            assert count(place, batch) == Counted(done=20 + LAST, failed=1)
        effects = Counter(place.effects("member"))
        assert effects[-5] == number
        assert effects[0] == number * (2 + 2)
        assert effects.total() == number * (19 + 20 + 2 * LAST)
        assert 13 not in effects
        assert place.rows("PRAGMA integrity_check") == [("ok",)]
