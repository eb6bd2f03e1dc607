"""What a result code says in words."""

from __future__ import annotations

DONE = "The service request is processed successfully."

_WORDS = {
    "0": DONE,
    "1": "The balance is insufficient for the transaction.",
    "2": "Declined due to limit rule: less than the minimum transaction amount.",
    "3": "Declined due to limit rule: greater than the maximum transaction amount.",
    "4": "Declined due to limit rule: would exceed daily transfer limit.",
    "8": "Declined due to limit rule: would exceed the maximum balance.",
    "17": "Rule limited.",
    "26": "Traffic blocking condition in place.",
    "1001": "Unable to lock subscriber, a transaction is already in process.",
    "1019": "Transaction has expired.",
    "1025": "An error occurred while sending a push request.",
    "1031": "Request cancelled by user",
    "1032": "Request cancelled by user",
    "1036": "SMSC ACK timeout.",
    "1037": "DS timeout user cannot be reached",
    "2001": "The initiator information is invalid.",
    "2026": "The session has expired.",
    "2028": "The request is not permitted according to product assignment.",
    "2008": "The authentication has failed.",
    "4999": "The transaction is still under processing",
    "8006": "The security credential is locked.",
    "9999": "Error sending the push request.",
    "R000001": "The transaction has already been reversed.",
    "R000002": "The OriginalTransactionID is invalid.",
    "SFC_IC0003": "The operator does not exist.",
    "E3008": "The subscriber is not one for tests.",
}


def words_of(code: str) -> str:
    """Return the description of a code."""
    return _WORDS.get(code, "Something else.")


def number_or_text(code: str) -> int | str:
    """Return a code as it is reported: a number where it is one."""
    return int(code) if code.isascii() and code.isdigit() else code
