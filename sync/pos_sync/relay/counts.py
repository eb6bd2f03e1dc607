"""What a relay has done since it was started, in numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass
class Counts:
    """Requests, by what became of them."""

    stored: int = 0
    """Reports that are kept."""
    repeated: int = 0
    """Reports that were kept already."""
    malformed: int = 0
    """Bodies that are no report, or not of their address."""
    unknown: int = 0
    """Addresses that are those of no shop."""
    not_listed: int = 0
    """Reports from an address that is not on the list."""
    no_key: int = 0
    """Questions without the key of a till."""
    too_large: int = 0
    too_slow: int = 0
    unreadable: int = 0
    """What is no HTTP."""
    too_many: int = 0
    """Connections beyond the limits."""
    failed: int = 0
    """What the database has not done."""

    def as_json(self) -> dict[str, int]:
        """Return all of them by name."""
        return asdict(self)
