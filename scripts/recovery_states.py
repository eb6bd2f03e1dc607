"""The states of a shop that does not open, of which pictures are made."""

from __future__ import annotations

from pathlib import Path

from pos_desktop.app import _tell_crashes
from pos_desktop.domain.errors import PosError
from pos_desktop.new_shop import demo_shop, make_shop
from pos_desktop.security.secrets import SecretsMissing
from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import CRASHES_FOLDER, DATABASE_FILE, SECRETS_FILE, ShopFileGone
from pos_desktop.shop_trouble import Way, trouble_of
from pos_desktop.storage.errors import FileTooNew, FileUnusable
from pos_desktop.ui.screens.recovery.recovery import Recovery
from pos_desktop.ui.screens.recovery.steps import OutcomeStep
from pos_desktop.ui.shell.kiosk import Kiosk
from pos_desktop.ui.shell.upgrade_window import UpgradeWindow
from scripts.player import Player, State

_ROOM = 150 * 4096


def _shown(player: Player, directory: Path, error: PosError) -> Recovery:
    """Make the recovery of a shop the window of which pictures are taken."""
    window = Recovery(directory, trouble_of(directory, error), error.sentence)
    window.show()
    window.start()
    player.settle(lambda: window.step is window.trouble_step)
    player.shown = window
    return window


def _shop(player: Player, name: str) -> Path:
    directory = player.program.shop.directory.parent / name
    if not directory.exists():
        make_shop(directory, demo_shop())
    return directory


def _damaged(player: Player, name: str) -> Recovery:
    directory = _shop(player, name)
    with (directory / DATABASE_FILE).open("rb+") as file:
        file.seek(_ROOM)
        file.write(bytes(60 * 4096))
    return _shown(player, directory, FileUnusable())


def recovery_damaged(player: Player) -> None:
    _damaged(player, "damaged")


def recovery_saved(player: Player) -> None:
    window = _damaged(player, "saved")
    window.trouble_step.way_wanted.emit(Way.SALVAGE)
    player.settle(lambda: isinstance(window.step, OutcomeStep))


def recovery_backup(player: Player) -> None:
    directory = _shop(player, "restored")
    if not (directory / "backups").exists():
        shop = open_shop(directory)
        for _number in range(2):
            made = shop.backups.make(actor=None).path
            made.rename(made.with_stem(f"{made.stem}-kept"))
        shop.close()
    window = _shown(player, directory, FileUnusable())
    window.trouble_step.way_wanted.emit(Way.RESTORE)


def recovery_keys(player: Player) -> None:
    directory = _shop(player, "keyless")
    (directory / SECRETS_FILE).unlink(missing_ok=True)
    try:
        open_shop(directory)
    except SecretsMissing as error:
        _shown(player, directory, error)


def recovery_keys_asked(player: Player) -> None:
    recovery_keys(player)
    window = player.shown
    assert isinstance(window, Recovery)
    window.trouble_step.way_wanted.emit(Way.KEYS)


def recovery_gone(player: Player) -> None:
    directory = _shop(player, "gone")
    (directory / DATABASE_FILE).unlink(missing_ok=True)
    try:
        open_shop(directory)
    except ShopFileGone as error:
        _shown(player, directory, error)


def recovery_too_new(player: Player) -> None:
    _shown(player, _shop(player, "newer"), FileTooNew())


def recovery_support(player: Player) -> None:
    window = _damaged(player, "damaged")
    window.trouble_step.support_wanted.emit()


def upgrade_lasts(player: Player) -> None:
    window = UpgradeWindow()
    window.show_far(42)
    window.show()
    player.settle(window.isVisible)
    player.shown = window


def disk_nearly_full(player: Player) -> None:
    player.program.shop.room_watch._free = lambda _place: 84_000_000  # noqa: SLF001
    player.window.room_line.look()
    player.settle(player.window.top_bar.room.isVisible)


def little_disk_room(player: Player) -> None:
    player.program.shop.room_watch._free = lambda _place: 412_000_000  # noqa: SLF001
    player.window.room_line.look()
    player.settle(player.window.top_bar.room.isVisible)


def kiosk_asks(player: Player) -> None:
    player.sign_in()
    kiosk = Kiosk(player.window, player.program.shop.till)
    player.window.show()
    kiosk.may_close()
    player.settle(lambda: player.window.sell.page is player.window.sell.approval)


def kiosk_stays(player: Player) -> None:
    kiosk = Kiosk(player.window, player.program.shop.till)
    player.window.show()
    kiosk.may_close()
    player.settle(player.window.leaving.isVisible)


def crashed_last_time(player: Player) -> None:
    place = player.program.shop.directory / CRASHES_FOLDER
    place.mkdir(exist_ok=True)
    (place / "window.crash").write_text("Fatal Python error: Segmentation fault")
    _tell_crashes(player.program)
    player.settle(player.window.warning.isVisible)


RECOVERY_STATES: tuple[State, ...] = (
    recovery_damaged,
    recovery_saved,
    recovery_backup,
    recovery_keys,
    recovery_keys_asked,
    recovery_gone,
    recovery_too_new,
    recovery_support,
    upgrade_lasts,
    disk_nearly_full,
    little_disk_room,
    kiosk_stays,
    kiosk_asks,
    crashed_last_time,
)
