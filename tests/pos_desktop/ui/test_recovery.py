"""A shop that does not open: its trouble is said, and each way out is gone by keys alone."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from pos_desktop import app
from pos_desktop.crash_reports import watched_for_crashes
from pos_desktop.domain import text
from pos_desktop.domain.country import written_day, written_time
from pos_desktop.domain.errors import PosError
from pos_desktop.languages import learn_languages
from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import CRASHES_FOLDER, DAMAGED_FOLDER, DATABASE_FILE, SECRETS_FILE
from pos_desktop.shops.kiosk_mark import follow_kiosk
from pos_desktop.shops.near_backups import NearBackup, NearFolders
from pos_desktop.shops.recovery import reason_of, recovery_of
from pos_desktop.storage.errors import FileTooNew
from pos_desktop.storage.migrations import LATEST
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.tile import Tile
from pos_desktop.ui.screens.recovery.asked_steps import EndStep, SalvageStep
from pos_desktop.ui.screens.recovery.recovery_window import RecoveryWindow
from pos_desktop.ui.screens.recovery.steps import (
    KeysStep,
    OutcomeStep,
    RestoreStep,
    ToldStep,
)
from pos_desktop.ui.screens.recovery.support_step import SupportStep
from tests.pos_desktop.shops.spoiling import blank, root_of
from tests.pos_desktop.ui.conftest import LAYOUT_TURNS, Hands
from tests.pos_desktop.ui.pseudo import Pseudo, seen, words_left
from tests.released.released_shops import recovery_key, unpack

K = Qt.Key


class Owner:
    """Somebody whose shop does not open."""

    def __init__(self, directory: Path, qtbot: QtBot, *, is_kiosk: bool = False) -> None:
        self.directory = directory
        self.qtbot = qtbot
        with pytest.raises(PosError) as raised, closing(open_shop(directory)) as shop:
            shop.database.rows("SELECT * FROM sale")
        error = raised.value
        recovery = recovery_of(directory, error)
        why = reason_of(error, recovery)
        self.window = RecoveryWindow(directory, recovery, why, is_kiosk=is_kiosk)
        self.plugged: list[Path] = []
        self.window.bring_back.near.sticks = lambda: tuple(self.plugged)
        self.window.resize(1024, 600)
        self.window.start()
        self.window.show()
        handle = self.window.windowHandle()
        assert handle is not None
        self.hands = Hands(handle)

    def until(self, truth: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(truth()), timeout=15_000)

    def said(self) -> str:
        return self.window.strip.notice.text if self.window.strip.notice else ""

    def told(self) -> str:
        step = self.window.step
        assert isinstance(step, ToldStep)
        return "\n".join(step.told)

    def near(self) -> str:
        """Return what the first page says of a backup that is near."""
        line = self.window.first_step.near
        return line.text if line is not None else ""

    def for_support(self) -> SupportStep:
        self.hands.press(K.Key_F8)
        step = self.window.step
        assert isinstance(step, SupportStep)
        return step

    def save_for_support(self, file: str) -> None:
        self.for_support().file.show_text(file)
        self.hands.press(K.Key_Return)
        self.until(lambda: not self.window.is_working)

    def save_what_is_good(self) -> None:
        self.hands.press(K.Key_F3)
        assert isinstance(self.window.step, SalvageStep)
        self.hands.press(K.Key_Return)

    def caps(self) -> list[str]:
        return [act.cap for act in self.window.acts()]


@pytest.fixture
def shop_folder(tmp_path: Path) -> Path:
    return unpack(LATEST, tmp_path / "shop")


def lay_out() -> None:
    for _turn in range(LAYOUT_TURNS):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A stick that is called by more than fits a line."""
    place = tmp_path / f"stick {'of the shop ' * 10}"
    place.mkdir()
    return place


@pytest.fixture
def met(dressed: QApplication, qtbot: QtBot) -> Iterator[Callable[[Path], Owner]]:
    """Opens the recovery of a shop that does not open."""
    learn_languages()
    owners: list[Owner] = []

    def meet(directory: Path) -> Owner:
        owners.append(Owner(directory, qtbot))
        return owners[-1]

    yield meet
    for owner in owners:
        owner.until(owner.window.close)
    text.speak(text.ENGLISH)


def test_what_is_good_is_saved_and_the_till_opens(
    shop_folder: Path, met: Callable[[Path], Owner]
) -> None:
    blank(shop_folder, root_of(shop_folder, "sale"))
    owner = met(shop_folder)
    assert owner.caps() == ["F3", "F2", "F5", "F8", "Esc"]
    assert "nothing of it is removed" in owner.told()
    owner.for_support()
    assert "What was said: " in owner.told()
    assert "it offers help" not in owner.told()
    owner.hands.press(K.Key_Escape)
    owner.save_what_is_good()
    owner.until(lambda: isinstance(owner.window.step, OutcomeStep))
    assert "rows were saved" in owner.told()
    assert "Missing of sales: " in owner.told()
    assert owner.caps() == ["↵", "F2"]
    owner.hands.press(K.Key_F2)
    assert isinstance(owner.window.step, RestoreStep)
    owner.hands.press(K.Key_Escape)
    assert "rows were saved" in owner.told()
    owner.hands.press(K.Key_Return)
    owner.until(owner.window.isHidden)
    assert owner.window.opens_again
    open_shop(shop_folder).close()


def test_saving_what_is_good_is_asked_first_and_can_be_left(
    shop_folder: Path, met: Callable[[Path], Owner]
) -> None:
    blank(shop_folder, root_of(shop_folder, "sale"))
    before = (shop_folder / DATABASE_FILE).read_bytes()
    owner = met(shop_folder)
    owner.hands.press(K.Key_F3)
    assert owner.caps() == ["↵", "Esc"]
    assert str(shop_folder / DAMAGED_FOLDER) in owner.told()
    assert not owner.window.is_working
    owner.hands.press(K.Key_Escape)
    assert owner.window.step is owner.window.first_step
    assert (shop_folder / DATABASE_FILE).read_bytes() == before
    assert not (shop_folder / DAMAGED_FOLDER).exists()


def test_the_newest_backup_near_is_named_before_anything_is_chosen(
    shop_folder: Path, met: Callable[[Path], Owner], stick: Path, tmp_path: Path
) -> None:
    others = unpack(LATEST - 1, tmp_path / "another")
    with closing(open_shop(shop_folder)) as shop:
        shop.backups.make(actor=None)
        newest = shop.backups.make(stick / "second.posbackup", actor=None)
    with closing(open_shop(others)) as shop:
        (stick / "others").mkdir()
        shop.backups.make(stick / "others" / "newer.posbackup", actor=None)
    (stick / "damaged.posbackup").write_bytes(b"no backup at all")
    blank(shop_folder, root_of(shop_folder, "sale"))
    owner = met(shop_folder)
    owner.plugged.append(stick)
    owner.window.bring_back.near.start()
    made = newest.taken_at.astimezone()
    where = f"till T1, {written_day(made)} {written_time(made)}, in {stick}."
    owner.until(lambda: owner.near() == f"The newest backup near: {where}")
    assert owner.window.first_step.hasFocus()
    assert owner.caps() == ["F3", "F2", "F5", "F8", "Esc"]
    owner.hands.press(K.Key_F2)
    step = owner.window.step
    assert isinstance(step, RestoreStep)
    assert step.backup == newest.path
    assert "Backup 1 of 4: till T1" in step.told


def test_that_no_backup_is_near_is_said_once_every_place_has_answered(
    shop_folder: Path,
    met: Callable[[Path], Owner],
    stick: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    over, looked_in = threading.Event(), list[threading.Thread]()

    backups = NearFolders.backups

    def looks(folders: NearFolders, place: Path) -> list[NearBackup]:
        looked_in.append(threading.current_thread())
        over.wait(20)
        return backups(folders, place)

    monkeypatch.setattr(NearFolders, "backups", looks)
    with closing(open_shop(shop_folder)) as shop:
        backup = shop.backups.make(stick / "monday.posbackup", actor=None).path
    blank(shop_folder, root_of(shop_folder, "sale"))
    owner = met(shop_folder)
    line = owner.window.first_step.near
    assert line is not None
    try:
        owner.until(lambda: looked_in and owner.window.bring_back.near._marks)
        lay_out()
        place = line.geometry()
        assert owner.near().startswith("Looking for a backup")
    finally:
        over.set()
    owner.until(lambda: owner.near().startswith("No backup of this shop was found near"))
    assert threading.main_thread() not in looked_in
    owner.window.bring_back.near.timer.setInterval(50)
    owner.plugged.append(stick)
    owner.until(lambda: str(stick) in owner.near())
    lay_out()
    assert line.geometry() == place
    owner.hands.press(K.Key_F2)
    assert isinstance(owner.window.step, RestoreStep)
    assert owner.window.step.backup == backup
    owner.plugged.clear()
    owner.hands.press(K.Key_F6)
    assert owner.window.step.backup == Path()


def test_who_saves_what_is_good_hears_of_a_backup_only_where_one_is_near(
    shop_folder: Path, met: Callable[[Path], Owner], stick: Path
) -> None:
    with closing(open_shop(shop_folder)) as shop:
        made = shop.backups.make(stick / "monday.posbackup", actor=None)
    blank(shop_folder, root_of(shop_folder, "sale"))
    owner = met(shop_folder)
    owner.hands.press(K.Key_F3)
    step = owner.window.step
    assert isinstance(step, SalvageStep)
    assert "missing then" in owner.told()
    assert "backup" not in owner.told()
    owner.until(lambda: step.near.text.startswith("No backup of this shop was found near"))
    assert "stick that is not put in, or on another computer" in step.near.text
    owner.plugged.append(stick)
    owner.window.bring_back.near.start()
    owner.until(lambda: step.near.text.startswith("A backup may hold more, Esc goes back to it"))
    assert f"till T1, {written_day(made.taken_at.astimezone())} " in step.near.text
    assert str(stick) in step.near.text
    assert step.hasFocus()


def test_no_backup_is_looked_for_where_none_would_help(
    dressed: QApplication, qtbot: QtBot, shop_folder: Path
) -> None:
    error = FileTooNew()
    window = RecoveryWindow(shop_folder, recovery_of(shop_folder, error), "")
    window.start()
    assert window.first_step.near is None
    assert not window.bring_back.near.timer.isActive()
    window.close()


def test_a_backup_brings_the_shop_back(shop_folder: Path, met: Callable[[Path], Owner]) -> None:
    with closing(open_shop(shop_folder)) as shop:
        place = shop_folder / "backups"
        first = shop.backups.make(actor=None).path
        second = shop.backups.make(place / "second.posbackup", actor=None).path
        zone = shop.configuration.zone
    (shop_folder / DATABASE_FILE).write_bytes(b"")
    owner = met(shop_folder)
    owner.hands.press(K.Key_F2)
    step = owner.window.step
    assert isinstance(step, RestoreStep)
    owner.until(step.file.field.hasFocus)
    owner.until(lambda: step.backup == second)
    assert "Backup 1 of 2: till T1" in step.told
    at, first_at = (found.at for found in step.found)
    assert f"till T1, {written_day(at)} " in step.told
    owner.hands.press(K.Key_F3)
    assert step.backup == first
    owner.hands.type("\r\r")
    owner.until(lambda: "was printed when the shop was made" in owner.said())
    owner.hands.type("ABCDE\r")
    owner.until(lambda: "typing error" in owner.said())
    assert (shop_folder / DATABASE_FILE).read_bytes() == b""
    step.key.show_text(recovery_key(shop_folder))
    owner.hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    owner.until(lambda: isinstance(owner.window.step, OutcomeStep))
    assert "The shop is back in" in owner.told()
    assert f"as it was on {written_day(first_at.astimezone(zone))} at " in owner.told()
    assert (shop_folder / DAMAGED_FOLDER).exists()
    owner.hands.press(K.Key_Return)
    owner.until(owner.window.isHidden)
    open_shop(shop_folder).close()


def test_keys_are_made_anew(shop_folder: Path, met: Callable[[Path], Owner]) -> None:
    (shop_folder / SECRETS_FILE).write_bytes(b"spoilt")
    owner = met(shop_folder)
    assert owner.caps() == ["F4", "F2", "F5", "F8", "Esc"]
    owner.hands.press(K.Key_F4)
    assert isinstance(owner.window.step, KeysStep)
    owner.hands.type(recovery_key(shop_folder).lower() + "\r")
    owner.until(lambda: isinstance(owner.window.step, OutcomeStep))
    open_shop(shop_folder).close()


def test_no_backup_is_near_and_one_comes(shop_folder: Path, met: Callable[[Path], Owner]) -> None:
    (shop_folder / DATABASE_FILE).unlink()
    owner = met(shop_folder)
    owner.hands.press(K.Key_F2)
    assert owner.caps() == ["↵", "F6", "Esc"]
    (shop_folder / "backups").mkdir()
    (shop_folder / "backups" / "x.posbackup").write_bytes(b"no backup at all")
    owner.hands.press(K.Key_F6)
    step = owner.window.step
    assert isinstance(step, RestoreStep)
    owner.until(lambda: step.backup.name == "x.posbackup")
    step.key.show_text(recovery_key(shop_folder))
    step.go_on()
    owner.until(lambda: "no backup of POS Desktop" in owner.said())


def test_a_fault_of_the_program_is_told_under_a_reference_and_leaves_a_report(
    shop_folder: Path, met: Callable[[Path], Owner], monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(_directory: Path) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("pos_desktop.ui.screens.recovery.recovery_window.salvage_shop", faulty)
    blank(shop_folder, root_of(shop_folder, "sale"))
    owner = met(shop_folder)
    with watched_for_crashes(shop_folder, "window"):
        owner.save_what_is_good()
        owner.until(lambda: "fault of the program (reference " in owner.said())
        (report,) = (shop_folder / CRASHES_FOLDER).glob("*.txt")
        assert report.stem.rpartition("-")[2] in owner.said()
        assert "ZeroDivisionError" in report.read_text()


def test_support_is_told_where_the_log_lies_and_quitting_changes_nothing(
    shop_folder: Path, met: Callable[[Path], Owner]
) -> None:
    blank(shop_folder, 1)
    before = (shop_folder / DATABASE_FILE).read_bytes()
    owner = met(shop_folder)
    owner.hands.press(K.Key_F8)
    assert type(owner.window.step).__name__ == SupportStep.__name__
    assert "pos-desktop.log" in owner.told()
    owner.hands.press(K.Key_Escape)
    assert owner.window.step is owner.window.first_step
    owner.hands.press(K.Key_Escape)
    owner.until(owner.window.isHidden)
    assert not owner.window.opens_again
    assert (shop_folder / DATABASE_FILE).read_bytes() == before


def test_a_kiosk_asks_before_its_recovery_ends_the_program(
    shop_folder: Path, dressed: QApplication, qtbot: QtBot
) -> None:
    learn_languages()
    blank(shop_folder, 1)
    owner = Owner(shop_folder, qtbot, is_kiosk=True)
    owner.hands.press(K.Key_Escape)
    assert type(owner.window.step).__name__ == EndStep.__name__
    assert owner.window.isVisible()
    owner.hands.press(K.Key_Escape)
    assert owner.window.step is owner.window.first_step
    assert not owner.window.close()
    assert owner.caps() == ["↵", "Esc"]
    owner.hands.press(K.Key_Return)
    owner.until(owner.window.isHidden)
    assert not owner.window.opens_again


def test_a_kiosk_by_its_setting_has_the_recovery_of_one(
    dressed: QApplication, shop_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[bool] = []

    class Seen(RecoveryWindow):
        def __init__(self, *given: object, is_kiosk: bool) -> None:
            super().__init__(*given, is_kiosk=is_kiosk)  # type: ignore[arg-type]
            made.append(is_kiosk)

    monkeypatch.setattr(app, "RecoveryWindow", Seen)
    monkeypatch.setattr(app, "_show", lambda *_given, **_named: None)
    monkeypatch.setattr(QApplication, "exec", lambda _app: 0)
    for is_kiosk in (True, False):
        follow_kiosk(shop_folder, is_kiosk=is_kiosk)
        app._recovered(dressed, shop_folder, FileTooNew(), fullscreen=False, kiosk=False)
    assert made == [True, False]


def test_the_file_for_support_is_saved_of_a_shop_that_does_not_open(
    shop_folder: Path, met: Callable[[Path], Owner], tmp_path: Path
) -> None:
    blank(shop_folder, 1)
    owner = met(shop_folder)
    path = tmp_path / "support.zip"
    owner.save_for_support(str(path))
    assert str(path) in owner.said()
    assert owner.window.acts()
    with ZipFile(path) as bundle:
        found = json.loads(bundle.read("report.json"))
    broken = [check["check"] for check in found["checks"] if check["state"] == "broken"]
    assert "database" in broken
    assert isinstance(owner.window.step, SupportStep)


def test_the_file_for_support_is_offered_at_home(
    shop_folder: Path, met: Callable[[Path], Owner]
) -> None:
    blank(shop_folder, 1)
    offered = Path(met(shop_folder).for_support().file.text)
    assert offered.parent == Path.home()
    assert offered.name.startswith("pos-desktop-support-")


@pytest.mark.parametrize("typed", ["", "/no such folder/support.zip", "support.txt"])
def test_a_file_for_support_that_cannot_be_is_refused_in_the_recovery(
    shop_folder: Path, met: Callable[[Path], Owner], typed: str
) -> None:
    blank(shop_folder, 1)
    owner = met(shop_folder)
    owner.save_for_support(typed)
    assert owner.window.strip.notice is not None
    assert owner.window.strip.notice.tone is Tone.DANGER
    assert isinstance(owner.window.step, SupportStep)


def test_every_step_follows_the_language_and_is_in_sight(
    shop_folder: Path, met: Callable[[Path], Owner], monkeypatch: pytest.MonkeyPatch
) -> None:
    blank(shop_folder, root_of(shop_folder, "sale"))
    owner = met(shop_folder)
    monkeypatch.setitem(text._spoken.loads, "xx", Pseudo)
    window = owner.window
    data = {"Ctrl", "Esc", "F2", "F3", "F4", "F5", "F6", "F8", "F9", "↵", "English", "Kiswahili"}
    data |= {str(shop_folder), str(shop_folder / DAMAGED_FOLDER), "shop.sqlite", DATABASE_FILE}

    owner.until(lambda: window.bring_back.near.is_over)

    def look() -> None:
        lay_out()
        before = seen(window)
        window.speak("xx")
        lay_out()
        assert not words_left(window, data)
        window.speak("en")
        lay_out()
        assert seen(window) ^ before == set()
        for widget in (*window.findChildren(Tile), *window.findChildren(QLineEdit)):
            if widget.isVisible():
                area = QRect(widget.mapTo(window, QPoint()), widget.size())
                assert window.rect().contains(area), widget.accessibleName()

    look()
    step = owner.for_support()
    data.add(step.file.text)
    data |= {line.partition(": ")[2] for line in step.told}
    look()
    owner.hands.press(K.Key_Escape)
    owner.hands.press(K.Key_F3)
    look()
    owner.hands.press(K.Key_Escape)
    owner.hands.press(K.Key_F2)
    look()


def test_a_damaged_shop_shows_its_recovery_in_the_real_program(shop_folder: Path) -> None:
    blank(shop_folder, 1)
    process = str(Path(__file__).with_name("recovery_process.py"))
    ended = subprocess.run(
        [sys.executable, process, "--data", str(shop_folder)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split() == ["recovery", "till"]
    assert "Traceback" not in ended.stderr


def test_a_disk_that_takes_no_writes_shows_the_recovery(
    dressed: QApplication, shop_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[PosError] = []

    def refused(*_given: object, **_named: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(shop_folder / "prints"))

    def recovered(_app: object, _directory: Path, error: PosError, **_named: object) -> bool:
        met.append(error)
        return False

    monkeypatch.setattr(app, "Program", refused)
    monkeypatch.setattr(app, "_is_watched", lambda: True)
    monkeypatch.setattr(app, "_recovered", recovered)
    assert app._run_shops(dressed, shop_folder, None, fullscreen=False, kiosk=False) == 1
    (error,) = met
    assert "takes no writes" in error.sentence
