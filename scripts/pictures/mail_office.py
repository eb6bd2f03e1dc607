"""The mails of the office: what was sent, to whom, and how mail is set up."""

from __future__ import annotations

from functools import partial

from pos_sync.testing.mail_simulator import MailSimulator

from pos_desktop import settings
from pos_desktop.domain.contact import ContactForm, ContactKind
from pos_desktop.domain.mail import Audience, PartyKind
from pos_desktop.domain.mail_template import TemplateForm
from pos_desktop.services.mail.mailing import Letter
from pos_desktop.services.people.customers import Particulars
from pos_desktop.shop import Shop
from pos_desktop.ui.screens.mail.mail_page import MailPage
from pos_desktop.ui.screens.mail.mail_setup_page import MailSetupPage
from scripts.pictures.steps import (
    LONG_NAME,
    LONG_WORD,
    K,
    States,
    by_name,
    listed,
    office,
    until,
)
from scripts.player import Player

MAIL_TEXT = """Dear {name},

the beans of the new harvest are here: yellow, red and black, from 140 a kilo. Come by between eight
and eight; whoever brings their own bag gets a tenth off.

Your account with us stands at {balance}.

Karibu sana,
{shop}
{shop_address}"""
MAIL_HTML = """<h2>The beans are here</h2><p>Dear {name},</p>
<p>yellow, red and black, from <b>140 a kilo</b>.</p><img src="http://example.com/beans.png">
<p><a href="http://example.com">More</a></p>"""


def with_contacts(player: Player, *others: str) -> None:
    """Fill the address book, and let customers agree to mail."""
    shop = player.program.shop
    book = (
        ("Otieno & Daughters, certified public accountants", ContactKind.ACCOUNTANT),
        ("Duka la Mama, Kisumu branch", ContactKind.BRANCH),
        ("Njeri Wanjiru", ContactKind.OWNER),
        (LONG_NAME[:90], ContactKind.OTHER),
        *((name, ContactKind.OTHER) for name in others),
    )
    for place, (name, kind) in enumerate(book):
        email = f"person.{place}@example.com"
        form = ContactForm(name=name, email=email, kind=kind, phone="0712 345 678")
        shop.mail.contacts.add(form, actor=None)
    for place, name in enumerate(("Akinyi Otieno", "Baraka Hotel", "Chebet", "Dorcas", LONG_WORD)):
        one = Particulars(name=name, email=f"customer.{place}@example.com" if place < 4 else "")
        customer = shop.customers.add(one, actor=None)
        if place in (0, 1, 3):
            shop.customers.consent(customer, given=True, actor=None)
    for name in ("New prices", "Offers of the week"):
        shop.mail.templates.add(
            TemplateForm(name=name, subject=f"{name} at {{shop}}", body=MAIL_TEXT, html=MAIL_HTML),
            actor=None,
        )


def _with_mails(player: Player) -> None:
    """Let there be mails in every state, with recipients of every fate."""
    with_contacts(player, *(f"Person {number:02}" for number in range(1, 21)))
    shop = player.program.shop
    contacts, customers = Audience(kind=PartyKind.CONTACT), Audience(kind=PartyKind.CUSTOMER)
    text = MAIL_TEXT.replace("{balance}", "the same as before")
    letter = Letter(subject="News from {shop}", body=text)
    for audience in (customers, contacts, contacts, customers):
        shop.mail.mailing.send(letter, audience, actor=None)
    fates = ("sent", "failed", "unknown", "sent", "waiting", "skipped", "sent")
    reasons = {
        "failed": "550 5.1.1 The email account that you tried to reach does not exist",
        "unknown": "the program was closed before the server answered",
        "skipped": "wants no more mail",
    }
    with shop.database.write():
        for number, state in ((1, "done"), (2, "stopped"), (4, "paused")):
            sql = "UPDATE mail SET state = ? WHERE number = ?"
            shop.database.execute_sql(sql, (state, number))
        shop.database.execute_sql(
            "UPDATE mail_recipient SET state = 'sent' "
            "WHERE mail_id IN (SELECT id FROM mail WHERE number = 1)"
        )
        for no in range(1, 25):
            fate = fates[no % len(fates)]
            shop.database.execute_sql(
                "UPDATE mail_recipient SET state = ?, reason = ? "
                "WHERE no = ? AND mail_id = (SELECT id FROM mail WHERE number = 3)",
                (fate, reasons.get(fate, ""), no),
            )


def _set_up(shop: Shop, port: int) -> None:
    """Let the shop mail to a server on this machine."""
    put = partial(shop.configuration.set, books=shop.books, actor=None)
    put(settings.MAIL_SMTP_HOST, "127.0.0.1")
    put(settings.MAIL_SMTP_PORT, port)
    put(settings.MAIL_SECURITY, "none")
    put(settings.MAIL_FROM_ADDRESS, "duka@example.com")


def _try_setup(player: Player, port: int) -> None:
    """Try a server of this machine."""
    _set_up(player.program.shop, port)
    page = player.office_page("mail_setup", MailSetupPage)
    player.press(K.Key_F7)
    player.settle(lambda: page.steps.strips[0].notice is not None)


def mail_setup_failed(player: Player) -> None:
    _try_setup(player, 9)


def mail_setup_works(player: Player) -> None:
    with MailSimulator() as server:
        _try_setup(player, server.port)


def _mail_shown(player: Player) -> None:
    page = player.page("mail", MailPage)
    player.settle(lambda: page.below is page.view)


_few_shown = until(lambda player: player.page("mail", MailPage).view.list.lines.rowCount() < 8)

_LIST = (_with_mails, listed("mail"))
_THIRD = (*_LIST, K.Key_Down, K.Key_Return, _mail_shown)
_CONTACTS = (with_contacts, listed("contacts"))
_TEMPLATES = (with_contacts, listed("mail_templates"))

STATES: States = {
    "mail_list_empty": (office("mail"),),
    "mail_list": _LIST,
    "mail_one": _THIRD,
    "mail_one_unknown": (
        *_THIRD,
        *(K.Key_Right, K.Key_Right, _few_shown, K.Key_Insert, K.Key_F8),
    ),
    "mail_one_read": (*_THIRD, K.Key_F3),
    "mail_contacts": _CONTACTS,
    "mail_contact_form": (*_CONTACTS, K.Key_F2),
    "mail_templates": _TEMPLATES,
    "mail_template_form": (*_TEMPLATES, K.Key_Return),
    "mail_refusals": (office("mail_refusals"), "nobody", K.Key_Return),
    "mail_setup": (office("mail_setup"),),
    **by_name(mail_setup_failed, mail_setup_works),
}
