"""Calls Daraja for one shop.

A call returns what it was answered or raises one of `errors`; `push` and `query` return outcomes.
Only a refused token makes a call be repeated, once. The time in a request is Nairobi's, by this
machine's clock; by the server's where the two are more than two minutes apart.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pos_sync.deadline import Monotonic
from pos_sync.http.json_objects import Json, first_of, text_of
from pos_sync.http.transport import Answer, Asked, Transport
from pos_sync.mpesa.access_token import Token, TokenKeeper, read_token
from pos_sync.mpesa.account import Account, AccountKind, Secrets
from pos_sync.mpesa.addresses import ReportTo, secret_parts
from pos_sync.mpesa.answers import read_success
from pos_sync.mpesa.errors import (
    CallRefused,
    MpesaError,
    NoAnswer,
    NotSent,
    Unasked,
    WhyNoAnswer,
    WhyNotSent,
    WhyRefused,
)
from pos_sync.mpesa.nairobi import SKEW_ALLOWED, pull_time, stamp
from pos_sync.mpesa.payer import masked
from pos_sync.mpesa.pulled import PulledPage, read_page
from pos_sync.mpesa.push import (
    PushOrder,
    PushOutcome,
    password_of,
    push_body,
    push_failed,
    read_accepted,
)
from pos_sync.mpesa.query import QueryOutcome, query_refused, read_query
from pos_sync.mpesa.repeated import without_phone, without_secrets

SKEW_MOST = timedelta(days=1)
"""What is further off is no clock to count by."""

_REMARKS = "POS Desktop"
_WRONG_KEYS_STATUS = (400, 401, 403)
_HIDDEN = ("Password", "Initiator", "CheckoutRequestID")
"""Fields that no log may show: the id of a push has the customer's number in it."""
_PHONES = ("PhoneNumber", "NominatedNumber")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Acknowledged:
    """A request is taken in; its end is reported later, under these ids."""

    originator_id: str
    conversation_id: str

    @property
    def ids(self) -> dict[str, str]:
        """Those ids by name."""
        return {"originator_id": self.originator_id, "conversation_id": self.conversation_id}


@dataclass(frozen=True)
class QrCode:
    """A picture that a customer's M-Pesa app reads."""

    png: bytes


class Daraja:
    """The calls of one account; any thread may make them."""

    def __init__(
        self,
        account: Account,
        secrets: Secrets,
        transport: Transport,
        *,
        now: Callable[[], datetime],
        monotonic: Monotonic,
    ) -> None:
        self._account = account
        self._secrets = secrets
        self._transport = transport
        self._now = now
        self._monotonic = monotonic
        self._tokens = TokenKeeper(self._fetch_token, monotonic)
        self._skew = timedelta()

    @property
    def skew(self) -> timedelta:
        """How far the server's clock was ahead of this machine's at the last answer.

        SKEW_MOST either way at most.
        """
        return self._skew

    def close(self) -> None:
        """End all lines."""
        self._transport.close()

    # payments

    def push(self, order: PushOrder) -> PushOutcome:
        """Ask a phone for money, once; raises Unasked where no passkey is set."""
        if not self._secrets.passkey:
            raise Unasked
        body = push_body(self._account, self._secrets.passkey, order, self._at())
        try:
            found = self._call("/mpesa/stkpush/v1/processrequest", body)
        except MpesaError as error:
            outcome = push_failed(error)
            log.warning("a push to %s: %s", masked(order.phone), error)
            return outcome
        return read_accepted(found)

    def query(self, checkout_id: str) -> QueryOutcome:
        """Return what has become of a push; raises MpesaError where the query itself failed."""
        at_stamp = stamp(self._at())
        body = {
            "BusinessShortCode": self._account.short_code,
            "Password": password_of(self._account, self._secrets.passkey, at_stamp),
            "Timestamp": at_stamp,
            "CheckoutRequestID": checkout_id,
        }
        try:
            found = self._call("/mpesa/stkpushquery/v1/query", body)
        except MpesaError as error:
            outcome = query_refused(error)
            if outcome is None:
                raise
            return outcome
        return read_query(found, checkout_id)

    def pull(self, start: datetime, end: datetime, offset: int) -> PulledPage:
        """Return a page of the payments between two moments, at most 48 hours back."""
        body = {
            "ShortCode": self._account.short_code,
            "StartDate": pull_time(start),
            "EndDate": pull_time(end),
            "OffSetValue": str(offset),
        }
        return read_page(self._call("/pulltransactions/v1/query", body, may_fail=True))

    def qr_code(self, merchant: str, reference: str, amount_cents: int, pixels: int) -> QrCode:
        """Return a picture for the customer's app to pay by; any amount of whole shillings."""
        body = {
            "MerchantName": merchant,
            "RefNo": reference,
            "Amount": amount_cents // 100,
            "TrxCode": "BG" if self._account.kind is AccountKind.TILL else "PB",
            "CPI": self._account.number,
            "Size": str(pixels),
        }
        found = self._call("/mpesa/qrcode/v1/generate", body)
        try:
            png = base64.b64decode(text_of(found.get("QRCode"), 400_000), validate=True)
        except ValueError as error:
            raise NoAnswer(WhyNoAnswer.WRONG_FORM) from error
        if not png:
            raise NoAnswer(WhyNoAnswer.WRONG_FORM)
        return QrCode(png)

    # what is reported later

    def transaction_status(self, receipt: str, to: ReportTo) -> Acknowledged:
        """Ask what has become of a payment by its receipt."""
        return self._ask_later(
            "/mpesa/transactionstatus/v1/query",
            "TransactionStatusQuery",
            to,
            {
                "TransactionID": receipt,
                "PartyA": self._account.short_code,
                "IdentifierType": "4",
                "Occasion": _REMARKS,
            },
        )

    def balance(self, to: ReportTo) -> Acknowledged:
        """Ask for the balances of the shop's accounts."""
        return self._ask_later(
            "/mpesa/accountbalance/v1/query",
            "AccountBalance",
            to,
            {"PartyA": self._account.short_code, "IdentifierType": "4"},
        )

    def reverse(self, receipt: str, amount_cents: int, to: ReportTo) -> Acknowledged:
        """Ask to give a whole payment back to who has paid it."""
        shillings, parts = divmod(amount_cents, 100)
        return self._ask_later(
            "/mpesa/reversal/v1/request",
            "TransactionReversal",
            to,
            {
                "TransactionID": receipt,
                "Amount": f"{shillings}.{parts:02}" if parts else str(shillings),
                "ReceiverParty": self._account.short_code,
                "RecieverIdentifierType": "11",  # spelt so by Daraja
                "Occasion": _REMARKS,
            },
        )

    # registrations

    def register_confirmations(self, confirmation_url: str, validation_url: str) -> None:
        """Say where payments are reported to; raises CallRefused where that was said before."""
        body = {
            "ShortCode": self._account.short_code,
            "ResponseType": "Completed",
            "ConfirmationURL": confirmation_url,
            "ValidationURL": validation_url,
        }
        _check_success(self._call("/mpesa/c2b/v2/registerurl", body), ("0",))

    def register_pull(self, phone: str, callback_url: str) -> None:
        """Ask for the list of payments; `phone` is the one in the account's papers."""
        body = {
            "ShortCode": self._account.short_code,
            "RequestType": "Pull",
            "NominatedNumber": phone,
            "CallBackURL": callback_url,
        }
        found = self._call("/pulltransactions/v1/register", body)
        _check_success(found, ("1000", "1001"))

    def check_keys(self) -> None:
        """Fetch a token where there is none; raises what is wrong with keys or network."""
        self._token()

    # how a call is made

    def _ask_later(self, path: str, command: str, to: ReportTo, fields: Json) -> Acknowledged:
        if not self._secrets.initiator or not self._secrets.credential:
            raise Unasked
        body = {
            "Initiator": self._secrets.initiator,
            "SecurityCredential": self._secrets.credential,
            "CommandID": command,
            "Remarks": _REMARKS,
            "ResultURL": to.result_url,
            "QueueTimeOutURL": to.timeout_url,
            **fields,
        }
        found = self._call(path, body)
        _check_success(found, ("0",))
        originator_id = text_of(first_of(found, "OriginatorConversationID"), 100)
        conversation_id = text_of(first_of(found, "ConversationID"), 100)
        if not originator_id and not conversation_id:
            raise NoAnswer(WhyNoAnswer.WRONG_FORM)
        return Acknowledged(originator_id, conversation_id)

    def _call(self, path: str, body: Json, *, may_fail: bool = False) -> Json:
        token = self._token()
        try:
            return self._call_with(token, path, body, may_fail=may_fail)
        except CallRefused as error:
            if error.why is not WhyRefused.TOKEN:
                raise
        self._tokens.refused(token)
        token = self._token()
        return self._call_with(token, path, body, may_fail=may_fail)

    def _call_with(self, token: str, path: str, body: Json, *, may_fail: bool) -> Json:
        headers = {"Authorization": f"Bearer {token}"}
        asked = Asked(path=path, headers=headers, json=body)
        answer = self._transport.exchange(asked)
        self._compare_clocks(answer)
        told = (token, self._secrets.credential, *(str(body.get(name, "")) for name in _HIDDEN))
        phone = next((str(body[name]) for name in _PHONES if name in body), "")
        answer = _without(answer, _addresses(body))
        return _read(answer, told, phone, may_fail=may_fail)

    def _token(self) -> str:
        try:
            return self._tokens.token()
        except NoAnswer as error:
            log.warning("no token of M-Pesa: %s", error)
            raise NotSent(WhyNotSent.NO_TOKEN) from error

    def _fetch_token(self) -> Token:
        keys = f"{self._secrets.consumer_key}:{self._secrets.consumer_secret}"
        basic = base64.b64encode(keys.encode()).decode("ascii")
        asked = Asked(
            path="/oauth/v1/generate",
            headers={"Authorization": f"Basic {basic}"},
            query={"grant_type": "client_credentials"},
        )
        answer = self._transport.exchange(asked)
        self._compare_clocks(answer)
        if answer.status in _WRONG_KEYS_STATUS and not answer.body.strip():
            raise CallRefused(WhyRefused.WRONG_KEYS, str(answer.status))
        told = (basic, self._secrets.consumer_key, self._secrets.consumer_secret)
        return read_token(_read(answer, told), self._monotonic())

    def _compare_clocks(self, answer: Answer) -> None:
        if answer.date is not None:
            self._skew = min(max(answer.date - self._now(), -SKEW_MOST), SKEW_MOST)

    def _at(self) -> datetime:
        now = self._now()
        return now + self._skew if abs(self._skew) > SKEW_ALLOWED else now


def _read(
    answer: Answer, secrets: Iterable[str], phone: str = "", *, may_fail: bool = False
) -> Json:
    """Return what a success says; what a refusal repeats of our own question is left out of it.

    A success is read as it is: the id of a push has the customer's number in it.
    """
    with suppress(MpesaError):
        return read_success(answer, may_fail=may_fail)
    return read_success(_without(answer, secrets, phone), may_fail=may_fail)


def _addresses(body: Json) -> Iterator[str]:
    """Yield the secret parts of the addresses that a question names: who knows one may report."""
    for name, value in body.items():
        if name.lower().endswith("url") and isinstance(value, str):
            yield from secret_parts(value)


def _without(answer: Answer, secrets: Iterable[str], phone: str = "") -> Answer:
    """Return an answer that repeats nothing secret: its words stand in logs and with jobs."""
    body = without_secrets(answer.body, secrets)
    if phone:
        body = without_phone(body, phone)
    return replace(answer, body=body)


def _check_success(found: Json, codes: tuple[str, ...]) -> None:
    code = text_of(first_of(found, "ResponseCode", "ResponseStatus"), 20)
    if not code:
        raise NoAnswer(WhyNoAnswer.WRONG_FORM)
    if code not in codes:
        words = text_of(first_of(found, "ResponseDescription", "ResponseMessage"))
        raise CallRefused(WhyRefused.OTHER, code, words)
