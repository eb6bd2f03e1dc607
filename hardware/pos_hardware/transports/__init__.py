"""Ways to a device, all behind `Transport`; none of them blocks beyond its deadline."""

from __future__ import annotations
