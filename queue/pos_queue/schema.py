"""The tables of the queue, as the first migration that knows them makes them.

`jobs` holds what is unfinished, `job_history` what has ended, under the same number; a failed job
waits there for a person, who reads `failed_jobs`. What is to run at a moment of a batch lies in
`job_callbacks` until that moment comes, which takes the row away. `job_forwards` names the jobs
that are offered to workers on a Redis server. Moments are milliseconds since 1970 in UTC.

A page that a commit writes costs a tenth of it. So what runs stands in `jobs_in_turn` right before
what is next in its queue, and a claim changes one leaf: `jobs_of` says how it is asked. And most
jobs end soon after they came, so that their numbers tell when: only those that ended later than an
hour after are found by the moment of their end (`LATE`).

What is counted is checked by the file itself: a count that cannot be raised would hold up all jobs.
"""

from __future__ import annotations

from collections.abc import Iterator


def jobs_of(state: str) -> str:
    """Return what stands in FROM for the jobs `j` of a state, whatever their queue `q`.

    The index begins with the queue; each one that has jobs is known.
    """
    return f"job_queues q CROSS JOIN jobs j ON j.queue = q.name AND j.state = '{state}'"


LATE = "finished_at - created_at > 3600000"
"""What is true of the ended jobs that stand in `job_history_late`, word by word."""
LATE_MS = 3_600_000

TABLES = """
CREATE TABLE job_queues (
    name TEXT PRIMARY KEY,
    paused_at INTEGER,
    free_at INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    job TEXT NOT NULL,
    queue TEXT NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('queued', 'scheduled', 'running', 'waiting_for_network')),
    priority REAL NOT NULL,
    run_at INTEGER NOT NULL,
    fence INTEGER NOT NULL DEFAULT 0 CHECK (fence BETWEEN 0 AND 1000000000000000),
    owner TEXT,
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts BETWEEN 0 AND 1000000000),
    failures INTEGER NOT NULL DEFAULT 0 CHECK (failures BETWEEN 0 AND 1000000000),
    deaths INTEGER NOT NULL DEFAULT 0 CHECK (deaths BETWEEN 0 AND 1000000000),
    endpoint TEXT,
    unique_key TEXT,
    batch INTEGER,
    sensitive INTEGER NOT NULL DEFAULT 0,
    cancel_asked INTEGER NOT NULL DEFAULT 0,
    started_by TEXT,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    seal BLOB,
    payload BLOB NOT NULL
) STRICT;
CREATE INDEX jobs_in_turn ON jobs (queue, state DESC, priority DESC, run_at, number);
CREATE INDEX jobs_scheduled ON jobs (run_at) WHERE state = 'scheduled';
CREATE INDEX jobs_endpoint ON jobs (endpoint, state, number) WHERE endpoint IS NOT NULL;
CREATE INDEX jobs_batch ON jobs (batch) WHERE batch IS NOT NULL;
CREATE UNIQUE INDEX jobs_unique ON jobs (unique_key) WHERE unique_key IS NOT NULL;

CREATE TABLE job_progress (
    number INTEGER PRIMARY KEY,
    done INTEGER NOT NULL DEFAULT 0,
    total INTEGER,
    message TEXT,
    cursor BLOB,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE job_attempts (
    number INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    owner TEXT,
    started_at INTEGER,
    ended_at INTEGER NOT NULL,
    error TEXT,
    traceback TEXT,
    PRIMARY KEY (number, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE job_history (
    number INTEGER PRIMARY KEY,
    job TEXT NOT NULL,
    queue TEXT NOT NULL,
    state TEXT NOT NULL,
    priority REAL NOT NULL,
    run_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts BETWEEN 0 AND 1000000000),
    failures INTEGER NOT NULL CHECK (failures BETWEEN 0 AND 1000000000),
    endpoint TEXT,
    unique_key TEXT,
    batch INTEGER,
    sensitive INTEGER NOT NULL,
    started_by TEXT,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER NOT NULL,
    error TEXT,
    seal BLOB,
    payload BLOB NOT NULL,
    result BLOB
) STRICT;
CREATE INDEX job_history_late ON job_history (finished_at)
    WHERE finished_at - created_at > 3600000;
CREATE INDEX job_history_failed ON job_history (finished_at, state)
    WHERE state IN ('failed', 'quarantined');
CREATE INDEX job_history_let_go ON job_history (state)
    WHERE state IN ('cancelled', 'expired', 'forgotten');
CREATE INDEX job_history_batch ON job_history (batch, state) WHERE batch IS NOT NULL;

CREATE VIEW failed_jobs AS
    SELECT number, job, queue, state, attempts, batch, started_by, created_at,
        finished_at AS failed_at, error, sensitive, payload
    FROM job_history WHERE state IN ('failed', 'quarantined');

CREATE TABLE job_batches (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    is_open INTEGER NOT NULL DEFAULT 0,
    started_by TEXT,
    created_at INTEGER NOT NULL,
    cancelled_at INTEGER,
    caught_at INTEGER,
    ended_at INTEGER,
    succeeded_at INTEGER
) STRICT;

CREATE TABLE job_endpoints (
    name TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    turn INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    probe_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    budget INTEGER NOT NULL,
    trial INTEGER,
    drain_at INTEGER,
    drain_lot INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE job_callbacks (
    batch INTEGER NOT NULL,
    moment TEXT NOT NULL CHECK (moment IN ('then', 'catch', 'finally')),
    job TEXT NOT NULL,
    queue TEXT NOT NULL,
    priority REAL NOT NULL,
    endpoint TEXT,
    unique_key TEXT,
    sensitive INTEGER NOT NULL,
    seal BLOB,
    payload BLOB NOT NULL,
    PRIMARY KEY (batch, moment)
) STRICT, WITHOUT ROWID;

CREATE TABLE job_forwards (
    number INTEGER PRIMARY KEY,
    fence INTEGER NOT NULL
) STRICT;

CREATE TABLE job_slots (
    job TEXT NOT NULL,
    slot INTEGER NOT NULL,
    PRIMARY KEY (job, slot)
) STRICT, WITHOUT ROWID;

CREATE TABLE job_values (
    key TEXT PRIMARY KEY,
    expires_at INTEGER,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE job_counters (
    key TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""


def statements() -> Iterator[str]:
    """Yield the statements that make the tables, one by one."""
    for part in TABLES.split(";"):
        if statement := part.strip():
            yield statement
