"""What customers owe: sales on account within a limit, and what they pay of it."""

from __future__ import annotations

from pos_desktop.domain.controlled_acts import Act
from pos_desktop.domain.customer import Customer
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.sale import Sale
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tender import TenderKind
from pos_desktop.domain.text import _
from pos_desktop.services.people.acting import Approval, NeedsApproval, approved, may
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import customers
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import Row, ShopDatabase


class OverTheLimit(NeedsApproval):
    """This is more than the customer may owe; a manager can approve it."""

    def __init__(self, customer: Customer, owed_cents: Cents, amount_cents: Cents) -> None:
        """Take what the customer owes, and what is to come onto it."""
        sentence = _(
            "{name} owes {owed} and may owe {limit}: take another tender, or let a manager "
            "approve it."
        )
        super().__init__(
            Permission.CREDIT_OVER_LIMIT,
            sentence.format(
                name=customer.name,
                owed=format_amount(owed_cents),
                limit=format_amount(customer.credit_limit_cents),
            ),
        )
        self.name = customer.name
        self.amount_cents = amount_cents
        self.over_cents = Accounts.over_limit(customer, owed_cents, amount_cents)


class Accounts:
    """Watches what customers owe."""

    def __init__(self, database: ShopDatabase, reader: ShopDatabase, books: Books) -> None:
        self._database = database
        self._reader = reader
        self._books = books

    @staticmethod
    def over_limit(customer: Customer, owed_cents: Cents, amount_cents: Cents) -> Cents:
        """Return by how much one who owes so much is over the limit once this comes onto it.

        Nought or negative where they are not.
        """
        return owed_cents + amount_cents - customer.credit_limit_cents

    def check_credit(
        self,
        customer_id: Id | None,
        amount_cents: Cents,
        person: Person,
        approval: Approval | None = None,
    ) -> None:
        """Raise where so much may not be sold on account: Refused, or OverTheLimit."""
        self._check(self._reader, customer_id, amount_cents, person, approval)

    def entries(
        self,
        sale: Sale,
        fact_id: Id,
        customer_id: Id | None,
        person: Person,
        approval: Approval | None,
    ) -> dict[str, list[Row]]:
        """Return the rows that a sale or refund makes on the customer's account.

        Inside the transaction of the sale: the limit is looked at once more, and what goes beyond
        it is written into the journal. Raises Refused, or OverTheLimit; what goes back to nobody's
        account is Refused too.
        """
        amount = sum(one.amount_cents for one in sale.tenders if one.kind is TenderKind.CREDIT)
        if not amount:
            return {}
        if amount > 0:
            over = self._check(self._database, customer_id, amount, person, approval)
            if over > 0:
                detail = {"customer": customer_id, "taken_off_cents": -over}
                self._books.note(
                    Act.ON_CREDIT.value, actor_id=person.id, **approved(approval, detail)
                )
        elif not customer_id or customers.by_id(self._database, customer_id) is None:
            raise Refused(
                _("There is no customer to whose account this can go back: choose another tender.")
            )
        return {"account_entry": [entry(fact_id, customer_id or "", amount)]}

    def _check(
        self,
        database: ShopDatabase,
        customer_id: Id | None,
        amount_cents: Cents,
        person: Person,
        approval: Approval | None,
    ) -> Cents:
        """Return by how much it is over the limit; negative or nought where it is not."""
        customer = customers.by_id(database, customer_id) if customer_id else None
        if customer is None:
            raise Refused(_("Say first which customer buys on account: F4."))
        owed = customers.balance(database, customer.id)
        over = self.over_limit(customer, owed, amount_cents)
        if over > 0 and not may(person, Permission.CREDIT_OVER_LIMIT, approval):
            raise OverTheLimit(customer, owed, amount_cents)
        return over


def entry(fact_id: Id, customer_id: Id, amount_cents: Cents) -> Row:
    """Return a row of an account: by how much what the customer owes rises."""
    return {"fact_id": fact_id, "no": 1, "customer_id": customer_id, "amount_cents": amount_cents}
