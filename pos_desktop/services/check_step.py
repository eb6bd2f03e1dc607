"""One step of trying a setup, as a person reads it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckStep:
    """What was tried, in words; where it is not in order, `detail` says what to do."""

    step: str
    ok: bool
    detail: str = ""
