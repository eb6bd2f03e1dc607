"""How far a run over many products is: an import, or a change of prices."""

from __future__ import annotations

from enum import StrEnum

from pos_desktop.domain.text import _


class RunState(StrEnum):
    """How far a run is."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    """It ended before its end: what it did stays."""
    UNDONE = "undone"


class Course(StrEnum):
    """Whether a run goes on that has not come to its end."""

    RUNS = "runs"
    WAITS = "waits"
    """Its job waits for its turn, or for a program that works."""
    PAUSED = "paused"
    """Its job waits in a queue that is paused."""


def run_state_words(state: RunState, course: Course | None = None) -> str:
    """Return how people call the state of a run; nothing for one that is done.

    One that runs as far as anybody has written down may have died, and one that broke off may go
    on: its `course` says so.
    """
    if course is not None:
        return {
            Course.RUNS: _("runs"),
            Course.WAITS: _("waits"),
            Course.PAUSED: _("paused"),
        }[course]
    return {
        RunState.RUNNING: _("not ended"),
        RunState.STOPPED: _("broken off"),
        RunState.UNDONE: _("taken back"),
    }.get(state, "")


def import_counts(*, imported: int, updated: int, unchanged: int, rejected: int) -> str:
    """Say what became of the rows of an import, in the words that stand everywhere."""
    text = _(
        "{imported:,} new, {updated:,} changed, {unchanged:,} unchanged, {rejected:,} rejected"
    )
    return text.format(imported=imported, updated=updated, unchanged=unchanged, rejected=rejected)
