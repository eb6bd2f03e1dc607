"""What is broken on this computer and in this shop, and what to do."""

from __future__ import annotations
