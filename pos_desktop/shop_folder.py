"""The folder of a shop: what lies in it, where it is looked for, and who may read it."""

from __future__ import annotations

import itertools
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

from pos_desktop.disk import belongs_to_owner_of
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.text import _

DATABASE_FILE = "shop.sqlite"
SECRETS_FILE = "secrets"
HEAD_FILE = "journal.head"
KEYRING_MARK = "secrets-in-keyring"
"""There where the shop's keys are in the keyring of its login, and in no file."""
LOG_FILES = tuple(f"{DATABASE_FILE}-{ending}" for ending in ("wal", "shm", "journal"))
"""What SQLite keeps beside the shop's file; it would apply them to another one in its place."""
MOVED_FILES = (SECRETS_FILE, KEYRING_MARK, HEAD_FILE, DATABASE_FILE)
"""What a shop that came about moves in, in this order: it is there with the last of them."""
OWN_FILES = (DATABASE_FILE, *LOG_FILES, HEAD_FILE, SECRETS_FILE, KEYRING_MARK)
"""What a shop is made of."""
PRINTS_FOLDER = "prints"
LOCKS_FOLDER = "locks"
LOGS_FOLDER = "logs"
IMPORTS_FOLDER = "imports"
"""Files whose import is left to a job, until that has ended."""
EXPORTS_FOLDER = "exports"
"""Files that were written for people to take away."""
MAIL_FOLDER = "mail"
"""Files that are attached to mails, until those are pruned."""
BACKUPS_FOLDER = "backups"
"""Sealed copies of the shop, where the settings name no other folder."""
BACKING_UP_FOLDER = "backing-up"
"""What lies open while a backup is made; there only meanwhile."""
UPGRADE_FOLDER = "before-upgrade"
"""The shop's file as it was before a newer version took it over; open, as the file itself."""
CRASHES_FOLDER = "crashes"
"""Reports of faults of the program, for support."""
DAMAGED_FOLDER = "damaged"
"""What was put aside before something better took its place; a folder of its own each time."""
ARRIVING_FOLDER = ".arriving"
"""A whole shop that moves into its place; there only for the moment that it takes."""
BRINGING_BACK = ".bringing-back-"
"""How the folder begins in which a shop comes back, from a backup or out of a damaged file."""
DAMAGE_MARK = "damage-seen"
"""There since a program has met something in the shop's file that it could not read."""
KIOSK_MARK = "opens-as-kiosk"
"""There where the settings make the till a kiosk: the recovery goes by it."""
TRAINING_FOLDER = "training"
"""A shop of its own, to practise in; made anew whenever training begins."""
MACHINE_WIDE = {
    "nt": Path(os.environ.get("ProgramData", "C:/ProgramData")) / "POS Desktop",  # noqa: SIM112
    "posix": Path("/var/lib/pos-desktop"),
}
SHOP_GROUP = "pos-desktop"
"""The logins that share a machine-wide shop."""


class NoShop(Unavailable):
    """There is no shop here; name its folder with --data or POS_DATA_DIR."""


class MayNotEnter(Unavailable):
    """This login may not use the shop's folder: sign in with one that may."""


class FolderUnseen(Unavailable):
    """The shop's folder cannot be looked at; see that its disk is there, then try again."""


class ShopFileGone(Unavailable):
    """The shop's file is missing, though other parts of the shop are here."""


class NotBackYet(ShopFileGone):
    """A shop was being brought back here, and that was broken off."""


def default_directory() -> Path:
    """Return the shop's directory where none is named."""
    named = os.environ.get("POS_DATA_DIR")
    return Path(named) if named else MACHINE_WIDE[os.name]


def shop_exists(directory: Path) -> bool:
    """Tell whether a directory holds a shop, or one that moves in.

    Raises MayNotEnter, and FolderUnseen where the system does not say what is there.
    """
    return _is_there(directory / DATABASE_FILE) or is_arriving(directory)


def is_arriving(directory: Path) -> bool:
    """Tell whether a whole shop moves in here, or was on its way when its program was killed."""
    return _is_there(directory / ARRIVING_FOLDER / DATABASE_FILE)


def nothing_of_a_shop(directory: Path) -> bool:
    """Tell whether a directory holds no shop and no part of one: a new one can be made there.

    What was put aside and what a restore has left count too: a shop may be in them. Raises
    MayNotEnter.
    """
    return not shop_exists(directory) and not part_of_a_shop(directory)


def part_of_a_shop(directory: Path) -> str:
    """Return the name of something that may be a part of a shop; an empty text where none is."""
    there = (name for name in OWN_FILES if _is_there(directory / name))
    restoring = (one.name for one in directory.glob(f"{BRINGING_BACK}*"))
    aside = (name for name in (DAMAGED_FOLDER,) if (directory / name).exists())
    return next(itertools.chain(there, restoring, aside), "")


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError as error:
        sentence = _("This login may not use the shop in {place}. {advice}")
        advice = how_to_enter(path.parent.absolute())
        raise MayNotEnter(sentence.format(place=path.parent.absolute(), advice=advice)) from error
    except OSError as error:
        raise FolderUnseen(
            _(
                "The folder {place} cannot be looked at ({why}): see that its disk is there and "
                "that the name is right, then try again."
            ).format(place=path.parent.absolute(), why=error.strerror or type(error).__name__)
        ) from error


def how_to_enter(place: Path) -> str:
    """Say who gives the right to a place: the shop's group, or the login that owns it."""
    if place == MACHINE_WIDE[os.name]:
        words = _("As root: usermod -aG {group} {login}; then sign in to the computer anew.")
        return words.format(login=login_name(), group=SHOP_GROUP)
    if owner_of(place) == login_name():  # whose rights to its own files somebody has taken away
        words = _("As root: chown -R {owner} {place}; chmod -R u+rwX {place}")
        return words.format(owner=owner_of(place), place=place)
    words = _("Sign in to the computer with the login that made the shop ({owner}).")
    return words.format(owner=owner_of(place))


def login_name() -> str:
    """Return the name of the login that runs this."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return str(os.getuid()) if sys.platform != "win32" else "?"


def owner_of(place: Path) -> str:
    """Return the login that owns a place, or what is there of the way to it."""
    for one in (place, *place.parents):
        with suppress(OSError, KeyError, NotImplementedError):
            return one.owner()
    return "?"


def check_nothing_there(directory: Path) -> None:
    """Raise Refused where a shop is, or parts of one: they may be all that is left of it."""
    if shop_exists(directory):
        raise Refused(_("There is a shop in {place} already.").format(place=directory.absolute()))
    part = part_of_a_shop(directory)
    if part in OWN_FILES:
        raise Refused(
            _(
                "{place} holds {name} of a shop: bring that shop back from its backup (posctl "
                "restore --over), or move what is there away first."
            ).format(place=directory.absolute(), name=part)
        )


def check_nothing_left(directory: Path) -> None:
    """Raise Refused where a shop was put aside or is not back yet: nobody makes another one there.

    For who makes a new one; a restore goes on there.
    """
    if part := part_of_a_shop(directory):
        raise Refused(
            _(
                "{place} holds {name}, in which a shop lies that is to be brought back: do that, "
                "or move it away first."
            ).format(place=directory.absolute(), name=part)
        )


def check_shop_exists(directory: Path) -> None:
    """Raise NoShop where there is none, and ShopFileGone where only its file is missing.

    Of that NotBackYet where a restore was broken off. Raises MayNotEnter where nobody can tell.
    """
    if shop_exists(directory):
        return
    place = directory.absolute()
    part = part_of_a_shop(directory)
    if part.startswith(BRINGING_BACK):
        raise NotBackYet(
            _(
                "A shop was being brought back in {place}, and that was broken off: bring it back "
                "from the backup once more."
            ).format(place=place)
        )
    if part:
        raise ShopFileGone(
            _(
                "The shop's file {file} is missing in {place}, though other parts of the shop are "
                "there: look where it was moved and put it back; leave the rest as it is."
            ).format(file=DATABASE_FILE, place=place)
        )
    raise NoShop(
        _(
            "There is no shop in {place}. Name the shop's folder with --data or POS_DATA_DIR; "
            "posctl init makes a new shop."
        ).format(place=place)
    )


def is_shared(directory: Path) -> bool:
    """Tell whether several logins share the shop: its directory is writable by its group."""
    return bool(directory.stat().st_mode & stat.S_IWGRP)


def file_mode(directory: Path) -> int:
    """Return the rights of a file of the shop: its owner's alone, or its group's too."""
    return 0o660 if is_shared(directory) else 0o600


def make_file(path: Path, mode: int) -> None:
    """Make an empty file, its owner's alone until it has its rights."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    path.chmod(mode)


def folder(directory: Path, name: str) -> Path:
    """Return a folder of the shop that all of its logins may use, made where it is not there."""
    path = directory / name
    if not path.exists():
        make_folder(path, directory, exist_ok=True)
    return path


def make_folder(path: Path, directory: Path, *, exist_ok: bool = False) -> None:
    """Make a folder with the rights of those of a shop: its owner's alone, or its group's too."""
    path.mkdir(mode=0o700, exist_ok=exist_ok)
    belongs_to_owner_of(path, directory)
    path.chmod(0o2770 if is_shared(directory) else 0o700)


def free_name(place: Path, stem: str, ending: str = "") -> Path:
    """Return the path of a name that is not there yet, with a number where it must be."""
    path, number = place / f"{stem}{ending}", 1
    while path.exists():
        number += 1
        path = place / f"{stem}-{number}{ending}"
    return path


def log_of(file: Path) -> Path:
    """Return the log that SQLite keeps beside a file."""
    return file.with_name(f"{file.name}-wal")
