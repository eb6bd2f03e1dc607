"""The doctor of a folder: joined without opening any shop, so that it works where none opens."""

from __future__ import annotations

import os
from pathlib import Path

from pos_queue.owners.owner_files import is_held

from pos_desktop.domain.clock import Clock, SystemClock
from pos_desktop.services.doctor.doctor import Doctor
from pos_desktop.services.doctor.patient import Around, Patient
from pos_desktop.shop_folder import LOCKS_FOLDER
from pos_desktop.shop_locks import BULK_LOCKS, MOST_TILLS, till_lock_name
from pos_desktop.shop_queue import LOCKS_OF_RUNNERS


def doctor_of(directory: Path, clock: Clock | None = None) -> Doctor:
    """Return the doctor of a folder, whether there is a shop in it or not; writes nothing there."""
    return Doctor(lambda: patient_of(directory, clock))


def patient_of(directory: Path, clock: Clock | None = None) -> Patient:
    """Return what is looked at."""
    locks = directory.absolute() / LOCKS_FOLDER
    around = Around(
        is_held=is_held,
        tills=tuple(locks / till_lock_name(place) for place in range(MOST_TILLS)),
        others={name: locks / name for name in BULK_LOCKS},
        runners=locks / LOCKS_OF_RUNNERS,
        environment=os.environ,
    )
    return Patient(directory, clock or SystemClock(), around)
