"""What stands beside the cart: the total, and the sale before."""

from __future__ import annotations

from PySide6.QtCore import Qt

from pos_desktop.domain.money import Cents, format_amount, format_short
from pos_desktop.domain.pricing import Totals
from pos_desktop.domain.tender import Payment, Tender, TenderKind
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.paper.paper_parts import tender_name
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import AmountLabel, ElidedLabel, label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.screens.sell.recorder import LastSale


class TotalCard(Card):
    """The total in large figures, and what it consists of."""

    def __init__(self, currency: str) -> None:
        self._currency = currency
        self._head = label(font=fonts.strong(Type.LABEL), tone="muted")
        self.amount = AmountLabel((Type.TOTAL, 52, 44, 36, 28), _("Total"))
        self._detail = ElidedLabel(fonts.regular(Type.TEXT), tone="muted")
        self._small = AmountLabel((28, 24, 20), _("Total"), Qt.AlignmentFlag.AlignRight)
        self._small.hide()
        self.buyer = ElidedLabel(fonts.strong(Type.LABEL), tone="accent")
        self.buyer.setAlignment(Qt.AlignmentFlag.AlignRight)
        head = row(self._head, gap=Space.BETWEEN)
        head.addWidget(self.buyer, 1)
        head.addWidget(self._small)
        super().__init__(_("Total"), column(head, self.amount, self._detail, gap=2, margins=INSIDE))

    def show_compact(self, *, compact: bool) -> None:
        """Put the total on one line, where the keys for fingers need the height."""
        self._small.setVisible(compact)
        self.amount.setVisible(not compact)
        self._detail.setVisible(not compact)

    def show_buyer(self, name: str) -> None:
        """Show which customer of the shop buys; nothing for a walk-in."""
        self.buyer.show_text(name)

    def show_totals(self, totals: Totals, payment: Payment, returned_cents: Cents = 0) -> None:
        """Show what a basket comes to, or what is still to pay of it, or to give back."""
        if returned_cents:
            self._show_returns(totals, payment, returned_cents)
        elif payment.tenders:
            self._show(_("STILL TO PAY"), payment.cash_due_cents)
            self._detail.show_text(
                _("{paid} of {total} is paid").format(
                    paid=format_amount(payment.paid_cents), total=format_amount(totals.gross_cents)
                )
            )
        else:
            self._show(_("TOTAL"), totals.gross_cents)
            self._detail.show_first_fitting(*_contents(totals))

    def _show_returns(self, totals: Totals, payment: Payment, returned_cents: Cents) -> None:
        """Show what is due, or goes back, where goods come back."""
        cents = payment.remaining_cents
        if payment.tenders:
            cents = payment.cash_due_cents
        head = _("TO PAY")
        if payment.is_refund:
            head = _("STILL TO GIVE BACK") if payment.tenders else _("TO GIVE BACK")
        self._show(head, abs(cents))
        back = _("comes back {amount}").format(amount=format_amount(returned_cents))
        bought = _("bought {amount}").format(amount=format_amount(totals.gross_cents))
        self._detail.show_text(joined(" · ", (bought if totals.pieces else "", back)))

    def _show(self, head: str, cents: int) -> None:
        text = joined(" · ", (head, self._currency))
        if text != self._head.text():
            self._head.setText(text)
        self.amount.show_text(format_amount(cents))
        self._small.show_text(format_amount(cents))


def _contents(totals: Totals) -> tuple[str, ...]:
    """Return what a basket consists of, in ever shorter wordings."""
    if not totals.pieces:
        return (_("No items yet"),)
    count = totals.pieces
    items = ngettext("{count} item", "{count} items", count).format(count=f"{count:,}")
    vat = format_amount(totals.vat_cents)
    saved = format_amount(totals.discount_cents)
    wordings = []
    for words, saving in (
        (_("VAT included {amount}"), _("you save {amount}")),
        (_("VAT {amount}"), _("you save {amount}")),
        (_("VAT {amount}"), _("saved {amount}")),
    ):
        parts = [items, words.format(amount=vat)]
        if totals.discount_cents > 0:
            parts.append(saving.format(amount=saved))
        wordings.append(" · ".join(parts))
    return tuple(wordings)


class LastSaleCard(Card):
    """The sale before the open one: its receipt and its change."""

    def __init__(self) -> None:
        self._receipt = ElidedLabel(fonts.strong(Type.LABEL), tone="muted")
        self._paid = WrappedText(fonts.regular(Type.TEXT), fonts.regular(Type.LABEL))
        self._back = label(_("CHANGE"), fonts.strong(Type.LABEL), tone="muted")
        self._back.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.change = AmountLabel((30, 24, 20), _("Change"), Qt.AlignmentFlag.AlignRight)
        left = column(1, self._receipt, self._paid, 1, gap=4)
        right = column(self._back, self.change, gap=2)
        body = row(gap=Space.BETWEEN, margins=INSIDE)
        body.addLayout(left, 3)
        body.addLayout(right, 2)
        super().__init__(_("Last sale"), body)
        self.hide()

    def show_sale(self, sale: LastSale | None) -> None:
        """Show a sale, or hide where there was none."""
        if sale is None:
            self.hide()
            return
        if sale.receipt:
            text = _("LAST REFUND {receipt}") if sale.is_refund else _("LAST SALE {receipt}")
            short = sale.receipts_in_short
            wordings = text.format(receipt=sale.receipts), text.format(receipt=short), short
            self._receipt.show_first_fitting(*wordings)
        else:
            self._receipt.show_text(_("RECORDING THE SALE…"))
        self._paid.show_text(paid_sentence(sale))
        self.change.show_text(format_amount(sale.back_cents) if sale.receipt else "…")
        self._back.setText(_("GIVEN BACK") if sale.is_refund else _("CHANGE"))
        self.show()


def paid_sentence(sale: LastSale) -> str:
    """Say how a sale was paid, or by what its money went back."""
    if sale.is_refund or any(one.kind is not TenderKind.CASH for one in sale.tenders):
        return _paid_by_tenders(sale)
    given, total = format_short(sale.given_cents), format_short(sale.total_cents)
    if sale.given_cents == sale.total_cents:
        return _("Cash, exactly {total}").format(total=total)
    return _("Cash {given} for {total}").format(given=given, total=total)


def _paid_by_tenders(sale: LastSale) -> str:
    parts = (
        joined(" ", (tender_name(one.kind), format_short(abs(one.given_cents)), _detail(sale, one)))
        for one in sale.tenders
        if one.given_cents or not one.change_cents
    )
    paid = joined(" + ", parts)
    if not sale.is_refund:
        return paid
    if any(one.kind is TenderKind.MPESA for one in sale.tenders):
        # M-Pesa is only asked: whether it went back is known later
        return _("Goes back: {tenders}").format(tenders=paid)
    return _("Given back: {tenders}").format(tenders=paid)


def _detail(sale: LastSale, tender: Tender) -> str:
    """Say what is left of a voucher, and by which code M-Pesa has paid; nothing of the rest."""
    if tender.kind is TenderKind.MPESA and not sale.is_refund:
        if tender.reference in sale.unconfirmed:
            return _("({code}, not confirmed by M-Pesa)").format(code=tender.reference)
        return f"({tender.reference})" if tender.reference else ""
    left = sale.left_on_vouchers.get(tender.reference)
    if left is None or tender.kind is not TenderKind.VOUCHER:
        return ""
    return _("({amount} left)").format(amount=format_short(left))
