"""The catalogue of the demo shop: goods of our own making, with barcodes that scan."""

from __future__ import annotations
