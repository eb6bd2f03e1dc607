"""What lies on the shelves: received, counted, corrected, ordered."""

from __future__ import annotations
