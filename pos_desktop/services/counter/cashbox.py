"""Money that is taken without a sale: of what a customer owes, and for a voucher."""

from __future__ import annotations

from dataclasses import dataclass

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents, check_amount, format_amount
from pos_desktop.domain.shift import Shift
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tender import Tender, TenderKind
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.credit.accounts import entry
from pos_desktop.services.credit.vouchers import Vouchers
from pos_desktop.services.paper.papers import Account, Papers
from pos_desktop.services.paper.print_queue import PAYMENT_KIND, VOUCHER_KIND, PrintQueue
from pos_desktop.services.people.acting import require
from pos_desktop.services.people.customers import shown_name
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.sales.selling import ShiftClosed
from pos_desktop.storage import account_payments, customers, shifts
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.vouchers import Voucher


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was taken: its number, and what the customer owes now or the voucher that was sold."""

    number: str
    owed_cents: Cents | None = None
    voucher: Voucher | None = None


class Cashbox:
    """Takes money that belongs to no sale."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        configuration: Configuration,
        papers: Papers,
        print_queue: PrintQueue,
        vouchers: Vouchers,
    ) -> None:
        self._database = database
        self._books = books
        self._configuration = configuration
        self._papers = papers
        self._print_queue = print_queue
        self._vouchers = vouchers

    def pay_on_account(
        self, person: Person, shift: Shift, customer_id: Id, tender: Tender
    ) -> Taken:
        """Record that a customer pays of what they owe; more than that stands in their favour.

        Raises Refused where it is more by what nobody pays in advance.
        """
        require(person, Permission.SELL)
        with self._database.write():
            customer = customers.by_id(self._database, customer_id)
            if customer is None:
                raise Refused(_("Say first which customer pays: F4."))
            self._check_slip(tender.amount_cents - customers.balance(self._database, customer.id))
            payment_id = self._books.new_id()
            entries = {"account_entry": [entry(payment_id, customer.id, -tender.amount_cents)]}
            paid = self._record(person, shift, tender, payment_id, entries, customer.id)
            owed = customers.balance(self._database, customer.id)
            account = Account(shown_name(customer), owed)
            document = self._papers.payment(paid, tender, person.name, account)
            self._print_queue.paper(PAYMENT_KIND, paid.number, document, fact_id=payment_id)
        return Taken(number=paid.number, owed_cents=owed)

    def sell_voucher(self, person: Person, shift: Shift, tender: Tender) -> Taken:
        """Sell a voucher of what is paid for it; Refused for more than anybody buys one of."""
        require(person, Permission.SELL)
        self._check_slip(tender.amount_cents)
        with self._database.write():
            payment_id = self._books.new_id()
            entries = self._vouchers.new(payment_id, tender.amount_cents)
            paid = self._record(person, shift, tender, payment_id, entries, None)
            voucher = self._vouchers.issued_by(payment_id)
            assert voucher is not None
            document = self._papers.payment(paid, tender, person.name, None)
            self._print_queue.paper(PAYMENT_KIND, paid.number, document, fact_id=payment_id)
            paper = self._papers.voucher(voucher, paid.number)
            self._print_queue.paper(VOUCHER_KIND, paid.number, paper, fact_id=payment_id)
        return Taken(number=paid.number, voucher=voucher)

    def _check_slip(self, prepaid_cents: Cents) -> None:
        """Raise Refused for a sum that nobody pays without goods: a digit too many, or a code."""
        highest = self._configuration.get(settings.HIGHEST_PREPAID_CENTS)
        if highest and prepaid_cents > highest:
            sentence = _(
                "Nobody pays more than {amount} without goods here: type the amount again. The "
                "setting {key} allows more."
            )
            key = settings.HIGHEST_PREPAID_CENTS.key
            raise Refused(sentence.format(amount=format_amount(highest), key=key))

    def _record(
        self,
        person: Person,
        shift: Shift,
        tender: Tender,
        payment_id: Id,
        entries: dict[str, list[Row]],
        customer_id: Id | None,
    ) -> account_payments.AccountPayment:
        if not shifts.is_open(self._database, shift.id):
            raise ShiftClosed
        paid = account_payments.record(
            self._database,
            self._books,
            tender,
            payment_id=payment_id,
            shift=shift,
            staff_id=person.id,
            customer_id=customer_id,
            entries=entries,
        )
        if tender.kind is TenderKind.CASH:
            self._print_queue.open_drawer(paid.number, fact_id=payment_id)
        return paid


def tender_of(amount_cents: Cents, card_reference: str) -> Tender:
    """Return what was handed over: cash, or a card where there is a reference of it."""
    if amount_cents <= 0:
        raise Refused(_("Type an amount of more than zero."))
    check_amount(amount_cents)
    kind = TenderKind.CARD if card_reference else TenderKind.CASH
    return Tender(
        kind=kind, amount_cents=amount_cents, given_cents=amount_cents, reference=card_reference
    )
