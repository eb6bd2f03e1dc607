"""The few colours of the program's light look that documents are drawn in, as `#rrggbb`."""

from __future__ import annotations

TEXT = "#101828"
MUTED = "#5D6B82"
LINE = "#E4E7EC"
ACCENT = "#0E7A6D"
ACCENT_SOFT = "#E3F4F1"
GROUND = "#F7F8FA"
BEFORE = "#A9B4C4"
"""The figures of the period before."""
COLOURS = (ACCENT, BEFORE)
"""Of the series of a chart, in order."""
