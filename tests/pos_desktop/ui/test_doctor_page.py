"""The page of the doctor, in the real window: it runs aside, tells, looks again and saves."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from PySide6.QtCore import Qt

from pos_desktop.services.doctor.doctor import Doctor
from pos_desktop.services.doctor.finding import Finding, Report, State
from pos_desktop.ui.screens.doctor.doctor_page import BundleForm, DoctorPage
from pos_desktop.ui.screens.office.menu_page import MenuPage
from tests.pos_desktop.ui.behind_counter import form_of, offered, open_page, said, titles
from tests.pos_desktop.ui.conftest import Cashier
from tests.pos_desktop.ui.names import nameless
from tests.pos_desktop.ui.room import squeezed_in_any

K = Qt.Key
WELL = Finding(check="well", title="Network", state=State.OK, detail="this computer is 192.168.1.7")
KNOWN = Finding(
    check="known",
    title="Workers",
    state=State.NOTE,
    detail="Nobody runs jobs now.",
    advice="Open the till.",
)
BAD = Finding(
    check="bad",
    title="Receipt printer",
    state=State.BROKEN,
    detail="tcp://192.168.1.50",
    advice="Switch it on.",
)


@pytest.fixture
def manager(open_window: Callable[[Path], Cashier], shop_folder: Path) -> Cashier:
    cashier = open_window(shop_folder)
    cashier.sign_in_only("manager", "1234")
    return cashier


def _report(*findings: object) -> Callable[..., Report]:
    return lambda *_names, **_actor: Report(findings)  # type: ignore[arg-type]


def _open(manager: Cashier) -> DoctorPage:
    page = open_page(manager, DoctorPage, "doctor")
    manager.until(lambda: page.report)
    return page


def test_managers_alone_find_it_in_the_menu(manager: Cashier) -> None:
    assert "doctor" in offered(manager)
    manager.hands.press(K.Key_Escape)
    manager.hands.press(K.Key_F12)
    manager.until(lambda: manager.window.screen_shown is manager.window.sign_in)
    manager.sign_in_only()
    assert "doctor" not in offered(manager)


def test_the_shop_that_is_open_is_looked_at(manager: Cashier) -> None:
    """The real doctor, beside the till that has the shop open."""
    manager.until(manager.program.shop.queue.workers)
    page = _open(manager)
    found = {one.check: one for one in page.findings}
    assert found["database"].state is State.OK
    assert found["open"].detail == "a till"
    assert found["queue-workers"].state is State.OK


def test_what_is_broken_stands_first_and_is_read_in_full(manager: Cashier) -> None:
    with patch.object(Doctor, "look", _report(WELL, KNOWN, BAD)):
        page = _open(manager)
    assert titles(page) == ["Receipt printer", "Workers", "Network"]
    assert page.view.title.text() == "Receipt printer"
    assert (page.view.detail.text, page.view.advice.text) == ("tcp://192.168.1.50", "Switch it on.")
    assert "1 line says what is broken" in said(page)
    manager.hands.press(K.Key_Down)
    manager.hands.press(K.Key_Down)
    assert page.view.title.text() == "Network"
    assert not page.view.advice.isVisible()


def test_the_window_goes_on_while_it_looks(manager: Cashier) -> None:
    over = threading.Event()

    def looks(*_names: object, **_actor: object) -> Report:
        over.wait(20)
        return Report((WELL,))

    with patch.object(Doctor, "look", looks):
        page = open_page(manager, DoctorPage, "doctor")
        assert page.is_busy
        assert not page.acts
        manager.hands.press(K.Key_F7)
        manager.hands.press(K.Key_Escape)
        manager.until(lambda: isinstance(manager.window.screen_shown, MenuPage))
        manager.drained()
        over.set()
        manager.until(lambda: page.report)
    assert titles(page) == ["Network"]


def test_it_looks_again(manager: Cashier) -> None:
    with patch.object(Doctor, "look", _report(BAD)):
        page = _open(manager)
    with patch.object(Doctor, "look", _report(WELL)):
        manager.hands.press(K.Key_F7)
        manager.until(lambda: page.report and page.report.ok)
    assert said(page) == "All is well."


def test_it_says_who_checks_the_rows_of_a_file_in_order(manager: Cashier) -> None:
    file = Finding(check="database", title="Shop's file", state=State.OK, detail="in order")
    with patch.object(Doctor, "look", _report(file)):
        page = _open(manager)
    rows = "`posctl verify` checks the rows themselves, and so does each Z."
    assert said(page) == f"All is well. {rows}"
    with patch.object(Doctor, "look", _report(file, BAD)):
        manager.hands.press(K.Key_F7)
        manager.until(lambda: page.report and not page.report.ok)
    assert rows not in said(page)


def _save(manager: Cashier, page: DoctorPage, path: Path) -> None:
    manager.hands.press(K.Key_F6)
    form = form_of(manager, page)
    assert isinstance(form, BundleForm)
    assert form.file.text.endswith(".zip")
    form.file.show_text(str(path))
    manager.hands.press(K.Key_Return)
    manager.until(lambda: not page.is_busy)


def test_the_file_for_support_is_saved(manager: Cashier, tmp_path: Path) -> None:
    page = _open(manager)
    _save(manager, page, tmp_path / "support.zip")
    manager.until(lambda: "Saved" in said(page))
    assert "report.json" in zipfile.ZipFile(tmp_path / "support.zip").namelist()
    assert page.form is None


def test_a_file_that_cannot_be_written_is_told_and_the_form_stays(
    manager: Cashier, tmp_path: Path
) -> None:
    page = _open(manager)
    _save(manager, page, tmp_path / "gone" / "support.zip")
    assert "no such folder" in said(page)
    assert page.form is not None


def test_it_follows_the_language(manager: Cashier) -> None:
    page = _open(manager)
    manager.window.speak("sw")
    assert "Faili la duka" in titles(page)


def test_nothing_is_cut_in_any_size_and_language(manager: Cashier) -> None:
    page = _open(manager)
    assert not nameless(manager.window)
    assert not squeezed_in_any(manager)
    manager.hands.press(K.Key_F6)
    form_of(manager, page)
    assert not squeezed_in_any(manager)
