"""M-Pesa as far as a shop sees it, on a port of this machine: customers, money, and every trap."""

from __future__ import annotations
