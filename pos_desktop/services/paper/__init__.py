"""What stands on paper, and how it waits for its printer."""

from __future__ import annotations
