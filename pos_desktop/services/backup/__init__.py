"""Backups of the shop, and what a restored shop must not do by itself."""

from __future__ import annotations
