"""The relay: takes the reports of M-Pesa at a public address, and hands them to the tills."""

from __future__ import annotations
