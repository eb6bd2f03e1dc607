"""Huey's engine and consumer on a storage of our own, and what becomes of each job."""

from __future__ import annotations
