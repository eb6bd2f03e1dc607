"""What a recovery says of the backups near while sticks come and go and places stay silent."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_desktop.domain.clock import Clock, ManualClock, SystemClock
from pos_desktop.domain.country import written_day, written_time
from pos_desktop.languages import learn_languages
from pos_desktop.services.backup.backup_folder import ENDING
from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import DATABASE_FILE
from pos_desktop.shops.near_backups import NearBackup, backups_near
from pos_desktop.shops.recovery import recovery_of
from pos_desktop.storage.errors import FileUnusable
from pos_desktop.ui.screens.recovery import near_look
from pos_desktop.ui.screens.recovery.recovery_window import RecoveryWindow
from pos_desktop.ui.screens.recovery.steps import RestoreStep

QUICK_MS = 20
SYSTEM = SystemClock()


class Page:
    """The first page of a recovery that looks often, and what is plugged in beside it."""

    def __init__(self, directory: Path, qtbot: QtBot) -> None:
        self.directory = directory
        self.qtbot = qtbot
        self.plugged: list[Path] = []
        error = FileUnusable()
        self.window = RecoveryWindow(directory, recovery_of(directory, error), error.sentence)
        self.look = self.window.bring_back.near
        self.look.sticks = lambda: tuple(self.plugged)
        self.look.timer.setInterval(QUICK_MS)
        self.window.resize(1024, 600)

    def show(self) -> None:
        self.window.start()
        self.window.show()

    def until(self, truth: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(truth()), timeout=15_000)

    def said(self) -> str:
        assert self.window.first_step.near is not None
        return self.window.first_step.near.text

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
    (made,) = [one for one in backups_near(stick) if one.path.stem == name]
    return made


def _words(near: NearBackup) -> str:
    made = f"{written_day(near.at)} {written_time(near.at)}"
    return f"till {near.till_code}, {made}, in {near.path.parent}"


def test_the_mark_of_a_shop_may_be_damaged_and_its_backups_are_named(
    page: Page, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    _backed_up(page.directory, stick, "monday")
    newest = _backed_up(page.directory, stick, "tuesday")
    with closing(open_shop(page.directory)) as shop:
        mark = shop.books.node.shop_id.encode()
    file = page.directory / DATABASE_FILE
    content = file.read_bytes()
    assert mark in content
    file.write_bytes(content.replace(mark, bytes([mark[0] ^ 1]) + mark[1:]))
    page.plugged.append(stick)
    page.show()
    page.until(lambda: page.look.is_over)
    assert page.said().startswith("No backup near has this shop's mark, which damage can change")
    assert page.said().endswith(f"The newest of the others: {_words(newest)}.")
    assert page.look.timer.isActive()
    assert page.restored_from().backup == newest.path


def test_a_place_that_never_answers_is_named_and_no_longer_waited_for(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, over = tmp_path / "gone", threading.Event()

    def looks(place: Path) -> list[NearBackup]:
        if place == gone:
            over.wait(20)
        return backups_near(place)

    monkeypatch.setattr(near_look, "backups_near", looks)
    page.plugged.append(gone)
    page.show()
    seen = list[str]()
    page.look.changed.connect(lambda: seen.append(page.said()))
    try:
        page.until(lambda: page.look.is_over)
        assert page.said().startswith("No backup of this shop was found near")
        assert page.said().endswith(f" No answer from {gone}.")
        assert not [words for words in seen[:-1] if "Looking" not in words]
        _backed_up(page.directory, tmp_path / "stick", "monday")
        page.plugged.append(tmp_path / "stick")
        page.until(lambda: page.said().startswith("The newest backup near"))
        assert page.said().endswith(f" No answer from {gone}.")
    finally:
        over.set()
    page.until(lambda: "No answer" not in page.said())


def test_a_shop_that_does_not_answer_hides_no_backup(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()

    def shops(_directory: Path) -> set[str]:
        over.wait(20)
        return {"another"}

    monkeypatch.setattr(near_look, "shops_here", shops)
    stick = tmp_path / "stick"
    made = _backed_up(page.directory, stick, "monday")
    page.plugged.append(stick)
    page.show()
    try:
        page.until(lambda: page.look.found)
        assert page.said().startswith("Looking for a backup")
        page.until(lambda: page.look.is_over)
        file = page.directory / DATABASE_FILE
        told = f"The newest backup near: {_words(made)}. No answer from {file}."
        page.until(lambda: page.said() == told)
    finally:
        over.set()
    page.until(lambda: "this shop's mark" in page.said())


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


def test_a_stick_that_holds_a_backup_is_not_read_again_and_again(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick, empty, asked = tmp_path / "stick", tmp_path / "empty", list[Path]()

    def looks(place: Path) -> list[NearBackup]:
        asked.append(place)
        return backups_near(place)

    monkeypatch.setattr(near_look, "backups_near", looks)
    _backed_up(page.directory, stick, "monday")
    page.plugged += [stick, empty]
    page.show()
    page.until(lambda: page.look.newest)
    asked.clear()
    page.until(lambda: asked.count(empty) > 3)
    assert stick not in asked


def test_what_is_offered_stays_where_a_newer_stick_comes(page: Page, tmp_path: Path) -> None:
    old = _backed_up(page.directory, tmp_path / "old", "monday")
    _backed_up(page.directory, tmp_path / "new", "tuesday")
    page.plugged.append(tmp_path / "old")
    page.show()
    page.until(lambda: page.look.newest)
    step = page.restored_from()
    page.until(lambda: not page.look.timer.isActive())
    page.plugged.append(tmp_path / "new")
    step.look_again.emit()
    page.until(lambda: len(step.found) == 2)
    assert step.backup == old.path
    assert "Backup 2 of 2" in step.told


def test_one_of_a_clock_that_was_ahead_is_not_the_newest(page: Page, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    made = _backed_up(page.directory, stick, "monday")
    ahead = ManualClock(made.at.astimezone(UTC) + timedelta(days=2_000))
    _backed_up(page.directory, stick, "ahead", ahead)
    page.plugged.append(stick)
    page.show()
    page.until(lambda: page.look.newest)
    assert page.said() == f"The newest backup near: {_words(made)}."
    assert [one.path.stem for one in page.look.found] == ["monday", "ahead"]
