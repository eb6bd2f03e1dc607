"""The customer of the open sale: found, added, taken back; and what they pay on account."""

from __future__ import annotations

from collections.abc import Callable

from pos_desktop.domain import commands as do
from pos_desktop.domain.customer import Customer
from pos_desktop.domain.money import Cents
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _, joined
from pos_desktop.services.counter.replies import Reply
from pos_desktop.services.people.customers import Particulars, shown_name
from pos_desktop.ui.screens.sell.counter import Counter
from pos_desktop.ui.screens.sell.customer_page import CustomerPage
from pos_desktop.ui.screens.sell.find_customer_page import FindCustomerPage, Found
from pos_desktop.ui.screens.sell.flow import Flow
from pos_desktop.ui.screens.sell.new_customer_page import NewCustomerPage
from pos_desktop.ui.screens.sell.side_page import SidePage
from pos_desktop.ui.screens.sell.tender_flow import account_facts
from pos_desktop.ui.screens.sell.tender_page import Asked, TenderPage


class CustomerFlow(Flow):
    """Holds the pages about who buys."""

    def __init__(self, counter: Counter) -> None:
        super().__init__()
        self._counter = counter
        self._shop = counter.shop
        self._then: Callable[[], None] | None = None
        """What somebody waits to do once a customer is chosen."""
        self.now = CustomerPage()
        self.find = FindCustomerPage()
        self.new = NewCustomerPage()
        self.settle = TenderPage()
        self.now.pay_wanted.connect(self._ask_payment)
        self.now.other_wanted.connect(self._begin_search)
        self.now.walk_in.connect(self._walk_in)
        self.now.left.connect(self._leave)
        self.find.typed.connect(self._search)
        self.find.chosen.connect(self._take)
        self.find.new_wanted.connect(self._begin_new)
        self.find.walk_in.connect(self._walk_in)
        self.find.left.connect(self._leave)
        self.new.submitted.connect(self._add)
        self.new.left.connect(self._begin_search)
        self.settle.taken.connect(self._pay_on_account)
        self.settle.refused.connect(counter.say_failed)
        self.settle.left.connect(self.show)

    @property
    def pages(self) -> tuple[SidePage, ...]:
        """The pages, of which one at most is shown."""
        return self.now, self.find, self.new, self.settle

    def show(self) -> None:
        """Show who buys; where nobody is known, search for them."""
        self._then = None
        self._counter.in_turn(self._show)

    def choose(self, then: Callable[[], None]) -> None:
        """Search for who buys, and go on with what waits for that."""
        self._then = then
        self._begin_search()

    def settle_all_now(self) -> bool:
        """Take all that is owed, where a payment of it is asked for; tell whether it is."""
        customer = self._buyer() if self.settle.isVisible() else None
        if customer is None:
            return False
        self.settle.offer(max(0, self._shop.customers.balance(customer.id)))
        self.settle.take_now()
        return True

    def _show(self) -> None:
        customer = self._buyer()
        if customer is None:
            self._begin_search()
            return
        self._counter.quiet()
        self.now.show_customer(customer, self._shop.customers.balance(customer.id))
        self.page_wanted.emit(self.now)

    def _buyer(self) -> Customer | None:
        customer_id = self._counter.basket.customer_id
        return self._shop.customers.get(customer_id) if customer_id else None

    # who it is

    def _begin_search(self) -> None:
        if self._then is None:
            self._counter.quiet()
        self.page_wanted.emit(self.find)
        self.find.begin(may_add=self._shop.till.person.may(Permission.CUSTOMERS))

    def _search(self, text: str) -> None:
        customers = self._shop.customers

        def read() -> list[Found]:
            return [Found(one, customers.balance(one.id)) for one in customers.search(text)]

        self._counter.look(read, lambda found: self.find.show_found(text, found))

    def _take(self, code: str | None) -> None:
        paid = self._counter.payment.tenders

        def then(reply: Reply) -> None:
            go_on, self._then = self._then, None
            self.over.emit()
            self._counter.show_changed()
            if self._counter.payment.tenders == paid:
                self._counter.say(joined(". ", (reply.message, self._way_to_pay())))
            if go_on is not None:
                go_on()

        self._counter.carry_out(do.SetCustomer(code), then)

    def _way_to_pay(self) -> str:
        """Say how a customer who owes something pays of it; nothing of any other."""
        customer = self._buyer()
        if customer is None or self._shop.customers.balance(customer.id) <= 0:
            return ""
        return _("F4 once more, then P, takes a payment of it.")

    def _walk_in(self) -> None:
        self._then = None
        self._take(None)

    def _begin_new(self, typed: str) -> None:
        self.page_wanted.emit(self.new)
        self.new.begin(typed)

    def _add(self, particulars: Particulars, wants_mail: bool) -> None:  # noqa: FBT001 - a signal's
        person = self._shop.till.person

        def work() -> Customer:
            return self._shop.customers.add(particulars, actor=person, wants_mail=wants_mail)

        self._counter.learn(work, lambda customer: self._take(customer.code))

    def _leave(self) -> None:
        self._then = None
        self._counter.quiet()
        self.over.emit()

    # what they owe

    def _ask_payment(self) -> None:
        customer = self._buyer()
        if customer is None:
            return
        owed = self._shop.customers.balance(customer.id)
        asked = Asked(
            head=_("PAID ON ACCOUNT BY {name}").format(name=shown_name(customer)),
            act=_("Take payment"),
            cents=max(0, owed),
            reference="",
            facts=account_facts(owed, customer.credit_limit_cents)[:1],
            hint=_("Cash, unless the reference of a card's slip is typed."),
        )
        self.page_wanted.emit(self.settle)
        self.settle.ask(asked)

    def _pay_on_account(self, cents: Cents, reference: str) -> None:
        def then(reply: Reply) -> None:
            self.over.emit()
            self._counter.show_changed()
            self._counter.say(reply.message)

        self._counter.carry_out(do.PayOnAccount(cents, reference), then)
