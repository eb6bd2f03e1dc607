"""posctl, the console program: one module per command group; never imports ui."""

from __future__ import annotations
