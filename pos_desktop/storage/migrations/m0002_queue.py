"""The tables of the queue, which says itself what they are, and what its jobs tell people."""

from __future__ import annotations

from pos_queue.schema import TABLES

NAME = "queue"
SCHEMA = f"""{TABLES.rstrip().removesuffix(";")};

CREATE TABLE notification (
    number INTEGER PRIMARY KEY,
    staff_id TEXT NOT NULL,
    job INTEGER,
    batch INTEGER,
    has_failed INTEGER NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    read_at INTEGER
);
CREATE INDEX notification_unread ON notification (staff_id, number) WHERE read_at IS NULL
"""
APPEND_ONLY: tuple[str, ...] = ()
SEARCH: tuple[str, ...] = ()
