"""The page of what comes by itself, driven by keys in the real window."""

from __future__ import annotations

from datetime import time

import pytest
from PySide6.QtCore import Qt

from pos_desktop.domain.contact import ContactForm
from pos_desktop.domain.schedule import Beat, ScheduleName, When
from pos_desktop.ui.screens.schedules.schedule_form import ScheduleFields
from pos_desktop.ui.screens.schedules.schedules_page import SchedulesPage
from tests.pos_desktop.ui.behind_counter import choose, form_of, open_page, said, titles
from tests.pos_desktop.ui.conftest import Cashier

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def manager(at_door: Cashier) -> Cashier:
    at_door.sign_in_only("manager", "1234")
    return at_door


@pytest.fixture
def page(manager: Cashier) -> SchedulesPage:
    form = ContactForm(name="Otieno", email="o@example.com")
    manager.window.office._office.shop.mail.contacts.add(form, actor=None)
    return open_page(manager, SchedulesPage, "schedules")


def _fields(cashier: Cashier, page: SchedulesPage) -> ScheduleFields:
    form = form_of(cashier, page)
    assert isinstance(form, ScheduleFields)
    return form


def test_a_report_is_sent_to_people_at_another_time(manager: Cashier, page: SchedulesPage) -> None:
    assert titles(page)[:3] == ["Z of the day", "Sales of the week", "Low stock"]
    choose(page, ScheduleName.LOW_STOCK)
    manager.hands.press(K.Key_Return)
    form = _fields(manager, page)
    form.switch.choose("on")
    form.at.show_text("25")
    form.to.show_text("oti, owner@example.com")
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: "no time of the day" in said(page))
    form.beat.choose("weekly")
    assert form.day.isVisible()
    form.day.choose("fri")
    form.at.show_text("6:05")
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: said(page) == "Saved.")
    manager.drained()
    shown = page.chosen
    assert shown is not None
    assert shown.schedule.form.when == When(Beat.WEEKLY, time(6, 5), "fri")
    assert shown.to == ("Otieno", "owner@example.com")
    assert page.next.text().startswith("Next: ")
    manager.hands.press(K.Key_Return)
    _fields(manager, page).beat.choose("at-z")
    assert not _fields(manager, page).at.isVisible()
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: page.form is None)
    manager.until(lambda: page.next.text() == "On: it comes with each Z.")


def test_one_that_goes_to_nobody_is_refused_and_pruning_runs(
    manager: Cashier, page: SchedulesPage
) -> None:
    choose(page, ScheduleName.WEEKLY_SALES)
    manager.hands.press(K.Key_F5)
    manager.until(lambda: "goes to nobody yet" in said(page))
    choose(page, ScheduleName.PRUNE)
    assert page.last.text() == "It has not come yet."
    manager.hands.press(K.Key_F5)
    manager.until(lambda: "is being done: job" in said(page))
    manager.hands.press(K.Key_Return)
    assert _fields(manager, page).to.parent() is None, "it goes to nobody"
