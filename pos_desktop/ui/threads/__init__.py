"""What happens beside the screen, and how its results come back."""

from __future__ import annotations
