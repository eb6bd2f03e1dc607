"""What the shop's file knows of its board: which jobs are offered there, and which could be.

A job that is offered stays in the table of jobs as it was, queued: whoever cancels it, pauses its
queue or looks at it needs to know nothing of a board. That it is offered stands in `job_forwards`,
under the fence of then: once the job's fence is another, the offer means nothing any more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from pos_queue.database import Database
from pos_queue.drivers.redis_driver.board import Offer
from pos_queue.drivers.redis_driver.messages import offer_body
from pos_queue.engine.claims import Claim, take_number

Pair = tuple[int, int]
"""A job's number, and the fence under which it was offered."""

LOT = 100
"""How many jobs are offered in one call, and noted in one transaction."""
_STANDS = "f.number = j.number AND f.fence = j.fence"
_READY = (
    "SELECT j.number, j.fence, j.queue, j.priority, j.job, j.attempts, j.sensitive, j.started_by, "
    "j.batch, j.seal, j.payload, p.cursor FROM jobs j LEFT JOIN job_progress p "
    "ON p.number = j.number WHERE j.state = 'queued' AND j.queue = ? "
    f"AND NOT EXISTS (SELECT 1 FROM job_forwards f WHERE {_STANDS}) "
    "ORDER BY j.priority DESC, j.run_at, j.number LIMIT ?"
)


class Forwards:
    """The jobs of one file that are offered on a board."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open_queues(self, now: int) -> list[str]:
        """Return the queues whose jobs may begin now."""
        sql = "SELECT name FROM job_queues WHERE paused_at IS NULL AND free_at <= ? ORDER BY name"
        return [row[0] for row in self._database.execute_sql(sql, (now,)).fetchall()]

    def ready(self, queue: str, most: int) -> list[Offer]:
        """Return jobs of a queue that are not offered yet, in the order of the queue."""
        rows = self._database.execute_sql(_READY, (queue, most)).fetchall()
        return [_offer(*row) for row in rows]

    def count(self) -> int:
        """Return how many offers are noted."""
        return int(self._database.execute_sql("SELECT count(*) FROM job_forwards").fetchone()[0])

    def note(self, pairs: Iterable[Pair]) -> None:
        """Note what the board has acknowledged; in the caller's transaction."""
        self._database.execute_sql(
            "INSERT OR REPLACE INTO job_forwards (number, fence) "
            "SELECT value ->> 0, value ->> 1 FROM json_each(?)",
            (json.dumps([*pairs]),),
        )

    def forget(self, pairs: Iterable[Pair]) -> None:
        """Note that offers are no more; in the caller's transaction."""
        self._database.execute_sql(
            "DELETE FROM job_forwards WHERE (number, fence) IN "
            "(SELECT value ->> 0, value ->> 1 FROM json_each(?))",
            (json.dumps([*pairs]),),
        )

    def page(self, after: int) -> list[Pair]:
        """Return the noted offers behind a number, a lot of them."""
        sql = "SELECT number, fence FROM job_forwards WHERE number > ? ORDER BY number LIMIT ?"
        return [
            (row[0], row[1]) for row in self._database.execute_sql(sql, (after, LOT)).fetchall()
        ]

    def over(self) -> list[Pair]:
        """Return noted offers whose jobs have ended, or passed into other hands: a lot of them."""
        return self._pairs(f"NOT EXISTS (SELECT 1 FROM jobs j WHERE {_STANDS})")

    def held_up(self) -> list[Pair]:
        """Return noted offers whose jobs wait for something else than a worker: a lot of them."""
        return self._pairs(
            "EXISTS (SELECT 1 FROM jobs j LEFT JOIN job_queues q ON q.name = j.queue "
            f"WHERE {_STANDS} AND (j.state <> 'queued' OR q.paused_at IS NOT NULL))"
        )

    def still_offered(self, pairs: Iterable[Pair]) -> set[Pair]:
        """Return those of which the job waits under that very fence."""
        rows = self._database.execute_sql(
            "SELECT number, fence FROM jobs WHERE state = 'queued' AND (number, fence) IN "
            "(SELECT value ->> 0, value ->> 1 FROM json_each(?))",
            (json.dumps([*pairs]),),
        ).fetchall()
        return {(row[0], row[1]) for row in rows}

    def claim(self, owner: str, pair: Pair, now: int, *, is_answer: bool) -> Claim | None:
        """Claim the job of an offer, to be run here or because it has an answer; None for others'.

        In the caller's transaction. One with an answer may wait for anything meanwhile.
        """
        self.forget([pair])
        return take_number(self._database, owner, *pair, now, waits_for_worker=not is_answer)

    def is_noted(self, pair: Pair) -> bool:
        """Tell whether an offer is noted, and its job waits under that very fence."""
        sql = f"SELECT 1 FROM job_forwards f JOIN jobs j ON {_STANDS} WHERE f.number = ?"
        found = self._database.execute_sql(f"{sql} AND f.fence = ?", pair).fetchone()
        return found is not None

    def _pairs(self, condition: str) -> list[Pair]:
        sql = f"SELECT f.number, f.fence FROM job_forwards f WHERE {condition} LIMIT ?"
        return [(row[0], row[1]) for row in self._database.execute_sql(sql, (LOT,)).fetchall()]


def _offer(number: int, fence: int, queue: str, priority: float, *job: Any) -> Offer:
    *described, cursor = job
    return Offer(number, fence, queue, priority, offer_body(*described), cursor)


def numbers_of(offers: Sequence[Offer]) -> list[Pair]:
    """Return by what the file knows some offers."""
    return [(offer.number, offer.fence) for offer in offers]
