"""The states of the page of backups of which pictures are made."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from unittest.mock import patch

from pos_desktop import settings
from pos_desktop.services.backup.backup_folder import BackupFolder, Seen
from pos_desktop.shop_folder import BACKUPS_FOLDER, folder
from pos_desktop.ui.screens.backups.backups_page import BackupsPage
from scripts.pictures.steps import K, States, by_name
from scripts.player import Player

_STICK = "/media/cashier/KINGSTON-16GB-USB-STICK/backups-of-the-shop-in-moi-avenue"


def _looked(player: Player) -> BackupsPage:
    page = player.office_page("backups", BackupsPage)
    player.settle(lambda: bool(page.looks.folders) and not page.looks.is_looking)
    return page


def _some(player: Player, count: int = 3) -> Path:
    """Make a few backups in a folder with a long path; return that."""
    shop = player.program.shop
    long = shop.directory / "backups of the shop in Moi Avenue, second floor" / "every evening"
    long.mkdir(parents=True, exist_ok=True)
    shop.configuration.set(settings.BACKUP_FOLDER, str(long), shop.books, actor=None)
    made = shop.backups.make(actor=None).path
    for number in range(count - 1):
        shutil.copy(made, made.with_stem(f"{made.stem}-{number}"))
    return long


def _set(player: Player, **values: object) -> None:
    shop = player.program.shop
    for name, value in values.items():
        shop.configuration.set(getattr(settings, name), value, shop.books, actor=None)


def backups_none(player: Player) -> None:
    _set(player, BACKUP_FOLDER="", BACKUP_COPY_FOLDER="")
    shutil.rmtree(folder(player.program.shop.directory, BACKUPS_FOLDER))
    _looked(player)


def backups_some(player: Player) -> None:
    _some(player, 40)
    page = _looked(player)
    player.settle(lambda: bool(page.looks.whole))


def backups_stick_out(player: Player) -> None:
    _set(player, BACKUP_COPY_FOLDER=_STICK)
    backups_some(player)


def backups_all_out(player: Player) -> None:
    _set(player, BACKUP_FOLDER=_STICK)
    _looked(player)
    _set(player, BACKUP_FOLDER="")


def backups_no_answer(player: Player) -> None:
    over = threading.Event()

    def looks(_folder: BackupFolder) -> Seen:
        over.wait(20)
        return Seen(())

    with patch.object(BackupFolder, "seen", looks):
        page = player.office_page("backups", BackupsPage)
        page.looks._patience.setInterval(10)  # noqa: SLF001
        player.press(K.Key_F7)
        player.settle(lambda: bool(page.looks.seen))
    threading.Timer(5, over.set).start()


def backups_damaged(player: Player) -> None:
    place = _some(player)
    for one in place.glob("*"):
        one.write_bytes(one.read_bytes()[:-100])
    page = _looked(player)
    player.settle(lambda: bool(page.looks.whole))
    shutil.rmtree(place)


def _content(page: BackupsPage, findings: list[str]) -> None:
    newest = page.looks.newest
    assert newest is not None
    page._checked(  # noqa: SLF001
        1,
        {
            "file": str(newest.path),
            "shop": "Duka la Mama Njeri",
            "till": "T1",
            "taken_at": int(newest.taken_at.timestamp() * 1000),
            "program": "1.0",
            "z": ["T1-Z00128", "2026-11-27"],
            "sales": 12_408,
            "findings": findings,
        },
    )


def backups_checked(player: Player) -> None:
    _some(player)
    _content(_looked(player), [])


def backups_books_wrong(player: Player) -> None:
    _some(player)
    _content(_looked(player), ["stock", "journal"])


def backups_settings(player: Player) -> None:
    _some(player)
    page = _looked(player)
    page.sticks = lambda: (Path(_STICK).parent,)
    player.press(K.Key_F5)
    player.settle(lambda: page.form is not None)


def backups_settings_refused(player: Player) -> None:
    backups_settings(player)
    page = player.page("backups", BackupsPage)
    form = page.form
    assert form is not None
    form.rule[0].show_text("0")  # type: ignore[attr-defined]
    page.act_tiles.acts[0].do()
    player.settle(page.strip.isVisible)


STATES: States = by_name(
    backups_none,
    backups_some,
    backups_stick_out,
    backups_all_out,
    backups_no_answer,
    backups_damaged,
    backups_checked,
    backups_books_wrong,
    backups_settings,
    backups_settings_refused,
)
