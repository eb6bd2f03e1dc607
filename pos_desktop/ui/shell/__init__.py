"""The window around the screens, and who may come in."""

from __future__ import annotations
