"""How far something long is, on a terminal."""

from __future__ import annotations

import sys


class Far:
    """Says on a terminal how far something is; nothing elsewhere."""

    def __init__(self, what: str) -> None:
        """Take what is under way, in a word."""
        self._what = what
        self._shown = -1
        self._is_seen = sys.stderr.isatty()

    def __enter__(self) -> Far:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._is_seen and self._shown >= 0:
            print(file=sys.stderr)

    def told(self, done: int, total: int) -> None:
        """Say it anew where it is another percent."""
        percent = 100 * done // max(total, 1)
        if self._is_seen and percent != self._shown:
            self._shown = percent
            print(f"\r{self._what}: {percent} %", end="", file=sys.stderr, flush=True)
