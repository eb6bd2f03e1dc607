"""One payment of the tray: how it stands, what is known of it, and what has happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.text import _, joined
from pos_desktop.services.mpesa.tray.tray import TrayItem
from pos_desktop.services.mpesa.tray.tray_words import event_words, state_words, told_words
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.storage.mpesa_events import MpesaEvent
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.row_list import RowList
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.screens.mpesa.tray_look import TrayLook
from pos_desktop.ui.screens.office.facts import Facts

_FACTS_WIDTH = 340
_MOST_LINES = 6


class TrayView(Card):
    """Shows a payment."""

    def __init__(self) -> None:
        self.list = RowList(_("What has happened"))
        self.facts = Facts(_("What is known"))
        self.amount = label(font=fonts.heavy(Type.TITLE))
        self.state = label(font=fonts.strong(Type.TEXT), tone="warning")
        self.told = WrappedText(fonts.regular(Type.TEXT), most=_MOST_LINES)
        self.amount.setWordWrap(False)
        head = column(self.amount, self.state, self.told, gap=Space.STEP)
        known = Card(_("What is known"), column(head, self.facts, gap=Space.INSIDE, margins=INSIDE))
        known.setFixedWidth(_FACTS_WIDTH)
        title = label(_("What has happened"), fonts.strong(Type.LABEL), tone="muted")
        inner = column(gap=Space.INSIDE, margins=(1, Space.BETWEEN, 1, 1))
        inner.addLayout(row(title, margins=(Space.EDGE, 0, Space.EDGE, 0)))
        inner.addWidget(self.list, 1)
        whole = row(gap=Space.BETWEEN)
        whole.addWidget(known)
        whole.addWidget(Card(_("What has happened"), inner), 1)
        super().__init__(_("M-Pesa payment"), whole, look="plain")

    def show_look(self, look: TrayLook, zone: tzinfo) -> None:
        """Show a payment; moments are shown in this zone."""
        item = look.item
        self.amount.setText(format_amount(item.amount_cents))
        self.state.setText(state_words(item))
        self.told.show_text(told_words(item))
        self.facts.show_facts(_facts(item, zone))
        events = [_event(place, one, zone, look.people) for place, one in enumerate(item.history)]
        self.list.show_rows(events[::-1], (_("Nothing yet"), ""))


def tray_row(item: TrayItem, zone: tzinfo) -> ListRow:
    """Return the line of a payment."""
    code = item.code or item.reference
    return ListRow(
        key=item.key,
        title=item.name or item.phone or code,
        note=joined(" · ", (shown_minute(item.at, zone), code, _sale_words(item))),
        chip=state_words(item),
        tone=Tone.WARNING if item.is_to_do else Tone.QUIET,
        right=format_amount(item.amount_cents),
        faded=not item.is_to_do,
    )


def _facts(item: TrayItem, zone: tzinfo) -> list[tuple[str, str]]:
    asked = item.attempt.reference if item.attempt else ""
    return [
        (_("M-Pesa code"), item.code),
        (_("Paid at"), shown_minute(item.at, zone)),
        (_("Payer"), joined(" · ", (item.name, item.phone))),
        (_("Reference"), item.reference or asked),
        (_("Sale"), _sale_words(item)),
        (_("Note"), item.money.note if item.money else ""),
    ]


def _sale_words(item: TrayItem) -> str:
    if item.sale_number:
        return item.sale_number
    return _("an open sale or one on hold") if item.is_held else ""


def _event(place: int, event: MpesaEvent, zone: tzinfo, people: Mapping[Id, str]) -> ListRow:
    who = [people.get(event.detail.get(one) or "", "") for one in ("by", "approver")]
    return ListRow(
        key=place,
        title=event_words(event),
        note=joined(" · ", (shown_minute(event.at, zone), *who)),
    )
