"""Scales on a serial line: asked once, or read all the time in a thread of its own."""

from __future__ import annotations
