"""What a job tells the person who started it once it is done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """What a job has done, in a sentence, and whether it was done in part only."""

    text: str
    is_partly: bool = False
