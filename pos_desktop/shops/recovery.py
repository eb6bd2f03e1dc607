"""Why a shop does not open: which trouble it is, what is safe, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from pos_desktop.domain.errors import PosError
from pos_desktop.domain.text import _
from pos_desktop.security.secrets import SecretsForbidden, SecretsLocked, SecretsMissing
from pos_desktop.shop_folder import DAMAGED_FOLDER, DATABASE_FILE, NotBackYet, ShopFileGone
from pos_desktop.storage.errors import FileUnusable
from pos_desktop.storage.migrations import UpgradeFailed
from pos_desktop.storage.salvage import is_of_a_shop


class Way(Enum):
    """What can be done about a trouble, besides opening the shop again."""

    RESTORE = auto()
    SALVAGE = auto()
    KEYS = auto()


@dataclass(frozen=True, slots=True)
class Recovery:
    """What is wrong with a shop, in words, and the ways out."""

    title: str
    wrong: str
    safe: str
    ways: tuple[Way, ...]


def recovery_of(directory: Path, error: PosError) -> Recovery:
    """Return what stands behind an error with which a shop did not open."""
    if isinstance(error, SecretsForbidden | SecretsLocked):
        title = (
            _("The keyring is locked")
            if isinstance(error, SecretsLocked)
            else _("This login may not read the shop's keys")
        )
        safe = _("The keys are where they were: nothing was changed, and nothing is lost.")
        return Recovery(title, *_told(error, safe))
    if isinstance(error, SecretsMissing):
        return Recovery(
            _("The shop's keys are missing"),
            error.sentence,
            _("The sales are all there. The recovery key makes the keys anew."),
            (Way.KEYS, Way.RESTORE),
        )
    if isinstance(error, NotBackYet):
        return Recovery(
            _("The shop is not back yet"),
            error.sentence,
            _put_aside(directory),
            (Way.RESTORE,),
        )
    if isinstance(error, ShopFileGone):
        return Recovery(
            _("The shop's file is gone"),
            error.sentence,
            _put_aside(directory),
            (Way.RESTORE,),
        )
    if isinstance(error, FileUnusable):
        return _unusable(directory)
    if isinstance(error, UpgradeFailed):
        safe = _("Nothing was changed: the version that was here before opens the shop.")
        return Recovery(_("The shop could not be brought up to this version"), *_told(error, safe))
    safe = _("Nothing was changed, and nothing is lost.")
    return Recovery(_("The shop does not open"), *_told(error, safe))


def _told(error: PosError, safe: str) -> tuple[str, str, tuple[Way, ...]]:
    return error.sentence, safe, ()


def _unusable(directory: Path) -> Recovery:
    file = directory / DATABASE_FILE
    place = file.absolute()
    if not file.stat().st_size:
        return Recovery(
            _("The shop's file is empty"),
            _("{file} holds nothing, as after a disk that was full or broke.").format(file=place),
            _put_aside(directory),
            (Way.RESTORE,),
        )
    if is_of_a_shop(file):
        return Recovery(
            _("The shop's file is damaged"),
            _("Parts of {file} cannot be read: the disk may be bad.").format(file=place),
            _(
                "What can still be read can be saved into a new file. Whatever you choose, the "
                "damaged one is put aside first, and nothing of it is removed."
            ),
            (Way.SALVAGE, Way.RESTORE),
        )
    return Recovery(
        _("This is no shop's file"),
        _("{file} is of another program, or nothing of it can be read.").format(file=place),
        _put_aside(directory),
        (Way.RESTORE,),
    )


def reason_of(error: PosError, recovery: Recovery) -> str:
    """Return what support would read: the fault itself, where a sentence sends to this help."""
    if type(error) is not FileUnusable:
        return error.sentence
    cause = error.__cause__
    return f"{type(cause).__name__}: {cause}" if cause else recovery.wrong


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
