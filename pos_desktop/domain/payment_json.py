"""A part payment of an open sale as plain values, so that it survives a crash with its cart."""

from __future__ import annotations

from typing import Any

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import check_amount
from pos_desktop.domain.tender import Payment, RoundingRules, Tender, TenderKind
from pos_desktop.domain.text import _

_AMOUNTS = ("amount_cents", "given_cents", "change_cents", "rounding_cents")


def payment_to_json(payment: Payment) -> dict[str, Any]:
    """Return a payment as a dict that `json` can write; the rules of rounding are the shop's."""
    return {
        "due_cents": payment.due_cents,
        "cash_before_cents": payment.cash_before_cents,
        "tenders": [
            {
                "kind": tender.kind.value,
                "reference": tender.reference,
                **{name: getattr(tender, name) for name in _AMOUNTS},
            }
            for tender in payment.tenders
        ],
    }


def payment_from_json(data: object, rules: RoundingRules) -> Payment:
    """Read a payment back, to go on under these rules; Refused where it is none."""
    try:
        return _payment(data, rules)
    except (KeyError, TypeError, ValueError) as problem:
        raise Refused(
            _("What was paid of the saved cart cannot be read: count it again.")
        ) from problem


def _payment(data: object, rules: RoundingRules) -> Payment:
    if not isinstance(data, dict):
        raise TypeError("not a payment")
    tenders = tuple(map(_tender, data["tenders"]))
    return Payment(
        due_cents=_amount(data["due_cents"]),
        rules=rules,
        tenders=tenders,
        cash_before_cents=_amount(data.get("cash_before_cents", 0)),
    )


def _tender(data: dict[str, Any]) -> Tender:
    tender = Tender(
        kind=TenderKind(data["kind"]),
        reference=str(data["reference"]),
        **{name: _amount(data[name]) for name in _AMOUNTS},
    )
    if tender.given_cents != tender.amount_cents + tender.change_cents:
        raise ValueError("a tender that does not add up")
    return tender


def _amount(value: object) -> int:
    if type(value) is not int:
        raise TypeError(f"{value!r} is no amount")
    check_amount(value)
    return value
