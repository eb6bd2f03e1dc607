"""Files read and written; runs in child processes; knows no database."""

from __future__ import annotations
