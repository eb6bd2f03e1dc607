"""Vouchers: given for goods that come back or sold for money, and paid with by their code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from pos_desktop import settings
from pos_desktop.domain.barcodes import check_digit
from pos_desktop.domain.chance import digits
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.sale import Sale
from pos_desktop.domain.tender import Payment, TenderKind
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.shown_dates import shown_day
from pos_desktop.storage import vouchers
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.vouchers import Voucher

PREFIX = "99"
"""GS1 leaves codes that begin so to coupons: no product has one."""
_RANDOM_DIGITS = 10


def masked_code(code: str) -> str:
    """Return a voucher's code as papers other than itself show it: whoever has it can use it."""
    return f"***{code[-4:]}"


class Vouchers:
    """Gives vouchers out and takes them."""

    def __init__(
        self,
        database: ShopDatabase,
        reader: ShopDatabase,
        books: Books,
        configuration: Configuration,
        draw: Callable[[int], str] = digits,
    ) -> None:
        """Take `draw`, which returns so many digits that nobody can guess."""
        self._database = database
        self._reader = reader
        self._books = books
        self._configuration = configuration
        self._draw = draw

    def is_known(self, code: str) -> bool:
        """Tell whether a code is that of a voucher, whatever is left of it."""
        return code.startswith(PREFIX) and vouchers.by_code(self._reader, code) is not None

    def find(self, code: str) -> Voucher:
        """Return the voucher of a code; raise Refused where it is none, used up or too old."""
        return self._usable(self._reader, code)

    def usable_cents(self, code: str, payment: Payment) -> Cents:
        """Return what a voucher can still pay, besides what it pays already of this payment."""
        return self.find(code).left_cents - _used(payment, code)

    def left(self, payment: Payment) -> dict[str, Cents]:
        """Return what is left of each voucher that a recorded payment was paid with, by code."""
        left = {}
        for one in payment.tenders:
            if one.kind is TenderKind.VOUCHER and one.amount_cents > 0:
                voucher = vouchers.by_code(self._reader, one.reference)
                left[one.reference] = voucher.left_cents if voucher else 0
        return left

    def issued_by(self, fact_id: Id) -> Voucher | None:
        """Return the voucher that a refund or a payment has given out, or None."""
        return vouchers.issued_by(self._database, fact_id)

    def entries(self, sale: Sale, fact_id: Id) -> dict[str, list[Row]]:
        """Return the rows that a sale or a refund makes: what was used, or a voucher given out.

        Inside the transaction of the sale; raises Refused where a voucher was used meanwhile.
        """
        found = [one for one in sale.tenders if one.kind is TenderKind.VOUCHER]
        given_out = -sum(one.amount_cents for one in found if one.amount_cents < 0)
        if given_out:
            return self.new(fact_id, given_out)
        rows = []
        for no, code in enumerate(dict.fromkeys(one.reference for one in found), start=1):
            amount = sum(one.amount_cents for one in found if one.reference == code)
            voucher = self._usable(self._database, code)
            if voucher.left_cents < amount:
                raise Refused(
                    _(
                        "Of the voucher only {left} is left: take it anew, and the rest in cash."
                    ).format(left=format_amount(voucher.left_cents))
                )
            rows.append(_entry(fact_id, no, voucher.id, -amount))
        return {"voucher_entry": rows} if rows else {}

    def new(self, fact_id: Id, amount_cents: Cents) -> dict[str, list[Row]]:
        """Return the rows of a new voucher, inside the transaction of what gives it out."""
        voucher_id = self._books.new_id()
        row = {
            "id": voucher_id,
            "fact_id": fact_id,
            "code": self._new_code(),
            "valid_until": self._valid_until(),
        }
        return {"voucher": [row], "voucher_entry": [_entry(fact_id, 1, voucher_id, amount_cents)]}

    def _new_code(self) -> str:
        while True:
            payload = PREFIX + self._draw(_RANDOM_DIGITS)
            code = f"{payload}{check_digit(payload)}"
            if vouchers.by_code(self._database, code) is None:
                return code

    def _valid_until(self) -> str | None:
        days = self._configuration.get(settings.VOUCHER_DAYS)
        return (self._configuration.today + timedelta(days=days)).isoformat() if days else None

    def _usable(self, database: ShopDatabase, code: str) -> Voucher:
        voucher = vouchers.by_code(database, code.strip())
        if voucher is None:
            raise Refused(_("There is no such voucher: scan it once more, or look at its number."))
        if voucher.valid_until and voucher.valid_until < self._configuration.today.isoformat():
            raise Refused(
                _("This voucher was valid until {day}.").format(day=shown_day(voucher.valid_until))
            )
        if voucher.left_cents <= 0:
            raise Refused(_("This voucher is used up: take another tender."))
        return voucher


def _used(payment: Payment, code: str) -> Cents:
    return sum(
        one.amount_cents
        for one in payment.tenders
        if one.kind is TenderKind.VOUCHER and one.reference == code
    )


def _entry(fact_id: Id, no: int, voucher_id: Id, amount_cents: Cents) -> Row:
    return {"fact_id": fact_id, "no": no, "voucher_id": voucher_id, "amount_cents": amount_cents}
