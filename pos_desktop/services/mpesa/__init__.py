"""M-Pesa at the till: attempts to be paid, money that comes by itself, and what is left over."""

from __future__ import annotations
