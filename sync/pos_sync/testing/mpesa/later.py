"""Status, balance and reversal: taken in at once, and answered by a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pos_sync.mpesa.amounts import read_cents
from pos_sync.mpesa.nairobi import stamp
from pos_sync.testing.mpesa import fields
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.fields import Body
from pos_sync.testing.mpesa.habits import Merchant
from pos_sync.testing.mpesa.house import House
from pos_sync.testing.mpesa.ledger import Declined
from pos_sync.testing.mpesa.reports import result, shillings
from pos_sync.testing.mpesa.said import Letter, Reply, bad_field, told
from pos_sync.testing.mpesa.scripts import Ending, Plan

_WRONG_INITIATOR = "2001"
_NO_SUCH_PAYMENT = "R000002"
_COMMANDS = {
    Call.STATUS: "TransactionStatusQuery",
    Call.BALANCE: "AccountBalance",
    Call.REVERSAL: "TransactionReversal",
}


@dataclass(frozen=True)
class _Outcome:
    """What has become of a request."""

    code: str
    values: Sequence[tuple[str, object]] = ()
    receipt: str = ""
    """Of what was done, if that has one."""


_Act = Callable[[Body, Merchant], _Outcome]


class LaterDesk:
    """Takes such requests; the lock is held by who calls."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.endings: Plan[Ending] = Plan()

    def status(self, app: str, body: Body) -> Reply:
        """Tell what has become of a payment."""
        merchant = self._asking(app, body, Call.STATUS, "PartyA")
        return self._taken(Call.STATUS, body, merchant, self._status)

    def balance(self, app: str, body: Body) -> Reply:
        """Tell what lies in a shop's accounts."""
        merchant = self._asking(app, body, Call.BALANCE, "PartyA")
        return self._taken(Call.BALANCE, body, merchant, self._balance)

    def reverse(self, app: str, body: Body) -> Reply:
        """Give a payment back."""
        merchant = self._asking(app, body, Call.REVERSAL, "ReceiverParty")
        if not read_cents(body.get("Amount")):
            raise bad_field("Amount")
        return self._taken(Call.REVERSAL, body, merchant, self._reversal)

    def _asking(self, app: str, body: Body, call: Call, party: str) -> Merchant:
        fields.one_of(body, "CommandID", _COMMANDS[call])
        if call is Call.REVERSAL:
            fields.one_of(body, "RecieverIdentifierType", "11")
        else:
            fields.one_of(body, "IdentifierType", "4")
        fields.remarks(body)
        fields.address(body, "ResultURL", self._house.habits)
        fields.address(body, "QueueTimeOutURL", self._house.habits)
        return self._house.merchant(fields.short_code(body, party), app)

    def _taken(self, call: Call, body: Body, merchant: Merchant, act: _Act) -> Reply:
        ids = {
            "OriginatorConversationID": self._house.numbers.other(),
            "ConversationID": self._house.numbers.conversation(self._house.now()),
        }
        said = told({**ids, "ResponseCode": "0", "ResponseDescription": "Accepted"})
        ending = self._ending(call, body)
        if ending.is_timed_out:
            return Reply(said, then=(Letter(fields.text(body, "QueueTimeOutURL"), ids),))
        outcome = self._outcome(ending, body, merchant, act)
        receipt = outcome.receipt or self._house.numbers.receipt(self._house.now())
        url = fields.text(body, "ResultURL")
        letters = []
        for one in ending.reports:
            report = result(one.code or outcome.code, ids, receipt, outcome.values)
            letters.append(Letter(url, report, one.after))
        return Reply(said, then=tuple(letters))

    def _ending(self, call: Call, body: Body) -> Ending:
        payment = self._house.ledger.payment(fields.text(body, "TransactionID"))
        phone, cents = (payment.phone, payment.cents) if payment else ("", 0)
        found = self.endings.due(phone, cents, lambda one: one.at is call)
        return found or Ending(at=call)

    def _outcome(self, ending: Ending, body: Body, merchant: Merchant, act: _Act) -> _Outcome:
        code = ending.code or self._wrong_initiator(body, merchant)
        if code is not None:
            return _Outcome(code)
        try:
            return act(body, merchant)
        except Declined as declined:
            return _Outcome(declined.code)

    @staticmethod
    def _wrong_initiator(body: Body, merchant: Merchant) -> str | None:
        given = fields.text(body, "Initiator"), fields.text(body, "SecurityCredential")
        known = merchant.secrets.initiator, merchant.secrets.credential
        return None if given == known else _WRONG_INITIATOR

    def _status(self, body: Body, merchant: Merchant) -> _Outcome:
        ledger = self._house.ledger
        payment = ledger.payment(fields.text(body, "TransactionID"))
        if payment is None or payment.short_code != merchant.short_code:
            return _Outcome(_NO_SUCH_PAYMENT)
        at = int(stamp(payment.at))
        values = (
            ("ReceiptNo", payment.receipt),
            ("Conversation ID", ""),
            ("FinalisedTime", at),
            ("InitiatedTime", at),
            ("Amount", payment.cents / 100),
            ("TransactionStatus", "Completed"),
            ("ReasonType", "Pay Merchant" if payment.is_to_till else "Pay Utility"),
            ("DebitPartyName", f"{payment.phone} - {payment.name}"),
            ("CreditPartyName", f"{payment.short_code} - {merchant.name}"),
        )
        return _Outcome("0", values)

    def _balance(self, _body: Body, merchant: Merchant) -> _Outcome:
        has = shillings(self._house.ledger.shop_cents(merchant.short_code))
        accounts = ("Working Account|KES|0.00|0.00|0.00|0.00", _utility_account(has))
        return _Outcome("0", (("AccountBalance", "&".join(accounts)),))

    def _reversal(self, body: Body, merchant: Merchant) -> _Outcome:
        ledger, now = self._house.ledger, self._house.now()
        cents = read_cents(body.get("Amount")) or 0
        reversal = ledger.reverse(
            fields.text(body, "TransactionID"), cents, merchant.short_code, now
        )
        payment = reversal.of
        has = shillings(ledger.shop_cents(merchant.short_code))
        values = (
            ("OriginalTransactionID", payment.receipt),
            ("Amount", payment.cents / 100),
            ("TransCompletedTime", int(stamp(now))),
            ("Charge", 0.0),
            ("DebitAccountBalance", _utility_account(has)),
            ("CreditPartyPublicName", f"{payment.phone} - {payment.name}"),
            ("DebitPartyPublicName", f"{merchant.short_code} - {merchant.name}"),
        )
        return _Outcome("0", values, reversal.receipt)


def _utility_account(has: str) -> str:
    return f"Utility Account|KES|{has}|{has}|0.00|0.00"
