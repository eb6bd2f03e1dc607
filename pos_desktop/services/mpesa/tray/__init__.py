"""What is left over, and what a person decides about it."""

from __future__ import annotations
