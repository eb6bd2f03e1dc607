"""Money that customers pay by their own doing, and the addresses to which it is reported."""

from __future__ import annotations

from collections.abc import Iterable

from pos_sync.testing.mpesa import fields
from pos_sync.testing.mpesa.fields import Body
from pos_sync.testing.mpesa.habits import Merchant
from pos_sync.testing.mpesa.house import House
from pos_sync.testing.mpesa.ledger import Declined, Payment
from pos_sync.testing.mpesa.said import Reply, TurnedDown, bad_field, refusal, told
from pos_sync.testing.mpesa.scripts import ONCE, Reported
from pos_sync.testing.mpesa.words import words_of

_LONGEST_REFERENCE = 20


class HandDesk:
    """Registers addresses, and lets customers pay; the lock is held by who calls."""

    def __init__(self, house: House) -> None:
        self._house = house

    def register(self, app: str, body: Body) -> Reply:
        """Keep where a shop's payments are reported to, once."""
        code = fields.short_code(body)
        fields.one_of(body, "ResponseType", "Completed", "Cancelled")
        url = fields.address(body, "ConfirmationURL", self._house.habits)
        fields.address(body, "ValidationURL", self._house.habits)
        merchant = self._house.merchant(code, app)
        if merchant.short_code in self._house.confirmation_urls:
            raise TurnedDown(refusal(500, "500.003.1001", "Urls are already registered"))
        self._house.confirmation_urls[merchant.short_code] = url
        return self._taken()

    def simulate(self, _app: str, body: Body) -> Reply:
        """Let a customer pay, as the sandbox does."""
        merchant = self._house.merchant_paid_to(fields.short_code(body))
        type_ = fields.one_of(body, "CommandID", fields.PAYBILL_TYPE, fields.TILL_TYPE)
        if merchant.is_till != (type_ == fields.TILL_TYPE):
            raise bad_field("CommandID")
        cents, phone = fields.whole_cents(body), fields.phone(body, "Msisdn")
        reference = fields.text(body, "BillRefNumber")
        if not merchant.is_till and not 0 < len(reference) <= _LONGEST_REFERENCE:
            raise bad_field("BillRefNumber")
        try:
            payment = self._house.ledger.pay(
                merchant, phone, cents, self._house.now(), reference=reference
            )
        except Declined as declined:
            words = words_of(declined.code)
            raise TurnedDown(refusal(500, "500.003.1001", words)) from declined
        reply = self._taken()
        return Reply(reply.said, then=self._house.confirmations(payment))

    def pay(
        self,
        merchant: Merchant,
        phone: str,
        cents: int,
        reference: str,
        reported: Iterable[Reported] = ONCE,
    ) -> Payment:
        """Let a customer pay; ValueError for a reference that is missing or too much."""
        if merchant.is_till == bool(reference) or len(reference) > _LONGEST_REFERENCE:
            raise ValueError("who pays to a PayBill types a reference, who pays to a till none")
        payment = self._house.ledger.pay(
            merchant, phone, cents, self._house.now(), reference=reference
        )
        self._house.post.send(self._house.confirmations(payment, reported))
        return payment

    def _taken(self) -> Reply:
        ids = {"OriginatorCoversationID": self._house.numbers.other()}
        return Reply(told({**ids, "ResponseCode": "0", "ResponseDescription": "Success"}))
