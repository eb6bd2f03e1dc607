"""Devices that are not there: for tests, for demo mode, and for trying settings out."""

from __future__ import annotations
