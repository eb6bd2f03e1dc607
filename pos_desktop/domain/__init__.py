"""The pure rules of the trade; standard library only."""

from __future__ import annotations
