"""M-Pesa on the sell screen: from F9 until the money is in the sale, or another tender is.

From the first F9 on the cart waits: what comes for it, by a push or by itself, becomes its tender
as soon as it is there, whatever page is open. A phone is asked beside the lane: that may take as
long as the network lets it; scans and other tenders go on.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer

from pos_desktop import settings
from pos_desktop.domain import commands as do
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.grammar import parse_mpesa_code
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.mpesa_attempt import UNDER_WAY
from pos_desktop.domain.mpesa_money import Wait
from pos_desktop.domain.phone import masked_phone, parse_phone, typed_phone
from pos_desktop.domain.text import _
from pos_desktop.services.counter.replies import Reply
from pos_desktop.services.counter.till_state import NothingToPay
from pos_desktop.services.mpesa.cart_waits import Look
from pos_desktop.services.mpesa.setup.call_check import clock_words
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaNotSetUp
from pos_desktop.storage.mpesa_attempts import Attempt
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.screens.sell.counter import Counter
from pos_desktop.ui.screens.sell.flow import Flow
from pos_desktop.ui.screens.sell.mpesa_held import HeldWatch
from pos_desktop.ui.screens.sell.mpesa_hints import left_open, pay_hint, still_asked
from pos_desktop.ui.screens.sell.mpesa_look_up import CodeLookUp
from pos_desktop.ui.screens.sell.mpesa_page import MpesaPage
from pos_desktop.ui.screens.sell.mpesa_qr_page import MpesaQrPage
from pos_desktop.ui.screens.sell.mpesa_steps import (
    again_title,
    is_likely_to_pay,
    may_ask_again,
    nothing_shown_in,
    offers_of,
    said_of,
    steps_of,
)
from pos_desktop.ui.screens.sell.mpesa_wait_page import MpesaWaitPage
from pos_desktop.ui.threads.long_work import LongWork

_LOOK_MS = 250
"""How often the page looks what has come: a payment is to be seen within a second."""


class MpesaFlow(Flow):
    """Holds the two pages, and looks for what comes."""

    def __init__(self, counter: Counter, pushes: LongWork) -> None:
        super().__init__()
        self._counter = counter
        self._shop = counter.shop
        self._pushes = pushes
        self._waiting_for: Id | None = None
        """The cart that waits."""
        self._reference = ""
        """By what a payment names it."""
        self._seen: Look | None = None
        """How it stood with that cart when it was last looked at."""
        self._coded_cents: Cents = 0
        """For how much the code is that is shown."""
        self._tried: set[str] = set()
        """What was taken since the last F9: undone, it is not taken again unasked."""
        self._is_taking = False
        self._has_told_of_clock = False
        self.page = MpesaPage()
        self.watch = MpesaWaitPage()
        self.qr = MpesaQrPage()
        self.held = HeldWatch(counter, self.page)
        self._looking_up = CodeLookUp(counter, pushes)
        self._timer = QTimer(self.page)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self.page.asked.connect(self._asked)
        self.page.picked.connect(self._pick)
        self.page.refused.connect(counter.say_failed)
        self.page.left.connect(self._leave)
        self.page.code_wanted.connect(lambda: counter.in_turn(self._show_code))
        self.qr.left.connect(lambda: counter.in_turn(self._show_asking))
        self.watch.again.connect(lambda: counter.in_turn(self._show_asking))
        self.watch.other.connect(self._leave)
        self.watch.nothing.connect(self._end)
        counter.changed.connect(self._follow)

    @property
    def pages(self) -> tuple[MpesaPage, MpesaWaitPage, MpesaQrPage]:
        """The pages, of which one at most is shown."""
        return self.page, self.watch, self.qr

    def open(self) -> None:
        """Let the open cart wait for M-Pesa, and ask for a phone or show how far that is.

        Where only one payment is offered that is due, take it.
        """
        if self.page.isVisible() and self.page.take_fitting():
            return
        counter = self._counter
        self._shop.mpesa_desk.asked_for()
        cart, cents = self._shop.till.state.open_cart(), counter.payment.remaining_cents
        assert cart is not None
        tenders = counter.payment.tenders
        self._tried.clear()

        def work() -> tuple[Wait, Look]:
            self._shop.carts.keep_open(cart)
            wait = self._shop.mpesa.waits.open(cart.id, cents)
            return wait, self._shop.mpesa.waits.look(cart.id, tenders)

        def then(found: tuple[Wait, Look]) -> None:
            wait, look = found
            self._waiting_for, self._reference = cart.id, wait.reference
            self._timer.start()
            counter.quiet()
            self._seen = look
            if look.attempt is not None and not may_ask_again(look.attempt, tenders):
                self._show_watch(look.attempt)
            else:
                self._show_asking()
            self._show(look)

        counter.learn(work, then)

    # what is shown

    def _show_asking(self) -> None:
        """Ask for a phone or a code; while a phone may still pay, for the code of that alone."""
        self.page_wanted.emit(self.page)
        payment = self._counter.payment
        asked = self._asked_now()
        if asked is not None:
            words = _("The phone is being asked: type the code of the customer's message.")
            self.page.ask(asked.amount_cents, "", words, code_only=True)
        else:
            self.page.ask(payment.mpesa_due_cents, self._known_phone(), self._hint())

    def _asked_now(self) -> Attempt | None:
        """Return the attempt of the open cart that may still be paid, None without one."""
        attempt = self._seen.attempt if self._seen is not None else None
        return attempt if attempt is not None and attempt.state in UNDER_WAY else None

    def _show_code(self) -> None:
        """Let M-Pesa make a QR code of what is to be paid, beside the lane."""
        cart_id, cents = self._waiting_for, self._counter.payment.mpesa_due_cents
        if cart_id is None:
            return
        self._coded_cents = cents
        self.qr.show_waiting(cents)
        self.page_wanted.emit(self.qr)

        def made(png: bytes) -> None:
            if cart_id == self._waiting_for and cents == self._coded_cents:
                self.qr.show_code(png, self._hint())

        def failed(error: Exception) -> None:
            if self.qr.isVisible():
                self._counter.in_turn(self._show_asking)
            self._counter.say_failed(error)

        make = partial(self._shop.mpesa.codes.make, self._reference, cents)
        self._pushes.run(make, made, failed)

    def _show_watch(self, attempt: Attempt) -> None:
        self.watch.show_asked(attempt.amount_cents, masked_phone(attempt.phone))
        self.page_wanted.emit(self.watch)
        self._look()

    def _show(self, look: Look) -> None:
        if self.page.isVisible():
            payment = self._counter.payment
            due = payment.remaining_cents, payment.mpesa_due_cents
            self.page.show_offers(offers_of(look, self._shop.configuration.zone, due))
        if self.watch.isVisible() and look.attempt is not None:
            self._show_attempt(look.attempt)

    def _show_attempt(self, attempt: Attempt) -> None:
        now = self._shop.mpesa.ages.now(attempt)
        may_ask = may_ask_again(attempt, self._counter.payment.tenders)
        title = again_title(attempt, now, may_ask=may_ask)
        self.watch.show_steps(
            steps_of(attempt, now),
            said_of(attempt, self._hint(), now),
            again=title,
            is_next=may_ask and is_likely_to_pay(attempt) and ":" not in title,
            end_in=nothing_shown_in(attempt, now),
        )

    def _hint(self) -> str:
        cents = self._counter.payment.remaining_cents
        return pay_hint(self._shop.configuration, self._reference, cents)

    def _known_phone(self) -> str:
        """Return the phone that was asked last, else that of the customer who buys."""
        attempt = self._seen.attempt if self._seen is not None else None
        if attempt is not None and attempt.phone:
            return typed_phone(attempt.phone)
        customer_id = self._counter.basket.customer_id
        customer = self._shop.customers.get(customer_id) if customer_id else None
        return typed_phone(customer.phone) if customer and customer.phone else ""

    # what is done

    def _asked(self, typed: str, cents: Cents) -> None:
        try:
            phone = parse_phone(typed)
        except Refused as error:
            self._take_code(typed, cents, error)
            return
        self._counter.in_turn(partial(self._ask, phone, cents))

    def _take_code(self, typed: str, cents: Cents, no_phone: Refused) -> None:
        """Take a payment by its code; what M-Pesa can tell of it is looked up before."""
        try:
            code = parse_mpesa_code(typed)
        except Refused as error:
            is_code = any(sign.isalpha() for sign in typed)
            self.page.mend_typed(error if is_code else no_phone)
            return
        cart_id = self._waiting_for

        def take() -> None:
            if cart_id != self._shop.till.state.cart_id:
                words = _("The sale of this code was put aside: take it up, and type it again.")
                self._counter.say_failed(Refused(words))
                return
            self._tried.add(code)
            self._counter.pay(do.PayMpesaCode(code, cents), self._done)

        self._looking_up.look_up(code, take)

    def _ask(self, phone: str, cents: Cents) -> None:
        self._counter.payment.mpesa_push(cents)
        cart, person = self._shop.till.state.open_cart(), self._shop.till.person
        if cart is None:
            raise NothingToPay

        def work() -> Attempt:
            if not self._shop.mpesa.setup.can_ask_phones:
                raise MpesaNotSetUp
            return self._shop.mpesa_desk.begin(cart, cents, phone, person)

        def begun(attempt: Attempt) -> None:
            self._show_watch(attempt)
            push = partial(self._shop.mpesa.pushing.push, attempt.id)
            self._pushes.run(push, self._pushed, self._counter.say_failed)

        self._counter.learn(work, begun)

    def _pushed(self, _attempt: Attempt) -> None:
        """Look what has come of it; a clock that is off is told of once."""
        self._look()
        words = clock_words(self._shop.mpesa.daraja.skew)
        if words and not self._has_told_of_clock:
            self._has_told_of_clock = True
            self._counter.noticed.emit(Notice(words, Tone.WARNING))

    def _end(self) -> None:
        """End an attempt in doubt, once a manager has approved it."""
        counter = self._counter

        def then(reply: Reply) -> None:
            counter.say(reply.message)
            self.page_wanted.emit(self.watch)
            self._look()

        counter.carry_out(do.EndMpesa(), then)

    def _pick(self, receipt: str) -> None:
        cart_id = self._waiting_for
        if cart_id is None:
            return

        counter, mpesa = self._counter, self._shop.mpesa

        def picked(is_ours: bool) -> None:  # noqa: FBT001 - the answer of the pick
            if is_ours:
                self._look()
            else:
                counter.say_failed(Refused(_("Another sale has taken this payment.")))

        def pick(may: bool) -> None:  # noqa: FBT001 - the answer of the relay
            if may:
                counter.learn(lambda: mpesa.waits.pick(cart_id, receipt), picked)
            else:
                picked(may)

        # another till may pick it at this moment
        if self._shop.configuration.get(settings.MPESA_SHARED):
            may_pick = partial(mpesa.claims.may_pick, receipt, cart_id)
            self._pushes.run(may_pick, pick, counter.say_failed)
        else:
            pick(may=True)

    def _look(self) -> None:
        """Look what has come for the cart that waits, and take it."""
        cart_id = self._waiting_for
        if cart_id is None or cart_id != self._shop.till.state.cart_id:
            return
        look = self._shop.mpesa.waits.look(cart_id, self._counter.payment.tenders)
        self._seen = look
        if look.attempt is not None:
            self._shop.mpesa.push_query.look_after(look.attempt)
        self._show(look)
        news = [one for one in look.come if one.reference not in self._tried]
        if news and not self._is_taking:
            self._take(news[0].reference)

    def _take(self, reference: str) -> None:
        self._is_taking = True

        def done() -> None:
            self._is_taking = False
            self._done()

        self._tried.add(reference)
        self._counter.pay(do.TakeMpesa(reference), done)
        self._counter.in_turn(self._taken)

    def _taken(self) -> None:
        self._is_taking = False

    def _done(self) -> None:
        if any(one.isVisible() for one in self.pages):
            self.over.emit()

    def _follow(self) -> None:
        """Wait for another amount where the cart has changed, and no more where it is gone."""
        state = self._shop.till.state
        if self._waiting_for is None:
            self._take_up(state.cart_id)
            return
        if state.cart_id != self._waiting_for or state.basket.is_empty:
            self._tell_left_open(self._waiting_for)
            self._waiting_for, self._seen = None, None
            self._timer.stop()
            self._done()
            return
        cart_id, cents = self._waiting_for, self._counter.payment.remaining_cents
        due = self._counter.payment.mpesa_due_cents
        if self.page.isVisible() and self._asked_now() is None:
            self.page.offer_amount(due)
        if self.qr.isVisible() and due != self._coded_cents:
            self._counter.in_turn(self._show_asking)  # the code asks for another amount
        self._counter.look(lambda: self._shop.mpesa.waits.open(cart_id, cents), lambda _wait: None)

    def _take_up(self, cart_id: Id | None) -> None:
        """Look again for what comes for a cart that was on hold, or open at the last start."""
        if cart_id is not None and self._shop.mpesa.waits.is_open(cart_id):
            self._waiting_for = cart_id
            self._tried.clear()
            self._timer.start()
            self._look()
            self._tell_still_asked()

    def _tell_still_asked(self) -> None:
        attempt = self._asked_now()
        if attempt is not None:
            self._counter.noticed.emit(Notice(still_asked(attempt), Tone.WARNING))

    def _tell_left_open(self, cart_id: Id) -> None:
        """Say that a customer may still pay whose sale is over; not of one on hold."""
        if cart_id in {one.id for one in self._counter.held}:
            return

        def tell(attempt: Attempt | None) -> None:
            if attempt is not None:
                self._counter.noticed.emit(Notice(left_open(attempt), Tone.WARNING))

        self._counter.look(lambda: self._shop.mpesa.waits.left_open(cart_id), tell)

    def _leave(self) -> None:
        self._counter.quiet()
        self._tell_still_asked()
        self.over.emit()
