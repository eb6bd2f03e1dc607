"""What else stands on the counter: scanner, scale, the customer's display."""

from __future__ import annotations
