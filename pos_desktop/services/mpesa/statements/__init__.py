"""Statements of M-Pesa, taken in from a file."""

from __future__ import annotations
