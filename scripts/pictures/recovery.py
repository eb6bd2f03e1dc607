"""The states of a shop that does not open, of which pictures are made."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

from pos_hardware.discovery import DeviceKind, FoundDevice

from pos_desktop.app import _tell_crashes
from pos_desktop.domain.errors import PosError
from pos_desktop.domain.progress import Progress
from pos_desktop.security.secrets import SecretsLocked, SecretsMissing, _locked
from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import CRASHES_FOLDER, DATABASE_FILE, SECRETS_FILE, ShopFileGone
from pos_desktop.shops.near_backups import ShopMarks
from pos_desktop.shops.new_shop import demo_shop, make_shop
from pos_desktop.shops.outcomes import restored_sentences
from pos_desktop.shops.recovery import Way, recovery_of
from pos_desktop.shops.restored_shop import Restored
from pos_desktop.storage.errors import DiskReadOnly, FileTooNew, FileUnusable, read_only_words
from pos_desktop.storage.snapshot import Counts
from pos_desktop.ui.screens.first_run.first_run import FirstRun
from pos_desktop.ui.screens.first_run.steps_window import StepsWindow
from pos_desktop.ui.screens.recovery.asked_steps import SalvageStep
from pos_desktop.ui.screens.recovery.bring_back import BringBack
from pos_desktop.ui.screens.recovery.near_look import _Question
from pos_desktop.ui.screens.recovery.recovery_window import RecoveryWindow
from pos_desktop.ui.screens.recovery.steps import OutcomeStep, RestoreStep
from pos_desktop.ui.screens.recovery.support_step import SupportStep
from pos_desktop.ui.shell.kiosk import Kiosk
from pos_desktop.ui.shell.upgrade_window import UpgradeWindow
from scripts.pictures.steps import States, by_name
from scripts.player import Player

_ROOM = 150 * 4096


def _shown(player: Player, directory: Path, error: PosError) -> RecoveryWindow:
    """Make the recovery of a shop the window of which pictures are taken."""
    window = RecoveryWindow(directory, recovery_of(directory, error), error.sentence)
    near = window.bring_back.near
    near.sticks = tuple
    window.show()
    window.start()
    player.settle(lambda: near.is_over or not window.first_step.offers_backup)
    player.shown = window
    return window


def _shop(player: Player, name: str) -> Path:
    directory = player.program.shop.directory.parent / name
    if not directory.exists():
        make_shop(directory, demo_shop())
    return directory


def _damaged(player: Player, name: str) -> RecoveryWindow:
    directory = _shop(player, name)
    with (directory / DATABASE_FILE).open("rb+") as file:
        file.seek(_ROOM)
        file.write(bytes(60 * 4096))
    return _shown(player, directory, FileUnusable())


def recovery_damaged(player: Player) -> None:
    _damaged(player, "damaged")


def recovery_backup_near(player: Player) -> None:
    window = _shown(player, _backed_up(player), FileUnusable())
    player.settle(lambda: window.bring_back.near.newest is not None)


def recovery_looks(player: Player) -> None:
    """Show a recovery as it looks for a backup."""
    window = _damaged(player, "looks")
    near = window.bring_back.near
    near.stop()
    near._near.clear()  # noqa: SLF001
    near._asked[Path("/mnt/nas/backups")] = _Question(near._turn)  # noqa: SLF001
    near._tell()  # noqa: SLF001
    player.settle()


def recovery_silent(player: Player) -> None:
    """Show a recovery beside a folder of the network that does not answer."""
    window = _damaged(player, "looks")
    near = window.bring_back.near
    near.stop()
    near._asked[Path("/mnt/nas/backups")] = _Question(-1000)  # noqa: SLF001
    near._tell()  # noqa: SLF001
    player.settle()


def recovery_mark_damaged(player: Player) -> None:
    """Show a recovery of a shop by whose damaged file no backup is its own."""
    window = _shown(player, _backed_up(player), FileUnusable())
    player.settle(lambda: window.bring_back.near.newest is not None)
    _marked(player, window, ShopMarks(frozenset({"another"}), till_codes=frozenset({"T1"})))


def recovery_anothers_near(player: Player) -> None:
    """Show a recovery beside a backup of another shop."""
    window = _shown(player, _backed_up(player), FileUnusable())
    _marked(player, window, ShopMarks(frozenset({"another"})))


def recovery_older_named(player: Player) -> None:
    """Show the older backup, which may be of another shop, beside a place that is silent."""
    window = _shown(player, _backed_up(player), FileUnusable())
    step = _offered(player, window, window.bring_back)
    step._show_next()  # noqa: SLF001
    near = window.bring_back.near
    near.stop()
    near._asked[Path("/mnt/nas/backups")] = _Question(-1000)  # noqa: SLF001
    _marked(player, window, ShopMarks(frozenset({"another"})))


def _marked(player: Player, window: RecoveryWindow, marks: ShopMarks) -> None:
    window.bring_back.near._know(marks)  # noqa: SLF001
    window.bring_back.near._tell()  # noqa: SLF001
    player.settle()


def recovery_save_beside_backup(player: Player) -> None:
    window = _shown(player, _backed_up(player), FileUnusable())
    player.settle(lambda: window.bring_back.near.newest is not None)
    window.first_step.way_wanted.emit(Way.SALVAGE)


def recovery_save_asked(player: Player) -> None:
    _damaged(player, "asked").first_step.way_wanted.emit(Way.SALVAGE)


def recovery_kiosk_ends(player: Player) -> None:
    directory = _shop(player, "newer")
    error = FileTooNew()
    window = RecoveryWindow(directory, recovery_of(directory, error), error.sentence, is_kiosk=True)
    window.show()
    window.start()
    player.shown = window
    window.close()


def recovery_saved(player: Player) -> None:
    window = _damaged(player, "saved")
    window.first_step.way_wanted.emit(Way.SALVAGE)
    step = window.step
    assert isinstance(step, SalvageStep)
    step.agreed.emit()
    player.settle(lambda: isinstance(window.step, OutcomeStep))


def _backed_up(player: Player) -> Path:
    directory = _shop(player, "restored")
    if not (directory / "backups").exists():
        shop = open_shop(directory)
        made = shop.backups.make(actor=None).path
        shutil.copy(made, made.with_stem(f"{made.stem}-kept"))
        shop.close()
    return directory


def _offered(player: Player, window: StepsWindow, way: BringBack) -> RestoreStep:
    way.start()
    step = window.step
    assert isinstance(step, RestoreStep)
    player.settle(lambda: bool(step.found))
    return step


def recovery_backup(player: Player) -> None:
    window = _shown(player, _backed_up(player), FileUnusable())
    _offered(player, window, window.bring_back)


def _bring_back(player: Player) -> FirstRun:
    """Show a first run to which a stick with backups was brought."""
    stick = _backed_up(player) / "backups"
    device = FoundDevice(DeviceKind.CUPS, "virtual:///tmp", "p", "EPSON TM-T20III Receipt")
    window = FirstRun(player.program.shop.directory.parent / "brought", lambda: [device])
    window.show()
    window.start()
    player.shown = window
    window.bring_back.near.sticks = lambda: (stick,)
    return window


def bring_back_no_stick(player: Player) -> None:
    window = _bring_back(player)
    window.bring_back.near.sticks = tuple
    window.bring_back.start()


def bring_back_asked(player: Player) -> None:
    window = _bring_back(player)
    _offered(player, window, window.bring_back)


def bring_back_slip(player: Player) -> None:
    window = _bring_back(player)
    step = _offered(player, window, window.bring_back)
    step.key.show_text("ABCDE-FGHIJ-KLMNO-PQRST-UVWXY-Z2345-67ABC-DEFGH")
    step.go_on()


def bring_back_under_way(player: Player) -> None:
    window = _bring_back(player)
    step = _offered(player, window, window.bring_back)
    over = threading.Event()

    def slow(_backup: Path, _key: str, progress: Progress) -> list[str]:
        progress(45, 100)
        over.wait(5)
        return []

    window.bring_back._bring = slow  # noqa: SLF001
    step.answered.emit("")
    player.settle(lambda: "45" in str(window.strip.notice))


def bring_back_done(player: Player) -> None:
    window = _bring_back(player)
    step = _offered(player, window, window.bring_back)
    restored = Restored(
        directory=Path("/var/lib/pos-desktop"),
        taken_at=player.program.shop.configuration.now,
        counts=Counts(journal=812, receipts=214, gross_cents=98_450_00),
        till_code="T1K7",
        old_till_code="T1",
        findings=(),
        left={"prints": 2, "jobs": 1, "mails": 3},
    )
    window.bring_back._bring = lambda *_all: restored_sentences(restored)  # noqa: SLF001
    step.answered.emit("")
    player.settle(lambda: isinstance(window.step, OutcomeStep))


def recovery_keys(player: Player) -> None:
    directory = _shop(player, "keyless")
    (directory / SECRETS_FILE).unlink(missing_ok=True)
    try:
        open_shop(directory)
    except SecretsMissing as error:
        _shown(player, directory, error)


def recovery_keyring(player: Player) -> None:
    directory = _shop(player, "locked")
    _shown(player, directory, SecretsLocked(_locked()))


def recovery_keys_asked(player: Player) -> None:
    recovery_keys(player)
    window = player.shown
    assert isinstance(window, RecoveryWindow)
    window.first_step.way_wanted.emit(Way.KEYS)


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
    window.first_step.support_wanted.emit()


def recovery_support_saved(player: Player) -> None:
    window = _damaged(player, "supported")
    window.first_step.support_wanted.emit()
    step = window.step
    assert isinstance(step, SupportStep)
    step.file.show_text(str(player.program.shop.directory.parent / "support.zip"))
    step.go_on()
    player.settle(lambda: not window.is_working)


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


def disk_read_only(player: Player) -> None:
    player.sign_in()
    error = DiskReadOnly(read_only_words(player.program.shop.directory))
    player.window.counter.say_failed(error)
    player.settle()


def disk_read_only_at_door(player: Player) -> None:
    error = DiskReadOnly(read_only_words(player.program.shop.directory))
    player.window._refused(error)  # noqa: SLF001
    player.settle()


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


STATES: States = by_name(
    recovery_damaged,
    recovery_backup_near,
    recovery_looks,
    recovery_silent,
    recovery_mark_damaged,
    recovery_anothers_near,
    recovery_older_named,
    recovery_save_beside_backup,
    recovery_save_asked,
    recovery_kiosk_ends,
    recovery_saved,
    recovery_backup,
    bring_back_no_stick,
    bring_back_asked,
    bring_back_slip,
    bring_back_under_way,
    bring_back_done,
    recovery_keys,
    recovery_keys_asked,
    recovery_keyring,
    recovery_gone,
    recovery_too_new,
    recovery_support,
    recovery_support_saved,
    upgrade_lasts,
    disk_nearly_full,
    disk_read_only,
    disk_read_only_at_door,
    little_disk_room,
    kiosk_stays,
    kiosk_asks,
    crashed_last_time,
)
