"""Whether the sale is taken away, or what is paid given back: asked once, then done."""

from __future__ import annotations

from collections.abc import Callable

from pos_desktop.domain.money import format_amount
from pos_desktop.domain.text import _
from pos_desktop.services.counter.money_back import is_cash_alone, tenders_in_words
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice, Strip
from pos_desktop.ui.screens.sell.counter import Counter


class ClearQuestion:
    """Asks in the strip; the question holds as long as it stands there."""

    def __init__(self, counter: Counter, strip: Strip, show_tenders: Callable[[], None]) -> None:
        self._counter = counter
        self._strip = strip
        self._show_tenders = show_tenders
        self._asked: Notice | None = None

    def clear(self) -> None:
        """Give back what is paid, else take the whole sale away; once it was asked about."""
        counter = self._counter
        if counter.basket.is_empty:
            return
        asked = Notice(self._question(), Tone.WARNING)
        if self._strip.notice == asked:
            self._show_tenders()
            (counter.give_back if counter.payment.tenders else counter.clear)()
        else:
            self._asked = asked
            self._strip.say(asked)

    def _question(self) -> str:
        payment = self._counter.payment
        cents = payment.paid_cents if payment.tenders else payment.due_cents
        text = _(
            "Clear again (⇧ Del) takes the whole sale of {total} away; Esc or a touch keeps it."
        )
        if payment.tenders and not is_cash_alone(payment):
            text = _("Clear again (⇧ Del) undoes {tenders}. Esc or a touch keeps it.")
            return text.format(tenders=tenders_in_words(payment))
        if payment.tenders and payment.is_refund:
            text = _(
                "Clear again (⇧ Del) takes {total} back that was given; Esc or a touch keeps it."
            )
        elif payment.tenders:
            text = _(
                "Clear again (⇧ Del) gives {total} back; the sale stays. Esc or a touch keeps it."
            )
        elif self._counter.basket.returns is not None:
            text = _("Clear again (⇧ Del) takes all out of the cart; Esc or a touch keeps it.")
        return text.format(total=format_amount(abs(cents)))

    def keep(self) -> None:
        """Take the question back; other words stay."""
        if self._asked is not None and self._strip.notice == self._asked:
            self._strip.say(None)

    def retell(self) -> None:
        """Know the question as it is said now."""
        if self._asked is not None:
            self._asked = self._asked.again()
