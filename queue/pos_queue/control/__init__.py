"""What people do with the queue."""

from __future__ import annotations
