"""The counter: what the cashier does is told to the desk; what came of it, to the screen.

Nothing here writes to the database or knows which service carries a command out: the desk knows
that, and the turns keep the order, so that no scan is dropped or merged. What is no command (select
a line, sell what a search has found, take up after a start) is asked of the till itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from pos_desktop.domain import commands as do
from pos_desktop.domain.basket import Basket
from pos_desktop.domain.errors import Cancelled, Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.pack_labels import Sold
from pos_desktop.domain.pricing import Priced, Totals
from pos_desktop.domain.quantity import Thousandths
from pos_desktop.domain.shift import Shift
from pos_desktop.domain.tender import Payment
from pos_desktop.domain.text import _, joined
from pos_desktop.services.counter.replies import Recording, Reply
from pos_desktop.services.counter.steps import step
from pos_desktop.services.people.customers import shown_name
from pos_desktop.services.sales.held_carts import HeldCart
from pos_desktop.services.sales.selling import Checkout, ShiftClosed
from pos_desktop.shop import Shop
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.sounds import Sounds
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.screens.sell import wording
from pos_desktop.ui.screens.sell.approval_words import ApprovalWords
from pos_desktop.ui.screens.sell.approvals import Approvals, Then
from pos_desktop.ui.screens.sell.entry import Entry, Outcome
from pos_desktop.ui.screens.sell.printer_news import PrinterNews
from pos_desktop.ui.screens.sell.recalling import Recalling
from pos_desktop.ui.screens.sell.recorder import LastSale, Recorder
from pos_desktop.ui.screens.sell.turns import Failed, Turns
from pos_desktop.ui.screens.sell.weigher import Weigher
from pos_desktop.ui.threads.lane import DatabaseLane

T = TypeVar("T")


class Counter(QObject):
    """Drives the till for the sell screen, and holds what the screen shows."""

    changed = Signal()
    """The basket, its payment, the held carts or the last sale changed."""
    noticed = Signal(object)
    """A Notice for the strip, or None where the last one is over."""
    recall_wanted = Signal()
    approval_wanted = Signal(object)
    accepted = Signal(object)
    """A manager has approved this command: it is being carried out."""
    approved = Signal()
    """What waited for a manager waits no more."""
    recorded = Signal()
    """A sale is on disk, and the till is ready for the next customer."""
    not_sold = Signal()
    """A sale was not recorded, and the cashier has to know."""
    locked = Signal()
    float_wanted = Signal(object)
    """No shift is open (any more): a float is wanted; with a sentence where that is a surprise."""

    def __init__(self, shop: Shop, lane: DatabaseLane, sounds: Sounds) -> None:
        super().__init__()
        self.shop = shop
        self._till = shop.till
        self._desk = shop.desk
        self._sounds = sounds
        self._lane = lane
        self._turns = Turns(lane, self._failed)
        self._recorder = Recorder(shop.till, self._turns, lane)
        self._recalling = Recalling(
            shop.desk, self._turns, self._with_held, self._say_taken_up, self._failed
        )
        words = ApprovalWords(shop)
        self._approvals = Approvals(shop.desk, shop.till, self._turns, self._record, words)
        outcome = Outcome(
            sold=self._sold,
            changed=self._changed,
            paid=self._paid,
            quiet=self.quiet,
            failed=self._failed,
            missed=self._missed,
        )
        scale = shop.devices.scale
        self.weigher = Weigher(shop.till, scale, self._turns, self._sold, self._failed)
        self.entry = Entry(
            shop.till,
            shop.catalogue,
            self._turns,
            self._approvals,
            outcome,
            self._is_between_customers,
            self.weigher,
        )
        self._buyer: tuple[Id | None, str] = (None, "")
        self._paid_so_far: Payment | None = None
        self.printer = PrinterNews()
        self.held: list[HeldCart] = []
        self.priced = Priced(lines=(), totals=Totals(), bands=())
        self._join()

    def _join(self) -> None:
        self._approvals.wanted.connect(self.approval_wanted)
        self._approvals.accepted.connect(self.accepted)
        self._approvals.over.connect(self.approved)
        recorder = self._recorder
        recorder.changed.connect(self.changed)
        recorder.recorded.connect(self.recorded)
        recorder.refused.connect(self._not_recorded)
        recorder.sold_elsewhere.connect(self._failed)
        recorder.back.connect(self._is_back)
        recorder.failed.connect(self._failed)
        self.changed.connect(self.weigher.follow_cart)
        self.locked.connect(self.weigher.run_out)
        for gone_wrong in (recorder.sold_elsewhere, recorder.failed):
            gone_wrong.connect(lambda _error: self.not_sold.emit())

    @property
    def basket(self) -> Basket:
        """The open basket."""
        return self._till.state.basket

    @property
    def buyer(self) -> str:
        """The customer of the shop who buys, as screens show them; empty for a walk-in."""
        customer_id = self.basket.customer_id
        if customer_id != self._buyer[0]:
            customer = self.shop.customers.get(customer_id) if customer_id else None
            self._buyer = customer_id, shown_name(customer) if customer else ""
        return self._buyer[1]

    @property
    def payment(self) -> Payment:
        """The payment of the open basket as far as it has come."""
        return self._till.payment(self.priced)

    @property
    def last(self) -> LastSale | None:
        """The sale before the open one."""
        return self._recorder.last

    @property
    def stranded(self) -> list[Checkout]:
        """Paid baskets that were neither recorded nor brought back."""
        return self._recorder.stranded

    @property
    def is_open(self) -> bool:
        """Whether somebody sells here: they are signed in, and a shift is open."""
        state = self._till.state
        return state.person is not None and state.shift is not None

    @property
    def idle(self) -> bool:
        """Whether all that was done has come to its end."""
        return self._turns.idle and not self._recorder.waiting

    @property
    def is_recording(self) -> bool:
        """Whether a sale is on its way to disk."""
        return bool(self._recorder.waiting)

    def start(self) -> None:
        """Take up what the last run of the program left open, and learn what is on hold."""
        self._turns.carry_out(self._till.resuming, self._started, self._not_resumed)

    def _not_resumed(self, error: Exception) -> None:
        self._failed(error)
        self._started(resumed=False)

    def _started(self, resumed: bool) -> None:  # noqa: FBT001 - the answer of resuming
        def learn() -> list[HeldCart]:
            self.shop.catalogue.refresh_vocabulary()
            return self.shop.carts.held()

        if resumed:
            text = _("The sale that was open when the program ended is back.")
            self._say_taken_up(text, self._desk.prices.changed())
        self._turns.follow(lambda: step(learn, lambda held: held), self._show_held)
        self._refresh()

    # what the cashier does

    def sell_pack(self, sold: Sold, quantity: Thousandths | None = None) -> None:
        """Sell what a price check found: one, what its label says, or as much as was typed."""
        self._turns.take(lambda: self._sell_pack(sold, quantity))

    def _sell_pack(self, sold: Sold, quantity: Thousandths | None) -> None:
        if not self.weigher.takes(sold, quantity):
            self._till.sell_pack(sold, quantity)
            self._sold(quantity or sold.quantity)

    def add_item(self, command: do.NewItem, then: Callable[[], None]) -> None:
        """Add an item to the catalogue and sell it; `then` follows where that was done."""

        def sold(reply: Reply) -> None:
            then()
            self._sold(reply.quantity)

        self.carry_out(command, sold)

    def move_selection(self, step: int) -> None:
        """Select the line above or below."""
        self._turns.take(lambda: self._move(step))

    def select(self, key: int) -> None:
        """Select a line by its key."""
        self._turns.carry_out(lambda: self._till.select(key), self._changed)

    def void(self) -> None:
        """Take the selected line away."""
        self._turns.take(lambda: self._on_lines(do.Void()))

    def clear(self) -> None:
        """Take all lines away."""
        self._turns.take(lambda: self._on_lines(do.Clear()))

    def give_back(self) -> None:
        """Undo the part payment: its money goes back to the customer, the sale stays."""

        def then(reply: Reply) -> None:
            self._refresh()
            text = _("Nothing of this sale is paid now.")
            if self.payment.is_refund:
                text = _("Nothing is given back now.")
            self._say(joined(" ", (reply.message, text)), Tone.WARNING)

        self.carry_out(do.GiveBack(), then)

    def pay_cash(self, given: Cents | None = None) -> None:
        """Take cash: exactly what is due, or what was handed over; in a refund, give it back."""
        self.pay(do.PayCash(given))

    def pay(self, command: do.Command, then: Callable[[], None] = lambda: None) -> None:
        """Take a tender or give one back; `then` follows where that was done."""

        def paid(reply: Reply) -> None:
            then()
            self._paid(reply)

        def begin() -> None:
            if not self._is_between_customers():
                self.weigher.check_none_waits()
                self._approvals.begin(command, paid, self._failed)

        self._turns.take(begin)

    def hold(self) -> None:
        """Put the open cart aside."""

        def then(reply: Reply) -> None:
            text = _("On hold: {label}. F6 brings it back.").format(label=reply.message)
            self._with_held(lambda: self.say(text))

        def begin() -> None:
            self.weigher.check_none_waits()
            self._approvals.begin(do.Hold(), then, self._failed)

        self._turns.take(begin)

    def recall(self, cart_id: Id | None = None) -> None:
        """Take a held cart up again; an open one with lines is put aside first."""

        def begin() -> None:
            self.weigher.check_none_waits()
            self._recalling.recall(cart_id, is_empty=self.basket.is_empty)

        self._turns.take(begin)

    def take_todays_prices(self) -> None:
        """Let the goods of a sale that was on hold cost what they cost now."""

        def then(reply: Reply) -> None:
            self._refresh()
            self._say(reply.message)

        self.carry_out(do.TakePrices(), then)

    def list_held(self) -> None:
        """Ask for the list of held carts, once all that was done before is done."""
        self._turns.take(self.recall_wanted.emit)

    def reprint(self) -> None:
        """Print the last receipt again."""

        def then(reply: Reply) -> None:
            title = _("Copy {number} of receipt {receipt}")
            if reply.refund:
                title = _("Copy {number} of receipts {receipt} and {refund}")
            numbers = {"receipt": reply.receipt, "refund": reply.refund}
            self.say_queued(title.format(number=reply.copies, **numbers))

        self.carry_out(do.Reprint(), then)

    def lock(self) -> None:
        """Sign the person out; the open cart stays."""
        self.carry_out(do.Logout(), lambda _reply: self.locked.emit())

    def bring_back_stranded(self) -> None:
        """Try again to bring back what could be neither recorded nor brought back."""
        self._recorder.bring_back_stranded()

    def look_for_shift(self, sentence: str) -> None:
        """Learn whether a shift is still open; with this sentence a float is wanted if not."""

        def then(shift: Shift | None) -> None:
            if shift is None and self._till.state.person is not None:
                self.float_wanted.emit(sentence)

        self._turns.carry_out(self._till.looking_for_shift, then)

    # commands, and what waits for a manager

    def carry_out(self, command: do.Command, then: Then, failed: Failed | None = None) -> None:
        """Carry a command out in its turn; where it needs a manager, once one has approved it."""
        self._turns.take(lambda: self._approvals.begin(command, then, failed or self._failed))

    def approve(self, login: str, pin: str, reason: str, not_enough: Failed) -> None:
        """Let a manager approve what waits; `not_enough` hears why where they may not."""

        def tell(error: Exception) -> None:
            self._sounds.error()
            not_enough(error)

        self._approvals.approve(login, pin, reason, tell)

    def dismiss_approval(self) -> None:
        """Leave what waits for a manager undone."""
        self._approvals.dismiss()

    def in_turn(self, act: Callable[[], None]) -> None:
        """Do this when all that came before is done."""
        self._turns.take(act)

    def learn(self, read: Callable[[], T], then: Callable[[T], None]) -> None:
        """Read or write on the lane after all that was done before; what follows waits."""
        self._turns.carry_out(lambda: step(read, lambda found: found), then)

    def look(self, read: Callable[[], T], then: Callable[[T], None]) -> None:
        """Read something on the lane; nothing waits for it."""
        self._lane.submit(read, then)

    # how it is done

    def _is_between_customers(self) -> bool:
        """Whether the last sale is still on its way to disk and nothing of the next is here."""
        return self.is_recording and self.basket.is_empty

    def _on_lines(self, command: do.Void | do.Clear) -> None:
        if not self.basket.is_empty:
            self._approvals.begin(command, self._changed, self._failed)

    def _sold(self, quantity: Thousandths | None) -> None:
        self._sounds.ok()
        if missed := self.entry.missed:
            self._refresh()
            self.noticed.emit(wording.missed(missed))
            return
        self._changed()
        item = self.basket.line().item
        if quantity is not None:
            self.weigher.forget(item)
        elif item.by_weight:
            self._say(wording.weight_wanted(item), Tone.WARNING)

    def _changed(self, _done: object = None) -> None:
        paid = self._paid_so_far
        self._refresh()
        if paid is not None and paid.tenders and self._till.state.payment is None:
            text = wording.paid_no_more(paid, gone=self.basket.is_empty)
            self._say(text, Tone.WARNING)
        else:
            self.quiet()

    def _move(self, step: int) -> None:
        keys = self.basket.keys
        if self.basket.selected in keys:
            place = keys.index(self.basket.selected) + step
            if 0 <= place < len(keys):
                self._till.select(keys[place])
                self.changed.emit()

    def _record(self, recording: Recording) -> None:
        """Have a cart recorded that is paid; the till is ready for the next customer at once."""
        self._refresh()
        self._recorder.record(recording)

    def _paid(self, _reply: Reply) -> None:
        """Show what a tender has come to: the cart is paid, or a part of it."""
        self._refresh()
        if self.payment.tenders:
            self._say(wording.paid_in_part(self.payment), Tone.WARNING)
        else:
            self.quiet()

    def _with_held(self, then: Callable[[], None]) -> None:
        """Learn what is on hold now, within this turn."""

        def learned(held: list[HeldCart]) -> None:
            self._show_held(held)
            then()

        self._turns.follow(lambda: step(self.shop.carts.held, lambda held: held), learned)

    def _show_held(self, held: list[HeldCart]) -> None:
        self.held = held
        self._refresh()

    def _not_recorded(self, error: Exception, _checkout: Checkout) -> None:
        if isinstance(error, ShiftClosed):
            self.look_for_shift(_("The shift was closed elsewhere. Open one: the sale is back."))

    def _is_back(self, error: Exception | None, checkout: Checkout) -> None:
        text = _("The sale is back.")
        if error is not None:
            why = wording.sentence_of(error)
            text = wording.sale_is_back(why, checkout.before)

        def tell() -> None:
            self._say(text, Tone.DANGER)
            self._sounds.error()
            self.not_sold.emit()

        self._with_held(tell)

    # what is said

    def sentence_of(self, error: Exception) -> str:
        """Return the sentence of a failure; a bug is logged under a reference that it shows."""
        return wording.sentence_of(error)

    def say_failed(self, error: Exception) -> None:
        """Tell of a failure in the background; selling goes on."""
        self._failed(error)

    def say(self, text: str) -> None:
        """Tell of something that was done."""
        self._say(text)

    def say_queued(self, paper: str) -> None:
        """Tell what becomes of a paper that was queued."""
        self.entry.missed.clear()
        self.noticed.emit(self.printer.notice(paper))

    def ask(self, question: str) -> None:
        """Ask something that the next key answers."""
        self._sounds.error()
        self._say(question, Tone.WARNING)

    def show_changed(self) -> None:
        """Show the cart as it is now; what was paid of another cart is told."""
        self._changed()

    def quiet(self) -> None:
        """Take away what was told: it is done, or no longer what one sees."""
        self.entry.missed.clear()
        self.noticed.emit(None)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            return
        self._sounds.error()
        self.noticed.emit(wording.notice_of(error))
        state = self._till.state
        if isinstance(error, Refused) and state.shift is None and state.person is not None:
            self.float_wanted.emit(error.sentence)

    def _missed(self, codes: Sequence[str]) -> None:
        self._sounds.error()
        self.noticed.emit(wording.missed(codes))

    def _say_taken_up(self, text: str, changed_prices: int) -> None:
        """Say this of a cart that was taken up, what is paid of it, and which prices are old."""
        payment = self._till.state.payment
        if payment is not None and payment.tenders:
            self._say(joined(" ", (text, wording.paid_in_part(payment))), Tone.WARNING)
        elif changed_prices:
            said = joined(" ", (text, wording.prices_to_take(changed_prices)))
            self.noticed.emit(Notice(said, Tone.WARNING, act=self.take_todays_prices))
        elif text:
            self._say(text)
        else:
            self.quiet()

    def _refresh(self) -> None:
        self.priced = self._till.priced()
        self._paid_so_far = self._till.state.payment
        self.changed.emit()

    def _say(self, text: str, tone: Tone = Tone.ACCENT) -> None:
        self.entry.missed.clear()
        self.noticed.emit(Notice(text, tone))
