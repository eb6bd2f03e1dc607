"""One step of trying a setup, as a person reads it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckStep:
    """What was tried, in words; where it is not in order, `detail` says what to do."""

    step: str
    ok: bool
    detail: str = ""
    is_needed: bool = True
    """Whether nothing goes without it; else it is a note what the shop does without."""

    @property
    def is_in_the_way(self) -> bool:
        """Whether something has to be done before this is in order."""
        return self.is_needed and not self.ok
