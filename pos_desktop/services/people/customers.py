"""The customers of the shop: who they are, what they agreed to, and how they are forgotten."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from pos_hardware.document import ReceiptDocument, Text

from pos_desktop.domain.customer import Customer
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mail_address import check_email
from pos_desktop.domain.money import Cents, check_amount, format_amount
from pos_desktop.domain.phone import masked_phone, parse_phone
from pos_desktop.domain.quantity import format_quantity
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tax import parse_kra_pin
from pos_desktop.domain.text import _
from pos_desktop.services.people.acting import ChangedMeanwhile, hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import customers, sales
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.moments import from_stored, to_stored

MOST_FOUND = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What a person types of a customer; what is empty is not known."""

    name: str
    phone: str = ""
    email: str = ""
    address: str = ""
    kra_pin: str = ""
    note: str = ""

    def checked(self) -> dict[str, Any]:
        """Return the columns of a customer's row; raise Refused where something cannot be."""
        name = self.name.strip()
        if not name or not name.isprintable():
            raise Refused(_("A customer has a name: type it."))
        return {
            "name": name,
            "phone": parse_phone(self.phone) if self.phone.strip() else None,
            "email": check_email(self.email) if self.email.strip() else None,
            "address": self.address.strip(),
            "kra_pin": parse_kra_pin(self.kra_pin) if self.kra_pin.strip() else None,
            "note": self.note.strip(),
        }


class Customers:
    """Keeps the customers. What it reads may come from a connection that only reads."""

    def __init__(self, database: ShopDatabase, reader: ShopDatabase, books: Books) -> None:
        self._database = database
        self._reader = reader
        self._books = books

    def search(self, text: str, limit: int = MOST_FOUND) -> list[Customer]:
        """Return those whom a few letters or digits fit, by name; without any, the first ones."""
        words = text.split()
        digits = "".join(words)
        if digits.isdigit() and len(digits) > 3:
            words = [digits.removeprefix("0").removeprefix("254")]
        return customers.search(self._reader, words, limit)

    def get(self, customer_id: Id) -> Customer | None:
        """Return a customer, or None where nobody knows them any more."""
        return customers.by_id(self._reader, customer_id)

    def find(self, text: str) -> Customer:
        """Return the customer of a code or phone number; raise Refused where there is none."""
        found = customers.by_code(self._reader, text.strip())
        if found is None:
            try:
                found = customers.by_phone(self._reader, parse_phone(text))
            except Refused:
                found = None
        if found is None:
            raise Refused(
                _("No customer has the code or phone {code}. F4 searches by name.").format(
                    code=text.strip()
                )
            )
        return found

    def balance(self, customer_id: Id) -> Cents:
        """Return what a customer owes; negative where the shop owes them."""
        return customers.balance(self._reader, customer_id)

    def history(
        self, customer_id: Id, limit: int | None = None, *, actor: Person | None
    ) -> list[Row]:
        """Return sales, refunds and payments of a customer, the newest first."""
        hand_of(actor, Permission.CUSTOMERS)
        return customers.history(self._reader, customer_id, limit)

    def add(
        self, particulars: Particulars, *, actor: Person | None, wants_mail: bool = False
    ) -> Customer:
        """Add a customer, who owes nothing and may not; who `wants_mail` has agreed to it now.

        Raises Refused for a phone known already, and for mail without an address.
        """
        actor_id = hand_of(actor, Permission.CUSTOMERS).actor_id
        values = particulars.checked()
        if wants_mail:
            _check_has_address(values["email"])
        with self._database.write():
            self._check_phone_is_free(values["phone"], None)
            customer = Customer(
                id=self._books.new_id(), code=customers.next_code(self._database), **values
            )
            customers.add(self._database, self._books, customer)
            self._note("customer added", actor_id, customer.id)
            found = customers.by_id(self._database, customer.id)
            assert found is not None
            return self._agree(found, actor_id, given=True) if wants_mail else found

    def change(
        self, customer: Customer, particulars: Particulars, *, actor: Person | None
    ) -> Customer:
        """Change what is known of a customer as they were read; ChangedMeanwhile if they were not.

        The journal keeps who did it and which fields, never what stands in them.
        """
        actor_id = hand_of(actor, Permission.CUSTOMERS).actor_id
        values = particulars.checked()
        changed = {key: one for key, one in values.items() if one != getattr(customer, key)}
        if not values["email"] and customer.mail_consent_at is not None:
            changed["mail_consent_at"] = None
        if not changed:
            return customer
        with self._database.overwriting(), self._database.write():
            self._check_phone_is_free(values["phone"], customer.id)
            detail = {"fields": sorted(changed)}
            return self._change(customer, changed, "customer changed", actor_id, detail)

    def consent(self, customer: Customer, *, given: bool, actor: Person | None) -> Customer:
        """Keep that a customer wants mail from the shop, from now on, or no longer."""
        actor_id = hand_of(actor, Permission.CUSTOMERS).actor_id
        if given:
            _check_has_address(customer.email)
        with self._database.write():
            return self._agree(customer, actor_id, given=given)

    def set_limit(
        self, customer: Customer, limit_cents: Cents, *, actor: Person | None
    ) -> Customer:
        """Say how much a customer may owe; 0 sells nothing on account."""
        actor_id = hand_of(actor, Permission.CUSTOMER_CREDIT).actor_id
        if limit_cents < 0:
            raise Refused(_("Type how much the customer may owe: 0 or more."))
        check_amount(limit_cents)
        detail = {"limit_cents": limit_cents, "before_cents": customer.credit_limit_cents}
        with self._database.write():
            values = {"credit_limit_cents": limit_cents}
            return self._change(customer, values, "credit limit", actor_id, detail)

    # a person's own data

    def export(self, customer: Customer, *, actor: Person | None) -> dict[str, Any]:
        """Return all that the shop knows of a person, as plain values, for the person."""
        actor_id = hand_of(actor, Permission.PERSONAL_DATA).actor_id
        with self._database.write():
            self._note("customer exported", actor_id, customer.id)
        known = asdict(customer)
        known.pop("ver")
        consent = known.pop("mail_consent_at")
        return {
            "customer": {
                **known,
                "mail_consent_at": from_stored(consent).isoformat() if consent else None,
            },
            "balance_cents": self.balance(customer.id),
            "history": [self._entry(row) for row in customers.history(self._reader, customer.id)],
        }

    def _entry(self, row: Row) -> dict[str, Any]:
        found: dict[str, Any] = {
            "kind": row["kind"],
            "receipt": row["receipt"],
            "at": from_stored(row["at"]).isoformat(),
            "gross_cents": row["gross_cents"],
            "account_cents": row["account_cents"] or 0,
        }
        stored = sales.by_id(self._reader, row["id"])
        if stored is not None:
            found["lines"] = [
                {
                    "name": line.item.name,
                    "quantity": format_quantity(line.quantity),
                    "gross_cents": line.gross_cents,
                }
                for line in stored.sale.lines
            ]
        return found

    def erase(self, customer: Customer, *, actor: Person | None) -> None:
        """Forget a person: name, phone, addresses, and the papers on which they stand.

        The sums of the books stay as they are. Raises Refused while money is owed on either side.
        """
        actor_id = hand_of(actor, Permission.PERSONAL_DATA).actor_id
        with self._database.overwriting(), self._database.write():
            self.check_settled(customer)
            paper = ReceiptDocument((Text(_("(erased)")),)).to_json()
            customers.erase(self._database, self._books, customer.id, paper=paper)
            self._note("customer erased", actor_id, customer.id)

    def check_settled(self, customer: Customer) -> None:
        """Raise Refused while money is owed on either side: such a customer cannot be erased."""
        owed = customers.balance(self._database, customer.id)
        if owed:
            raise Refused(
                _(
                    "The account stands at {amount}: settle it first, then the customer can "
                    "be erased."
                ).format(amount=format_amount(owed))
            )

    # how it is done

    def _check_phone_is_free(self, phone: str | None, own_id: Id | None) -> None:
        other = customers.by_phone(self._database, phone) if phone else None
        if other is not None and other.id != own_id:
            raise Refused(
                _("{name} ({code}) has the phone {phone} already.").format(
                    name=other.name, code=other.code, phone=masked_phone(phone)
                )
            )

    def _agree(self, customer: Customer, actor_id: Id | None, *, given: bool) -> Customer:
        values = {"mail_consent_at": self._now() if given else None}
        return self._change(customer, values, "mail consent", actor_id, {"given": given})

    def _change(
        self,
        customer: Customer,
        values: dict[str, Any],
        kind: str,
        actor_id: Id | None,
        detail: dict[str, Any],
    ) -> Customer:
        if not customers.change(self._database, self._books, customer.id, values, ver=customer.ver):
            raise ChangedMeanwhile
        self._note(kind, actor_id, customer.id, detail)
        found = customers.by_id(self._database, customer.id)
        assert found is not None
        return found

    def _note(
        self, kind: str, actor_id: Id | None, customer_id: Id, detail: dict[str, Any] | None = None
    ) -> None:
        self._books.note(
            kind, actor_id=actor_id, detail={"customer": customer_id, **(detail or {})}
        )

    def _now(self) -> int:
        return to_stored(self._books.now())


def _check_has_address(email: str | None) -> None:
    if not email:
        raise Refused(_("Type the customer's e-mail address first."))


def shown_name(customer: Customer) -> str:
    """Return how a customer is called on screens and papers: name, and the phone as shown."""
    phone = masked_phone(customer.phone)
    return f"{customer.name} · {phone}" if phone else customer.name
