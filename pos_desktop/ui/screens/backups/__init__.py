"""Backups of the shop: which there are, where they go, made and checked."""

from __future__ import annotations
