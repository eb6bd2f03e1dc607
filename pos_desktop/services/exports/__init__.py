"""Files that people take away: reports, lists and statements."""

from __future__ import annotations
