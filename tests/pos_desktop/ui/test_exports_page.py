"""Files of lists and reports: made while selling goes on, opened, copied, removed, made again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices

from pos_desktop.domain.export import ListName
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.screens.exports.export_forms import CopyForm, ListForm
from pos_desktop.ui.screens.exports.exports_page import ExportsPage
from pos_desktop.ui.screens.mail.write_page import WritePage
from tests.pos_desktop.ui.behind_counter import open_page, said, titles
from tests.pos_desktop.ui.conftest import Cashier

K = Qt.Key


@pytest.fixture
def page(at_door: Cashier) -> ExportsPage:
    at_door.sign_in_only("manager", "1234")
    return open_page(at_door, ExportsPage, "files")


def test_a_list_is_made_and_taken_away(
    at_door: Cashier, page: ExportsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands, opened, told = at_door.hands, list[str](), list[str]()

    def say(notice: Notice | str | None) -> None:
        told.append(str(notice))
        ExportsPage.say(page, notice)

    monkeypatch.setattr(page, "say", say)
    assert not titles(page)
    hands.press(K.Key_F2)
    form = page.form
    assert isinstance(form, ListForm)
    form.list.choose(ListName.PRODUCTS)
    assert not form.first.isVisibleTo(form)
    hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    at_door.until(lambda: any("is being made" in one for one in told))
    at_door.until(lambda: [row.right for row in page.list.lines.rows] == ["XLSX"])
    at_door.until(lambda: page.list.lines.rows[0].chip == "")
    at_door.until(lambda: said(page) == "")
    assert "rows" in page.list.lines.rows[0].note

    def open_url(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return len(opened) == 1

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    hands.press(K.Key_F3)
    at_door.until(lambda: len(opened) == 1)
    assert Path(opened[0]).suffix == ".xlsx"
    hands.press(K.Key_F5)
    at_door.until(lambda: "no program that shows" in said(page))
    assert opened[1] == str(Path(opened[0]).parent)
    hands.press(K.Key_F6)
    copy = page.form
    assert isinstance(copy, CopyForm)
    copy.file.show_text(str(tmp_path / "copy.xlsx"))
    hands.press(K.Key_Return)
    at_door.until(lambda: "was copied" in said(page))
    assert (tmp_path / "copy.xlsx").read_bytes() == Path(opened[0]).read_bytes()
    hands.press(K.Key_F8, modifiers=Qt.KeyboardModifier.ShiftModifier)
    at_door.until(lambda: isinstance(at_door.window.screen_shown, WritePage))
    writing = at_door.window.screen_shown
    assert isinstance(writing, WritePage)
    assert [*writing.sheet.exports.values()] == ["Products"]
    page = open_page(at_door, ExportsPage, "files")
    hands.press(K.Key_Delete)
    at_door.until(lambda: page.list.lines.rows[0].chip == "file removed")
    hands.press(K.Key_F7)
    at_door.until(lambda: len(page.list.lines.rows) == 2)


def test_days_upside_down_are_a_sentence_and_stay_typed(
    at_door: Cashier, page: ExportsPage
) -> None:
    at_door.hands.press(K.Key_F2)
    form = page.form
    assert isinstance(form, ListForm)
    form.first.show_text("2026-11-25")
    form.end.show_text("2026-11-24")
    at_door.hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    at_door.until(lambda: "end before it begins" in said(page))
    assert page.form is form
    assert form.first.text == "2026-11-25"
