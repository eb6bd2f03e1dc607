"""What a customer sees at the till."""

from __future__ import annotations
