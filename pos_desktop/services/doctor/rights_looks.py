"""What this login may do: in the shop's folder, with its keys, and with devices."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from pos_desktop import settings
from pos_desktop.disk import is_read_only
from pos_desktop.domain.errors import PosError
from pos_desktop.domain.text import _
from pos_desktop.security.recovery import JOURNAL_KEY
from pos_desktop.security.secrets import secrets_of
from pos_desktop.services.doctor.examining import Group, Look
from pos_desktop.services.doctor.finding import (
    FileNotSeen,
    Finding,
    is_seen,
    refused_words,
)
from pos_desktop.services.doctor.patient import Patient
from pos_desktop.shop_folder import (
    CRASHES_FOLDER,
    DATABASE_FILE,
    EXPORTS_FOLDER,
    HEAD_FILE,
    LOCKS_FOLDER,
    LOG_FILES,
    LOGS_FOLDER,
    MACHINE_WIDE,
    PRINTS_FOLDER,
    SECRETS_FILE,
    SHOP_GROUP,
    how_to_enter,
    is_shared,
    login_name,
)

_WRITTEN = (DATABASE_FILE, *LOG_FILES, HEAD_FILE)
"""What every login of a shop reads and writes."""
_FOLDERS = (LOCKS_FOLDER, LOGS_FOLDER, CRASHES_FOLDER, EXPORTS_FOLDER, PRINTS_FOLDER)
"""What every login of a shop puts files into."""
_OTHERS = stat.S_IRWXO
_DEVICE_GROUPS = (
    ("lp", "usb:", (settings.PRINTER_ADDRESS, settings.DRAWER_ADDRESS)),
    (
        "dialout",
        "serial:",
        (
            settings.PRINTER_ADDRESS,
            settings.DRAWER_ADDRESS,
            settings.SCANNER_ADDRESS,
            settings.SCALE_ADDRESS,
            settings.DISPLAY_ADDRESS,
        ),
    ),
)
"""Which group of logins may use which devices under Linux."""


def _folder(patient: Patient, look: Look) -> Iterator[Finding]:
    place = patient.directory
    try:
        mode = place.stat().st_mode
    except FileNotFoundError:
        yield look.broken(
            _("There is no folder {place}.").format(place=place),
            name_the_folder(),
        )
        return
    except OSError as error:
        yield look.broken(refused_words(error), how_to_enter(place))
        return
    if is_read_only(place):
        yield look.broken(_("The disk of {place} is read-only.").format(place=place), _writable())
    elif not os.access(place, os.R_OK | os.W_OK | os.X_OK):
        words = _("This login may not read and write in {place}.").format(place=place)
        yield look.broken(words, how_to_enter(place))
    elif sys.platform != "win32" and is_shared(place) and not mode & stat.S_ISGID:
        words = _("{place} is shared, but new files in it would not belong to its group.")
        advice = _("As its owner: chmod 2770 {place}").format(place=place)
        yield look.broken(words.format(place=place), advice)
    elif sys.platform != "win32" and mode & _OTHERS:
        words = _("Every login of this computer may look into {place}.").format(place=place)
        yield look.note(words, _close_advice(place))
    else:
        yield look.ok(str(place))


def name_the_folder() -> str:
    """Say how another folder is looked at."""
    return _("Name the shop's folder with --data or POS_DATA_DIR; posctl init makes a shop.")


def _writable() -> str:
    """Say how a disk takes writes again."""
    return _(
        "Restart the computer, which looks at the disk and mends most. If it stays so, make a "
        "backup or copy the folder to another disk first, then have the disk looked at."
    )


def _close_advice(place: Path) -> str:
    words = _("As its owner: chmod {mode} {place}")
    return words.format(mode="2770" if is_shared(place) else "700", place=place)


def _files(patient: Patient, look: Look) -> Iterator[Finding]:
    if not patient.has_file or is_read_only(patient.directory):
        return  # of a disk that takes no writes the folder's line tells
    there = [patient.directory / name for name in _WRITTEN]
    there = [*filter(is_seen, there), *_locks(patient.directory / LOCKS_FOLDER)]
    closed = [path.name for path in there if not os.access(path, os.R_OK | os.W_OK)]
    closed += [one for one in _FOLDERS if not _may_fill(patient.directory / one)]
    if closed:
        words = _("This login may not read and write: {names}.")
        yield look.broken(words.format(names=", ".join(closed)), how_to_enter(patient.directory))
        return
    if sys.platform != "win32" and is_shared(patient.directory):
        owned = patient.directory.stat().st_gid
        alone = [path.name for path in there if not _is_shared_file(path, owned)]
        if alone:
            words = _("Other logins of the shop may not read and write: {names}.")
            advice = _("As root: chgrp -R {group} {place}; chmod -R g+rwX {place}")
            place = patient.directory
            yield look.broken(
                words.format(names=", ".join(alone)),
                advice.format(group=_group_of(place), place=place),
            )
            return
    yield look.ok(_("This login may read and write the shop's files."))


def _may_fill(folder: Path) -> bool:
    """Tell whether this login may write into a folder; one that is not there yet is made."""
    return not is_seen(folder) or os.access(folder, os.R_OK | os.W_OK | os.X_OK)


def _locks(folder: Path) -> list[Path]:
    try:
        return [one for one in folder.iterdir() if one.is_file()]
    except OSError:
        return []


def _is_shared_file(path: Path, owned: int) -> bool:
    found = path.stat()
    return found.st_gid == owned and found.st_mode & 0o660 == 0o660


def _group_of(place: Path) -> str:
    try:
        return place.group()
    except (OSError, KeyError, NotImplementedError):
        return SHOP_GROUP


def _keys(patient: Patient, look: Look) -> Iterator[Finding]:
    path = patient.directory / SECRETS_FILE
    try:
        node = patient.node
    except FileNotSeen:
        if not is_seen(path):
            raise
        if os.access(path, os.R_OK):
            yield look.ok(_("They are in {file}.").format(file=path))
        else:
            words = _("This login may not read {file}.").format(file=path)
            yield look.broken(words, how_to_enter(patient.directory))
        return
    try:
        secrets_of(patient.directory, node.shop_id).get(JOURNAL_KEY)
    except PosError as error:
        yield look.broken(_("The shop's keys cannot be read."), str(error))
        return
    if sys.platform != "win32" and is_seen(path) and path.stat().st_mode & _OTHERS:
        words = _("Every login of this computer may read {file}.").format(file=path)
        mode = "660" if is_shared(patient.directory) else "600"
        advice = _("As its owner: chmod {mode} {place}").format(mode=mode, place=path)
        yield look.broken(words, advice)
    elif is_seen(path):
        yield look.ok(_("They are in {file}.").format(file=path))
    else:
        yield look.ok(_("They are in the keyring of this login."))


def _login(patient: Patient, look: Look) -> Iterator[Finding]:
    """Tell who looks, and which groups of logins that one is missing for the devices."""
    name = login_name()
    if sys.platform == "win32":
        yield look.ok(name)
        return
    if os.geteuid() == 0:
        yield look.note(
            _("{login}: it may do everything, so nothing is said of the till's login.").format(
                login=name
            ),
            _("Run posctl doctor with the login that opens the till, too."),
        )
        return
    missing = [one for one in _wanted_groups(patient) if one not in _own_groups()]
    if missing:
        words = _("{login} is not in: {groups}.")
        advice = _("As root: usermod -aG {groups} {login}; then sign in to the computer anew.")
        fields = {"login": name, "groups": ",".join(missing)}
        yield look.note(words.format(**fields), advice.format(**fields))
    else:
        words = _("{login}, in the groups {groups}")
        yield look.ok(words.format(login=name, groups=", ".join(sorted(_own_groups()))))


def _wanted_groups(patient: Patient) -> Iterator[str]:
    """Yield the groups that the devices and the folder of this shop want."""
    if patient.directory == MACHINE_WIDE[os.name]:
        yield SHOP_GROUP
    try:
        get = patient.configuration.get
    except FileNotSeen:
        return
    for name, begins, addresses in _DEVICE_GROUPS:
        if any(get(one).strip().startswith(begins) for one in addresses):
            yield name


def _own_groups() -> set[str]:
    names = set()
    if sys.platform != "win32":
        import grp

        for number in {os.getegid(), *os.getgroups()}:
            try:
                names.add(grp.getgrgid(number).gr_name)
            except KeyError:
                names.add(str(number))
    return names


GROUP = Group(
    "rights",
    (
        Look("folder", lambda: _("Shop's folder"), _folder),
        Look("files", lambda: _("Rights to the files"), _files),
        Look("keys", lambda: _("Shop's keys"), _keys),
        Look("login", lambda: _("Login"), _login),
    ),
)
