"""Goods that come in from files."""

from __future__ import annotations
