"""The bodies of reports, as M-Pesa writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pos_sync.mpesa.nairobi import stamp
from pos_sync.mpesa.payer import digest_of
from pos_sync.testing.mpesa.habits import PayerShown
from pos_sync.testing.mpesa.ledger import Payment
from pos_sync.testing.mpesa.scripts import Shape
from pos_sync.testing.mpesa.words import number_or_text, words_of

Report = Mapping[str, Any]


def shillings(cents: int) -> str:
    """Return an amount as a text."""
    return f"{cents // 100}.{cents % 100:02}"


def shown(phone: str, how: PayerShown, gap: str = "***") -> str:
    """Return a number as it is shown; nothing where it is not."""
    if how is PayerShown.MASKED:
        return f"{phone[:6]}{gap}{phone[-3:]}"
    if how is PayerShown.HASHED:
        return digest_of(phone)
    return phone if how is PayerShown.PLAIN else ""


def stk_report(
    checkout_id: str, merchant_id: str, code: str, payment: Payment | None, shape: Shape
) -> Report:
    """Return the report of the end of a push; only one with code 0 has items."""
    report: dict[str, Any] = {
        "MerchantRequestID": merchant_id,
        "CheckoutRequestID": checkout_id,
        "ResultCode": code if shape.is_code_text else number_or_text(code),
        "ResultDesc": words_of(code),
    }
    if code == "0" and payment is not None:
        items = _items(payment, shape)
        report["CallbackMetadata"] = {"Item": items[::-1] if shape.is_turned_round else items}
    return {"Body": {"stkCallback": report}}


def _items(payment: Payment, shape: Shape) -> list[Report]:
    amount: object = payment.cents / 100
    balance: Report = {"Name": "Balance"}
    if shape.has_balance:
        balance = {**balance, "Value": "{Amount={BasicAmount=100.00}}"}
    items: list[Report] = [
        {"Name": "Amount", "Value": str(amount) if shape.is_amount_text else amount},
        {"Name": "MpesaReceiptNumber", "Value": payment.receipt},
        balance,
        {"Name": "TransactionDate", "Value": int(stamp(payment.at))},
    ]
    phone = shown(payment.phone, shape.payer)
    if phone:
        items.append({"Name": "PhoneNumber", "Value": int(phone) if phone.isdigit() else phone})
    return items


def confirmation(payment: Payment, code: str, payer: PayerShown, shop_cents: int) -> Report:
    """Return the report of money that has come in: texts, all of it."""
    first, _, last = payment.name.partition(" ")
    return {
        "TransactionType": "Buy Goods" if payment.is_to_till else "Pay Bill",
        "TransID": payment.receipt,
        "TransTime": stamp(payment.at),
        "TransAmount": shillings(payment.cents),
        "BusinessShortCode": code,
        "BillRefNumber": payment.reference,
        "InvoiceNumber": "",
        "OrgAccountBalance": shillings(shop_cents),
        "ThirdPartyTransID": "",
        "MSISDN": shown(payment.phone, payer, " ***** "),
        "FirstName": first,
        "MiddleName": "",
        "LastName": last,
    }


def result(
    code: str,
    ids: Mapping[str, str],
    transaction_id: str,
    values: Sequence[tuple[str, object]],
) -> Report:
    """Return the report of the end of a request; only a success has parameters."""
    report: dict[str, Any] = {
        "ResultType": 0,
        "ResultCode": number_or_text(code),
        "ResultDesc": words_of(code),
        **ids,
        "TransactionID": transaction_id,
        "ReferenceData": {"ReferenceItem": {"Key": "QueueTimeoutURL", "Value": "https://x.test"}},
    }
    if code == "0":
        items = [{"Key": key, "Value": value} for key, value in values]
        # a single one comes without its list
        parameters: object = items[0] if len(items) == 1 else items
        report["ResultParameters"] = {"ResultParameter": parameters}
    return {"Result": report}
