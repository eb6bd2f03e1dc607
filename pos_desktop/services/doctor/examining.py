"""How all is looked at: everything at once, each look guarded, and nobody waits for long.

A look that fails is a line that says so; one that is not over in its time, a folder in a network
that is gone or a device that swallows what it is asked, is left behind in its thread.
"""

from __future__ import annotations

import contextvars
import logging
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from pos_desktop.domain.errors import PosError, Refused
from pos_desktop.domain.faults import logged_fault
from pos_desktop.domain.text import _
from pos_desktop.services.doctor.finding import (
    FileNotSeen,
    Finding,
    NotSeen,
    Report,
    State,
    disk_advice,
    refused_words,
)
from pos_desktop.services.doctor.patient import Patient
from pos_desktop.storage.errors import translated

LOOK_SECONDS = 7.0
"""How long each group of looks may take; all of them begin at once."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """One look, at one thing or a few of a kind; makes what is found there."""

    check: str
    """Its name for scripts."""
    title: Callable[[], str]
    at: Callable[[Patient, Look], Iterator[Finding]]

    def ok(self, detail: str) -> Finding:
        """Return that all is well."""
        return self._found(State.OK, detail, "")

    def note(self, detail: str, advice: str = "") -> Finding:
        """Return something to know."""
        return self._found(State.NOTE, detail, advice)

    def broken(self, detail: str, advice: str) -> Finding:
        """Return something that is broken, and what to do."""
        return self._found(State.BROKEN, detail, advice)

    def _found(self, state: State, detail: str, advice: str) -> Finding:
        return Finding(
            check=self.check, title=self.title(), state=state, detail=detail, advice=advice
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Looks that follow one another; by its name one can ask for them alone."""

    name: str
    looks: tuple[Look, ...]


@dataclass(slots=True)
class _Seen:
    """How far a group is; another thread may read it at any time."""

    found: list[Finding] = field(default_factory=list)
    at: Look | None = None


class UnknownCheck(Refused):
    """There is no check of this name."""


def chosen(groups: Sequence[Group], names: Collection[str]) -> list[Group]:
    """Return the groups with these names, all without any; raise UnknownCheck else."""
    known = [group.name for group in groups]
    if unknown := [name for name in names if name not in known]:
        sentence = _("There is no check {name}; there are: {known}.")
        raise UnknownCheck(sentence.format(name=unknown[0], known=", ".join(known)))
    return [group for group in groups if not names or group.name in names]


def examine(patient: Patient, groups: Sequence[Group], seconds: float = LOOK_SECONDS) -> Report:
    """Look at everything and return what was found, within about so many seconds."""
    seen = [_Seen() for _group in groups]
    threads = [
        threading.Thread(
            target=contextvars.copy_context().run,
            args=(_look_at, patient, group, far),
            name=f"doctor {group.name}",
            daemon=True,
        )
        for group, far in zip(groups, seen, strict=True)
    ]
    ends = patient.clock.monotonic() + seconds
    for thread in threads:
        thread.start()
    for thread, far in zip(threads, seen, strict=True):
        thread.join(max(0.0, ends - patient.clock.monotonic()))
        if thread.is_alive() and far.at is not None:
            far.found.append(_too_slow(far.at, seconds))
    return Report(tuple(finding for far in seen for finding in [*far.found]))


def _look_at(patient: Patient, group: Group, far: _Seen) -> None:
    try:
        for look in group.looks:
            far.at = look
            for finding in _guarded(patient, look):
                far.found.append(finding)
    finally:
        patient.close_thread()


def _guarded(patient: Patient, look: Look) -> Iterator[Finding]:
    """Yield what a look finds; whatever stands in its way is a finding, too."""
    try:
        with translated(patient.file):
            yield from look.at(patient, look)
    except FileNotSeen:
        return  # one line says so for all of them
    except NotSeen as error:
        yield look.note(str(error))
    except PosError as error:
        yield look.broken(_("This could not be looked at."), str(error))
    except PermissionError as error:
        yield look.note(refused_words(error), disk_advice())
    except OSError as error:
        yield look.broken(refused_words(error), disk_advice())
    except Exception as error:  # noqa: BLE001 - a fault of one look is a line, and a report
        reference = logged_fault(log, error, f"the look {look.check} failed")
        detail = _("This could not be looked at ({kind}, reference {reference}).")
        yield look.broken(
            detail.format(kind=type(error).__name__, reference=reference),
            _("Save what the program knows for support, and send it there."),
        )


def _too_slow(look: Look, seconds: float) -> Finding:
    return look.broken(
        _("There was no answer within {seconds} seconds.").format(seconds=round(seconds)),
        _("Look whether what this line is about is switched on, plugged in and reached."),
    )
