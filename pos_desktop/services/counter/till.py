"""The till without a screen: what is typed or scanned goes in, answers come out.

`CommandDesk` drives it for the sell screen and for `posctl play` alike. It holds
who stands here and the open basket; rules live in the domain, writes in the other services.
What it holds belongs to the thread that made it: acts that take long are handed out as steps.
"""

from __future__ import annotations

import threading
from dataclasses import replace

from pos_desktop import settings
from pos_desktop.domain.basket import Basket, Item
from pos_desktop.domain.controlled_acts import Act
from pos_desktop.domain.customer import Customer
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents
from pos_desktop.domain.pack_labels import Sold
from pos_desktop.domain.percent import BasisPoints
from pos_desktop.domain.pricing import Priced
from pos_desktop.domain.quantity import ONE, Thousandths
from pos_desktop.domain.returns import Returns, check_same_origin
from pos_desktop.domain.shift import Shift
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tender import Payment, TenderKind
from pos_desktop.domain.text import _
from pos_desktop.services.closing.closing import Closing
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.counter import taking_up
from pos_desktop.services.counter.steps import Step, finish, step
from pos_desktop.services.counter.till_state import (
    Later,
    NothingToPay,
    PartlyPaid,
    TillState,
    at_once,
)
from pos_desktop.services.people.acting import Approval, NeedsApproval, approved, require
from pos_desktop.services.people.sign_in import Person, SignIn
from pos_desktop.services.products.catalogue import Catalogue
from pos_desktop.services.sales.held_carts import HeldCart, HeldCarts, KeepOpen, OpenCart
from pos_desktop.services.sales.notes import Note, difference
from pos_desktop.services.sales.returning import Returning
from pos_desktop.services.sales.selling import Checkout, Recorded, Selling
from pos_desktop.storage.books import Books


class Till:
    """Selling at one till.

    `later` runs a write that nobody waits for: at once in a play, on the database lane in the
    window.
    """

    def __init__(
        self,
        *,
        books: Books,
        configuration: Configuration,
        catalogue: Catalogue,
        sign_in: SignIn,
        closing: Closing,
        selling: Selling,
        returning: Returning,
        carts: HeldCarts,
        later: Later = at_once,
    ) -> None:
        self.alone = True
        """Whether no other till has this shop open."""
        self._state = TillState()
        self._owner = threading.get_ident()
        self._books = books
        self._configuration = configuration
        self._catalogue = catalogue
        self._sign_in = sign_in
        self._closing = closing
        self._selling = selling
        self._returning = returning
        self._carts = carts
        self._later = later

    @property
    def state(self) -> TillState:
        """What the till holds; raise RuntimeError in a thread that did not make this till."""
        if threading.get_ident() != self._owner:
            raise RuntimeError("the state of the till belongs to another thread")
        return self._state

    @property
    def person(self) -> Person:
        """Who stands at the till; raise Refused where nobody has signed in."""
        if self.state.person is None:
            raise Refused(_("Sign in first, with your name and PIN."))
        return self.state.person

    def mind_who_stands_here(self) -> None:
        """Let the role of who stands here be as the shop knows it now.

        Raises Refused where they were let go meanwhile.
        """
        person = self.state.person
        if person is not None:
            self.state.person = self._sign_in.as_now(person)

    @property
    def shift(self) -> Shift:
        """The open shift; raise Refused where there is none."""
        if self.state.shift is None:
            raise Refused(_("Open a shift first, with the float that lies in the drawer."))
        return self.state.shift

    def priced(self) -> Priced:
        """Return what the basket costs."""
        return self.price(self.state.basket)

    def price(self, basket: Basket) -> Priced:
        """Return what a basket costs on the open business day, such as one that is on hold."""
        day = self.state.shift.business_day if self.state.shift else self._closing.business_day()
        return self._selling.price(basket, day)

    def payment(self, priced: Priced | None = None) -> Payment:
        """Return the payment of the basket as far as it has come; `priced` saves pricing it."""
        gross = (priced or self.priced()).totals.gross_cents
        due = gross - self.state.basket.returned_cents
        if self.state.payment and self.state.payment.due_cents == due:
            return self.state.payment
        before = self._returning.cash_before(self.state.basket.returns) if due < 0 else 0
        return Payment(due_cents=due, rules=self._configuration.rounding, cash_before_cents=before)

    # who sells

    def sign_in(self, login: str, pin: str) -> Person:
        """Sign a person in at once."""
        return finish(self.signing_in(login, pin))

    def signing_in(self, login: str, pin: str) -> Step[Person]:
        """Sign a person in; the open cart stays, whoever comes."""

        def work() -> tuple[Person, Shift | None]:
            person = self._sign_in.sign_in(login, pin)
            self._configuration.refresh()
            return person, self._closing.current()

        def then(found: tuple[Person, Shift | None]) -> Person:
            self.state.person, self.state.shift = found
            return found[0]

        return step(work, then)

    def signing_out(self) -> Step[None]:
        """Sign the person out; the open cart stays on disk and on the till."""
        person = self.person

        def then(_done: None) -> None:
            self.state.person = None

        return step(lambda: self._sign_in.sign_out(person), then)

    def opening_shift(self, float_cents: Cents, approval: Approval | None = None) -> Step[Shift]:
        """Open a shift with the float that lies in the drawer."""
        person, open_ = self.person, self._closing.open_shift
        return step(lambda: open_(person, float_cents, approval), self._take_shift)

    def looking_for_shift(self) -> Step[Shift | None]:
        """Learn whether a shift is still open; another program may have closed it."""

        def then(shift: Shift | None) -> Shift | None:
            self.state.shift = shift
            return shift

        return step(self._closing.current, then)

    def _take_shift(self, shift: Shift) -> Shift:
        self.state.shift = shift
        return shift

    # the basket

    def sell(self, code: str, quantity: Thousandths | None = None) -> Sold:
        """Put what a barcode, a code or the label of a pack names into the basket."""
        sold = self._catalogue.sold(code)
        self.sell_pack(sold, quantity)
        return sold

    def sell_item(self, item: Item, quantity: Thousandths | None = None) -> None:
        """Put an item into the basket."""
        self.sell_pack(Sold(item=item), quantity)

    def sell_pack(self, sold: Sold, quantity: Thousandths | None = None) -> None:
        """Put what a code sells into the basket; its label has said how much, or somebody has.

        Raises Refused where both have.
        """
        if sold.quantity is not None and quantity is not None:
            sentence = _(
                "The label says how much of {name} is in the pack: scan each label, with no "
                "quantity before it."
            )
            raise Refused(sentence.format(name=sold.item.name))
        require(self.person, Permission.SELL)
        _shift = self.shift
        basket = self.state.basket.add(
            sold.item,
            sold.quantity or quantity or ONE,
            merge=self._configuration.get(settings.MERGE_SAME_PRODUCT),
            label_cents=sold.label_cents,
        )
        self.change(basket)

    def set_quantity(self, quantity: Thousandths, approval: Approval | None = None) -> None:
        """Set how much of the selected line is sold; less than before is recorded as a void."""
        line = self.state.basket.line()
        basket = self.state.basket.set_quantity(quantity)
        if quantity < line.quantity:
            require(self.person, Permission.VOID, approval)
            self._change_noted(Act.LOWERED, basket, approval)
        else:
            self.change(basket)

    def one_less(self, approval: Approval | None = None) -> None:
        """Take one off the selected line; it is recorded who did."""
        require(self.person, Permission.VOID, approval)
        self._change_noted(Act.LOWERED, self.state.basket.one_less(), approval)

    def select(self, key: int) -> None:
        """Make a line the one that the next command is about."""
        self.state.basket = self.state.basket.select(key)

    def discount_line(self, share: BasisPoints, approval: Approval | None = None) -> None:
        """Discount the selected line.

        Where that comes to more than the role's ceiling, with the discount on the cart, somebody
        must approve.
        """
        basket = self.state.basket.discount_line(share)
        if share:
            self._check_discount(basket.discount_in_all(basket.selected), approval)
        self._change_noted(Act.LINE_DISCOUNT, basket, approval)

    def discount_cart(self, share: BasisPoints, approval: Approval | None = None) -> None:
        """Discount the cart; somebody must approve what comes to more than the role's ceiling."""
        basket = self.state.basket.discount_cart(share)
        if share:
            self._check_discount(basket.discount_in_all(), approval)
        self._change_noted(Act.CART_DISCOUNT, basket, approval)

    def set_price(self, price_cents: Cents, approval: Approval | None = None) -> None:
        """Set the price of the selected line; needs permission."""
        require(self.person, Permission.SET_PRICE, approval)
        self._change_noted(Act.PRICE_SET, self.state.basket.set_price(price_cents), approval)

    def void_line(self, approval: Approval | None = None) -> None:
        """Take the selected line out; it is recorded who did."""
        require(self.person, Permission.VOID, approval)
        self._change_noted(Act.LINE_VOID, self.state.basket.remove(), approval)

    def clear(self, approval: Approval | None = None) -> None:
        """Take all lines out; it is recorded who did."""
        require(self.person, Permission.VOID, approval)
        if not self.state.basket.is_empty:
            self._change_noted(Act.CART_VOID, Basket(), approval)
        self.state.new_cart()

    # goods that come back, and who buys

    def take_back(self, returns: Returns, approval: Approval | None = None) -> None:
        """Let goods of a receipt come back, in the same go with what is bought."""
        check_same_origin(self.state.basket.returns, returns.origin)
        require(self.person, Permission.REFUND, approval)
        _shift = self.shift
        if approval is not None:
            returns = replace(returns, approver_id=approval.approver.id, reason=approval.reason)
        self.change(self.state.basket.take_back(returns))

    def take_back_item(
        self, item: Item, quantity: Thousandths, approval: Approval | None = None
    ) -> None:
        """Let goods come back that no receipt proves; it is recorded who allowed it."""
        basket = self.state.basket
        check_same_origin(basket.returns, None)
        require(self.person, Permission.REFUND_WITHOUT_RECEIPT, approval)
        _shift = self.shift
        returns = self._returning.take_without_receipt(
            basket.returns, item, quantity, approval, key=basket.next_key
        )
        self._change_noted(Act.RETURNED, basket.take_back(returns), approval)

    def keep_return(self, key: int) -> None:
        """Take a line that comes back away: the customer keeps it."""
        require(self.person, Permission.SELL)
        self.change(self.state.basket.drop_return(key))

    def set_customer(self, customer: Customer | None) -> None:
        """Say which customer buys; None takes it back. Their KRA PIN goes onto the receipt.

        What was paid so far stays paid, unless it was put on the account of somebody else.
        """
        require(self.person, Permission.SELL)
        basket = self.state.basket.with_buyer(
            buyer_pin=customer.kra_pin if customer else None,
            customer_id=customer.id if customer else None,
        )
        paid = self.state.payment
        if paid and any(one.kind is TenderKind.CREDIT for one in paid.tenders):
            self.change(basket)
        else:
            self._keep(basket, paid, self.state.unwritten)

    def change(self, basket: Basket) -> None:
        """Make this the open basket, and keep it on disk in a moment.

        Where the write is made at once and fails, the till is as it was before.
        """
        undone = self._payment_undone(gives_back=basket.is_empty)
        self._keep(basket, None, (*self.state.unwritten, *undone))

    def give_back(self, approval: Approval | None = None) -> Payment:
        """Undo the part payment and leave the sale open; return what is to be given back.

        The drawer opens where cash is among it.
        """
        require(self.person, Permission.VOID, approval)
        paid = self.state.payment
        if paid is None or not paid.tenders:
            raise Refused(_("Nothing of this sale is paid: there is nothing to give back."))
        undone = self._payment_undone(gives_back=True, approval=approval)
        self._keep(self.state.basket, None, (*self.state.unwritten, *undone))
        return paid

    def keep(self) -> None:
        """Write again what an earlier write left undone, if there is such a thing."""
        if self.state.unwritten:
            self._keep(self.state.basket, self.state.payment, self.state.unwritten)

    def _keep(self, basket: Basket, payment: Payment | None, notes: tuple[Note, ...]) -> None:
        self.price(basket)  # what has no price is refused before the till holds it
        state = self.state
        cart = OpenCart(
            id=state.cart_id or self._books.new_id(),
            basket=basket,
            person=state.person,
            payment=payment,
            notes=notes,
        )
        self._later(KeepOpen(self._carts, cart))
        state.cart_id, state.basket, state.payment, state.notes = cart.id, basket, payment, notes

    def _change_noted(self, act: Act, basket: Basket, approval: Approval | None) -> None:
        note = Note(
            kind=act.value,
            actor_id=self.person.id,
            **approved(approval, difference(self.state.basket, basket)),
        )
        undone = self._payment_undone(gives_back=basket.is_empty)
        self._keep(basket, None, (*self.state.unwritten, *undone, note))

    def _payment_undone(
        self, *, gives_back: bool, approval: Approval | None = None
    ) -> tuple[Note, ...]:
        """Return the note that a part payment counts no more, where there was one.

        Its money goes back at once, or is taken again for the sale as it has become.
        """
        paid = self.state.payment
        if paid is None or not paid.tenders:
            return ()
        cash = any(tender.kind is TenderKind.CASH for tender in paid.tenders)
        note = Note(
            kind=Act.PAYMENT_UNDONE.value,
            actor_id=self.person.id,
            cash_back=gives_back and cash,
            **approved(approval, {"paid_cents": paid.paid_cents}),
        )
        return (note,)

    def _check_discount(self, share: BasisPoints, approval: Approval | None) -> None:
        people = [self.person]
        if approval is not None:
            people.append(approval.approver)
        if not any(one.role.may_discount(share) for one in people):
            raise NeedsApproval(Permission.DISCOUNT_OVER_CEILING)

    # carts on disk

    def resume(self) -> bool:
        """Take up at once the cart that was open when the program ended."""
        return finish(self.resuming())

    def resuming(self) -> Step[bool]:
        """Take up the cart that was open when the program ended; see `taking_up.left_open`."""
        return taking_up.left_open(self._carts, self.price, self.state.take_up, alone=self.alone)

    def holding(self, name: str | None = None) -> Step[HeldCart]:
        """Put the open cart aside."""
        person, cart = self.person, self.state.open_cart()
        require(person, Permission.SELL)
        if cart is None:
            raise Refused(_("There is nothing to hold; scan a product first."))
        if cart.payment and cart.payment.tenders:
            raise PartlyPaid
        kept = replace(cart, person=person)

        def then(held: HeldCart) -> HeldCart:
            self.state.new_cart()
            return held

        return step(lambda: self._carts.hold(kept, name), then)

    def recalling(self, name: str | None = None) -> Step[HeldCart]:
        """Take a held cart up again; an open one with lines must be held or finished first."""
        require(self.person, Permission.SELL)
        if not self.state.basket.is_empty:
            raise Refused(_("Finish or hold the open sale first."))
        return taking_up.held_one(self._carts, name, self.price, self.state.take_up)

    def cost_of(self, cart: HeldCart) -> Cents | None:
        """Return what a held cart costs, after every discount; None where it has no price."""
        return taking_up.cost_of(cart, self.price)

    # paying

    def pay(self, payment: Payment, approval: Approval | None = None) -> Checkout | None:
        """Take a payment's next state; return the checkout when it is finished, else None.

        A part is kept on disk with the cart. When it is finished the till is ready for the next
        customer, and the checkout waits to be recorded.
        """
        require(self.person, Permission.SELL)
        state = self.state
        if state.basket.is_empty:
            raise NothingToPay
        checkout = Checkout(
            basket=state.basket,
            payment=payment,
            person=self.person,
            shift=self.shift,
            cart_id=state.cart_id,
            before=state.payment,
            notes=self.state.unwritten,
            approval=approval,
        )
        if not payment.finished:
            self._keep(state.basket, payment, checkout.notes)
            return None
        self.state.new_cart()
        return checkout

    def record(self, checkout: Checkout) -> Recorded:
        """Record a paid basket, in any thread; when this returns, the sale is on disk."""
        return self._selling.complete(checkout)

    def taking_back(self, checkout: Checkout) -> Step[None]:
        """Bring a checkout back that could not be recorded, with the part paid before its end.

        What was scanned meanwhile is put aside.
        """
        cart = self.state.open_cart()
        kept = cart and replace(cart, person=checkout.person)

        def work() -> None:
            if kept is not None:
                self._carts.hold(kept, None)

        def then(_done: None) -> None:
            state = self.state
            state.cart_id, state.basket = checkout.cart_id, checkout.basket
            state.payment = checkout.before

        return step(work, then)
