"""The page of backups, in the real window: made, checked, listed, and sent where a shop wants."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from pos_queue.children.process import Child
from PySide6.QtCore import Qt

from pos_desktop import settings
from pos_desktop.services.backup.backup_folder import BackupFolder, Seen
from pos_desktop.services.backup.backup_writing import PART
from pos_desktop.shop_folder import BACKUPS_FOLDER
from pos_desktop.ui.screens.backups.backup_form import BackupFields
from pos_desktop.ui.screens.backups.backups_page import BackupsPage
from pos_desktop.ui.screens.office.menu_page import MenuPage
from pos_desktop.ui.shell.leaving import STOP_SECONDS
from tests.pos_desktop.ui.behind_counter import form_of, offered, open_page, said, titles
from tests.pos_desktop.ui.conftest import Cashier
from tests.pos_desktop.ui.names import nameless
from tests.pos_desktop.ui.room import squeezed_in_any

K = Qt.Key
MANY = 400


@pytest.fixture
def manager(open_window: Callable[[Path], Cashier], shop_folder: Path) -> Cashier:
    cashier = open_window(shop_folder)
    cashier.sign_in_only("manager", "1234")
    return cashier


def _open(manager: Cashier) -> BackupsPage:
    page = open_page(manager, BackupsPage, "backups")
    manager.until(lambda: page.looks.folders and not page.looks.is_looking)
    return page


def _facts(page: BackupsPage) -> dict[str, str]:
    return dict(page.facts.facts)


def _backup(manager: Cashier) -> Path:
    return manager.program.shop.backups.make(actor=None).path


def _save(manager: Cashier) -> None:
    manager.hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)


def _form(manager: Cashier, page: BackupsPage) -> BackupFields:
    manager.hands.press(K.Key_F5)
    form = form_of(manager, page)
    assert isinstance(form, BackupFields)
    return form


def test_managers_alone_find_it_in_the_menu(manager: Cashier) -> None:
    assert "backups" in offered(manager)
    manager.hands.press(K.Key_Escape)
    manager.hands.press(K.Key_F12)
    manager.until(lambda: manager.window.screen_shown is manager.window.sign_in)
    manager.sign_in_only()
    assert "backups" not in offered(manager)


def test_a_shop_without_one_is_told_how_to_make_it(manager: Cashier) -> None:
    page = _open(manager)
    assert titles(page) == []
    assert _facts(page)["Newest"] == "There is none yet: F2 makes one."
    assert "F2 makes one now" in page.list._empty[1]
    assert _facts(page)["Made"] == "with each Z, every day at 02:30"
    assert _facts(page)["Kept"] == "the newest of 7 days, 4 weeks and 12 months"
    assert "recovery key" in _facts(page)["To bring the shop back"]


def test_one_is_made_by_a_key_and_read_as_another_computer_would(manager: Cashier) -> None:
    page = _open(manager)
    manager.hands.press(K.Key_F2)
    manager.until(lambda: page.making.number)
    manager.until(lambda: "is made, read back and checked" in said(page))
    manager.until(lambda: len(titles(page)) == 1)
    manager.until(lambda: "whole, read to its last byte" in _facts(page)["Newest"])
    manager.hands.press(K.Key_F3)
    manager.until(lambda: "Shop" in _facts(page))
    facts, shop = _facts(page), manager.program.shop
    assert facts["Shop"] == f"{shop.configuration.get(settings.SHOP_NAME)} · till T1"
    sold = "SELECT count(*) FROM sale WHERE is_refund IS NULL"
    assert facts["Sales"] == str(shop.database.value(sold))
    assert facts["Refunds"] == str(shop.database.value("SELECT count(is_refund) FROM sale"))
    assert facts["Last Z"] == "there was none yet"
    assert facts["Books"] == "The books in it are in order."
    assert "is whole, to its last byte" in said(page)
    assert page.list.lines.rows[0].chip == "whole"


def test_what_the_page_says_of_its_own_check_is_not_said_above_it_too(manager: Cashier) -> None:
    _backup(manager)
    page, told = _open(manager), list[object]()
    manager.window.jobs.told.connect(told.append)
    manager.until(lambda: page.list.key)
    manager.hands.press(K.Key_F3)
    manager.until(lambda: told and "is whole, to its last byte" in said(page))
    assert manager.window.toast.saying is None


def test_a_damaged_one_is_said_by_itself_and_by_a_check(manager: Cashier) -> None:
    path = _backup(manager)
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)
    page = _open(manager)
    manager.until(lambda: "damaged" in _facts(page)["Newest"])
    assert page.list.lines.rows[0].chip == "damaged"
    manager.hands.press(K.Key_F3)
    manager.until(lambda: "damaged or was cut short" in said(page))
    assert "Shop" not in _facts(page)


def test_an_older_one_that_a_check_finds_damaged_is_marked(manager: Cashier) -> None:
    older = _backup(manager)
    newer = older.with_stem("newer")  # by hand: no rule lets the older one go
    manager.program.shop.backups.make(newer, actor=None)
    older.write_bytes(older.read_bytes()[:-100])
    page = _open(manager)
    manager.until(lambda: page.list.lines.rows[0].chip == "whole")
    assert page.list.lines.rows[1].chip == ""
    manager.hands.press(K.Key_Down)
    manager.hands.press(K.Key_F3)
    manager.until(lambda: page.list.lines.rows[1].chip == "damaged")


def test_a_stick_that_is_out_is_said_and_what_is_here_is_listed(
    manager: Cashier, tmp_path: Path
) -> None:
    _backup(manager)
    page = _open(manager)
    form = _form(manager, page)
    form.copy.show_text(str(tmp_path / "stick"))
    _save(manager)
    manager.until(lambda: page.form is None)
    get = manager.program.shop.configuration.get
    assert get(settings.BACKUP_COPY_FOLDER) == str(tmp_path / "stick")
    manager.until(lambda: "put the stick or disk in" in _facts(page)["And to a second place"])
    manager.until(lambda: said(page).startswith("Saved. "))
    assert "put the stick or disk in" in said(page)
    assert len(titles(page)) == 1
    assert "second place" not in page.list.lines.rows[0].note
    (tmp_path / "stick").mkdir()
    _form(manager, page)
    _save(manager)
    manager.until(lambda: said(page) == "Saved, and the folders are there.")
    shutil.copy(next(page.looks.folders[0].path.glob("*")), tmp_path / "stick")
    manager.hands.press(K.Key_F7)
    manager.until(lambda: len(titles(page)) == 2)
    assert sum("second place" in row.note for row in page.list.lines.rows) == 1
    assert _facts(page)["And to a second place"] == str(tmp_path / "stick")


def test_what_stands_beside_the_list_is_read_to_its_end_by_keys(manager: Cashier) -> None:
    page = _open(manager)
    manager.window.resize(1024, 580)
    manager.lay_out()
    bar = page.facts.verticalScrollBar()
    assert (bar.value(), bar.maximum() > 0) == (0, True)
    for _page in range(4):
        manager.hands.press(K.Key_PageDown)
    assert bar.value() == bar.maximum()
    for _page in range(4):
        manager.hands.press(K.Key_PageUp)
    assert bar.value() == 0


def test_one_that_was_not_made_says_why_and_goes_on_saying_it(
    manager: Cashier, tmp_path: Path
) -> None:
    shop = manager.program.shop
    shop.configuration.set(settings.BACKUP_FOLDER, str(tmp_path / "stick"), shop.books, actor=None)
    page = _open(manager)
    manager.hands.press(K.Key_F2)
    manager.until(lambda: "for the backup is not there: put the disk or stick in" in said(page))
    manager.until(lambda: _facts(page).get("Last time", "").startswith("not made, "))
    assert "put the disk or stick in" in _facts(page)["Last time"]


def test_one_that_was_made_and_not_copied_is_not_called_not_made(
    manager: Cashier, tmp_path: Path
) -> None:
    shop = manager.program.shop
    gone = str(tmp_path / "stick")
    shop.configuration.set(settings.BACKUP_COPY_FOLDER, gone, shop.books, actor=None)
    page = _open(manager)
    manager.hands.press(K.Key_F2)
    manager.until(lambda: _facts(page).get("Last time", "").startswith("made, not copied, "))


def test_sticks_that_are_in_are_offered_by_the_arrows(manager: Cashier, tmp_path: Path) -> None:
    page = _open(manager)
    page.sticks = lambda: (tmp_path,)
    form = _form(manager, page)
    form.copy.next.click()
    assert form.copy.text == str(tmp_path)


def test_what_is_no_folder_and_no_number_is_refused_and_stays(manager: Cashier) -> None:
    page = _open(manager)
    form = _form(manager, page)
    form.copy.show_text("stick")
    _save(manager)
    manager.until(lambda: "Name the whole folder" in said(page))
    form.copy.show_text("")
    form.rule[0].show_text("0")
    _save(manager)
    manager.until(lambda: "from 1 to 366" in said(page))
    assert page.form is form
    assert manager.program.shop.configuration.get(settings.BACKUP_KEEP_DAYS) == 7


def test_the_rule_and_the_z_are_set(manager: Cashier) -> None:
    page = _open(manager)
    form = _form(manager, page)
    form.rule[1].show_text("8")
    form.at_z.choose("off")
    _save(manager)
    manager.until(lambda: page.form is None)
    manager.until(lambda: _facts(page)["Made"] == "every day at 02:30")
    assert "8 weeks" in _facts(page)["Kept"]


def test_the_page_opens_at_once_with_many(manager: Cashier) -> None:
    path = _backup(manager)
    for number in range(MANY - 1):
        shutil.copy(path, path.with_stem(f"{path.stem}-{number}"))
    may_look, seen = threading.Event(), BackupFolder.seen

    def looks(folder: BackupFolder) -> Seen:
        may_look.wait(60)
        return seen(folder)

    try:
        with patch.object(BackupFolder, "seen", looks):
            page = open_page(manager, BackupsPage, "backups")
            assert not titles(page)
            assert not may_look.is_set(), "it is open, and nothing was read yet"
            may_look.set()
            manager.until(lambda: len(titles(page)) == MANY)
    finally:
        may_look.set()
    assert not list(path.parent.glob(f"*{PART}"))


def test_a_folder_of_the_network_that_is_gone_never_holds_the_window(
    manager: Cashier, tmp_path: Path
) -> None:
    """It is said after a while, what is in the other place is listed, and it is asked once."""
    _backup(manager)
    gone, over, asked = tmp_path / "gone", threading.Event(), []
    shop = manager.program.shop
    shop.configuration.set(settings.BACKUP_COPY_FOLDER, str(gone), shop.books, actor=None)
    seen = BackupFolder.seen

    def looks(folder: BackupFolder) -> Seen:
        if folder.path == gone:
            asked.append(folder.path)
            over.wait(30)
        return seen(folder)

    try:
        with patch.object(BackupFolder, "seen", looks):
            page = open_page(manager, BackupsPage, "backups")
            page.looks._patience.setInterval(100)
            manager.hands.press(K.Key_F7)
            manager.until(lambda: len(titles(page)) == 1)
            manager.until(lambda: "does not answer" in _facts(page)["And to a second place"])
            manager.hands.press(K.Key_F7)
            manager.drained()
            assert asked == [gone]
            manager.hands.press(K.Key_Escape)
            manager.until(lambda: isinstance(manager.window.screen_shown, MenuPage))
    finally:
        over.set()


def test_it_follows_the_language_and_nothing_is_cut(manager: Cashier) -> None:
    _backup(manager)
    page = _open(manager)
    manager.until(lambda: len(titles(page)) == 1)
    assert not nameless(manager.window)
    assert not squeezed_in_any(manager)
    form = _form(manager, page)
    assert not squeezed_in_any(manager)
    manager.hands.press(K.Key_Escape)
    assert form is not page.form
    manager.window.speak("sw")
    assert "Newest" not in _facts(page)


def test_the_folder_of_the_shop_is_where_they_go_at_first(manager: Cashier) -> None:
    page = _open(manager)
    assert _facts(page)["They go to"].endswith(BACKUPS_FOLDER)
    assert "a disk may break" in _facts(page)["And to a second place"]


@contextmanager
def _children_stand_still() -> Iterator[None]:
    """Let the children of the queue stop where they start: what is left to them never ends."""
    start = Child.start

    def stands(child: Child) -> Child:
        start(child)
        assert child.pid is not None
        os.kill(child.pid, signal.SIGSTOP)
        return child

    with patch.object(Child, "start", stands):
        yield


def _close_day(manager: Cashier) -> None:
    manager.hands.press(K.Key_S, modifiers=Qt.KeyboardModifier.ControlModifier)
    manager.until(lambda: manager.page() is manager.sell.shift.now)
    manager.hands.type("z")
    manager.until(lambda: manager.page() is manager.sell.shift.day)
    manager.hands.type("\r")
    manager.until(lambda: manager.page() is manager.sell.shift.closed)


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_window_closed_after_the_z_makes_the_backup_at_the_next_start(
    open_window: Callable[[Path], Cashier], shop_folder: Path, state: str
) -> None:
    """It waits for no backup when it closes; one that was being made is made anew."""
    with _children_stand_still():
        first = open_window(shop_folder)
        first.sign_in("manager", "1234")
        _close_day(first)
        queue, runner = first.program.shop.queue, first.program.queue
        if state == "running":
            first.until(lambda: queue.views.counts().running)
        with patch.object(runner, "stop", wraps=runner.stop) as stop:
            first.leave()
        stop.assert_called_once()
        assert stop.call_args.args[0] <= STOP_SECONDS
    second = open_window(shop_folder)
    backups = second.program.shop.backups
    second.until(lambda: len(backups.listed()) == 1)
    second.until(lambda: not second.program.shop.queue.views.unfinished(queue="backups"))
    assert not second.program.shop.queue.views.failed()
