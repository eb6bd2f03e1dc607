"""Servers and lines of the network that are not there: for tests, demo mode and benchmarks."""

from __future__ import annotations
