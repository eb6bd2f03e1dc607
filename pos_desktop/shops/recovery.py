"""Why a shop does not open: which trouble it is, what is safe, and what can be done about it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path

from pos_desktop.domain.errors import PosError, Refused
from pos_desktop.domain.text import _, ngettext
from pos_desktop.security.sealed_file import Opening
from pos_desktop.security.secrets import SecretsForbidden, SecretsLocked, SecretsMissing
from pos_desktop.services.backup.backup_folder import ENDING
from pos_desktop.shop_folder import DAMAGED_FOLDER, DATABASE_FILE, NotBackYet, ShopFileGone
from pos_desktop.shops.restored_shop import Restored
from pos_desktop.shops.salvaged_shop import Salvaged
from pos_desktop.storage.errors import FileUnusable
from pos_desktop.storage.migrations import UpgradeFailed
from pos_desktop.storage.moments import from_stored
from pos_desktop.storage.salvage import Fate, is_of_a_shop

_MOST_TABLES = 5
"""Of so many tables is said what is missing of each."""


class Way(Enum):
    """What can be done about a trouble, besides opening the shop again."""

    RESTORE = auto()
    SALVAGE = auto()
    KEYS = auto()


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a shop, in words, and the ways out."""

    title: str
    wrong: str
    safe: str
    ways: tuple[Way, ...]


def trouble_of(directory: Path, error: PosError) -> Trouble:
    """Return what stands behind an error with which a shop did not open."""
    if isinstance(error, SecretsForbidden | SecretsLocked):
        title = (
            _("The keyring is locked")
            if isinstance(error, SecretsLocked)
            else _("This login may not read the shop's keys")
        )
        safe = _("The keys are where they were: nothing was changed, and nothing is lost.")
        return Trouble(title, *_told(error, safe))
    if isinstance(error, SecretsMissing):
        return Trouble(
            _("The shop's keys are missing"),
            error.sentence,
            _("The sales are all there. The recovery key makes the keys anew."),
            (Way.KEYS, Way.RESTORE),
        )
    if isinstance(error, NotBackYet):
        return Trouble(
            _("The shop is not back yet"),
            error.sentence,
            _put_aside(directory),
            (Way.RESTORE,),
        )
    if isinstance(error, ShopFileGone):
        return Trouble(
            _("The shop's file is gone"),
            error.sentence,
            _put_aside(directory),
            (Way.RESTORE,),
        )
    if isinstance(error, FileUnusable):
        return _unusable(directory)
    if isinstance(error, UpgradeFailed):
        safe = _("Nothing was changed: the version that was here before opens the shop.")
        return Trouble(_("The shop could not be brought up to this version"), *_told(error, safe))
    safe = _("Nothing was changed, and nothing is lost.")
    return Trouble(_("The shop does not open"), *_told(error, safe))


def _told(error: PosError, safe: str) -> tuple[str, str, tuple[Way, ...]]:
    return error.sentence, safe, ()


def _unusable(directory: Path) -> Trouble:
    file = directory / DATABASE_FILE
    place = file.absolute()
    if not file.stat().st_size:
        return Trouble(
            _("The shop's file is empty"),
            _("{file} holds nothing, as after a disk that was full or broke.").format(file=place),
            _put_aside(directory),
            (Way.RESTORE,),
        )
    if is_of_a_shop(file):
        return Trouble(
            _("The shop's file is damaged"),
            _("Parts of {file} cannot be read: the disk may be bad.").format(file=place),
            _(
                "What can still be read can be saved into a new file. Whatever you choose, the "
                "damaged one is put aside first, and nothing of it is removed."
            ),
            (Way.SALVAGE, Way.RESTORE),
        )
    return Trouble(
        _("This is no shop's file"),
        _("{file} is of another program, or nothing of it can be read.").format(file=place),
        _put_aside(directory),
        (Way.RESTORE,),
    )


def _put_aside(directory: Path) -> str:
    """Say what a restore does with what is there, and what lies aside already."""
    if (directory / DAMAGED_FOLDER).exists():
        return _(
            "A backup brings the shop back. What was put aside before lies in {place}; what is "
            "there now is put there too."
        ).format(place=(directory / DAMAGED_FOLDER).absolute())
    return _(
        "A backup brings the shop back. What is there now is put aside first, and nothing of it "
        "is removed."
    )


@dataclass(frozen=True, slots=True)
class NearBackup:
    """A file that has the name of a backup, and what can be read of it without its key."""

    path: Path
    at: datetime
    """When it was made, aware, on the clock of this computer; of no backup, of its file."""
    till_code: str = ""
    """Empty where it is none, or damaged: what it is, is said when it is tried."""


def backups_near(place: Path) -> list[NearBackup]:
    """Return the backups in a folder and in the folders in it; none where it cannot be read."""
    found = []
    with suppress(OSError):
        for path in (*place.glob(f"*{ENDING}"), *place.glob(f"*/*{ENDING}")):
            with suppress(OSError):
                found.append(_near(path))
    return found


def _near(path: Path) -> NearBackup:
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone()
    try:
        with path.open("rb") as file:
            description = Opening(file).description
    except Refused:
        return NearBackup(path, at)
    return NearBackup(path, from_stored(description.taken_at).astimezone(), description.till_code)


def salvaged_sentences(saved: Salvaged, aside: Path) -> list[str]:
    """Return what was saved, what is missing, and what to look at, in sentences.

    `aside` is where the damaged file lies.
    """
    told = [
        ngettext(
            "{count:,} row was saved; the damaged file lies in {place}.",
            "{count:,} rows were saved; the damaged file lies in {place}.",
            saved.rows,
        ).format(count=saved.rows, place=aside)
    ]
    for name, fate in itertools.islice(saved.missing.items(), _MOST_TABLES):
        told.append(_("Missing of {table}: {what}.").format(table=name, what=_missing(fate)))
    if len(saved.missing) > _MOST_TABLES:
        told.append(
            _("And of others: {tables}.").format(tables=", ".join([*saved.missing][_MOST_TABLES:]))
        )
    if saved.log_is_spoilt:
        told.append(_("What was sold last may be missing: the log beside the file was spoilt."))
    if saved.till_code != saved.old_till_code:
        told.append(
            _(
                "Its receipts begin with {code} from now on, so that no number of {old} is given "
                "out twice."
            ).format(code=saved.till_code, old=saved.old_till_code)
        )
    if saved.findings:
        told.append(_("The books that were saved are not in order: see posctl verify."))
    if saved.is_whole:
        told.append(_("Nothing is missing, and the books are in order."))
    return told


def _missing(fate: Fate) -> str:
    told = []
    if fate.spoilt:
        words = ngettext("{count:,} row", "{count:,} rows", fate.spoilt)
        told.append(words.format(count=fate.spoilt))
    if fate.lost_pages:
        words = ngettext(
            "what stood on {count:,} page of the file",
            "what stood on {count:,} pages of the file",
            fate.lost_pages,
        )
        told.append(words.format(count=fate.lost_pages))
    return ", ".join(told)


def restored_sentences(restored: Restored, aside: Path | None = None) -> list[str]:
    """Return what came back out of a backup, and what to look at, in sentences.

    `aside` is where what was there before lies.
    """
    told = [
        _("The shop is back in {place}, as it was at {moment:%Y-%m-%d %H:%M}.").format(
            place=restored.directory.absolute(), moment=restored.taken_at
        ),
        _(
            "Its receipts begin with {code} from now on: those of {old} that were given out after "
            "the backup keep their numbers. Do not sell with the old till any more."
        ).format(code=restored.till_code, old=restored.old_till_code),
        *_left_sentences(restored.left),
    ]
    if aside is not None:
        told.append(_("What was there before lies in {place}.").format(place=aside))
    if restored.findings:
        told.append(
            _("The books are not in order, as when the backup was made: see posctl verify.")
        )
    return told


def _left_sentences(left: Mapping[str, int]) -> Iterator[str]:
    """Yield what waited when the backup was made, and may have been done since."""
    if count := left.get("prints", 0):
        yield ngettext(
            "{count:,} paper waited, and may be printed already: Ctrl P shows it.",
            "{count:,} papers waited, and each may be printed already: Ctrl P lists them.",
            count,
        ).format(count=count)
    if count := left.get("jobs", 0):
        yield ngettext(
            "{count:,} job waited, and may have been done already: Ctrl W shows it as failed. Try "
            "it again only if it was not done.",
            "{count:,} jobs waited, and each may have been done already: Ctrl W lists them as "
            "failed. Try one again only if it was not done.",
            count,
        ).format(count=count)
    if count := left.get("mails", 0):
        yield ngettext(
            "Of {count:,} person it is not known whether they got their mail: see E-mail.",
            "Of {count:,} people it is not known whether they got their mail: see E-mail.",
            count,
        ).format(count=count)
