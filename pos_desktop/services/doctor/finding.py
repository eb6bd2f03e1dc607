"""What the doctor has found: a line each, with what to do.

Unlike a `CheckStep`, which is a step on one way and ends it where it fails, every line stands for
itself, is known to scripts by a name, and says what is so apart from what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.text import _


class State(StrEnum):
    """How it is; the value is the word in JSON."""

    OK = "ok"
    NOTE = "note"
    """Nothing is broken, but somebody should know."""
    BROKEN = "broken"
    """Something does not work, or soon will not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line."""

    check: str
    """Its name for scripts."""
    title: str
    """Its name for people."""
    state: State
    detail: str
    """What is so."""
    advice: str = ""
    """What to do; empty where nothing is to be done."""

    @property
    def ok(self) -> bool:
        """Whether nothing is broken here."""
        return self.state is not State.BROKEN


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found, in its order."""

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is broken."""
        return all(one.ok for one in self.findings)

    def count(self, state: State) -> int:
        """Return how many lines are of a state."""
        return sum(one.state is state for one in self.findings)


class NotSeen(Unavailable):
    """This could not be looked at."""


class FileNotSeen(NotSeen):
    """The shop's file cannot be read: see its line."""


class KeysNotSeen(NotSeen):
    """This needs the shop's keys, which cannot be read: see the line of the keys."""


def is_seen(path: Path) -> bool:
    """Tell whether something is there and may be seen: a folder on the way may be closed."""
    try:
        return path.exists()
    except OSError:
        return False


def refused_words(error: OSError) -> str:
    """Say what the system did not let be looked at."""
    words = _("{place} cannot be looked at: {why}.")
    return words.format(place=error.filename or _("it"), why=error.strerror or type(error).__name__)


def disk_advice() -> str:
    """Say where to look when the system does not let something be read."""
    return _("Look at the line of the shop's folder, then at the disk.")


def state_words(state: State) -> str:
    """Return a state in a word."""
    return {
        State.OK: _("In order"),
        State.NOTE: _("To know"),
        State.BROKEN: _("Broken"),
    }[state]
