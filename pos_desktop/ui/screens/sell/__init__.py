"""The sell screen."""

from __future__ import annotations
