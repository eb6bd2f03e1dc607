"""What customers owe the shop, and what the shop owes the bearer of a voucher."""

from __future__ import annotations
