"""Mailings: who gets one, what it looks like, and what cannot go out."""

from __future__ import annotations

import errno
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pos_queue.context import JobContext, Reports
from pos_sync.testing.mail_simulator import MailSimulator

from pos_desktop import settings
from pos_desktop.domain.contact import ContactForm, ContactKind
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.mail import Audience, Fate, MailKind, MailState, Party, PartyKind
from pos_desktop.domain.mail_template import TemplateForm
from pos_desktop.domain.supplier import SupplierForm
from pos_desktop.services.mail.mail_post import PREPARE_MAIL, SEND_MAIL, Draft
from pos_desktop.services.mail.mail_words import way_out
from pos_desktop.services.mail.mailing import Letter
from pos_desktop.services.people.customers import Particulars
from pos_desktop.shop import Shop
from pos_desktop.storage import contacts, mail_recipients, mails
from pos_desktop.storage.mail_recipients import Recipient
from tests.pos_desktop.services.mails import CONTACTS, LETTER, add_contacts, fates, set_up, work

CUSTOMERS = Audience(kind=PartyKind.CUSTOMER)


def _add_customer(shop: Shop, name: str, email: str, *, agreed: bool = True) -> None:
    customer = shop.customers.add(Particulars(name=name, email=email), actor=None)
    if agreed:
        shop.customers.consent(customer, given=True, actor=None)


@pytest.fixture
def chosen_by_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two recipients are too many to be chosen at once."""
    monkeypatch.setattr("pos_desktop.services.mail.mail_addresses._FEW", 1)


@pytest.fixture
def known(shop: Shop) -> Shop:
    """A shop with customers who agreed, one who did not, one twice, and one without address."""
    _add_customer(shop, "Amina <b>", "amina@example.com")
    _add_customer(shop, "Baraka", "baraka@example.com", agreed=False)
    _add_customer(shop, "Amina again", "AMINA@example.com")
    _add_customer(shop, "Chebet", "chebet@example.com")
    _add_customer(shop, "Nobody", "", agreed=False)
    return shop


def test_everybody_who_agreed_gets_it_once(known: Shop) -> None:
    preview = known.mail.mailing.preview(LETTER, CUSTOMERS, actor=None)
    chosen = preview.chosen
    assert len(chosen.parties) == 2
    assert (chosen.without_address, chosen.without_consent, chosen.twice) == (1, 1, 1)
    assert (preview.name, chosen.left_out) == ("Amina <b>", 3)
    assert known.mail.mailing.count(CUSTOMERS, actor=None) == chosen
    known.mail.mailing.send(LETTER, CUSTOMERS, actor=None)
    assert fates(known) == {Fate.WAITING: 2}


def test_whoever_wants_no_more_gets_none_until_they_want_it_again(known: Shop) -> None:
    mailing = known.mail.mailing
    mailing.refuse("Amina@Example.com", actor=None)
    _add_customer(known, "Amina anew", "amina@example.com")
    chosen = mailing.preview(LETTER, CUSTOMERS, actor=None).chosen
    assert (len(chosen.parties), chosen.refused, chosen.without_consent) == (1, 1, 3)
    assert mailing.allow("amina@example.com", actor=None)
    assert not mailing.allow("amina@example.com", actor=None)
    assert len(mailing.preview(LETTER, CUSTOMERS, actor=None).chosen.parties) == 2


def test_whoever_no_longer_agrees_when_it_goes_out_is_left_out(known: Shop) -> None:
    known.mail.mailing.send(LETTER, CUSTOMERS, actor=None)
    (amina,) = known.customers.search("C00001")
    known.customers.consent(amina, given=False, actor=None)
    with MailSimulator() as server:
        set_up(known, server.port)
        work(known)
        assert server.recipients == ["chebet@example.com"]
    assert fates(known) == {Fate.SENT: 1, Fate.SKIPPED: 1}
    (outcome,) = known.mail.mailing.outcomes(1, [Fate.SKIPPED], limit=9, actor=None)
    assert outcome.recipient.reason == "has not agreed to mail"


def test_the_preview_is_what_the_first_will_see(known: Shop) -> None:
    letter = Letter(subject="For {name}", body="You owe {balance}.\n\n{{so}} {code}", html="")
    words = known.mail.mailing.preview(letter, CUSTOMERS, actor=None).words
    assert words.subject == "For Amina <b>"
    assert words.text == f"You owe KES 0.00.\n\n{{so}} C00001\n\n{way_out()}"
    page = known.mail.mailing.preview(replace(letter, html="<p>{name}</p>"), CUSTOMERS, actor=None)
    assert "<p>Amina &lt;b&gt;</p>" in page.words.html
    whole = replace(letter, html="<html><body><p>İİİ {name}</p></BODY></html>")
    own = known.mail.mailing.preview(whole, CUSTOMERS, actor=None).words.html
    assert own.startswith("<html><body><p>İİİ Amina &lt;b&gt;</p><p")
    assert own.endswith(f"{way_out()}</p></BODY></html>")


@pytest.mark.parametrize(
    ("letter", "words"),
    [
        (Letter(subject="x", body="{nme}"), r"no field \{nme\}; did you mean name"),
        (Letter(subject="x", body="{name"), "A brace opens a field"),
        (Letter(subject="x", body="{name.email}"), "There is no field"),
        (Letter(subject="x", body="{name!r}"), "A brace opens a field"),
        (Letter(subject="x\nBcc: all@example.com", body="y"), "A subject is one line"),
        (Letter(subject=" ", body="y"), "has a subject"),
        (Letter(subject="x", body=" "), "has a text"),
        (Letter(subject="x", body="{balance}"), "known of customers alone"),
        (Letter(subject="x", body="y", with_statement=True), "customers alone"),
        (Letter(subject="x", body="y", files=(Path("/nowhere/a.pdf"),)), "cannot be read"),
    ],
)
def test_what_cannot_go_out_is_a_sentence(shop: Shop, letter: Letter, words: str) -> None:
    add_contacts(shop, 1)
    with pytest.raises(Refused, match=words):
        shop.mail.mailing.send(letter, CONTACTS, actor=None)
    assert not shop.mail.mailing.listed(9, actor=None)


def test_files_are_too_large_before_they_are_read(shop: Shop, tmp_path: Path) -> None:
    add_contacts(shop, 1)
    large = tmp_path / "film.mp4"
    with large.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    with pytest.raises(Refused, match="50 MB together, and a mail takes 15"):
        shop.mail.mailing.send(replace(LETTER, files=(large,)), CONTACTS, actor=None)
    assert not [*shop.mail.files.folder().iterdir()]


def test_two_files_of_one_name_are_refused(shop: Shop, tmp_path: Path) -> None:
    add_contacts(shop, 1)
    files = (tmp_path / "a" / "x.pdf", tmp_path / "b" / "X.pdf")
    for file in files:
        file.parent.mkdir()
        file.write_bytes(b"%PDF-")
    with pytest.raises(Refused, match=r"Two files are called X\.pdf"):
        shop.mail.mailing.send(replace(LETTER, files=files), CONTACTS, actor=None)


def test_a_mailing_to_nobody_says_why(known: Shop) -> None:
    nobody = replace(CUSTOMERS, text="baraka")
    with pytest.raises(Refused, match="None of them has agreed"):
        known.mail.mailing.preview(LETTER, nobody, actor=None)
    with pytest.raises(Refused, match="Nobody is chosen"):
        known.mail.mailing.preview(LETTER, replace(CUSTOMERS, text="zz"), actor=None)


def test_an_audience_is_narrowed(known: Shop) -> None:
    known.goods.suppliers.add(SupplierForm(name="Mill", email="mill@example.com"), actor=None)
    known.mail.contacts.add(
        ContactForm(name="Otieno", email="o@example.com", kind=ContactKind.ACCOUNTANT), actor=None
    )
    add_contacts(known, 1)

    def names(audience: Audience) -> int:
        return len(known.mail.mailing.preview(LETTER, audience, actor=None).chosen.parties)

    assert names(replace(CUSTOMERS, text="chebet")) == 1
    assert names(Audience(kind=PartyKind.SUPPLIER)) == 1
    assert names(CONTACTS) == 2
    assert names(replace(CONTACTS, contact_kind=ContactKind.ACCOUNTANT)) == 1
    with pytest.raises(Refused):
        names(replace(CUSTOMERS, owing=True))


@pytest.mark.usefixtures("chosen_by_a_job")
def test_many_are_chosen_by_a_job(shop: Shop) -> None:
    add_contacts(shop, 2)
    mail = shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
    assert (mail.audience, fates(shop)) == (CONTACTS, {})
    (job,) = shop.database.rows("SELECT job FROM jobs")
    assert job["job"] == PREPARE_MAIL


@pytest.mark.parametrize("is_resumed", [False, True])
def test_stopped_while_they_are_chosen_nobody_else_waits_for_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, is_resumed: bool
) -> None:
    """Who waited in a mail that was stopped would get it with the next who are written to again."""
    from pos_desktop.services.mail import mail_addresses, mail_preparing

    monkeypatch.setattr(mail_addresses, "_FEW", 1)
    monkeypatch.setattr(mail_preparing, "_LOT", 2)
    add_contacts(shop, 5)
    mail = shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
    add = mail_recipients.add

    def add_and_stop(*args: Any) -> None:
        add(*args)
        if is_resumed:
            shop.mail.post.again(mail, started_by=None)
        else:
            shop.mail.mailing.stop(mail.number, actor=None)

    monkeypatch.setattr(mail_recipients, "add", add_and_stop)
    assert mail.job is not None
    reports = SimpleNamespace(write=shop.database.write, progress=print, is_cancelled=lambda: False)
    context = JobContext(
        number=mail.job, attempt=1, started_by=None, cursor=None, reports=cast("Reports", reports)
    )
    assert shop.mail.preparing.run(context, mail.id, mail.turn) == 0
    assert fates(shop) == {Fate.WAITING if is_resumed else Fate.SKIPPED: 2}
    assert shop.mail.post.find(mail.number).audience == (CONTACTS if is_resumed else None)


@pytest.mark.usefixtures("chosen_by_a_job")
def test_who_was_chosen_before_a_kill_is_not_chosen_again(shop: Shop) -> None:
    add_contacts(shop, 3)
    mail = shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
    first = shop.mail.contacts.listed("001")[0]
    rows = [Recipient(no=1, party=PartyKind.CONTACT, party_id=first.id, changed_at=0)]
    mail_recipients.add(shop.database, mail.id, rows)
    work(shop)
    there = mail_recipients.listed(shop.database, mail.id)
    assert ([one.no for one in there], len({one.party_id for one in there})) == ([1, 2, 3], 3)
    assert shop.mail.post.find(mail.number).audience is None


@pytest.mark.usefixtures("chosen_by_a_job")
def test_a_job_of_an_earlier_turn_chooses_nobody(shop: Shop) -> None:
    add_contacts(shop, 2)
    mail = shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
    shop.database.execute_sql("UPDATE mail SET turn = 2")
    work(shop)
    assert (shop.mail.post.find(mail.number).audience, fates(shop)) == (CONTACTS, {})


def test_a_test_goes_to_oneself_with_the_words_filled_in(shop: Shop) -> None:
    add_contacts(shop, 3)
    mail = shop.mail.mailing.test(
        replace(LETTER, body="{{a}} {name}"), CONTACTS, "me@example.com", actor=None
    )
    assert (mail.kind, mail.body) == (MailKind.TEST, f"{{{{a}}}} Person 001\n\n{way_out()}")
    (outcome,) = shop.mail.mailing.outcomes(mail.number, limit=9, actor=None)
    assert outcome.address == "me@example.com"
    assert shop.database.value("SELECT job FROM jobs") == SEND_MAIL


def test_files_lie_beside_the_mail_until_everybody_has_it(shop: Shop, tmp_path: Path) -> None:
    add_contacts(shop, 2)
    file = tmp_path / "offers.pdf"
    file.write_bytes(b"%PDF-")
    mail = shop.mail.mailing.send(replace(LETTER, files=(file,)), CONTACTS, actor=None)
    assert [path.name for path in shop.mail.files.of(mail.id, 1)] == ["offers.pdf"]


def test_a_file_with_a_hidden_name_goes_along_too(shop: Shop, tmp_path: Path) -> None:
    add_contacts(shop, 1)
    path = tmp_path / ".offers.pdf"
    path.write_bytes(b"%PDF-")
    mail = shop.mail.mailing.send(replace(LETTER, files=(path,)), CONTACTS, actor=None)
    assert [one.name for one in shop.mail.files.of(mail.id, 1)] == [path.name]


def test_a_file_that_finds_no_room_is_a_sentence(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_files: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    add_contacts(shop, 1)
    path = tmp_path / "offers.pdf"
    path.write_bytes(b"%PDF-")
    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(Unavailable, match="the disk is full"):
        shop.mail.mailing.send(replace(LETTER, files=(path,)), CONTACTS, actor=None)
    assert not shop.mail.mailing.listed(9, actor=None)
    assert not [*shop.mail.files.folder().iterdir()]


@pytest.mark.spoils_books
def test_a_training_shop_mails_nobody(shop: Shop) -> None:
    add_contacts(shop, 1)
    shop.configuration.put(settings.SHOP_TRAINING, True)
    shop.configuration.refresh()
    with pytest.raises(Refused, match="sends no mail"):
        shop.mail.mailing.send(LETTER, CONTACTS, actor=None)


def test_a_contact_has_an_address_of_its_own_and_is_forgotten(shop: Shop) -> None:
    contacts = shop.mail.contacts
    form = ContactForm(name=" Otieno  & Sons ", email="o@example.com")
    added = contacts.add(form, actor=None)
    assert added.form.name == "Otieno & Sons"
    with pytest.raises(Refused, match="has the address"):
        contacts.add(replace(form, name="Other", email="O@example.com"), actor=None)
    with pytest.raises(Refused, match="such as"):
        contacts.change(added, replace(form, email="a@b\nc"), actor=None)
    changed = contacts.change(added, replace(form, name="Otieno"), actor=None)
    with pytest.raises(Refused, match="changed this meanwhile"):
        contacts.remove(added, actor=None)
    contacts.remove(changed, actor=None)
    assert not contacts.listed()
    row = shop.database.row("SELECT name, email FROM contact")
    assert row == {"name": "", "email": ""}


def test_a_large_book_is_not_read_to_add_one(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The till waits for the file while a contact is added."""
    add_contacts(shop, 1)
    monkeypatch.delattr(contacts, "everybody")
    other = ContactForm(name="Other", email="P001@Example.com")
    with pytest.raises(Refused, match="Person 001 has the address"):
        shop.mail.contacts.add(other, actor=None)


def test_a_template_has_a_name_of_its_own(shop: Shop) -> None:
    templates = shop.mail.templates
    form = TemplateForm(name="News", subject="News", body="Dear {name}")
    added = templates.add(form, actor=None)
    with pytest.raises(Refused, match="There is a template"):
        templates.add(replace(form, name="NEWS"), actor=None)
    with pytest.raises(Refused, match="no field"):
        templates.change(added, replace(form, body="{x}"), actor=None)
    templates.remove(templates.change(added, replace(form, body="Hello"), actor=None), actor=None)
    assert not templates.listed()


def test_what_is_kept_of_an_audience_is_read_back() -> None:
    audience = Audience(
        kind=PartyKind.CONTACT, text="x", contact_kind=ContactKind.OWNER, owing=True, ids=("a",)
    )
    assert Audience.of_plain(json.loads(json.dumps(audience.as_plain()))) == audience


def test_old_mails_are_pruned_unless_somebody_must_look(shop: Shop) -> None:
    add_contacts(shop, 1)
    for _time in range(4):
        shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
    shop.database.execute_sql("UPDATE mail SET state = 'done', changed_at = 1")
    shop.database.execute_sql("UPDATE mail SET state = 'paused' WHERE number = 3")
    shop.database.execute_sql("UPDATE mail SET state = 'under_way' WHERE number = 4")
    shop.database.execute_sql(
        "UPDATE mail_recipient SET state = iif(mail_id = (SELECT id FROM mail WHERE number = 2), "
        "'unknown', 'sent')"
    )
    assert len(mails.prune(shop.database, 1, 10)) == 0
    assert len(mails.prune(shop.database, 2, 10)) == 1
    assert [one.mail.number for one in shop.mail.mailing.listed(9, actor=None)] == [4, 3, 2]


@pytest.mark.parametrize("files", [False, True])
def test_a_mail_whose_job_is_cancelled_goes_to_nobody_later(
    shop: Shop, tmp_path: Path, files: bool
) -> None:
    add_contacts(shop, 3)
    path = tmp_path / "offers.pdf"
    path.write_bytes(b"%PDF-")
    letter = replace(LETTER, files=(path,)) if files else LETTER
    mail = shop.mail.mailing.send(letter, CONTACTS, actor=None)
    assert mail.job is not None
    shop.queue.desk.cancel(mail.job, actor=None)
    assert shop.mail.post.find(mail.number).state is MailState.STOPPED
    assert fates(shop) == {Fate.SKIPPED: 3}
    with MailSimulator() as server:
        set_up(shop, server.port)
        shop.mail.setup.changed()
        work(shop)
        assert not server.letters


@pytest.mark.usefixtures("chosen_by_a_job")
def test_a_paused_mail_ends_with_its_cancelled_job_and_is_chosen_for_nobody(shop: Shop) -> None:
    add_contacts(shop, 2)
    mail = shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
    shop.mail.mailing.pause(mail.number, actor=None)
    assert mail.job is not None
    shop.queue.desk.cancel(mail.job, actor=None)
    found = shop.mail.post.find(mail.number)
    assert (found.state, found.audience) == (MailState.STOPPED, None)
    with pytest.raises(Refused, match="is over"):
        shop.mail.mailing.pause(mail.number, actor=None)
    assert shop.mail.post.find(mail.number).state is MailState.STOPPED


def test_a_mail_that_cannot_be_left_leaves_no_files(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise OSError

    add_contacts(shop, 1)
    file = tmp_path / "offers.pdf"
    file.write_bytes(b"%PDF-")
    monkeypatch.setattr(shop.mail.post, "leave", fail)
    with pytest.raises(OSError):
        shop.mail.mailing.send(replace(LETTER, files=(file,)), CONTACTS, actor=None)
    assert not [*shop.mail.files.folder().iterdir()]


def test_only_who_is_named_gets_it_once_more_and_the_journal_keeps_that(shop: Shop) -> None:
    add_contacts(shop, 3)
    mail = shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
    shop.database.execute_sql("UPDATE mail_recipient SET state = 'unknown'")
    assert shop.mail.mailing.resend(mail.number, [2], actor=None) == 1
    assert fates(shop) == {Fate.UNKNOWN: 2, Fate.WAITING: 1}
    note = shop.database.row("SELECT detail FROM journal WHERE kind = 'mail sent again'")
    assert note is not None
    assert json.loads(note["detail"]) == {"count": 1, "from": "unknown", "mail": mail.number}


def test_a_cancelled_job_of_an_older_turn_leaves_the_newer_one(shop: Shop) -> None:
    add_contacts(shop, 3)
    mail = shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
    shop.mail.post.again(mail, started_by=None)
    assert mail.job is not None
    shop.queue.desk.cancel(mail.job, actor=None)
    assert shop.mail.post.find(mail.number).state is MailState.UNDER_WAY


def test_an_address_hidden_with_other_keys_stops_nobody_else(shop: Shop) -> None:
    parties = [Party(PartyKind.TYPED, address=f"{name}@example.com") for name in "ab"]
    draft = Draft(kind=MailKind.TEST, subject="x", body="y")
    mail = shop.mail.post.leave(draft, parties, started_by=None)
    shop.database.execute_sql("UPDATE mail_recipient SET address = x'00' WHERE no = 1")
    with MailSimulator() as server:
        set_up(shop, server.port)
        work(shop)
        assert server.recipients == ["b@example.com"]
    assert fates(shop) == {Fate.SENT: 1, Fate.SKIPPED: 1}
    first, second = shop.mail.mailing.outcomes(mail.number, limit=9, actor=None)
    assert (first.address, second.address) == ("", "b@example.com")
    assert "other keys" in first.recipient.reason
