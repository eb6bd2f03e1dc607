"""One product: what is known of it, and how its price, its cost and its stock have moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from pos_desktop.domain.goods import StockMove, reason_words
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.product import PriceChange, ProductCard, source_words
from pos_desktop.domain.quantity import format_quantity
from pos_desktop.domain.text import _, joined
from pos_desktop.services.reports.audit_words import act_words
from pos_desktop.services.shown_dates import shown_minute
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
class Looked:
    """A product with its history, the newest first."""

    card: ProductCard
    prices: Sequence[PriceChange]
    moves: Sequence[StockMove]


class ProductView(Card):
    """Shows a product, beside it the history of its prices or of its stock."""

    def __init__(self) -> None:
        self.list = RowList(_("History"))
        self.facts = Facts(_("What is known"))
        self._name = WrappedText(fonts.heavy(Type.TILE), fonts.heavy(Type.TEXT))
        known = Card(
            _("What is known"),
            column(self._name, self.facts, gap=Space.INSIDE, margins=INSIDE),
        )
        known.setFixedWidth(_FACTS_WIDTH)
        self._head = label(font=fonts.strong(Type.LABEL), tone="muted")
        inner = column(gap=Space.INSIDE, margins=(1, Space.BETWEEN, 1, 1))
        inner.addLayout(row(self._head, margins=(Space.EDGE, 0, Space.EDGE, 0)))
        inner.addWidget(self.list, 1)
        whole = row(gap=Space.BETWEEN)
        whole.addWidget(known)
        whole.addWidget(Card(_("History"), inner), 1)
        super().__init__(_("Product"), whole, look="plain")

    def show_product(self, looked: Looked, zone: tzinfo, *, of_stock: bool) -> None:
        """Show a product with the history of its stock, or of its prices, in this zone."""
        self._name.show_text(looked.card.form.name)
        self.facts.show_facts(_facts(looked.card))
        if of_stock:
            self._head.setText(_("How its stock has moved"))
            rows = [_moved(place, one, zone) for place, one in enumerate(looked.moves)]
            empty = (_("Nothing moved yet"), _("Sales and goods received are listed here."))
        else:
            self._head.setText(_("How its price and cost have changed"))
            rows = [_changed(one, zone) for one in looked.prices]
            empty = (_("The price never changed"), _("Each change is kept here."))
        self.list.show_rows(rows, empty)


def _facts(card: ProductCard) -> list[tuple[str, str]]:
    form = card.form
    level, upto = form.reorder_level, form.reorder_to
    watched = ""
    if level is not None:
        watched = _("at or below {level}").format(level=format_quantity(level))
        if upto is not None:
            watched = _("at or below {level}, up to {upto}").format(
                level=format_quantity(level), upto=format_quantity(upto)
            )
    return [
        (_("Price with VAT"), format_amount(form.price_cents)),
        (_("Cost without VAT"), _amount(form.cost_cents)),
        (_("In stock"), stock_words(card)),
        (_("On sale"), _("Yes") if form.active else _("No, it is not sold any more")),
        (_("Code"), form.code or ""),
        (_("Barcodes"), " ".join(form.barcodes)),
        (_("Category"), form.category or ""),
        (_("VAT"), form.tax_band),
        (_("Sold by weight"), _("Yes") if form.by_weight else ""),
        (_("Supplier"), card.supplier),
        (_("Ordered"), watched),
        (_("eTIMS"), " · ".join(filter(None, _etims(card)))),
    ]


def _etims(card: ProductCard) -> tuple[str | None, ...]:
    form = card.form
    return form.item_class, form.unit_code, form.packaging_code


def stock_words(card: ProductCard) -> str:
    """Return how much of a product there is, in its unit."""
    return " ".join((format_quantity(card.in_stock), card.form.unit)).strip()


def _amount(cents: Cents | None) -> str:
    return "" if cents is None else format_amount(cents)


def _changed(change: PriceChange, zone: tzinfo) -> ListRow:
    parts = [
        shown_minute(change.changed_at, zone),
        source_words(change.source, change.source_number),
        change.staff_name or _("at the console"),
    ]
    if change.old_cost_cents != change.cost_cents:
        parts.append(
            _("cost {old} → {new}").format(
                old=_amount(change.old_cost_cents) or "-", new=_amount(change.cost_cents) or "-"
            )
        )
    return ListRow(
        key=change.ver,
        title=_prices(change),
        note=joined(" · ", parts),
    )


def _prices(change: PriceChange) -> str:
    if change.old_price_cents == change.price_cents:
        return _("price {price} as before").format(price=format_amount(change.price_cents))
    return _("price {old} → {new}").format(
        old=format_amount(change.old_price_cents), new=format_amount(change.price_cents)
    )


def _moved(place: int, move: StockMove, zone: tzinfo) -> ListRow:
    title = _("Sold") if move.kind == "sale" else act_words(move.kind)
    reason = reason_words(move.reason) if move.reason else ""
    return ListRow(
        key=f"{move.fact_id} {place}",
        title=title,
        note=joined(" · ", (shown_minute(move.at, zone), reason)),
        right=signed(move.quantity),
    )


def signed(quantity: int) -> str:
    """Return a quantity with its sign, also where it is above zero."""
    return f"+{format_quantity(quantity)}" if quantity > 0 else format_quantity(quantity)
