"""Jobs that come round by the clock."""

from __future__ import annotations
