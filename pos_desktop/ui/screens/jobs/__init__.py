"""The jobs of the shop, as a manager sees them and acts on them."""

from __future__ import annotations
