"""The pages of mail have room in every size and language, and follow the language."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pos_desktop.domain.mail_template import TemplateForm
from pos_desktop.services.people.customers import Particulars
from pos_desktop.shop import open_shop
from pos_desktop.ui.screens.mail.mail_page import MailPage
from pos_desktop.ui.screens.mail.mail_setup_page import MailSetupPage
from pos_desktop.ui.screens.mail.write_page import WritePage
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.page import OfficePage
from tests.pos_desktop.services.mails import CONTACTS, LETTER, add_contacts
from tests.pos_desktop.ui.behind_counter import choose
from tests.pos_desktop.ui.conftest import Cashier
from tests.pos_desktop.ui.names import nameless
from tests.pos_desktop.ui.pseudo import pseudo, seen, words_left
from tests.pos_desktop.ui.room import squeezed_in_any
from tests.pos_desktop.ui.test_language import _begin_a_minute, _data

__all__ = ["pseudo"]

K = Qt.Key
OWN = {
    "Person 001", "Person 002", "p001", "p002", "example.com", "Akinyi", "akinyi", "News from",
    "Dear", "the beans are here", "name", "shop_address", "shop", "date", "code", "balance",
    "Offers", "offers.pdf", "tmp", "Ctrl", "manager", "STARTTLS", "TLS", "HTML",
}  # fmt: skip
State = Callable[[Cashier], None]


@pytest.fixture
def manager(shop_folder: Path, open_window: Callable[[Path], Cashier]) -> Cashier:
    """A manager whose shop has no mail server, with mails of which one is not known to arrive."""
    with closing(open_shop(shop_folder)) as shop:
        add_contacts(shop, 2)
        one = Particulars(name="Akinyi", email="akinyi@example.com")
        shop.customers.consent(shop.customers.add(one, actor=None), given=True, actor=None)
        form = TemplateForm(name="Offers", subject="Offers", body="Dear {name}")
        shop.mail.templates.add(form, actor=None)
        for _mail in range(2):
            shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
        shop.database.execute_sql("UPDATE mail_recipient SET state = 'unknown' WHERE no = 1")
        shop.database.execute_sql("UPDATE mail_recipient SET state = 'failed' WHERE no = 2")
        shop.database.execute_sql("UPDATE mail SET state = 'paused'")
    cashier = open_window(shop_folder)
    cashier.sign_in_only("manager", "1234")
    return cashier


def _open(cashier: Cashier, name: str) -> OfficePage:
    cashier.window.office.show_page(name)
    cashier.drained()
    page = cashier.window.office.page(name)
    if isinstance(page, ListPage):
        page.show_instead(None)
        cashier.until(page.list.lines.rowCount)
    return page


def mails(cashier: Cashier) -> None:
    _open(cashier, "mail")


def a_mail(cashier: Cashier) -> None:
    page = _open(cashier, "mail")
    assert isinstance(page, MailPage)
    cashier.hands.press(K.Key_Return)
    cashier.until(lambda: page.below is page.view)
    cashier.hands.press(K.Key_F8)


def _write(cashier: Cashier) -> WritePage:
    page = _open(cashier, "mail_write")
    assert isinstance(page, WritePage)
    page.sheet.subject, page.sheet.body = "News from {shop}", "Dear {name}"
    page.sheet.files = [Path("/tmp/offers.pdf")]
    page.refresh()
    cashier.until(lambda: page.sheet.chosen and page.sheet.chosen.parties)
    return page


def a_mailing(cashier: Cashier) -> None:
    _write(cashier)


def its_audience(cashier: Cashier) -> None:
    _write(cashier)
    cashier.hands.press(K.Key_Return)


def its_words(cashier: Cashier) -> None:
    choose(_write(cashier), "words")
    cashier.hands.press(K.Key_Return)


def its_preview(cashier: Cashier) -> None:
    page = _write(cashier)
    page.sheet.files.clear()
    cashier.hands.press(K.Key_F5)
    cashier.until(lambda: page.below is page.preview)


def contacts(cashier: Cashier) -> None:
    _open(cashier, "contacts")
    cashier.hands.press(K.Key_F2)


def templates(cashier: Cashier) -> None:
    _open(cashier, "mail_templates")
    cashier.hands.press(K.Key_Return)


def refusals(cashier: Cashier) -> None:
    _open(cashier, "mail_refusals")
    cashier.hands.press(K.Key_Return)


def setup(cashier: Cashier) -> None:
    page = _open(cashier, "mail_setup")
    assert isinstance(page, MailSetupPage)
    cashier.hands.press(K.Key_F7)
    cashier.until(lambda: page.steps.strips[0].notice or page.strip.notice)


STATES = (
    mails, a_mail, a_mailing, its_audience, its_words, its_preview, contacts, templates, refusals,
    setup,
)  # fmt: skip


def test_nothing_is_cut_in_any_size_and_language(manager: Cashier) -> None:
    for state in STATES:
        state(manager)
        manager.drained()
        assert not squeezed_in_any(manager), state.__name__


def test_all_is_said_anew_and_comes_back_as_it_was(manager: Cashier, pseudo: str) -> None:
    _begin_a_minute(manager)
    window = manager.window
    window.wall_clock.stop()
    window.jobs.stop()
    data = _data(manager) | OWN
    for state in STATES:
        state(manager)
        manager.drained()
        manager.lay_out()
        assert not nameless(window), state.__name__
        before = seen(window)
        window.speak(pseudo)
        manager.lay_out()
        assert not words_left(window, data), state.__name__
        window.speak("en")
        manager.lay_out()
        assert seen(window) ^ before == set(), state.__name__
