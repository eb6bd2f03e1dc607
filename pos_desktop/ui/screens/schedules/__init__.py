"""What comes round by itself: the list, and what is set of each."""

from __future__ import annotations
