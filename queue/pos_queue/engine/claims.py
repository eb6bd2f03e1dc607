"""Taking jobs from the table and giving them back: who runs what, under which fence.

A claim marks a row as running and raises its fence. Whatever a worker writes later about the job
names the fence that it was given; once the row has passed into other hands, by a time limit, a
stop or a sweep, its fence is another and the late word counts no more.
"""

from __future__ import annotations

from dataclasses import dataclass

from pos_queue.database import Database
from pos_queue.engine.choice import Choice
from pos_queue.engine.limits import Limits
from pos_queue.errors import ClaimLost


@dataclass(slots=True)
class Claim:
    """A running job in this process's hands."""

    number: int
    fence: int
    job: str
    queue: str
    attempts: int
    """Which attempt this is, counted from one."""
    failures: int
    deaths: int
    endpoint: str | None
    batch: int | None
    sensitive: bool
    started_by: str | None
    cancel_asked: bool
    started_at: int
    seal: bytes | None
    payload: bytes
    has_progress: bool = False
    """Whether something was kept of how far it is; always assumed after a first attempt."""

    is_taken: bool = True
    """Whether the row says that it is running."""

    def __post_init__(self) -> None:
        self.has_progress = self.attempts > 1


class ClaimedBytes(bytes):
    """The payload of a claimed job, on its way through Huey, which knows of bytes alone."""

    claim: Claim


_COLUMNS = (
    "number, fence, job, queue, attempts, failures, deaths, endpoint, batch, sensitive, "
    "started_by, cancel_asked, started_at, seal, payload"
)
_FIRST_OF_QUEUE = (
    "SELECT number FROM jobs WHERE state = 'queued' AND queue = q.name "
    "ORDER BY priority DESC, run_at, number LIMIT 1"
)


def _first(of_queues: str) -> str:
    return (
        f"SELECT j.number FROM job_queues q JOIN jobs j ON j.number = ({_FIRST_OF_QUEUE}) "
        f"WHERE q.paused_at IS NULL AND q.free_at <= ?{of_queues} "
        "ORDER BY j.priority DESC, j.run_at, j.number LIMIT 1"
    )


class Claims:
    """The claims of one owner; each method but `waits` stands in the caller's transaction."""

    def __init__(
        self,
        database: Database,
        owner: str,
        choice: Choice | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._database = database
        self._limits = limits or Limits(database, {})
        self.owner = owner
        self.choice = choice or Choice()
        self._names = self.choice.names()
        self._first = first = _first(self.choice.condition())
        self._waits = f"SELECT EXISTS ({first})"
        self._take = (
            "UPDATE jobs SET state = 'running', owner = ?, fence = fence + 1, "
            f"attempts = attempts + 1, started_at = ? WHERE number = ({first}) "
            f"RETURNING {_COLUMNS}"
        )

    def waits(self, now: int) -> bool:
        """Tell whether a job could be taken now; takes no lock."""
        found = self._database.execute_sql(self._waits, (now, *self._names)).fetchone()
        return bool(found[0])

    def waiting(self, now: int) -> tuple[str, tuple[object, ...]]:
        """Return the query of what `waits` looks for, and its values, to be asked with others."""
        return self._first, (now, *self._names)

    def take(self, now: int) -> Claim | None:
        """Take the job whose turn it is, None where none waits or a rate lets none go."""
        parameters = (self.owner, now, now, *self._names)
        row = self._database.execute_sql(self._take, parameters).fetchone()
        if row is None:
            return None
        claim = Claim(*row)
        self._limits.count(claim.queue, now)
        return claim

    def next_of(self, like: Claim, most: int, now: int) -> list[Claim]:
        """Return up to so many more of the same job that are next in the same queue.

        Their rows stay as they are: whoever runs them in the present transaction ends them in it.
        """
        rows = self._database.execute_sql(
            f"SELECT {_COLUMNS} FROM jobs WHERE state = 'queued' AND queue = ? AND job = ? "
            "ORDER BY priority DESC, run_at, number LIMIT ?",
            (like.queue, like.job, most),
        ).fetchall()
        claims = [Claim(*row) for row in rows]
        for claim in claims:
            claim.attempts, claim.started_at, claim.is_taken = claim.attempts + 1, now, False
        return claims

    def check(self, claim: Claim) -> None:
        """Raise ClaimLost unless the job is still this claim's."""
        check_held(self._database, claim)


def check_held(database: Database, claim: Claim) -> None:
    """Raise ClaimLost unless the job is still this claim's."""
    if not is_held(database, claim):
        raise lost(claim)


def lost(claim: Claim) -> ClaimLost:
    """Return what tells a worker that its job is no longer its own."""
    return ClaimLost(f"job {claim.number} has passed into other hands")


def is_held(database: Database, claim: Claim) -> bool:
    """Tell whether the job is still this claim's."""
    return bool(
        database.execute_sql(
            "SELECT 1 FROM jobs WHERE number = ? AND fence = ? AND state = 'running'",
            (claim.number, claim.fence),
        ).fetchone()
    )


def take_scheduled(database: Database, owner: str, until: int, now: int) -> list[Claim]:
    """Take every scheduled job whose moment has come, the soonest first."""
    rows = database.execute_sql(
        "UPDATE jobs SET state = 'running', owner = ?, fence = fence + 1, started_at = ? "
        f"WHERE state = 'scheduled' AND run_at <= ? RETURNING {_COLUMNS}, run_at",
        (owner, now, until),
    ).fetchall()
    rows.sort(key=lambda row: (row[-1], row[0]))
    return [Claim(*row[:-1]) for row in rows]


def take_number(
    database: Database, owner: str, number: int, fence: int, now: int, *, waits_for_worker: bool
) -> Claim | None:
    """Take one job by its number and fence, None where nobody may have it under that any more.

    It must wait for a worker, or wait at all.
    """
    state = "= 'queued'" if waits_for_worker else "<> 'running'"
    row = database.execute_sql(
        "UPDATE jobs SET state = 'running', owner = ?, fence = fence + 1, attempts = attempts + 1, "
        f"started_at = ? WHERE number = ? AND fence = ? AND state {state} RETURNING {_COLUMNS}",
        (owner, now, number, fence),
    ).fetchone()
    return Claim(*row) if row else None
