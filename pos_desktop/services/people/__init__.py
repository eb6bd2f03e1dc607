"""Who works here and who buys here, and who may do what."""

from __future__ import annotations
