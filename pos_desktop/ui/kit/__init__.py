"""What every screen is made of: tokens, fonts, theme, widgets."""

from __future__ import annotations
