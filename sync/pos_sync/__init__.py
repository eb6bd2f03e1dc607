"""Everything that crosses the network: no Qt, no domain."""

from __future__ import annotations
