"""The calls that the simulator takes, and by which code each refuses a token."""

from __future__ import annotations

from enum import StrEnum

from pos_sync.testing.mpesa.said import Said, refusal


class Call(StrEnum):
    """A call of Daraja, by the end of its path."""

    CONNECT = "connect"
    """No call: somebody has connected and begins to speak."""
    TOKEN = "/oauth/v1/generate"  # noqa: S105 - a path, not a secret
    PUSH = "/mpesa/stkpush/v1/processrequest"
    QUERY = "/mpesa/stkpushquery/v1/query"
    REGISTER_URLS = "/mpesa/c2b/v2/registerurl"
    SIMULATE = "/mpesa/c2b/v2/simulate"
    STATUS = "/mpesa/transactionstatus/v1/query"
    BALANCE = "/mpesa/accountbalance/v1/query"
    REVERSAL = "/mpesa/reversal/v1/request"
    REGISTER_PULL = "/pulltransactions/v1/register"
    PULL = "/pulltransactions/v1/query"
    QR = "/mpesa/qrcode/v1/generate"


_BY_PATH = {call.value: call for call in Call if call is not Call.CONNECT} | {
    "/mpesa/c2b/v1/registerurl": Call.REGISTER_URLS,
    "/mpesa/c2b/v1/simulate": Call.SIMULATE,
}
_NO_TOKEN = {
    Call.REGISTER_URLS: (401, "401.003.01"),
    Call.SIMULATE: (401, "401.003.01"),
    Call.STATUS: (401, "401.002.01"),
    Call.BALANCE: (400, "400.003.01"),
    Call.REVERSAL: (403, "403.011.01"),
    Call.REGISTER_PULL: (401, "401.001"),
    Call.PULL: (401, "401.001"),
}


def call_at(path: str) -> Call | None:
    """Return the call at a path; None where there is none."""
    return _BY_PATH.get(path)


def token_refused(call: Call) -> Said:
    """Return how a call refuses a token: no two of them agree, and a push says 404."""
    status, code = _NO_TOKEN.get(call, (404, "404.001.03"))
    return refusal(status, code, "Invalid Access Token")
