"""Endpoints that may be out of reach, and the jobs that wait for them."""

from __future__ import annotations
