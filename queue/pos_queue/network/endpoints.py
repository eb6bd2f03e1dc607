"""The endpoints that jobs need, as the file keeps them: a breaker each, and what waits for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pos_queue.database import Database
from pos_queue.network.breaker import Breaker, State
from pos_queue.network.drain import Drain

NEVER_AWAY = Breaker()
_Row = tuple[str, str, int, int, int, int, int, int | None, int | None, int]
_LOT = 500
"""How many jobs are put aside in one transaction."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint."""

    name: str
    breaker: Breaker = NEVER_AWAY
    trial: int | None = None
    """The job that tries it, where no probe does."""
    drain: Drain | None = None
    """How what waited is let go; None where nothing is."""

    @property
    def is_closed(self) -> bool:
        """Whether its jobs may run."""
        return self.breaker.state is State.CLOSED

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to do about it."""
        return self.is_closed and self.drain is None

    def with_breaker(self, breaker: Breaker) -> Endpoint:
        """Return the endpoint with another state of its breaker."""
        return replace(self, breaker=breaker)


def load_all(database: Database) -> dict[str, Endpoint]:
    """Return every endpoint that was ever out of reach, by its name."""
    rows = database.execute_sql(f"SELECT {_COLUMNS} FROM job_endpoints").fetchall()
    return {row[0]: _endpoint(row) for row in rows}


def load(database: Database, name: str) -> Endpoint:
    """Return one endpoint; one that nobody knows is in reach."""
    row = database.execute_sql(
        f"SELECT {_COLUMNS} FROM job_endpoints WHERE name = ?", (name,)
    ).fetchone()
    return _endpoint(row) if row else Endpoint(name)


def store(database: Database, endpoint: Endpoint) -> None:
    """Keep the state of an endpoint, in the caller's transaction."""
    breaker, drain = endpoint.breaker, endpoint.drain
    database.execute_sql(
        f"INSERT OR REPLACE INTO job_endpoints ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            endpoint.name,
            breaker.state,
            breaker.turn,
            breaker.failures,
            breaker.probe_at_ms,
            breaker.last_at_ms,
            breaker.budget_ms,
            endpoint.trial,
            drain.due_at_ms if drain else None,
            drain.lot if drain else 0,
        ),
    )


def put_aside(database: Database, name: str) -> bool:
    """Let queued jobs of an endpoint wait for it, a lot of them; tell whether there were any."""
    cursor = database.execute_sql(
        "UPDATE jobs SET state = 'waiting_for_network' WHERE number IN (SELECT number FROM jobs "
        "WHERE endpoint = ? AND state = 'queued' AND NOT cancel_asked ORDER BY number LIMIT ?)",
        (name, _LOT),
    )
    return cursor.rowcount > 0


def waiting(database: Database, name: str, most: int) -> int:
    """Return how many jobs wait for an endpoint, counted up to a bound."""
    found = database.execute_sql(
        "SELECT count(*) FROM (SELECT 1 FROM jobs WHERE endpoint = ? "
        "AND state = 'waiting_for_network' LIMIT ?)",
        (name, most),
    ).fetchone()
    return int(found[0])


def let_go(database: Database, name: str, number: int) -> list[int]:
    """Let so many of the jobs that wait for an endpoint join the queue; return their numbers."""
    rows = database.execute_sql(
        "UPDATE jobs SET state = 'queued' WHERE number IN (SELECT number FROM jobs "
        "WHERE endpoint = ? AND state = 'waiting_for_network' ORDER BY number LIMIT ?) "
        "RETURNING number",
        (name, number),
    ).fetchall()
    return [row[0] for row in rows]


_COLUMNS = "name, state, turn, failures, probe_at, last_at, budget, trial, drain_at, drain_lot"


def _endpoint(
    row: tuple[str, str, int, int, int, int, int, int | None, int | None, int],
) -> Endpoint:
    name, state, turn, failures, probe_at, last_at, budget, trial, drain_at, lot = row
    breaker = Breaker(
        state=State(state),
        turn=turn,
        failures=failures,
        probe_at_ms=probe_at,
        last_at_ms=last_at,
        budget_ms=budget,
    )
    drain = None if drain_at is None else Drain(drain_at, lot)
    return Endpoint(name, breaker, trial, drain)
