"""Icons, themes, fonts, translations and sample data, read with importlib.resources."""

from __future__ import annotations
