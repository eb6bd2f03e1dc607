"""The subscription: how it stands, where it is paid, and the receipt of what was paid."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt

from pos_desktop.domain.licence import Plan, state_words
from pos_desktop.domain.text import _, joined
from pos_desktop.services.licence.licence_words import (
    payment_words,
    plan_words,
    standing_sentence,
    training_words,
)
from pos_desktop.services.licence.subscription import Overview
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.storage.licence_rows import LicencePayment, PaymentState
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.screens.office.facts import Facts
from pos_desktop.ui.screens.office.form_page import FormPage
from pos_desktop.ui.screens.office.office import Office

K = Qt.Key
_LONGEST_RECEIPT = 20
_SHOWN = 3
"""So many of the latest payments are shown; posctl licence lists all."""


class SubscriptionPage(FormPage):
    """What was paid is typed on the left; on the right stands how the subscription is."""

    def __init__(self, office: Office) -> None:
        self.plan = Choice(_("Plan"), columns=1)
        self.receipt = FormField(
            _("M-Pesa receipt"), hint=_("Such as SKA1B2C3D4"), longest=_LONGEST_RECEIPT
        )
        form = Form(_("Pay the subscription"), (self.plan, self.receipt))
        super().__init__(office, _("Subscription"), form)
        self.where = label(wrap=True)
        form.explain(self.where)
        self.seen: Overview | None = None
        self.state = label(font=fonts.heavy(Type.TILE))
        self.sentence = label(wrap=True)
        self.facts = Facts(_("How it stands"))
        parts = column(self.state, self.sentence, gap=Space.STEP, margins=INSIDE)
        parts.addWidget(self.facts, 1)
        self.beside.addWidget(Card(_("How it stands"), parts), 2)
        self.form.done.connect(self._pay)
        self._offer()

    @property
    def unsettled(self) -> LicencePayment | None:
        """The latest payment that has no activation."""
        found = self.seen.payments if self.seen else ()
        return next((one for one in found if one.state is not PaymentState.GRANTED), None)

    def _offer(self) -> None:
        again = Act(
            key=K.Key_F5,
            title=_("Try again"),
            help=_("Ask once more for the activation of the last receipt that got none"),
            do=self._again,
        )
        self.offer(
            Act(
                key=K.Key_F8,
                title=_("Activate"),
                help=_("Keep the receipt and ask for the activation; so does Enter"),
                rank=Rank.FIRST,
                do=self._pay,
            ),
            *((again,) if self.unsettled else ()),
            Act(
                key=K.Key_F7,
                title=_("Look again"),
                help=_("Read how the subscription stands now"),
                do=self.refresh,
            ),
            self.letters_act(),
        )

    def opened(self) -> None:
        """Read how it stands, also where the form is as it was left."""
        super().opened()
        self.refresh()

    def seen_again(self) -> None:
        """Read what has come of it meanwhile."""
        self.refresh()

    def begin(self) -> None:
        """Ask for a receipt."""
        self.receipt.show_text("")
        self.form.begin()

    def refresh(self) -> None:
        """Read how the subscription stands, and its payments."""
        subscription, actor = self.office.shop.licence.subscription, self.office.actor
        self.ask(lambda: subscription.overview(actor=actor), self._show)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        if self.seen is not None:
            self._show(self.seen)

    def _show(self, seen: Overview) -> None:
        is_first = self.seen is None or self.seen.plans != seen.plans
        self.seen = seen
        self._show_plans(seen.plans)
        if is_first:
            self.form.begin()
        zone = self.office.shop.configuration.zone
        if self.office.shop.licence.subscription.is_training:
            self.state.setText(_("Training"))
            self.sentence.setText(training_words())
        else:
            self.state.setText(state_words(seen.standing.state))
            self.sentence.setText(standing_sentence(seen.standing, zone))
        pay_to = seen.pay_to or _("Ask the supplier of the program where to pay.")
        words = _("1. Pay the price of the plan by M-Pesa: {where}\n2. Type the receipt here.")
        self.where.setText(words.format(where=pay_to))
        self.facts.show_facts(list(self._facts(seen)))
        self._offer()

    def _show_plans(self, plans: tuple[Plan, ...]) -> None:
        names = [plan.name for plan in plans]
        chosen = self.plan.key if self.plan.key in names else next(iter(names), "")
        self.plan.show_choices([(plan.name, plan_words(plan)) for plan in plans], chosen)

    def _facts(self, seen: Overview) -> Iterator[tuple[str, str]]:
        activation = seen.standing.activation
        if activation is not None:
            words = joined(" · ", (plan_words(activation.plan), activation.receipt))
            yield _("Paid last"), words
        zone = self.office.shop.configuration.zone
        for one in seen.payments[:_SHOWN]:
            head = joined(" · ", (one.receipt, shown_minute(one.noted_at, zone)))
            yield head, payment_words(one)
        yield _("Number of the shop"), self.office.shop.books.node.shop_id

    def _pay(self) -> None:
        subscription, actor = self.office.shop.licence.subscription, self.office.actor
        receipt, plan = self.receipt.text, self.plan.key

        def done(payment: LicencePayment) -> None:
            self.begin()
            self.refresh()
            self.say(_kept_words(payment))

        self.ask(lambda: subscription.typed(receipt, plan, actor=actor), done)

    def _again(self) -> None:
        payment = self.unsettled
        if payment is None:
            return
        subscription, actor = self.office.shop.licence.subscription, self.office.actor

        def done(again: LicencePayment) -> None:
            self.refresh()
            self.say(_kept_words(again))

        self.ask(lambda: subscription.again(payment.receipt, actor=actor), done)


def _kept_words(payment: LicencePayment) -> str:
    if payment.state is PaymentState.GRANTED:
        return _("This receipt is activated already.")
    words = _("The receipt {receipt} is kept. You are told when the subscription is activated.")
    return words.format(receipt=payment.receipt)
