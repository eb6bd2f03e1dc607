"""Mail behind the counter, by keys in the real window, to a server on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from pos_sync.testing.mail_simulator import MailSimulator, Then, Trouble
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextDocument

from pos_desktop import settings
from pos_desktop.domain.mail import Audience, Fate, PartyKind
from pos_desktop.domain.mail_template import TemplateForm
from pos_desktop.services.mail.mail_words import way_out
from pos_desktop.services.people.customers import Particulars
from pos_desktop.shop import open_shop
from pos_desktop.ui.screens.mail import mail_page
from pos_desktop.ui.screens.mail.audience_form import AudienceForm
from pos_desktop.ui.screens.mail.contacts_page import ContactsPage
from pos_desktop.ui.screens.mail.letter_form import LetterForm
from pos_desktop.ui.screens.mail.mail_page import MailPage
from pos_desktop.ui.screens.mail.mail_setup_page import MailSetupPage
from pos_desktop.ui.screens.mail.preview_view import Paper
from pos_desktop.ui.screens.mail.refusal_page import RefusalPage
from pos_desktop.ui.screens.mail.sheet import FILE, STATEMENT, TO, WORDS
from pos_desktop.ui.screens.mail.templates_page import TemplatesPage
from pos_desktop.ui.screens.mail.write_page import WritePage
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.threads import queue_thread
from tests.pos_desktop.services.mails import CONTACTS, LETTER, add_contacts, fates, set_up
from tests.pos_desktop.ui.behind_counter import choose, form_of, offered, open_page, said, titles
from tests.pos_desktop.ui.conftest import MILK, Cashier
from tests.pos_desktop.ui.finger import Finger

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
LOST, NOBODY = "p002@example.com", "p003@example.com"


@pytest.fixture
def server() -> Iterator[MailSimulator]:
    with MailSimulator() as simulator:
        yield simulator


@pytest.fixture
def manager(
    open_window: Callable[[Path], Cashier],
    shop_folder: Path,
    server: MailSimulator,
    monkeypatch: pytest.MonkeyPatch,
) -> Cashier:
    """A manager whose shop mails to a server, with five contacts and two customers who agreed."""
    monkeypatch.setattr(mail_page, "LOOK_MS", 100)
    monkeypatch.setattr(queue_thread, "START_SECONDS", 0.0)
    with closing(open_shop(shop_folder)) as shop:
        set_up(shop, server.port)
        add_contacts(shop, 5)
        for name in ("Akinyi", "Baraka"):
            one = Particulars(name=name, email=f"{name.lower()}@example.com")
            shop.customers.consent(shop.customers.add(one, actor=None), given=True, actor=None)
    cashier = open_window(shop_folder)
    cashier.sign_in_only("manager", "1234")
    return cashier


def go_to(cashier: Cashier, key: Qt.Key, kind: type) -> object:
    """Open a page from the one of mails, by its key."""
    page = open_page(cashier, MailPage, "mail")
    cashier.hands.press(key)
    cashier.until(lambda: isinstance(cashier.window.screen_shown, kind))
    cashier.drained()
    assert page is not cashier.window.screen_shown
    return cashier.window.screen_shown


@pytest.fixture
def write(manager: Cashier) -> WritePage:
    page = go_to(manager, K.Key_F2, WritePage)
    assert isinstance(page, WritePage)
    return page


def right(page: WritePage, key: str) -> str:
    place = page.list.lines.place_of(key)
    assert place is not None
    return str(page.list.lines.rows[place].right)


def note(page: MailPage) -> str:
    """Return what stands below the subject of the newest mail."""
    rows = page.list.lines.rows
    return str(rows[0].note) if rows else ""


def until_said(cashier: Cashier, page: ListPage, words: str) -> None:
    cashier.until(lambda: words in said(page))


def fill_words(cashier: Cashier, page: WritePage, subject: str, text: str) -> LetterForm:
    """Type the words of a mailing; the form stays open."""
    choose(page, WORDS)
    cashier.hands.press(K.Key_Return)
    form = form_of(cashier, page)
    assert isinstance(form, LetterForm)
    cashier.hands.type(f"{subject}\t{text}")
    return form


def ctrl_enter(cashier: Cashier) -> None:
    cashier.hands.press(K.Key_Return, modifiers=CTRL)


def write_to_contacts(cashier: Cashier, page: WritePage, text: str = "the beans") -> None:
    """Write a mailing to the address book, up to the question whether to send it."""
    cashier.until(lambda: right(page, TO) == "2 get it")
    cashier.hands.press(K.Key_Return)
    form = form_of(cashier, page)
    assert isinstance(form, AudienceForm)
    cashier.hands.press(K.Key_Left)
    cashier.until(lambda: form.count.text() == "5 get it")
    ctrl_enter(cashier)
    cashier.until(lambda: right(page, TO) == "5 get it")
    fill_words(cashier, page, "News", text)
    ctrl_enter(cashier)
    cashier.until(lambda: page.form is None)
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: "5 get this mail" in said(page))


def open_first(cashier: Cashier, page: MailPage) -> MailPage:
    """Open the mail whose line is chosen."""
    cashier.hands.press(K.Key_Return)
    cashier.until(lambda: page.below is page.view)
    return page


def test_a_mailing_is_written_sent_and_followed(
    manager: Cashier, write: WritePage, server: MailSimulator
) -> None:
    write_to_contacts(manager, write, "dear all,\rthe beans are here.")
    assert not server.letters
    manager.hands.press(K.Key_F8)
    page = manager.window.office.page("mail")
    assert isinstance(page, MailPage)
    manager.until(lambda: manager.window.screen_shown is page)
    assert "Mail 1 is under way" in said(page)
    manager.until(lambda: "5 sent" in note(page) and page.list.lines.rows[0].chip == "done")
    assert len(server.letters) == 5
    letter = message_from_bytes(server.letters[0].data, policy=default)
    text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert text.splitlines() == ["dear all,", "the beans are here.", "", way_out()]
    manager.until(lambda: not page._timer.isActive())
    assert write.sheet.is_blank


def test_failed_and_unknown_are_shown_and_sent_again_by_a_person(
    manager: Cashier, write: WritePage, server: MailSimulator
) -> None:
    server.plan(
        Trouble(at="DOT", to=LOST, then=Then.RESET, keeps=True),
        Trouble(at="RCPT", say="550 5.1.1 no such person", to=NOBODY),
    )
    write_to_contacts(manager, write)
    manager.hands.press(K.Key_F8)
    page = manager.window.office.page("mail")
    assert isinstance(page, MailPage)
    manager.until(lambda: "3 sent, 1 failed, 1 not known" in note(page))
    open_first(manager, page)
    view = page.view
    manager.hands.press(K.Key_Right)
    manager.until(lambda: [row.title for row in view.list.lines.rows] == ["Person 003"])
    assert "no such person" in view.list.lines.rows[0].note
    server.plan()
    manager.hands.press(K.Key_F4)
    manager.until(lambda: "1 mail waits again" in said(page))
    manager.until(lambda: fates(manager.program.shop) == {Fate.SENT: 4, Fate.UNKNOWN: 1})
    manager.hands.press(K.Key_Right)
    manager.until(lambda: [row.title for row in view.list.lines.rows] == ["Person 002"])
    manager.hands.press(K.Key_Insert)
    assert view.list.lines.rows[0].chip == "marked"
    manager.hands.press(K.Key_F8)
    assert "may get it twice" in said(page)
    assert list(server.recipients).count(LOST) == 1
    manager.hands.press(K.Key_F8)
    manager.until(lambda: fates(manager.program.shop) == {Fate.SENT: 5})
    assert list(server.recipients).count(LOST) == 2
    manager.until(lambda: not view.list.lines.rows)


def test_a_mail_is_paused_goes_on_and_is_stopped(manager: Cashier) -> None:
    shop = manager.program.shop
    shop.configuration.set(settings.MAIL_MOST_PER_MINUTE, 1, shop.books, actor=None)
    shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
    page = open_first(manager, open_page(manager, MailPage, "mail"))
    assert page._timer.isActive()
    manager.hands.press(K.Key_Escape)
    manager.hands.press(K.Key_Escape)
    manager.until(lambda: not page._timer.isActive())
    open_first(manager, open_page(manager, MailPage, "mail"))
    for title, words in (("Pause", "is paused"), ("Go on", "goes on"), ("Pause", "is paused")):
        manager.until(lambda: title in [act.title for act in page.acts])  # noqa: B023 - waited for
        manager.hands.press(K.Key_F5)
        until_said(manager, page, words)
    manager.hands.press(K.Key_Delete)
    assert "Del stops it" in said(page)
    manager.hands.press(K.Key_Delete)
    manager.until(lambda: "is stopped" in said(page))
    manager.until(lambda: fates(shop).get(Fate.SKIPPED))


def test_an_unknown_field_is_a_sentence_and_loses_nothing(
    manager: Cashier, write: WritePage
) -> None:
    form = fill_words(manager, write, "For {nme}", "dear ")
    manager.until(lambda: form.body.field.toPlainText() == "dear ")
    Finger(manager).touch("{balance}", within=form)
    assert form.body.text == "dear {balance}"
    ctrl_enter(manager)
    manager.until(lambda: write.form is None)
    manager.hands.press(K.Key_F5)
    manager.until(lambda: "no field {nme}; did you mean name" in said(write))
    assert (write.sheet.subject, write.below) == ("For {nme}", None)


def test_the_preview_is_what_the_first_gets_and_a_test_goes_to_oneself(
    manager: Cashier, write: WritePage, server: MailSimulator
) -> None:
    fill_words(manager, write, "For {name}", "one\r\rtwo <b>")
    ctrl_enter(manager)
    manager.hands.press(K.Key_F5)
    manager.until(lambda: write.below is write.preview)
    assert write.preview.text.toPlainText() == f"one\n\ntwo <b>\n\n{way_out()}"
    assert write.preview.page.toPlainText().strip() == f"one\ntwo <b>\n{way_out()}"
    manager.hands.press(K.Key_F6)
    form_of(manager, write)
    manager.hands.type("me@example.com\r")
    manager.until(lambda: "to me@example.com alone" in said(write))
    manager.until(lambda: list(server.recipients) == ["me@example.com"])
    assert write.sheet.has_words


def test_a_test_in_between_takes_back_the_question_whether_to_send(
    manager: Cashier, write: WritePage, server: MailSimulator
) -> None:
    fill_words(manager, write, "News", "the beans")
    ctrl_enter(manager)
    manager.hands.press(K.Key_F8)
    manager.until(lambda: "F8 sends it" in said(write))
    manager.hands.press(K.Key_F6)
    form_of(manager, write)
    manager.hands.type("me@example.com\r")
    manager.until(lambda: "to me@example.com alone" in said(write))
    manager.hands.press(K.Key_F8)
    manager.until(lambda: "F8 sends it" in said(write))
    assert [one.mail.number for one in manager.program.shop.mail.mailing.listed(9, actor=None)] == [
        1
    ]


def test_a_file_goes_along_and_one_that_is_too_large_does_not(
    manager: Cashier, write: WritePage, tmp_path: Path
) -> None:
    prices, film = tmp_path / "prices.pdf", tmp_path / "film.mp4"
    prices.write_bytes(b"%PDF-")
    with film.open("wb") as file:
        file.truncate(50_000_000)
    for path, words in ((prices, "prices.pdf goes along"), (film, "48 MB together")):
        choose(write, "files")
        manager.hands.press(K.Key_Return)
        manager.until(lambda: write.below is write.files.view)
        write.files.view.field.setText(str(path))
        manager.hands.press(K.Key_Return)
        until_said(manager, write, words)
    assert write.sheet.files == [prices]
    manager.hands.press(K.Key_Escape)
    choose(write, f"{FILE}{prices}")
    manager.hands.press(K.Key_Delete)
    assert not write.sheet.files


def test_statements_go_along_to_customers_alone(manager: Cashier, write: WritePage) -> None:
    customers = write.sheet.audience
    write.sheet.audience = Audience(kind=PartyKind.SUPPLIER)
    write.refresh()
    assert write.list.lines.place_of(STATEMENT) is None
    write.sheet.audience = customers
    write.refresh()
    choose(write, STATEMENT)
    manager.hands.press(K.Key_Return)
    assert write.sheet.letter.with_statement


def test_a_scan_is_sold_and_what_was_written_stays(manager: Cashier, write: WritePage) -> None:
    form = fill_words(manager, write, "News", "half a ")
    manager.hands.scan(MILK)
    assert manager.window.screen_shown is not write
    manager.window.office.show_page("mail_write")
    assert write.form is form
    assert form.body.text == "half a"


def test_a_template_is_kept_and_written_with(manager: Cashier) -> None:
    page = go_to(manager, K.Key_F4, TemplatesPage)
    assert isinstance(page, TemplatesPage)
    manager.hands.press(K.Key_F2)
    form = form_of(manager, page)
    assert isinstance(form, LetterForm)
    manager.hands.type("beans\rbeans for {nme}\tdear {name},\rhello")
    ctrl_enter(manager)
    manager.until(lambda: "no field {nme}" in said(page))
    form.subject.show_text("Beans for {name}")
    ctrl_enter(manager)
    manager.until(lambda: titles(page) == ["beans"])
    manager.hands.press(K.Key_Escape)
    write = go_to(manager, K.Key_F2, WritePage)
    assert isinstance(write, WritePage)
    choose(write, "template")
    manager.hands.press(K.Key_Return)
    manager.until(lambda: write.below is write.templates)
    manager.hands.press(K.Key_Return)
    manager.until(lambda: write.below is None)
    form_now = TemplateForm(name="", subject="Beans for {name}", body="dear {name},\nhello")
    assert (write.sheet.subject, write.sheet.body) == (form_now.subject, form_now.body)


def test_the_address_book_is_kept(manager: Cashier) -> None:
    page = go_to(manager, K.Key_F3, ContactsPage)
    assert isinstance(page, ContactsPage)
    assert len(titles(page)) == 5
    manager.hands.press(K.Key_F2)
    form_of(manager, page)
    manager.hands.type("Otieno\ro@example.com\r")
    ctrl_enter(manager)
    manager.until(lambda: "Otieno" in titles(page))
    assert page.chosen is not None
    manager.hands.press(K.Key_Delete)
    manager.hands.press(K.Key_Delete)
    manager.until(lambda: "Otieno" not in titles(page))
    manager.hands.press(K.Key_Escape)
    assert isinstance(manager.window.screen_shown, MailPage)


def test_an_address_wants_no_more_mail_and_wants_it_again(manager: Cashier) -> None:
    page = go_to(manager, K.Key_F6, RefusalPage)
    assert isinstance(page, RefusalPage)

    def told() -> str:
        return page.strip.notice.text if page.strip.notice else ""

    manager.hands.type("nobody\r")
    manager.until(lambda: "such as" in told())
    page.address.show_text("akinyi@example.com")
    manager.hands.type("\r")
    manager.until(lambda: "gets no mailing any more" in told())
    manager.hands.type("akinyi@example.com")
    manager.hands.press(K.Key_F6)
    manager.until(lambda: "may get mailings again" in told())


def test_setup_is_tried_step_by_step_with_what_to_do(
    manager: Cashier, server: MailSimulator
) -> None:
    offered(manager)
    manager.window.office.show_page("mail_setup")
    page = manager.window.screen_shown
    assert isinstance(page, MailSetupPage)
    manager.until(lambda: page.fields.password.field.placeholderText() == "None is kept")
    with MailSimulator() as gone:
        port = gone.port
    page.fields.port.show_text("port")
    manager.hands.press(K.Key_F7)
    manager.until(lambda: page.strip.notice and "a number from" in page.strip.notice.text)
    assert page.strip.notice is not None
    assert "mail.smtp_port" not in page.strip.notice.text, "it is called as its field is"
    page.fields.port.show_text(str(port))
    page.fields.password.show_text("hunter2-very-secret")
    manager.hands.press(K.Key_F7)
    manager.until(lambda: page.steps.strips[0].notice)
    notice = page.steps.strips[0].notice
    assert notice is not None
    assert "look at the port" in notice.text
    page.fields.port.show_text(str(server.port))
    manager.hands.press(K.Key_F7)
    manager.until(lambda: page.strip.notice and "every step" in page.strip.notice.text)
    shown = [strip.notice.text for strip in page.steps.strips if strip.notice]
    assert shown == ["Connected", "Greeted by a mail server", "May send from this address"]
    assert not server.letters
    assert "Is kept" in page.fields.password.field.placeholderText()
    assert page.fields.password.text == ""
    assert manager.program.shop.mail.setup.password() == "hunter2-very-secret"
    manager.hands.press(K.Key_F6)
    manager.until(lambda: "None" in page.fields.password.field.placeholderText())


def test_paper_loads_nothing_from_anywhere(dressed: object, tmp_path: Path) -> None:
    paper = Paper("HTML")
    path = tmp_path / "picture.png"
    path.write_bytes(b"x")
    for url in (QUrl("http://127.0.0.1:9/x.png"), QUrl.fromLocalFile(str(path))):
        paper.setHtml(f"<p>Hello</p><img src='{url.toString()}'><script>no()</script>")
        paper.grab()
        found = paper.document().resource(QTextDocument.ResourceType.ImageResource, url)
        assert not found
    assert "no()" not in paper.toPlainText()
