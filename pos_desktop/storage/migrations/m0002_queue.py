"""The tables of the queue, which says itself what they are."""

from __future__ import annotations

from pos_queue.schema import TABLES

NAME = "queue"
SCHEMA = TABLES
APPEND_ONLY: tuple[str, ...] = ()
SEARCH: tuple[str, ...] = ()
