"""Backups: whether the folders are reached, and how old the newest backup is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta

from pos_desktop import settings
from pos_desktop.domain.sizes import age_words
from pos_desktop.domain.text import _, joined
from pos_desktop.security.recovery import BACKUP_KEY
from pos_desktop.services.backup.backup_folder import BackupFolder
from pos_desktop.services.doctor.disk_looks import backup_places
from pos_desktop.services.doctor.examining import Group, Look
from pos_desktop.services.doctor.finding import Finding
from pos_desktop.services.doctor.patient import Patient
from pos_desktop.storage.journal import last_entry
from pos_desktop.storage.node import till_codes

OLD = timedelta(days=2)
"""A shop that makes its backup each evening has a younger one, also after a free day."""
FAR_TOO_OLD = timedelta(days=7)


def _folders(patient: Patient, look: Look) -> Iterator[Finding]:
    get = patient.configuration.get
    if get(settings.SHOP_TRAINING):
        return
    for place in backup_places(patient):
        is_own = place.parent == patient.directory
        if place.is_dir() and os.access(place, os.R_OK | os.W_OK | os.X_OK):
            yield look.ok(str(place))
        elif place.is_dir():
            words = _("This login may not write backups in {place}.").format(place=place)
            yield look.broken(words, _("Give it the right to that folder, or name another."))
        elif is_own and not get(settings.BACKUP_FOLDER):
            yield look.ok(_("{place}, made with the first backup").format(place=place))
        else:
            words = _("The folder {place} is not there.").format(place=place)
            advice = _(
                "Plug the stick or disk in, or name another folder: F5 in Backups, or {keys} in "
                "posctl config."
            )
            keys = f"{settings.BACKUP_FOLDER.key}, {settings.BACKUP_COPY_FOLDER.key}"
            yield look.broken(words, advice.format(keys=keys))


def _newest(patient: Patient, look: Look) -> Iterator[Finding]:
    get, node = patient.configuration.get, patient.node
    if get(settings.SHOP_TRAINING) or get(settings.SHOP_DEMO):
        return
    key, codes = patient.secrets.get(BACKUP_KEY), till_codes(patient.reader)
    kept = [
        one
        for place in backup_places(patient)
        for one in BackupFolder(place, node.shop_id, codes, key).listed()
    ]
    newest = max(kept, key=lambda one: one.taken_at, default=None)
    advice = _("Make one, to a stick or another disk: F2 in Backups, or posctl backup.")
    if newest is None:
        has_sold = last_entry(patient.reader)[0] > _ENTRIES_OF_A_NEW_SHOP
        words = _("There is no backup of this shop in its folders.")
        yield look.broken(words, advice) if has_sold else look.note(words, advice)
        return
    age = patient.clock.now() - newest.taken_at
    words = joined(": ", (age_words(age), str(newest.path)))
    if age > FAR_TOO_OLD:
        yield look.broken(words, advice)
    else:
        yield look.note(words, advice) if age > OLD else look.ok(words)


_ENTRIES_OF_A_NEW_SHOP = 50
"""A shop that was just made is not told off for having no backup yet."""


GROUP = Group(
    "backups",
    (
        Look("backup-folders", lambda: _("Folders of the backups"), _folders),
        Look("backup", lambda: _("Newest backup"), _newest),
    ),
)
