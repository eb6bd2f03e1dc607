"""A shop is brought back on a new computer by the window alone, from the first run to the till."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_desktop.domain import text
from pos_desktop.languages import learn_languages
from pos_desktop.security.recovery import make_recovery_key
from pos_desktop.services.backup import sticks
from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import nothing_of_a_shop
from pos_desktop.shops.near_backups import NearBackup, NearFolders
from pos_desktop.storage.migrations import LATEST
from pos_desktop.ui.screens.first_run.first_run import FirstRun
from pos_desktop.ui.screens.recovery.steps import OutcomeStep, RestoreStep
from tests.pos_desktop.ui.conftest import Hands
from tests.released.released_shops import recovery_key, unpack

K = Qt.Key
ROOT = Path(__file__).parents[3]


class Technician:
    """Somebody with a new computer, a stick, and the recovery key on paper."""

    def __init__(self, tmp_path: Path, qtbot: QtBot) -> None:
        self.old = unpack(LATEST, tmp_path / "old")
        self.stick = tmp_path / "stick"
        self.directory = tmp_path / "new"
        self.qtbot = qtbot
        self.plugged: list[Path] = [self.stick]
        self.window = FirstRun(self.directory, list)
        self.window.bring_back.near.sticks = lambda: tuple(self.plugged)
        self.window.resize(1024, 600)
        self.window.show()
        self.window.start()
        handle = self.window.windowHandle()
        assert handle is not None
        self.hands = Hands(handle)

    def back_up(self) -> Path:
        self.stick.mkdir()
        with closing(open_shop(self.old)) as shop:
            return shop.backups.make(self.stick / "monday.posbackup", actor=None).path

    def until(self, truth: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(truth()), timeout=15_000)

    def said(self) -> str:
        return self.window.strip.notice.text if self.window.strip.notice else ""

    def asked(self) -> RestoreStep:
        """Go to the step that asks."""
        self.hands.press(K.Key_F4)
        step = self.window.step
        assert isinstance(step, RestoreStep)
        return step


@pytest.fixture
def technician(dressed: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Technician]:
    learn_languages()
    one = Technician(tmp_path, qtbot)
    yield one
    one.until(one.window.close)
    assert not one.window.bring_back.near.timer.isActive()
    text.speak(text.ENGLISH)


def test_a_shop_comes_back_by_the_window_alone(technician: Technician) -> None:
    backup = technician.back_up()
    step = technician.asked()
    technician.until(lambda: step.backup == backup)
    assert "till T1" in step.told
    technician.hands.type("\r" + recovery_key(technician.old) + "\r")
    technician.until(lambda: isinstance(technician.window.step, OutcomeStep))
    outcome = technician.window.step
    assert not technician.window.bring_back.near.timer.isActive()
    assert isinstance(outcome, OutcomeStep)
    told = "\n".join(outcome.told)
    with closing(open_shop(technician.directory)) as shop:
        code = shop.books.node.till_code
        waited = shop.unsettled_prints.count()
        assert shop.database.value("SELECT count(*) FROM sale") == 5
    assert code != "T1"
    assert code.startswith("T1")
    assert f"Its receipts begin with {code} from now on" in told
    assert "Do not sell with the old till any more" in told
    assert waited > 1
    assert f"{waited} papers waited" in told
    technician.hands.press(K.Key_Return)
    technician.until(technician.window.isHidden)
    assert technician.window.is_restored
    assert technician.window.made is None


def test_a_stick_shows_itself_when_it_is_put_in(
    technician: Technician, monkeypatch: pytest.MonkeyPatch
) -> None:
    technician.window.bring_back.near.timer.setInterval(50)
    step = technician.asked()
    technician.until(lambda: "put the stick in" in step.told)
    backup = technician.back_up()
    technician.until(lambda: step.backup == backup)


def test_a_place_of_which_a_look_has_failed_is_looked_at_again(
    technician: Technician, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = technician.back_up()
    fails = [True]

    backups = NearFolders.backups

    def looked(folders: NearFolders, place: Path) -> list[NearBackup]:
        if place == technician.stick and fails:
            fails.clear()
            raise ValueError("a stick that says nothing sensible")
        return backups(folders, place)

    monkeypatch.setattr(NearFolders, "backups", looked)
    technician.window.bring_back.near.timer.setInterval(50)
    step = technician.asked()
    technician.until(lambda: step.backup == backup)


def test_what_was_typed_stays_when_a_stick_comes(technician: Technician) -> None:
    technician.window.bring_back.near.timer.setInterval(50)
    step = technician.asked()
    technician.hands.type("/srv/mine")
    technician.back_up()
    technician.until(lambda: step.found)
    assert step.backup == Path("/srv/mine")
    assert step.told == "This is none of the backups that are near: F3 shows those."
    technician.hands.press(K.Key_F3)
    assert step.backup.name == "monday.posbackup"


def test_a_folder_of_the_network_that_is_gone_keeps_nobody(
    technician: Technician, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked once, however often one looks, and what is on the stick is there at once."""
    gone, over, asked = tmp_path / "gone", threading.Event(), []

    backups = NearFolders.backups

    def looks(folders: NearFolders, place: Path) -> list[NearBackup]:
        if place == gone:
            asked.append(place)
            over.wait(20)
        return backups(folders, place)

    monkeypatch.setattr(NearFolders, "backups", looks)
    technician.plugged = [gone, technician.stick]
    backup = technician.back_up()
    try:
        step = technician.asked()
        technician.until(lambda: step.backup == backup)
        technician.hands.press(K.Key_F6)
        technician.until(lambda: step.found)
        assert asked == [gone]
    finally:
        over.set()


def test_a_slip_in_the_key_and_the_key_of_another_shop_are_said(technician: Technician) -> None:
    backup = technician.back_up()
    step = technician.asked()
    technician.until(lambda: step.backup == backup)
    right = recovery_key(technician.old)
    slip = right.replace(right[0], "B" if right[0] != "B" else "C", 1)
    technician.hands.type("\r" + slip + "\r")
    technician.until(lambda: "typing error" in technician.said())
    step.key.show_text(make_recovery_key())
    step.go_on()
    technician.until(lambda: "not that of the shop" in technician.said())
    assert technician.window.step is step
    assert nothing_of_a_shop(technician.directory)


def test_escape_goes_back_to_a_new_shop_and_nothing_was_made(technician: Technician) -> None:
    technician.asked()
    technician.hands.press(K.Key_Escape)
    assert technician.window.step is technician.window.shop_step
    assert not technician.window.bring_back.near.timer.isActive()
    assert nothing_of_a_shop(technician.directory)


def test_the_window_stays_while_the_shop_comes_back(
    technician: Technician, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup, over = technician.back_up(), threading.Event()
    places: list[threading.Thread] = []
    bring = technician.window.bring_back._bring

    def slow(*all_of_it: object) -> list[str]:
        places.append(threading.current_thread())
        all_of_it[2](45, 100)  # type: ignore[operator]
        over.wait(20)
        return bring(*all_of_it)  # type: ignore[arg-type]

    monkeypatch.setattr(technician.window.bring_back, "_bring", slow)
    step = technician.asked()
    technician.until(lambda: step.backup == backup)
    step.key.show_text(recovery_key(technician.old))
    step.go_on()
    try:
        technician.until(lambda: "45 %" in technician.said())
        assert not technician.window.close()
        assert not technician.window.acts()
        technician.hands.press(K.Key_Escape)
        assert technician.window.step is step
        assert places != [threading.main_thread()]
    finally:
        over.set()
    technician.until(lambda: isinstance(technician.window.step, OutcomeStep))
    shutil.rmtree(technician.stick)


def test_what_is_mounted_is_read_without_a_question_to_it(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda1 / ext4 rw 0 0\n"
        "/dev/sdb1 /media/cashier/KINGSTON\\04016 vfat rw 0 0\n"
        "//nas/backups /mnt/nas cifs rw 0 0\n"
        "proc /proc proc rw 0 0\n"
    )
    assert sticks.plugged_in(mounts) == (Path("/media/cashier/KINGSTON 16"), Path("/mnt/nas"))
    assert sticks.plugged_in(tmp_path / "none") == ()


def test_the_real_program_opens_the_till_on_what_came_back(tmp_path: Path) -> None:
    old = unpack(LATEST, tmp_path / "old")
    with closing(open_shop(old)) as shop:
        backup = shop.backups.make(tmp_path / "monday", actor=None).path
    (tmp_path / "key").write_text(recovery_key(old))
    process = "tests.pos_desktop.ui.bring_back_process"
    own = (str(backup), str(tmp_path / "key"))
    ended = subprocess.run(
        [sys.executable, "-m", process, *own, "--data", str(tmp_path / "new")],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    back, till = ended.stdout.splitlines()
    assert back.startswith("back The shop is back in")
    assert till == "till"
    assert "Traceback" not in ended.stderr
