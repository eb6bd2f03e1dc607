"""What a recovery says of the backups near while sticks come and go and places stay silent."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pos_desktop.domain.clock import Clock, ManualClock, SystemClock
from pos_desktop.domain.country import written_day, written_time
from pos_desktop.languages import learn_languages
from pos_desktop.services.backup.backup_folder import ENDING
from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import BACKUPS_FOLDER, DATABASE_FILE
from pos_desktop.shops.near_backups import NearBackup, NearFolders, ShopMarks, marks_here
from pos_desktop.shops.new_shop import NewShop, make_shop
from pos_desktop.shops.put_aside import put_aside
from pos_desktop.shops.recovery import recovery_of
from pos_desktop.storage.errors import FileUnusable
from pos_desktop.ui.screens.recovery import near_look
from pos_desktop.ui.screens.recovery.asked_steps import EndStep
from pos_desktop.ui.screens.recovery.near_look import PATIENCE
from pos_desktop.ui.screens.recovery.recovery_window import RecoveryWindow
from pos_desktop.ui.screens.recovery.steps import RestoreStep
from tests.pos_desktop.ui.conftest import Hands

K = Qt.Key
QUICK_MS = 20
SYSTEM = SystemClock()


class Page:
    """The first page of a recovery that looks often, and what is plugged in beside it."""

    def __init__(self, directory: Path, qtbot: QtBot, *, is_kiosk: bool = False) -> None:
        self.directory = directory
        self.qtbot = qtbot
        self.plugged: list[Path] = []
        error = FileUnusable()
        recovery = recovery_of(directory, error)
        self.window = RecoveryWindow(directory, recovery, error.sentence, is_kiosk=is_kiosk)
        self.look = self.window.bring_back.near
        self.look.sticks = lambda: tuple(self.plugged)
        self.look.timer.setInterval(QUICK_MS)
        self.look.patience = 1_000_000
        self.window.resize(1024, 600)

    def show(self) -> None:
        self.window.start()
        self.window.show()

    def until(self, truth: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(truth()), timeout=15_000)

    def press(self, key: Qt.Key) -> None:
        handle = self.window.windowHandle()
        assert handle is not None
        Hands(handle).press(key)

    def said(self) -> str:
        assert self.window.first_step.near is not None
        return self.window.first_step.near.text

    def lose_patience(self, *places: Path) -> None:
        """Wait no longer, once only these have not answered."""
        self.until(lambda: {*self.look._asked} == {*places})
        self.look.patience = PATIENCE

    def restored_from(self) -> RestoreStep:
        """Go to the step that asks which backup."""
        self.window.bring_back.start()
        step = self.window.step
        assert isinstance(step, RestoreStep)
        return step


@pytest.fixture
def page(dressed: QApplication, qtbot: QtBot, shop_folder: Path) -> Iterator[Page]:
    learn_languages()
    one = Page(shop_folder, qtbot)
    yield one
    one.until(one.window.close)


def _backed_up(directory: Path, stick: Path, name: str, clock: Clock = SYSTEM) -> NearBackup:
    stick.mkdir(exist_ok=True)
    with closing(open_shop(directory, clock=clock)) as shop:
        shop.backups.make(stick / f"{name}{ENDING}", actor=None)
    (made,) = [one for one in NearFolders(SYSTEM).backups(stick) if one.path.stem == name]
    return made


def _words(near: NearBackup) -> str:
    made = f"{written_day(near.at)} {written_time(near.at)}"
    return f"till {near.till_code}, {made}, in {near.path.parent}"


def _likeliest(near: NearBackup) -> str:
    return f"The likeliest: {_words(near)}. Or put in another stick."


class Gate:
    """Holds the look at a place, as a network does that does not answer, until it is opened."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.asked = 0
        self._opened = threading.Event()
        self.first = threading.Event()
        """Lets go of the first look alone."""

    def open(self) -> None:
        self.first.set()
        self._opened.set()

    def close(self) -> None:
        self._opened.clear()

    def hold(self, place: Path) -> None:
        if place == self.place:
            self.asked += 1
            held = self.first if self.asked == 1 else self._opened
            held.wait(20)


def _pull_out_while_it_is_read(page: Page, tmp_path: Path, gate: Gate) -> None:
    _backed_up(page.directory, tmp_path / "stick", "monday")
    (tmp_path / "stick").rename(gate.place)
    page.plugged.append(gate.place)
    page.show()
    page.until(lambda: gate.asked)
    page.plugged.clear()
    page.until(lambda: page.look.is_over)


@pytest.fixture
def gate(page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """Hold the first look at a stick that is not there yet, and let go of it in the end."""
    held = Gate(tmp_path / "gone")
    backups = NearFolders.backups

    def looks(folders: NearFolders, place: Path) -> list[NearBackup]:
        found = backups(folders, place)
        held.hold(place)
        return found

    monkeypatch.setattr(NearFolders, "backups", looks)
    yield held
    held.open()


def _damage_mark(directory: Path) -> None:
    """Flip one bit of the shop's id wherever its file says it."""
    with closing(open_shop(directory)) as shop:
        mark = shop.books.node.shop_id.encode()
    file = directory / DATABASE_FILE
    content = file.read_bytes()
    assert mark in content
    file.write_bytes(content.replace(mark, bytes([mark[0] ^ 1]) + mark[1:]))


def test_the_mark_of_a_shop_may_be_damaged_and_its_backups_are_named(
    page: Page, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    _backed_up(page.directory, stick / "old", "monday")
    newest = _backed_up(page.directory, stick / "new", "tuesday")
    other = tmp_path / "other"
    make_shop(other, NewShop(name="D", manager_name="N", manager_pin="1234", till_code="T9"))
    _backed_up(other, stick, "others")
    (stick / f"torn{ENDING}").touch()
    _damage_mark(page.directory)
    page.plugged.append(stick)
    page.show()
    page.until(lambda: page.look.is_over)
    assert page.said().startswith("No backup near is surely of this shop")
    assert page.said().endswith(_likeliest(newest))
    assert page.look.timer.isActive()
    step = page.restored_from()
    page.until(lambda: len(step.found) == 4)
    assert step.backup == newest.path


def test_a_shop_put_aside_tells_which_backup_is_likeliest(page: Page, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    own = _backed_up(page.directory, stick, "monday")
    put_aside(page.directory, SYSTEM)
    other = tmp_path / "other"
    make_shop(other, NewShop(name="Duka", manager_name="Njeri", manager_pin="1234"))
    _backed_up(other, stick, "others")
    _damage_mark(page.directory)
    page.plugged.append(stick)
    page.show()
    page.until(lambda: page.said().endswith(_likeliest(own)))


def test_a_place_that_never_answers_is_named_and_no_longer_waited_for(
    page: Page, tmp_path: Path, gate: Gate
) -> None:
    page.plugged.append(gate.place)
    seen = list[str]()
    page.look.changed.connect(lambda: seen.append(page.said()))
    page.show()
    page.lose_patience(gate.place)
    page.until(lambda: page.look.is_over)
    assert page.said().startswith("No backup of this shop was found near")
    assert page.said().endswith(f" No answer yet from {gate.place}.")
    assert {words for words in seen[:-1] if "Looking" not in words} == set()
    made = _backed_up(page.directory, tmp_path / "stick", "monday")
    page.plugged.append(tmp_path / "stick")
    page.until(lambda: page.said().startswith(f"The newest backup near: {_words(made)}."))
    assert page.said().endswith(f" No answer yet from {gate.place}.")
    assert gate.asked == 1
    gate.open()
    page.until(lambda: "No answer" not in page.said())


def test_a_stick_that_is_read_is_waited_for_before_none_is_said_to_be_near(
    page: Page, gate: Gate
) -> None:
    page.show()
    page.until(lambda: page.said().startswith("No backup of this shop was found near"))
    page.look.timer.setInterval(60_000)
    page.plugged.append(gate.place)
    page.look.start()
    page.until(lambda: gate.asked)
    assert page.said().startswith("Looking for a backup")
    page.look.timer.setInterval(QUICK_MS)
    page.lose_patience(gate.place)
    page.until(lambda: page.said().endswith(f" No answer yet from {gate.place}."))
    assert page.said().startswith("No backup of this shop was found near")


def test_what_does_not_answer_is_waited_for_ten_seconds(page: Page, gate: Gate) -> None:
    assert PATIENCE * near_look.LOOK_MS == 10_000
    page.plugged.append(gate.place)
    page.look.timer.setInterval(60_000)
    page.show()
    page.lose_patience(gate.place)
    silent = []
    for _turn in range(PATIENCE):
        silent.append(page.look.silent)
        page.look._look_again()
    assert silent == [[]] * PATIENCE
    assert page.look.silent == [gate.place]


def test_a_look_that_fails_shows_nothing_of_what_was_there(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_what: object) -> NoReturn:
        raise ValueError("what no file should hold")

    monkeypatch.setattr(near_look, "marks_here", fails)
    made = _backed_up(page.directory, tmp_path / "stick", "monday")
    page.plugged.append(tmp_path / "stick")
    page.show()
    page.until(lambda: page.said() == f"The newest backup near: {_words(made)}.")
    monkeypatch.setattr(NearFolders, "backups", fails)
    page.until(lambda: page.said().startswith("No backup of this shop was found near"))


def test_the_whole_place_is_named_where_the_shops_folder_was_not(
    dressed: QApplication, qtbot: QtBot, shop_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = _backed_up(shop_folder, shop_folder / BACKUPS_FOLDER, "monday")
    monkeypatch.chdir(shop_folder.parent)
    page = Page(Path(shop_folder.name), qtbot)
    page.show()
    page.until(lambda: page.said() == f"The newest backup near: {_words(made)}.")
    page.until(page.window.close)
    assert not page.look.timer.isActive()


def test_a_stick_may_come_where_the_program_of_a_kiosk_was_to_be_ended(
    dressed: QApplication, qtbot: QtBot, shop_folder: Path, tmp_path: Path
) -> None:
    made = _backed_up(shop_folder, tmp_path / "stick", "monday")
    page = Page(shop_folder, qtbot, is_kiosk=True)
    page.show()
    page.press(K.Key_F2)
    page.window.close()
    assert isinstance(page.window.step, EndStep)
    page.press(K.Key_Escape)
    page.plugged.append(tmp_path / "stick")
    page.until(lambda: page.look.newest == made)
    page.window.close()
    page.press(K.Key_Return)
    page.until(page.window.isHidden)


def test_several_places_that_do_not_answer_are_counted(page: Page, gate: Gate) -> None:
    page.show()
    page.until(lambda: page.look.is_over)
    page.look.stop()
    page.until(lambda: not page.look._asked)
    for name in "bca":
        page.look._asked[Path(f"/mnt/{name}")] = near_look._Question(-PATIENCE)
    page.look.patience = PATIENCE + page.look._turn
    page.look._tell()
    assert page.said().endswith("No answer yet from 3 places, one of them /mnt/a.")


def test_what_a_stick_that_is_out_answers_late_is_not_heard(
    page: Page, tmp_path: Path, gate: Gate
) -> None:
    _pull_out_while_it_is_read(page, tmp_path, gate)
    assert page.said().startswith("No backup of this shop was found near")
    turn = page.look._turn
    gate.open()
    page.until(lambda: page.look._turn > turn + 5)
    assert page.look.found == []
    page.plugged.append(gate.place)
    page.until(lambda: page.look.newest)
    assert gate.asked > 1


def threads() -> int:
    """Count the looks that go on."""
    return sum(thread.name == "long work" for thread in threading.enumerate())


def test_of_two_sticks_at_one_place_the_one_that_is_in_is_heard(
    page: Page, tmp_path: Path, gate: Gate
) -> None:
    _pull_out_while_it_is_read(page, tmp_path, gate)
    page.look.timer.setInterval(60_000)
    gate.place.rename(tmp_path / "out")
    _backed_up(page.directory, tmp_path / "in", "tuesday")
    (tmp_path / "in").rename(gate.place)
    page.plugged.append(gate.place)
    page.look.start()
    page.until(lambda: gate.asked == 2)
    before = threads()
    gate.first.set()
    page.qtbot.waitUntil(lambda: threads() < before)
    gate.open()
    page.until(lambda: not page.look._asked)
    assert [one.path.stem for one in page.look.found] == ["tuesday"]


def test_what_has_answered_once_is_not_waited_for_again(
    page: Page, tmp_path: Path, gate: Gate
) -> None:
    gate.place = page.directory / BACKUPS_FOLDER
    page.window.show()
    assert page.said().startswith("Looking for a backup")
    gate.open()
    page.show()
    page.until(lambda: page.look.is_over)
    gate.close()
    asked = gate.asked
    page.until(lambda: gate.asked > asked)
    assert page.look.is_over


def test_a_shop_that_does_not_answer_hides_no_backup(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over, times = threading.Event(), list[Path]()

    def marks(directory: Path) -> ShopMarks:
        times.append(directory)
        over.wait(20)
        return marks_here(directory)

    monkeypatch.setattr(near_look, "marks_here", marks)
    stick = tmp_path / "stick"
    made = _backed_up(page.directory, stick, "monday")
    page.plugged.append(stick)
    page.show()
    try:
        page.until(lambda: page.look.found)
        assert page.said().startswith("Looking for a backup")
        file = page.directory / DATABASE_FILE
        page.lose_patience(file)
        page.until(lambda: page.look.is_over)
        whose = "The newest backup near; whose it is, is not known yet"
        assert page.said() == f"{whose}: {_words(made)}. No answer yet from {file}."
        step = page.restored_from()
        assert step.backup == made.path
        assert "It may be of another shop." in step.told
        assert step.told.endswith(f" No answer yet from {file}.")
        page.press(K.Key_Escape)
    finally:
        over.set()
    page.until(lambda: page.said() == f"The newest backup near: {_words(made)}.")
    turn = page.look._turn
    page.until(lambda: page.look._turn > turn + 3)
    assert times == [page.directory]


def test_a_newer_stick_is_named_too_and_one_that_is_out_no_more(page: Page, tmp_path: Path) -> None:
    old = _backed_up(page.directory, tmp_path / "old", "monday")
    new = _backed_up(page.directory, tmp_path / "new", "tuesday")
    page.plugged.append(tmp_path / "old")
    page.show()
    page.until(lambda: _words(old) in page.said())
    page.plugged.append(tmp_path / "new")
    page.until(lambda: _words(new) in page.said())
    page.plugged.remove(tmp_path / "new")
    page.until(lambda: _words(old) in page.said())


def test_a_letter_shows_what_lies_on_the_stick_that_has_it_now(page: Page, tmp_path: Path) -> None:
    """A letter of Windows is looked at always, whether a stick has it or none."""
    letter = tmp_path / "E"
    letter.mkdir()
    old = _backed_up(page.directory, letter, "monday")
    page.plugged.append(letter)
    page.show()
    page.until(lambda: page.look.newest == old)
    old.path.rename(tmp_path / old.path.name)
    page.until(lambda: page.said().startswith("No backup of this shop was found near"))
    new = _backed_up(page.directory, letter, "tuesday")
    page.until(lambda: page.look.newest == new)


def test_what_nobody_chose_gives_way_to_a_newer_stick(page: Page, tmp_path: Path) -> None:
    old = _backed_up(page.directory, tmp_path / "old", "monday")
    new = _backed_up(page.directory, tmp_path / "new", "tuesday")
    page.plugged.append(tmp_path / "old")
    page.show()
    step = page.restored_from()
    page.until(lambda: step.backup == old.path)
    page.plugged.append(tmp_path / "new")
    page.until(lambda: step.backup == new.path)
    assert "Backup 1 of 2" in step.told
    page.plugged.clear()
    page.until(lambda: step.file.text == "")
    for typed in ("/", ""):
        step.file.show_text(typed)
        step.file.edited.emit()
    assert "Another one" not in step.told


@pytest.mark.parametrize("how", ["chosen", "at the key", "key typed"])
def test_what_is_chosen_stays_while_sticks_come_and_go(
    page: Page, tmp_path: Path, how: str
) -> None:
    old = _backed_up(page.directory, tmp_path / "old", "monday")
    _backed_up(page.directory, tmp_path / "new", "tuesday")
    page.plugged.append(tmp_path / "old")
    page.show()
    step = page.restored_from()
    page.until(lambda: step.backup == old.path)
    if how == "chosen":
        page.press(K.Key_F3)
        step._show_next()
    elif how == "at the key":
        page.press(K.Key_Return)
    else:
        step.key.show_text("ABCDE")
    page.plugged[:] = [tmp_path / "new"]
    page.until(lambda: [one.path.stem for one in step.found] == ["tuesday"])
    assert step.backup == old.path
    assert step.told == "This is none of the backups that are near: F3 shows those."
    page.plugged.clear()
    page.until(lambda: not step.found)
    assert step.backup == old.path
    assert step.told.startswith("This is none that was found near")
    page.plugged[:] = [tmp_path / "new"]
    page.plugged.append(tmp_path / "old")
    page.until(lambda: "Backup 2 of 2" in step.told)
    assert step.backup == old.path
    assert "Another one is newer, or surer to be of this shop: F3 shows it." in step.told


def test_it_is_looked_for_backups_only_where_a_step_says_which_are_near(page: Page) -> None:
    page.show()
    active = {"first": page.look.timer.isActive()}
    for key, name in ((K.Key_F3, "save?"), (K.Key_Escape, "back"), (K.Key_F8, "support")):
        page.press(key)
        active[name] = page.look.timer.isActive()
    assert active == {"first": True, "save?": True, "back": True, "support": False}
    page.press(K.Key_Escape)
    page.press(K.Key_F2)
    assert page.look.timer.isActive()
    page.press(K.Key_Escape)
    assert page.look.timer.isActive()
    page.press(K.Key_F3)
    page.press(K.Key_Return)
    assert not page.look.timer.isActive()


def test_one_of_a_clock_that_was_ahead_is_told_as_that(page: Page, tmp_path: Path) -> None:
    """Which of the two clocks is wrong nobody knows: this one is when its battery is flat."""
    stick = tmp_path / "stick"
    made = _backed_up(page.directory, stick, "monday")
    clock = ManualClock(made.at.astimezone(UTC) + timedelta(days=2_000))
    ahead = _backed_up(page.directory, stick, "ahead", clock)
    page.plugged.append(stick)
    page.show()
    page.until(lambda: page.look.newest == ahead)
    assert "(later than now by this computer's clock), in" in page.said()
    assert [one.path.stem for one in page.look.found] == ["ahead", "monday"]


@pytest.mark.parametrize("how", ["at the key", "key typed"])
def test_what_nobody_has_seen_before_the_key_gives_way(
    page: Page, tmp_path: Path, how: str
) -> None:
    old = _backed_up(page.directory, tmp_path / "old", "monday")
    new = _backed_up(page.directory, tmp_path / "new", "tuesday")
    newest = _backed_up(page.directory, tmp_path / "newest", "wednesday")
    page.show()
    step = page.restored_from()
    if how == "at the key":
        page.press(K.Key_Return)
    else:
        step.key.show_text("ABCDE")
    page.plugged.append(tmp_path / "old")
    page.until(lambda: step.backup == old.path)
    page.plugged.append(tmp_path / "new")
    page.until(lambda: step.backup == new.path)
    step.key.show_text("ABCDEF")
    step.key.edited.emit()
    page.plugged.append(tmp_path / "newest")
    page.until(lambda: len(step.found) == 3)
    assert step.found[0] == newest
    assert step.backup == new.path


def test_what_is_named_at_the_key_stays_behind_another_window(page: Page, tmp_path: Path) -> None:
    old = _backed_up(page.directory, tmp_path / "old", "monday")
    _backed_up(page.directory, tmp_path / "new", "tuesday")
    page.plugged.append(tmp_path / "old")
    page.show()
    step = page.restored_from()
    page.until(lambda: step.backup == old.path)
    page.press(K.Key_Return)
    other = QWidget()
    page.qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    page.until(lambda: not step.key.field.hasFocus())
    page.plugged.append(tmp_path / "new")
    page.until(lambda: len(step.found) == 2)
    assert step.backup == old.path


def test_a_copy_of_the_newest_is_as_good(page: Page, tmp_path: Path) -> None:
    made = _backed_up(page.directory, tmp_path / "stick", "monday")
    shutil.copy(made.path, made.path.with_stem("copy"))
    page.plugged.append(tmp_path / "stick")
    page.show()
    step = page.restored_from()
    page.until(lambda: len(step.found) == 2)
    page.press(K.Key_F3)
    assert "Backup 2 of 2" in step.told
    assert "Another one" not in step.told


def test_a_backup_of_another_shop_is_told_as_that(page: Page, tmp_path: Path) -> None:
    other = tmp_path / "other"
    make_shop(other, NewShop(name="D", manager_name="N", manager_pin="1234", till_code="T9"))
    others = _backed_up(other, tmp_path / "stick", "monday")
    page.plugged.append(tmp_path / "stick")
    page.show()
    page.until(lambda: page.look.found)
    page.until(lambda: page.look.is_over)
    assert page.said().startswith("No backup of this shop was found near: put in the stick")
    told = "Of another shop, if the damaged file says rightly which it is"
    assert page.said().endswith(f"{told}: {_words(others)}.")
    step = page.restored_from()
    assert step.backup == others.path
    assert "Backup 1 of 1: till T9" in step.told
    assert "It may be of another shop." in step.told


def test_a_shops_file_that_comes_back_is_asked_again(page: Page, tmp_path: Path) -> None:
    own = _backed_up(page.directory, tmp_path / "stick", "monday")
    other = tmp_path / "other"
    make_shop(other, NewShop(name="D", manager_name="N", manager_pin="1234", till_code="T9"))
    others = _backed_up(other, tmp_path / "stick", "tuesday")
    file = page.directory / DATABASE_FILE
    file.rename(tmp_path / "away")
    page.plugged.append(tmp_path / "stick")
    page.show()
    page.until(lambda: page.look.newest == others)
    assert page.look.is_over
    (tmp_path / "away").rename(file)
    page.until(lambda: page.look.newest == own)


def test_one_is_named_while_another_place_is_awaited(
    page: Page, tmp_path: Path, gate: Gate
) -> None:
    made = _backed_up(page.directory, tmp_path / "stick", "monday")
    page.plugged += [gate.place, tmp_path / "stick"]
    page.show()
    page.until(lambda: page.said() == f"The newest backup near: {_words(made)}.")
    assert not page.look.is_over
    step = page.restored_from()
    gone = page.look.silent
    page.lose_patience(gate.place)
    page.until(lambda: step.told.endswith(f" No answer yet from {gate.place}."))
    assert gone == []
    page.press(K.Key_Escape)


def test_nothing_is_told_where_nothing_has_changed(page: Page, tmp_path: Path) -> None:
    _backed_up(page.directory, tmp_path / "stick", "monday")
    page.plugged.append(tmp_path / "stick")
    page.show()
    page.until(lambda: page.look.newest and page.look.is_over)
    told = list[str]()
    page.look.changed.connect(lambda: told.append(page.said()))
    turn = page.look._turn
    page.until(lambda: page.look._turn > turn + 3)
    assert told == []
