"""Room on the disks that the shop needs: told before it hurts, from where the till says it, too."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pos_desktop import settings
from pos_desktop.domain.sizes import size_words
from pos_desktop.domain.text import _
from pos_desktop.services.backup.backup_folder import backup_place
from pos_desktop.services.doctor.examining import Group, Look
from pos_desktop.services.doctor.finding import Finding, is_seen
from pos_desktop.services.doctor.patient import Patient
from pos_desktop.shop_folder import BACKUPS_FOLDER
from pos_desktop.storage.room import (
    SCARCE_BYTES,
    bytes_needed,
    is_same_disk,
    low_limit,
    shop_bytes,
)


def _shop(patient: Patient, look: Look) -> Iterator[Finding]:
    size = shop_bytes(patient.file)
    yield _room(look, patient.directory, needed=SCARCE_BYTES, soon=low_limit(size))


def _backups(patient: Patient, look: Look) -> Iterator[Finding]:
    for place in backup_places(patient):
        if place.is_dir():
            size = shop_bytes(patient.file)
            needed = bytes_needed(size)
            if is_same_disk(place, patient.directory):  # where it is put together, too
                needed = max(SCARCE_BYTES, bytes_needed(2 * size))
            yield _room(look, place, needed=needed, soon=low_limit(size))


def backup_places(patient: Patient) -> list[Path]:
    """Return where the settings want backups: the first folder, and the second where there is one.

    Raises FileNotSeen.
    """
    get = patient.configuration.get
    first = get(settings.BACKUP_FOLDER) or BACKUPS_FOLDER
    named = (first, get(settings.BACKUP_COPY_FOLDER))
    return [backup_place(patient.directory, one) for one in named if one]


def _temporary(_patient: Patient, look: Look) -> Iterator[Finding]:
    try:
        place = Path(tempfile.gettempdir())
    except FileNotFoundError:
        yield look.broken(
            _("There is no folder for temporary files that this login may write."),
            _("Free some room on the disk, and look at the variable TMPDIR."),
        )
        return
    yield _room(look, place, needed=bytes_needed(0), soon=low_limit(0))


def _room(look: Look, place: Path, *, needed: int, soon: int) -> Finding:
    there = next(one for one in (place, *place.parents) if is_seen(one))
    if there != place:
        words = _("There is no folder {place}.").format(place=place)
        return look.note(words, _("The line of the shop's folder says what to do."))
    usage = shutil.disk_usage(there)
    words = _("{free} of {whole} are free at {place}")
    detail = words.format(free=size_words(usage.free), whole=size_words(usage.total), place=place)
    advice = _("Free some room there: it needs {needed}, and {soon} for the time to come.")
    advice = advice.format(needed=size_words(needed), soon=size_words(soon))
    if usage.free < needed:
        return look.broken(detail, advice)
    return look.note(detail, advice) if usage.free < soon else look.ok(detail)


GROUP = Group(
    "disk",
    (
        Look("disk", lambda: _("Disk of the shop"), _shop),
        Look("disk-backups", lambda: _("Disk of the backups"), _backups),
        Look("disk-temporary", lambda: _("Disk of temporary files"), _temporary),
    ),
)
