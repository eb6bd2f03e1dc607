"""Room on the disks that the shop needs: told before it hurts."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pos_desktop import settings
from pos_desktop.domain.text import _
from pos_desktop.services.backup.backup_folder import backup_place
from pos_desktop.services.backup.backup_writing import ROOM_LEFT
from pos_desktop.services.doctor.examining import Group, Look
from pos_desktop.services.doctor.finding import Finding, Subject, is_seen
from pos_desktop.services.doctor.patient import Patient
from pos_desktop.services.doctor.sizes import size_words
from pos_desktop.shop_folder import BACKUPS_FOLDER

SOON = 4 * ROOM_LEFT
"""So much beyond what the next backup needs is little: it is said while there is time."""


def group() -> Group:
    """Return the looks."""
    return Group(
        "disk",
        (
            Look(Subject("disk", lambda: _("Disk of the shop")), _shop),
            Look(Subject("disk-backups", lambda: _("Disk of the backups")), _backups),
            Look(Subject("disk-temporary", lambda: _("Disk of temporary files")), _temporary),
        ),
    )


def file_size(patient: Patient) -> int:
    """Return how large the shop's file is with its log; 0 where there is none."""
    log = patient.file.with_name(f"{patient.file.name}-wal")
    return sum(path.stat().st_size for path in (patient.file, log) if is_seen(path))


def _shop(patient: Patient, subject: Subject) -> Iterator[Finding]:
    """Selling needs a little room; a backup is put together here, and may stay here."""
    yield _room(subject, patient.directory, needed=ROOM_LEFT, soon=SOON + 2 * file_size(patient))


def _backups(patient: Patient, subject: Subject) -> Iterator[Finding]:
    for place in backup_places(patient):
        if place.is_dir():
            size = file_size(patient)
            yield _room(subject, place, needed=ROOM_LEFT + size, soon=SOON + size)


def backup_places(patient: Patient) -> list[Path]:
    """Return where the settings want backups: the first folder, and the second where there is one.

    Raises FileNotSeen.
    """
    get = patient.configuration.get
    first = get(settings.BACKUP_FOLDER) or BACKUPS_FOLDER
    named = (first, get(settings.BACKUP_COPY_FOLDER))
    return [backup_place(patient.directory, one) for one in named if one]


def _temporary(_patient: Patient, subject: Subject) -> Iterator[Finding]:
    try:
        place = Path(tempfile.gettempdir())
    except FileNotFoundError:
        yield subject.broken(
            _("There is no folder for temporary files that this login may write."),
            _("Free some room on the disk, and look at the variable TMPDIR."),
        )
        return
    yield _room(subject, place, needed=ROOM_LEFT, soon=SOON)


def _room(subject: Subject, place: Path, *, needed: int, soon: int) -> Finding:
    there = next(one for one in (place, *place.parents) if is_seen(one))
    usage = shutil.disk_usage(there)
    words = _("{free} of {whole} are free at {place}")
    detail = words.format(free=size_words(usage.free), whole=size_words(usage.total), place=place)
    advice = _("Free some room there: it needs {needed}, and {soon} for the time to come.")
    advice = advice.format(needed=size_words(needed), soon=size_words(soon))
    if usage.free < needed:
        return subject.broken(detail, advice)
    return subject.note(detail, advice) if usage.free < soon else subject.ok(detail)
