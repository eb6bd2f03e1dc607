"""0007: a message of a job that was done, but not for everybody or not with all of it, says so."""

from __future__ import annotations

NAME = "partly done"
SCHEMA = "ALTER TABLE notification ADD COLUMN is_partly INTEGER NOT NULL DEFAULT 0"
APPEND_ONLY: tuple[str, ...] = ()
SEARCH: tuple[str, ...] = ()
