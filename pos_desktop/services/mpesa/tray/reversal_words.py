"""What became of a reversal, in words: why M-Pesa gave nothing back, and what to do about it."""

from __future__ import annotations

from pos_desktop.domain.money import format_amount
from pos_desktop.domain.text import _
from pos_desktop.storage.mpesa_requests import MpesaRequest, RequestState

_NO_MONEY = "1"
_WRONG_RECEIPT = "R000002"
_WRONG_OPERATOR = frozenset({"2001", "11", "21", "2006", "2028", "8006"})


def did_not_go_back(request: MpesaRequest) -> str:
    """Return what managers are told of a payment that M-Pesa was to give back, and does not."""
    sentence = _("{why} It is the payment {code} of {amount}: settle it under M-Pesa in the menu.")
    amount = format_amount(request.amount_cents)
    return sentence.format(why=refused_words(request), code=request.receipt, amount=amount)


def no_answer(request: MpesaRequest) -> str:
    """Return what managers are told of a payment of which M-Pesa does not say that it went back."""
    sentence = _(
        "M-Pesa has not said for half an hour whether the payment {code} of {amount} went back: "
        "look in its portal, and say what it shows under M-Pesa in the menu."
    )
    amount = format_amount(request.amount_cents)
    return sentence.format(code=request.receipt, amount=amount)


def went_back_too(request: MpesaRequest) -> str:
    """Return what managers are told of a settled payment that M-Pesa gave back too."""
    sentence = _(
        "M-Pesa has given {code} over {amount} back after all, and it was sold on or given back "
        "before: look at it under M-Pesa."
    )
    amount = format_amount(request.amount_cents)
    return sentence.format(code=request.receipt, amount=amount)


def refused_words(request: MpesaRequest | None) -> str:
    """Return why M-Pesa has not given a payment back, and what to do about it."""
    if request is None or request.state is not RequestState.REFUSED:
        return ""
    if request.code == _NO_MONEY:
        return _("M-Pesa did not give it back: there is not enough in the shop's account.")
    if request.code == _WRONG_RECEIPT:
        return _("M-Pesa did not give it back: it does not know this code.")
    if request.code in _WRONG_OPERATOR:
        return _(
            "M-Pesa did not give it back: in its portal the operator needs the role “Org Reversals "
            "Initiator”, and a password that has not run out."
        )
    if not request.code:
        return _("It did not go back.")
    sentence = _("M-Pesa did not give it back ({code}): give it back in its portal.")
    return sentence.format(code=request.code)
