"""What carries the jobs: the file alone, the caller, or a Redis server."""

from __future__ import annotations
