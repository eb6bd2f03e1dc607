"""The end of a shift and of a day."""

from __future__ import annotations
