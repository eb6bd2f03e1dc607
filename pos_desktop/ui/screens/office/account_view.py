"""One customer: what is known of them, what they owe, and what they bought, returned and paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from pos_desktop.domain.customer import Customer
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.phone import masked_phone
from pos_desktop.domain.text import _, joined
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.storage.database import Row
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.row_list import RowList
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.screens.office.facts import Facts

_FACTS_WIDTH = 340


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A customer with what they owe and their history, the newest first."""

    customer: Customer
    balance_cents: Cents
    history: Sequence[Row]


class AccountView(Card):
    """Shows an account."""

    def __init__(self) -> None:
        self.list = RowList(_("History"))
        self.facts = Facts(_("What is known"))
        self._name = WrappedText(fonts.heavy(Type.TILE), fonts.heavy(Type.TEXT))
        self._code = label(font=fonts.regular(Type.SMALL), tone="muted")
        who = column(self._name, self._code, gap=0)
        known = Card(_("What is known"), column(who, self.facts, gap=Space.INSIDE, margins=INSIDE))
        known.setFixedWidth(_FACTS_WIDTH)
        head = label(_("History"), fonts.strong(Type.LABEL), tone="muted")
        inner = column(gap=Space.INSIDE, margins=(1, Space.BETWEEN, 1, 1))
        inner.addLayout(row(head, margins=(Space.EDGE, 0, Space.EDGE, 0)))
        inner.addWidget(self.list, 1)
        listed = Card(_("History"), inner)
        whole = row(gap=Space.BETWEEN)
        whole.addWidget(known)
        whole.addWidget(listed, 1)
        super().__init__(_("Customer"), whole, look="plain")

    def show_account(self, account: Account, zone: tzinfo) -> None:
        """Show an account; moments are shown in this zone."""
        customer = account.customer
        self._name.show_text(customer.name)
        self._code.setText(customer.code)
        self.facts.show_facts(_facts(account, zone))
        self.list.show_rows(
            [_entry(one, zone) for one in account.history],
            (_("Nothing yet"), _("F4 on the sell screen says who buys.")),
        )


def balance_words(cents: Cents) -> str:
    """Say what a customer owes, or has with the shop; nothing where that is nothing."""
    if cents > 0:
        return _("owes {amount}").format(amount=format_amount(cents))
    return _("has {amount} with us").format(amount=format_amount(-cents)) if cents else ""


def _facts(account: Account, zone: tzinfo) -> list[tuple[str, str]]:
    customer, consent = account.customer, account.customer.mail_consent_at
    agreed = _("Agreed on {day}").format(day=shown_minute(consent, zone)) if consent else _("No")
    limit = customer.credit_limit_cents
    return [
        (_("Account"), balance_words(account.balance_cents) or _("owes nothing")),
        (
            _("May owe up to"),
            format_amount(limit) if limit else _("Nothing is sold on account"),
        ),
        (_("Phone"), masked_phone(customer.phone)),
        (_("E-mail"), customer.email or ""),
        (_("Wants mail from the shop"), agreed),
        (_("KRA PIN"), customer.kra_pin or ""),
        (_("Address"), customer.address),
        (_("Note"), customer.note),
    ]


def _entry(entry: Row, zone: tzinfo) -> ListRow:
    words = {
        "sale": _("Sale {receipt}"),
        "refund": _("Refund {receipt}"),
        "payment": _("Payment {receipt}"),
    }[entry["kind"]]
    on_account = entry["account_cents"] or 0
    account = ""
    if on_account and entry["kind"] != "payment":
        account = _("on account: {amount}").format(amount=format_amount(on_account))
    return ListRow(
        key=entry["id"],
        title=words.format(receipt=entry["receipt"]),
        note=joined(" · ", (shown_minute(entry["at"], zone), account)),
        right=format_amount(entry["gross_cents"]),
    )
