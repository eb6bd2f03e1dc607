"""What tests of jobs use: a file of their own, a clock that stands, workers that run inline."""

from __future__ import annotations
