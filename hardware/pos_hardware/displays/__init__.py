"""Customer displays: two lines of twenty letters on a pole, on a serial line."""

from __future__ import annotations
