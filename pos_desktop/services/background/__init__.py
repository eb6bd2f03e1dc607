"""What services and people have to do with the queue of jobs."""

from __future__ import annotations
