"""The counter: what the cashier does, in order, told to the till; what came of it, told back.

Long because everything that is typed, scanned or pressed while selling passes here, and must keep
one order. Nothing here writes to the database: writes go to the lane, and what changes the till's
state there lets the next scans wait their turn, so that none is dropped or merged.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from pos_desktop.domain import commands as do
from pos_desktop.domain.basket import Basket, Item
from pos_desktop.domain.errors import Cancelled, PosError, Refused
from pos_desktop.domain.grammar import parse_box
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.percent import format_percent
from pos_desktop.domain.pricing import Priced, Totals
from pos_desktop.domain.quantity import Thousandths
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tender import Payment
from pos_desktop.domain.text import _
from pos_desktop.services.catalogue import UnknownCode
from pos_desktop.services.held_carts import HeldCart
from pos_desktop.services.selling import Checkout
from pos_desktop.services.sign_in import NeedsApproval, Person
from pos_desktop.shop import Shop
from pos_desktop.storage.sales import StoredSale
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.sounds import Sounds
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.threads.lane import DatabaseLane

T = TypeVar("T")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSale:
    """The sale before the open one; without a receipt while it is being recorded."""

    receipt: str
    total_cents: Cents
    given_cents: Cents
    change_cents: Cents


@dataclass(frozen=True, slots=True)
class PriceTag:
    """What a price check found; stock in thousandths."""

    item: Item
    stock: Thousandths


@dataclass(frozen=True, slots=True)
class Approval:
    """Something that waits for a manager: what it is, and how to carry it out."""

    permission: Permission
    sentence: str
    carry_out: Callable[[Person], None]


class Counter(QObject):
    """Drives the till for the sell screen, and holds what the screen shows."""

    changed = Signal()
    """The basket, its payment, the held carts or the last sale changed."""
    noticed = Signal(object)
    """A Notice for the strip, or None where the last one is over."""
    refused_text = Signal(str)
    """What was typed could not be done: it may be mended in the box."""
    search_wanted = Signal(str)
    pay_wanted = Signal()
    recall_wanted = Signal()
    approval_wanted = Signal(object)
    approved = Signal()
    price_found = Signal(object)
    recorded = Signal()
    """A sale is on disk, and the till is ready for the next customer."""
    locked = Signal()

    def __init__(self, shop: Shop, lane: DatabaseLane, sounds: Sounds) -> None:
        super().__init__()
        self._shop = shop
        self._till = shop.till
        self._lane = lane
        self._sounds = sounds
        self._inbox: deque[Callable[[], None]] = deque()
        self._pumping = False
        self._waiting = False
        self._approval: Approval | None = None
        self.held: list[HeldCart] = []
        self.stranded: list[Checkout] = []
        """Paid baskets that were neither recorded nor brought back: the disk refused both."""
        self.last: LastSale | None = None
        self.priced = Priced(lines=(), totals=Totals(), bands=())

    @property
    def basket(self) -> Basket:
        """The open basket."""
        return self._till.state.basket

    @property
    def payment(self) -> Payment:
        """The payment of the open basket as far as it has come."""
        return self._till.payment(self.priced)

    def start(self) -> None:
        """Take up what the last run of the program left open, and learn what is on hold."""

        def work() -> list[HeldCart]:
            self._till.resume()
            self._shop.catalogue.refresh_vocabulary()
            return self._shop.carts.held()

        self._take(lambda: self._on_lane(work, self._started))

    def _started(self, held: list[HeldCart]) -> None:
        self.held = held
        self._refresh()
        if self.basket.lines:
            self._say(_("The sale that was open when the program ended is back."))

    # what the cashier does

    def scan(self, code: str, prefix: str = "") -> None:
        """Sell what was scanned; after `5*` five of it, after `?` only its price is shown."""
        self._take(lambda: self._scan(code, prefix))

    def enter(self, text: str) -> None:
        """Carry out what was typed into the box."""
        self._take(lambda: self._enter(text))

    def sell_item(self, item: Item, quantity: Thousandths | None = None) -> None:
        """Sell an item that was chosen from a list."""
        self._take(lambda: self._sold(lambda: self._till.sell_item(item, quantity)))

    def move_selection(self, step: int) -> None:
        """Select the line above or below."""
        self._take(lambda: self._move(step))

    def select(self, key: int) -> None:
        """Select a line by its key."""
        self._take(lambda: self._change(lambda: self._till.select(key)))

    def void(self) -> None:
        """Take the selected line away."""
        self._take(self._void)

    def pay_cash(self, given: Cents | None = None) -> None:
        """Take cash: exactly what is due, or what was handed over."""
        self._take(lambda: self._pay_cash(given))

    def hold(self) -> None:
        """Put the open cart aside."""

        def work() -> tuple[HeldCart, list[HeldCart]]:
            return self._till.hold(), self._shop.carts.held()

        def then(done: tuple[HeldCart, list[HeldCart]]) -> None:
            held, self.held = done
            self._refresh()
            self._say(_("On hold: {label}. F6 brings it back.").format(label=held.label))

        self._take(lambda: self._on_lane(work, then))

    def recall(self, cart_id: Id | None = None) -> None:
        """Take a held cart up again; an open one with lines is put aside first."""

        def work() -> list[HeldCart]:
            if self._till.state.basket.lines:
                self._till.hold()
            self._till.recall(cart_id)
            return self._shop.carts.held()

        def then(held: list[HeldCart]) -> None:
            self.held = held
            self._refresh()
            self._quiet()

        def failed(error: Exception) -> None:
            self._failed(error)
            self._lane.submit(self._shop.carts.held, self._held_again)

        self._take(lambda: self._on_lane(work, then, failed))

    def _held_again(self, held: list[HeldCart]) -> None:
        self.held = held
        self.changed.emit()

    def list_held(self) -> None:
        """Ask for the list of held carts, once all that was done before is done."""
        self._take(self.recall_wanted.emit)

    def reprint(self) -> None:
        """Print the last receipt again."""
        self._take(self._reprint)

    def lock(self) -> None:
        """Sign the person out; the open cart stays."""
        self._take(lambda: self._on_lane(self._till.sign_out, lambda _done: self.locked.emit()))

    def approve(self, login: str, pin: str, failed: Callable[[str], None]) -> None:
        """Let a manager approve what waits; `failed` gets a sentence where they may not."""
        waiting = self._approval
        if waiting is None:
            return

        def then(approver: Person) -> None:
            self._approval = None
            self.approved.emit()
            self._take(lambda: self._change(lambda: waiting.carry_out(approver)))

        def refused(error: Exception) -> None:
            self._sounds.error()
            failed(str(error) if isinstance(error, PosError) else self.reference(error))

        self._lane.submit(
            lambda: self._shop.sign_in.approve(login, pin, waiting.permission), then, refused
        )

    def dismiss_approval(self) -> None:
        """Leave what waits for a manager undone."""
        self._approval = None

    def search(self, text: str) -> list[Item]:
        """Return the products that fit a few letters best."""
        return self._shop.catalogue.search(text)

    def bring_back_stranded(self) -> None:
        """Try again to bring back what could be neither recorded nor brought back."""
        if self.stranded:
            checkout = self.stranded.pop(0)
            self._take(lambda: self._take_back(checkout, _("The sale is back.")))

    def say_failed(self, error: Exception) -> None:
        """Tell of a failure in the background; selling goes on."""
        self._failed(error)

    # how it is done

    def _scan(self, code: str, prefix: str) -> None:
        command = parse_box(prefix + code) if prefix else do.Sell(code)
        if isinstance(command, do.Sell | do.PriceCheck):
            self._execute(command)
        else:
            self._execute(do.Sell(code))

    def _enter(self, text: str) -> None:
        try:
            self._execute(parse_box(text))
        except Refused as error:
            if isinstance(error, NeedsApproval):
                raise
            if _may_be_a_name(text) and (isinstance(error, UnknownCode) or " " in text.strip()):
                self.search_wanted.emit(text.strip())
                return
            self.refused_text.emit(text)
            raise

    def _execute(self, command: do.BoxCommand) -> None:
        till = self._till
        match command:
            case do.Sell(code, quantity):
                self._sold(lambda: till.sell(code, quantity))
            case do.SetQuantity(quantity):
                self._change(lambda: till.set_quantity(quantity))
            case do.OneLess():
                self._change(till.one_less)
            case do.LineDiscount(share):
                what = _("{percent}% off {name}").format(
                    percent=format_percent(share), name=self.basket.line().item.name
                )
                self._controlled(what, lambda who: till.discount_line(share, who))
            case do.CartDiscount(share):
                what = _("{percent}% off the whole sale").format(percent=format_percent(share))
                self._controlled(what, lambda who: till.discount_cart(share, who))
            case do.SetPrice(cents):
                what = _("{name} for {price}").format(
                    name=self.basket.line().item.name, price=format_amount(cents)
                )
                self._controlled(what, lambda who: till.set_price(cents, who))
            case do.PriceCheck(code):
                self._price_check(code)
            case do.Search(text):
                self.search_wanted.emit(text)
            case do.Pay():
                self._want_pay()

    def _sold(self, sell: Callable[[], object]) -> None:
        self._change(sell)
        self._sounds.ok()

    def _change(self, change: Callable[[], object]) -> None:
        paid = self._till.state.payment
        change()
        self._refresh()
        if paid is not None and paid.tenders and self._till.state.payment is None:
            taken = format_amount(sum(tender.given_cents for tender in paid.tenders))
            text = _("The sale has changed: the {amount} taken counts no more; take it again.")
            self._say(text.format(amount=taken), Tone.WARNING)
        else:
            self._quiet()

    def _controlled(self, what: str, act: Callable[[Person | None], None]) -> None:
        """Do what may need a manager; then it is done to the line that was selected now."""
        key = self.basket.selected

        def carry_out(approver: Person) -> None:
            if key is not None:
                self._till.select(key)
            act(approver)

        try:
            self._change(lambda: act(None))
        except NeedsApproval as error:
            self._approval = Approval(error.permission, what, carry_out)
            self.approval_wanted.emit(self._approval)

    def _void(self) -> None:
        if not self.basket.lines:
            return
        name = self.basket.line().item.name
        self._controlled(
            _("Take {name} away").format(name=name), lambda who: self._till.void_line(approver=who)
        )

    def _move(self, step: int) -> None:
        keys = [line.key for line in self.basket.lines]
        if self.basket.selected in keys:
            place = keys.index(self.basket.selected) + step
            if 0 <= place < len(keys):
                self._till.select(keys[place])
                self.changed.emit()

    def _price_check(self, code: str) -> None:
        item = self._shop.catalogue.item(code)
        self._quiet()
        self.price_found.emit(PriceTag(item, self._shop.catalogue.in_stock(item)))

    def _want_pay(self) -> None:
        if not self.basket.lines:
            raise Refused(_("There is nothing to pay; scan a product first."))
        self._quiet()
        self.pay_wanted.emit()

    def _pay_cash(self, given: Cents | None) -> None:
        payment = self._till.payment().cash(given)
        checkout = self._till.pay(payment)
        self._refresh()
        if checkout is None:
            text = _("{paid} taken; still to pay {left}.").format(
                paid=format_amount(payment.tenders[-1].amount_cents),
                left=format_amount(payment.cash_due_cents),
            )
            self._say(text, Tone.WARNING)
            return
        self.last = _last_sale("", payment)
        self.changed.emit()
        self._quiet()
        self._lane.submit(
            lambda: self._till.record(checkout),
            lambda stored: self._recorded(stored, payment),
            lambda error: self._not_recorded(error, checkout),
        )

    def _recorded(self, stored: StoredSale, payment: Payment) -> None:
        self.last = _last_sale(str(stored.sale.receipt), payment)
        self.changed.emit()
        self.recorded.emit()

    def _not_recorded(self, error: Exception, checkout: Checkout) -> None:
        why = str(error) if isinstance(error, PosError) else self.reference(error)
        self.last = None
        text = _("The sale could not be recorded; its cart is back and nothing is paid. {why}")
        self._take(lambda: self._take_back(checkout, text.format(why=why)))

    def _take_back(self, checkout: Checkout, sentence: str) -> None:
        def work() -> list[HeldCart]:
            self._till.take_back(checkout)
            return self._shop.carts.held()

        def then(held: list[HeldCart]) -> None:
            self.held = held
            self._refresh()
            self._say(sentence, Tone.DANGER)
            self._sounds.error()

        def failed(error: Exception) -> None:
            self.stranded.append(checkout)
            self._refresh()
            self._failed(error)

        self._on_lane(work, then, failed)

    def _reprint(self) -> None:
        person = self._till.person

        def then(stored: StoredSale) -> None:
            text = _("Receipt {receipt} is printed again, marked as a copy.")
            self._say(text.format(receipt=stored.sale.receipt))

        self._lane.submit(
            lambda: self._shop.selling.reprint(None, person, self._shop.sign_in.named),
            then,
            self._failed,
        )

    # order, and what becomes of errors

    def _take(self, act: Callable[[], None]) -> None:
        self._inbox.append(act)
        self._pump()

    def _pump(self) -> None:
        if self._pumping:
            return
        self._pumping = True
        try:
            while self._inbox and not self._waiting:
                self._guarded(self._inbox.popleft())
        finally:
            self._pumping = False

    def _on_lane(
        self,
        work: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Do what changes the till's state on the lane; what comes meanwhile waits its turn."""
        self._waiting = True

        def done(result: T) -> None:
            self._waiting = False
            self._guarded(lambda: then(result))
            self._pump()

        def not_done(error: Exception) -> None:
            self._waiting = False
            self._guarded(lambda: (failed or self._failed)(error))
            self._guarded(self._refresh)
            self._pump()

        self._lane.submit(work, done, not_done)

    def _guarded(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001 - whatever happens, the till keeps selling
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            return
        self._sounds.error()
        if isinstance(error, UnknownCode):
            text = _("No product has this code. F2 searches by name; a manager can add it.")
            self.noticed.emit(Notice(text, Tone.DANGER, head=error.code))
        elif isinstance(error, PosError):
            self._say(str(error), Tone.DANGER)
        else:
            self._say(self.reference(error), Tone.DANGER)

    def reference(self, error: Exception) -> str:
        """Log a bug under a reference, and return the sentence that shows it."""
        reference = self._shop.books.new_id()[-6:].upper()
        logger.error("unexpected error %s", reference, exc_info=error)
        text = _("Something went wrong (reference {reference}); go on selling and tell support.")
        return text.format(reference=reference)

    def _refresh(self) -> None:
        self.priced = self._till.priced()
        self.changed.emit()

    def _say(self, text: str, tone: Tone = Tone.ACCENT) -> None:
        self.noticed.emit(Notice(text, tone))

    def _quiet(self) -> None:
        self.noticed.emit(None)


def _last_sale(receipt: str, payment: Payment) -> LastSale:
    return LastSale(
        receipt=receipt,
        total_cents=payment.paid_cents,
        given_cents=sum(tender.given_cents for tender in payment.tenders),
        change_cents=payment.change_cents,
    )


def _may_be_a_name(text: str) -> bool:
    """Tell whether somebody may have typed a name: it begins with a letter."""
    return text.strip()[:1].isalpha()
