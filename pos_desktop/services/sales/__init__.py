"""A sale from its open cart to the books, and back."""

from __future__ import annotations
