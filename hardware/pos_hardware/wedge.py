"""Tells a keyboard scanner from a person by the time between keys.

A pure state machine without any toolkit: whoever owns the window feeds it every key and does what
it decides. A printable key is withheld; if the next one does not follow within the gap it was
typing and is given back. A scan is a burst of at least the least length ended by a terminator;
what it says is told by `scanned_code`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from pos_hardware.scanned import scanned_code


@dataclass(frozen=True, kw_only=True)
class WedgeSettings:
    """The settings of a station's scanner: milliseconds between keys, fewest characters."""

    gap_ms: float = 40
    least_length: int = 6

    def __post_init__(self) -> None:
        if not (5 <= self.gap_ms <= 200 and 1 <= self.least_length <= 100):
            raise ValueError("the gap lies between 5 and 200 ms, the least length from 1 to 100")


class Fate(Enum):
    """What becomes of the key that was fed."""

    HOLD = "hold"
    """Withhold it: it will be replayed, or be part of a scan."""
    PASS = "pass"  # noqa: S105 - no password
    """Let it through, after what is to be replayed."""
    EAT = "eat"
    """Drop it: it belongs to a scan."""


@dataclass(frozen=True)
class Key:
    """A printable key: its text, and whatever the owner needs to replay it."""

    text: str
    token: object = None


@dataclass(frozen=True)
class Decision:
    """What to do now, in this order: replay these keys, take the scan, then the key's fate."""

    fate: Fate
    replay: tuple[Key, ...] = ()
    scan: str | None = None


@dataclass
class Wedge:
    """The state of one window. Times are milliseconds of the keys' own clock, never back."""

    settings: WedgeSettings = field(default_factory=WedgeSettings)
    _held: list[Key] = field(default_factory=list)
    _last: float = float("-inf")
    _scan_ended: bool = False
    _eat_releases: int = 0

    def feed(
        self, text: str, at_ms: float, *, terminator: bool = False, token: object = None
    ) -> Decision:
        """Decide about a pressed key: printable text, or a terminator (Enter, Tab)."""
        late = at_ms - self._last > self.settings.gap_ms
        if terminator:
            return self._terminate(at_ms, late=late)
        replay = self._give_back() if late else ()
        self._scan_ended = False
        self._held.append(Key(text, token))
        self._last = at_ms
        return Decision(Fate.HOLD, replay)

    def other_key(self) -> Decision:
        """Decide about a key that no scanner sends (arrows, with Ctrl or Alt)."""
        self._scan_ended = False
        return Decision(Fate.PASS, self._give_back())

    def release(self) -> Fate:
        """Decide about a terminator's release: that of a scan is eaten as its press was."""
        if not self._eat_releases:
            return Fate.PASS
        self._eat_releases -= 1
        return Fate.EAT

    def flush(self) -> tuple[Key, ...]:
        """Give back everything at once: no other key followed in time, or the keyboard is lost.

        For the first, call it only when no key waits unread: after a stall of the window the timer
        and the keys come together, and the keys go first.
        """
        self._scan_ended = False
        return self._give_back()

    def _terminate(self, at_ms: float, *, late: bool) -> Decision:
        if self._scan_ended and not late and not self._held:
            self._eat_releases += 1
            self._last = at_ms
            return Decision(Fate.EAT)
        code = scanned_code("".join(key.text for key in self._held))
        if late or not code or len(self._held) < self.settings.least_length:
            self._scan_ended = False
            return Decision(Fate.PASS, self._give_back())
        self._held.clear()
        self._last, self._scan_ended = at_ms, True
        self._eat_releases += 1
        return Decision(Fate.EAT, scan=code)

    def _give_back(self) -> tuple[Key, ...]:
        keys = tuple(self._held)
        self._held.clear()
        return keys
