"""The processes that run jobs: who lives, who has died, and how they wake one another."""

from __future__ import annotations
