"""What waits to be printed: written with the sale, so that no paper is ever forgotten.

What a printer's worker sees of it is `pos_hardware.print_jobs`; both are joined in
`services/printing/print_room`.
"""

from __future__ import annotations

from dataclasses import dataclass

from pos_hardware.faults import Fault
from pos_hardware.print_jobs import JobState

from pos_desktop.domain.ids import Id
from pos_desktop.storage import device_memory
from pos_desktop.storage.database import Row, ShopDatabase

_WAITS = f"state IN ('{JobState.QUEUED}', '{JobState.SENDING}')"
_UNSETTLED = "state IN ('queued', 'sending', 'unknown', 'failed')"
"""As the index on it says, word for word: SQLite uses it for no other wording."""
_FAULTS_OF = "print"
"""Under this name it is kept at which address each fault of a print was met."""
_FAULT_AT = (
    f"coalesce((SELECT value FROM device_memory WHERE device_memory.device = '{_FAULTS_OF}' "
    "AND key = print_job.id), '') AS fault_at"
)
_WANTS_A_PERSON = f"state IN ('{JobState.UNKNOWN}', '{JobState.FAILED}')"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPrint:
    """One print or drawer pulse as the file keeps it; `body` is a document as JSON text."""

    id: Id
    device: str
    kind: str
    title: str
    body: str
    state: JobState = JobState.QUEUED
    copy: bool = False
    attempts: int = 0
    fault: Fault | None = None
    fact_id: Id | None = None
    created_at: int
    """Milliseconds UTC of the machine's clock, which no replay moves; so is `changed_at`."""
    changed_at: int
    fault_at: str = ""
    """The address at which the fault was met, where that is known: the settings may have another
    one by now."""

    @property
    def wants_a_person(self) -> bool:
        """Whether it failed or is unknown: a person decides what becomes of it."""
        return self.state in (JobState.UNKNOWN, JobState.FAILED)


_COLUMNS = [name for name in StoredPrint.__slots__ if name != "fault_at"]


def add(database: ShopDatabase, job: StoredPrint) -> None:
    """Put a job into the queue of its device, inside the caller's transaction."""
    row = {name: getattr(job, name) for name in _COLUMNS}
    state, fault = job.state.value, job.fault or ""
    database.insert("print_job", [{**row, "copy": int(job.copy), "state": state, "fault": fault}])


def waiting(database: ShopDatabase, device: str) -> list[StoredPrint]:
    """Return the jobs of a device that are not over, the oldest first."""
    return _jobs(database, f"WHERE device = ? AND {_WAITS} ORDER BY id", (device,))


def unsettled(database: ShopDatabase, *, most: int) -> list[StoredPrint]:
    """Return the newest jobs, of all devices, that wait, failed or are unknown; oldest first."""
    return _jobs(database, f"WHERE {_UNSETTLED} ORDER BY id DESC LIMIT {most}", ())[::-1]


def count_for_a_person(database: ShopDatabase, *, other_than: str) -> int:
    """Return how many jobs of other kinds than this failed or are unknown."""
    where = f"{_UNSETTLED} AND {_WANTS_A_PERSON} AND kind <> ?"
    sql = f"SELECT count(*) FROM print_job WHERE {where}"
    return int(database.value(sql, (other_than,)))


def count_waiting(database: ShopDatabase, device: str, *, other_than: str = "") -> int:
    """Return how many jobs of a device, all or of other kinds than this, are not over."""
    sql = f"SELECT count(*) FROM print_job WHERE device = ? AND {_WAITS} AND kind <> ?"
    return int(database.value(sql, (device, other_than)))


def count_copies(database: ShopDatabase, fact_id: Id) -> int:
    """Return how many jobs of a fact are marked as copies, whatever became of them."""
    sql = "SELECT count(*) FROM print_job WHERE fact_id = ? AND copy = 1"
    return int(database.value(sql, (fact_id,)))


def next_queued(
    database: ShopDatabase, device: str, *, first_kind: str, only_first: bool
) -> StoredPrint | None:
    """Return the oldest queued job of a device, those of the first kind before all others."""
    only = "AND kind = ?" if only_first else ""
    found = _jobs(
        database,
        f"WHERE device = ? AND state = '{JobState.QUEUED}' {only} ORDER BY kind <> ?, id LIMIT 1",
        (device, first_kind, first_kind) if only_first else (device, first_kind),
    )
    return found[0] if found else None


def find(database: ShopDatabase, job_id: Id) -> StoredPrint | None:
    """Return a job, or None."""
    found = _jobs(database, "WHERE id = ?", (job_id,))
    return found[0] if found else None


def latest(database: ShopDatabase, kind: str) -> StoredPrint | None:
    """Return the newest job of a kind, or None."""
    found = _jobs(database, "WHERE kind = ? ORDER BY id DESC LIMIT 1", (kind,))
    return found[0] if found else None


def stopped_by(database: ShopDatabase, device: str) -> Fault | None:
    """Return the fault that stops the waiting jobs of a device; that a program closed is none."""
    faults = (job.fault for job in waiting(database, device))
    return next((one for one in faults if one not in (None, Fault.STOPPED)), None)


def withdraw(database: ShopDatabase, device: str, kind: str, *, at: int) -> None:
    """Settle the jobs of a kind that wait for a device: nobody wants them any more."""
    database.execute_sql(
        f"UPDATE print_job SET state = ?, changed_at = ? WHERE device = ? AND kind = ? "
        f"AND state = '{JobState.QUEUED}'",
        (JobState.SETTLED.value, at, device, kind),
    )


def set_state(
    database: ShopDatabase,
    job_id: Id,
    state: JobState,
    *,
    fault: Fault | None,
    at: int,
    attempt: int = 0,
    address: str = "",
) -> None:
    """Keep what became of a job; `attempt` is added to its attempts, `at` in milliseconds UTC.

    `address` is where the fault was met.
    """
    database.execute_sql(
        "UPDATE print_job SET state = ?, fault = ?, changed_at = ?, attempts = attempts + ? "
        "WHERE id = ?",
        (state.value, fault or "", at, attempt, job_id),
    )
    if fault and address:
        device_memory.remember(database, _FAULTS_OF, job_id, address)
    else:
        device_memory.forget(database, _FAULTS_OF, job_id)


def doubt_waiting(database: ShopDatabase, *, at: int, settled_kind: str) -> int:
    """Mark every job that waits as unknown, those of a kind as settled; return how many doubts."""
    sql = f"UPDATE print_job SET state = ?, changed_at = ? WHERE {_WAITS} AND kind "
    database.execute_sql(f"{sql} = ?", (JobState.SETTLED.value, at, settled_kind))
    cursor = database.execute_sql(f"{sql} <> ?", (JobState.UNKNOWN.value, at, settled_kind))
    return int(cursor.rowcount)


def queue_again(database: ShopDatabase, job: StoredPrint, *, at: int) -> bool:
    """Queue a job that failed or is unknown once more, with the body and copy mark it has now.

    Tells whether it was still one of those: of two who ask at once, one is told no.
    """
    cursor = database.execute_sql(
        "UPDATE print_job SET state = ?, fault = '', body = ?, copy = ?, changed_at = ? "
        f"WHERE id = ? AND {_WANTS_A_PERSON}",
        (JobState.QUEUED.value, job.body, int(job.copy), at, job.id),
    )
    device_memory.forget(database, _FAULTS_OF, job.id)
    return bool(cursor.rowcount)


def settle(database: ShopDatabase, job_id: Id, *, at: int) -> bool:
    """Mark a job that failed or is unknown as settled; tell whether it was still one of those."""
    cursor = database.execute_sql(
        f"UPDATE print_job SET state = ?, changed_at = ? WHERE id = ? AND {_WANTS_A_PERSON}",
        (JobState.SETTLED.value, at, job_id),
    )
    device_memory.forget(database, _FAULTS_OF, job_id)
    return bool(cursor.rowcount)


def _jobs(database: ShopDatabase, where: str, values: tuple[str, ...]) -> list[StoredPrint]:
    columns = ", ".join(_COLUMNS)
    rows = database.rows(f"SELECT {columns}, {_FAULT_AT} FROM print_job {where}", values)
    return [StoredPrint(**{**row, **_read(row)}) for row in rows]


def _read(row: Row) -> Row:
    fault = Fault(row["fault"]) if row["fault"] else None
    return {"copy": bool(row["copy"]), "state": JobState(row["state"]), "fault": fault}
