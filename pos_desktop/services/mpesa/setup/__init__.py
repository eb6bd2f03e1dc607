"""How the shop is paid by M-Pesa: its number and keys, the lines to M-Pesa and its relay."""

from __future__ import annotations
