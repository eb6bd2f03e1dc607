"""Mail: whom it goes to, what stands in it, and how it leaves the shop."""

from __future__ import annotations
