"""How scans reach the screen, whatever has focus."""

from __future__ import annotations
