"""The printers of the shop, and what has become of their papers."""

from __future__ import annotations
