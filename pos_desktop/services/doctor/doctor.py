"""Looks at everything, and packs what support needs; for whoever may change settings."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.staff import Permission
from pos_desktop.services.doctor.all_looks import every_group
from pos_desktop.services.doctor.bundle import write_bundle
from pos_desktop.services.doctor.examining import LOOK_SECONDS, chosen, examine
from pos_desktop.services.doctor.finding import Report
from pos_desktop.services.doctor.patient import Patient
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person


class Doctor:
    """The doctor of one folder; from any thread. Nothing of the shop is opened before a look."""

    def __init__(
        self, directory: Path, clock: Clock | None = None, seconds: float = LOOK_SECONDS
    ) -> None:
        """Take a folder, whether there is a shop in it or not, and how long a look may take."""
        self._directory = directory
        self._clock = clock
        self._seconds = seconds

    def _patient(self) -> Patient:
        """Return the folder as it is now."""
        return Patient(self._directory, self._clock)

    def look(self, names: Collection[str] = (), *, actor: Person | None) -> Report:
        """Return what is found, of some groups of looks or of all.

        Raises NeedsApproval, and UnknownCheck for a group that is not known.
        """
        hand_of(actor, Permission.SETTINGS)
        return examine(self._patient(), chosen(every_group(), names), self._seconds)

    def pack(self, path: Path, *, actor: Person | None) -> Report:
        """Write a new report and what support needs into one file, and return what it reports.

        Whole or not at all; raises NeedsApproval, and Unavailable or Refused where it cannot be
        written.
        """
        report = self.look(actor=actor)
        return write_bundle(self._patient(), report, path)
