"""The program's own benchmarks: each beside a reference of the same run, in a throw-away shop."""

from __future__ import annotations
