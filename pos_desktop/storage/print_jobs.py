"""What waits to be printed: written with the sale, so that no paper is ever forgotten."""

from __future__ import annotations

from dataclasses import dataclass

from pos_desktop.domain.ids import Id
from pos_desktop.storage.database import ShopDatabase

QUEUED = "queued"
SENDING = "sending"
PRINTED = "printed"
SENT = "sent"
UNKNOWN = "unknown"
FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintJob:
    """One print or drawer pulse; `body` is a document as JSON text."""

    id: Id
    device: str
    kind: str
    title: str
    body: str
    state: str = QUEUED
    copy: bool = False
    attempts: int = 0
    fault: str = ""
    fact_id: Id | None = None
    created_at: int
    changed_at: int


def add(database: ShopDatabase, job: PrintJob) -> None:
    """Put a job into the queue of its device, inside the caller's transaction."""
    row = {name: getattr(job, name) for name in PrintJob.__slots__}
    database.insert("print_job", [{**row, "copy": int(job.copy)}])


def waiting(database: ShopDatabase, device: str) -> list[PrintJob]:
    """Return the jobs of a device that are not over, the oldest first."""
    return _jobs(
        database,
        "WHERE device = ? AND state IN ('queued', 'sending') ORDER BY id",
        (device,),
    )


def count_waiting(database: ShopDatabase, device: str) -> int:
    """Return how many jobs of a device are not over."""
    return int(
        database.value(
            "SELECT count(*) FROM print_job WHERE device = ? AND state IN ('queued', 'sending')",
            (device,),
        )
    )


def next_queued(
    database: ShopDatabase, device: str, *, first_kind: str, only_first: bool
) -> PrintJob | None:
    """Return the oldest queued job of a device, those of the first kind before all others."""
    only = "AND kind = ?" if only_first else ""
    found = _jobs(
        database,
        f"WHERE device = ? AND state = 'queued' {only} ORDER BY kind <> ?, id LIMIT 1",
        (device, first_kind, first_kind) if only_first else (device, first_kind),
    )
    return found[0] if found else None


def find(database: ShopDatabase, job_id: Id) -> PrintJob | None:
    """Return a job, or None."""
    found = _jobs(database, "WHERE id = ?", (job_id,))
    return found[0] if found else None


def set_state(
    database: ShopDatabase, job_id: Id, state: str, *, fault: str, at: int, attempt: int = 0
) -> None:
    """Keep what became of a job; `attempt` is added to its attempts, `at` in milliseconds UTC."""
    database.execute_sql(
        "UPDATE print_job SET state = ?, fault = ?, changed_at = ?, attempts = attempts + ? "
        "WHERE id = ?",
        (state, fault, at, attempt, job_id),
    )


def _jobs(database: ShopDatabase, where: str, values: tuple[str, ...]) -> list[PrintJob]:
    rows = database.rows(f"SELECT * FROM print_job {where}", values)
    return [PrintJob(**{**row, "copy": bool(row["copy"])}) for row in rows]
