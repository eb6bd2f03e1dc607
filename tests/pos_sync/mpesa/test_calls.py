"""What is sent, and what each answer means."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote

import pytest
from pos_sync.http.transport import Answer, Asked
from pos_sync.mpesa.account import Account, AccountKind, Secrets
from pos_sync.mpesa.addresses import ReportTo
from pos_sync.mpesa.daraja import Acknowledged
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
from pos_sync.mpesa.pulled import Pulled
from pos_sync.mpesa.push import (
    PushAccepted,
    PushNotSent,
    PushRejected,
    PushUnknown,
    password_of,
)
from pos_sync.mpesa.query import QueryEnded, QueryOpen, QueryOutcome, QueryPaid
from pos_sync.mpesa.results import Reason

from tests.pos_sync.mpesa import samples
from tests.pos_sync.mpesa.canned import ORDER, TOKEN, CannedTransport, answer, canned, daraja
from tests.pos_sync.mpesa.samples import PAYBILL, SAID, SECRETS, TOKEN_CODES, Said, error_body

TILL = Account(
    kind=AccountKind.TILL,
    number="5123456",
    head_office="600001",
    callback_url="https://relay.example/s/abc/",
)
SEALED = "Cr4U/oPi7+Sealed=="
TO = ReportTo(result_url="https://relay.example/r", timeout_url="https://relay.example/t")


def test_the_password_of_the_official_sample() -> None:
    assert password_of(PAYBILL, SECRETS.passkey, "20210628092408") == (
        "MTc0Mzc5YmZiMjc5ZjlhYTliZGJjZjE1OGU5N2RkNzFhNDY3Y2QyZTBjODkzMDU5YjEwZjc4ZTZiNzJhZGExZWQy"
        "YzkxOTIwMjEwNjI4MDkyNDA4"
    )


def test_a_push_to_a_paybill() -> None:
    transport = CannedTransport(answer(samples.ACCEPTED))
    outcome = daraja(transport).push(ORDER)
    assert outcome == PushAccepted(
        "ws_CO_1007202409152617172396192", "2654-4b64-97ff-b827b542881d3130"
    )
    [asked] = transport.asked
    assert asked.headers["Authorization"] == "Bearer t1"
    assert asked.json == {
        "BusinessShortCode": "174379",
        "Password": password_of(PAYBILL, SECRETS.passkey, "20261124123000"),
        "Timestamp": "20261124123000",
        "TransactionType": "CustomerPayBillOnline",
        "Amount": "1450",
        "PartyA": "254712345678",
        "PartyB": "174379",
        "PhoneNumber": "254712345678",
        "CallBackURL": "https://relay.example/s/abc/a/1",
        "AccountReference": "T1A7",
        "TransactionDesc": "Sale",
    }


def test_a_push_to_a_till_is_asked_for_by_the_head_office() -> None:
    transport = CannedTransport(answer(samples.ACCEPTED))
    daraja(transport, TILL).push(ORDER)
    body = transport.asked[0].json
    assert body is not None
    assert (body["BusinessShortCode"], body["PartyB"]) == ("600001", "5123456")
    assert body["TransactionType"] == "CustomerBuyGoodsOnline"
    assert body["CallBackURL"] == "https://relay.example/s/abc/a/1"


def test_as_much_may_be_asked_for_as_one_payment_may_come_to() -> None:
    transport = CannedTransport(answer(samples.ACCEPTED))
    assert isinstance(daraja(transport).push(replace(ORDER, amount_cents=250_000_00)), PushAccepted)
    assert transport.asked[0].json is not None
    assert transport.asked[0].json["Amount"] == "250000"


@pytest.mark.parametrize(
    "changes",
    [
        {"phone": "0712345678"},
        {"phone": "254212345678"},
        {"amount_cents": 150},
        {"amount_cents": 0},
        {"amount_cents": 25_000_100},
        {"reference": "T1-A7"},
        {"reference": "A" * 13},
        {"description": ""},
        {"description": "A" * 14},
    ],
)
def test_what_daraja_would_refuse_is_no_order(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        replace(ORDER, **changes)


@pytest.mark.parametrize("said", SAID, ids=lambda said: f"{said.status} {said.body[:70]!r}")
def test_a_push_that_was_not_accepted(said: Said) -> None:
    outcome = canned(answer(said.body, said.status)).push(ORDER)
    if said.why is None:
        assert isinstance(outcome, PushUnknown)
    else:
        assert isinstance(outcome, PushRejected)
        assert outcome.refused.why is said.why


def test_a_push_that_did_not_leave_or_had_no_answer() -> None:
    not_sent, silent = NotSent(WhyNotSent.NOT_REACHED), NoAnswer(WhyNoAnswer.TIMED_OUT)
    assert canned(not_sent).push(ORDER) == PushNotSent(not_sent)
    assert canned(silent).push(ORDER) == PushUnknown(silent)


@pytest.mark.parametrize(("status", "code"), TOKEN_CODES)
def test_a_refused_token_is_renewed_once(status: int, code: str) -> None:
    refused = answer(error_body(code, "Invalid Access Token"), status)
    transport = CannedTransport(refused, answer(samples.ACCEPTED))
    assert isinstance(daraja(transport).push(ORDER), PushAccepted)
    assert (len(transport.asked), transport.tokens_given) == (2, 2)

    transport = CannedTransport(refused, refused)
    outcome = daraja(transport).push(ORDER)
    assert isinstance(outcome, PushRejected)
    assert outcome.refused.why is WhyRefused.TOKEN
    assert len(transport.asked) == 2


class _TwoAtOnce(CannedTransport):
    """Lets another push be asked for, and be done, while the first one is on its way."""

    other: Callable[[], object] | None = None

    def exchange(self, asked: Asked) -> Answer:
        other, self.other = self.other, None
        found = super().exchange(asked)
        if other is not None:
            other()
        return found


def test_a_token_refused_late_ends_no_newer_one() -> None:
    """A new token may end the old one: to fetch one more would end that of the other push."""
    refused = answer(error_body("404.001.03", "Invalid Access Token"), 404)
    accepted = answer(samples.ACCEPTED)
    tokens = tuple(answer({"access_token": f"t{n}", "expires_in": "3599"}) for n in (1, 2, 3))
    transport = _TwoAtOnce(refused, refused, accepted, accepted, tokens=tokens)
    client = daraja(transport)
    client.check_keys()
    transport.other = lambda: client.push(ORDER)
    assert isinstance(client.push(ORDER), PushAccepted)
    said = [asked.headers["Authorization"] for asked in transport.asked]
    assert said == ["Bearer t1", "Bearer t1", "Bearer t2", "Bearer t2"]
    assert transport.tokens_given == 2


def test_the_repeat_after_a_refused_token_may_still_be_unknown() -> None:
    refused = answer(error_body("404.001.03"), 404)
    outcome = canned(refused, NoAnswer(WhyNoAnswer.TIMED_OUT)).push(ORDER)
    assert isinstance(outcome, PushUnknown)


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        (answer(b"", 401), PushRejected),
        (answer(b"", 400), PushRejected),
        (answer(error_body("400.008.01"), 400), PushRejected),
        (answer(b"<html>", 502), PushNotSent),
        (answer({"access_token": "t"}), PushNotSent),
        (answer({"expires_in": "3599"}), PushNotSent),
        (answer({"access_token": "\u0660", "expires_in": "3599"}), PushNotSent),
    ],
)
def test_without_a_token_nothing_is_sent(token: Any, kind: type) -> None:
    transport = CannedTransport(tokens=(token,))
    assert isinstance(daraja(transport).push(ORDER), kind)
    assert not transport.asked


def test_a_push_without_a_passkey_is_not_asked_for() -> None:
    secrets = Secrets(consumer_key="k", consumer_secret="s")
    with pytest.raises(Unasked):
        daraja(CannedTransport(), secrets=secrets).push(ORDER)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (answer({**samples.QUERIED, "ResultCode": "0"}), QueryPaid()),
        (answer({**samples.QUERIED, "ResultCode": 0}), QueryPaid()),
        (answer(samples.QUERIED), QueryEnded("1032", Reason.CANCELLED)),
        (
            answer({**samples.QUERIED, "ResultCode": "1037"}),
            QueryEnded("1037", Reason.NOT_REACHED, is_doubtful=True),
        ),
        (answer({**samples.QUERIED, "ResultCode": "4999"}), QueryOpen("4999")),
        (
            answer({**samples.QUERIED, "ResultCode": "1036"}),
            QueryOpen("1036", Reason.NO_ANSWER),
        ),
        (answer({**samples.QUERIED, "ResultCode": "777"}), QueryOpen("777")),
        (answer({**samples.QUERIED, "ResultCode": None}), QueryOpen("")),
        (answer({**samples.QUERIED, "ResultCode": "0", "ResponseCode": "1"}), QueryOpen("1")),
        (
            answer(error_body("500.001.1001", "The transaction is being processed"), 500),
            QueryOpen("500.001.1001"),
        ),
        (
            answer(error_body("400.002.02", "Bad Request - Invalid CheckoutRequestID"), 400),
            QueryOpen("400.002.02"),
        ),
    ],
)
def test_what_a_query_says(said: Any, expected: QueryOutcome) -> None:
    assert canned(said).query(samples.QUERIED["CheckoutRequestID"]) == expected


def test_a_busy_server_says_nothing_of_the_payment() -> None:
    body = samples.fault_body("policies.ratelimit.SpikeArrestViolation", "Spike arrest violation.")
    outcome = canned(answer(body, 429)).query("ws_CO_1")
    assert isinstance(outcome, QueryOpen)


@pytest.mark.parametrize(
    "said",
    [answer(b"<html>", 502), answer(b""), answer({**samples.QUERIED, "CheckoutRequestID": "x"})],
)
def test_a_query_that_itself_fails_is_an_error(said: Any) -> None:
    with pytest.raises(NoAnswer):
        canned(said).query("ws_CO_1")


def test_the_time_is_nairobis_whatever_the_clock_is_set_to() -> None:
    elsewhere = samples.NOW.astimezone(timezone(timedelta(hours=-8)))
    transport = CannedTransport(answer(samples.ACCEPTED))
    daraja(transport, now=lambda: elsewhere).push(ORDER)
    assert transport.asked[0].json is not None
    assert transport.asked[0].json["Timestamp"] == "20261124123000"


@pytest.mark.parametrize(("minutes", "stamp"), [(-300, "20261124073000"), (1, "20261124123000")])
def test_a_clock_that_is_far_off_is_the_servers(minutes: int, stamp: str) -> None:
    date = samples.NOW + timedelta(minutes=minutes)
    token = answer(TOKEN.body, date=date)
    transport = CannedTransport(answer(samples.ACCEPTED), tokens=(token,))
    daraja_ = daraja(transport)
    daraja_.check_keys()
    daraja_.push(ORDER)
    assert transport.asked[0].json is not None
    assert transport.asked[0].json["Timestamp"] == stamp


def test_the_list_of_payments() -> None:
    transport = CannedTransport(answer(samples.PULLED))
    page = daraja(transport).pull(samples.NOW - timedelta(hours=1), samples.NOW, 100)
    assert transport.asked[0].json == {
        "ShortCode": "174379",
        "StartDate": "2026-11-24 11:30:00",
        "EndDate": "2026-11-24 12:30:00",
        "OffSetValue": "100",
    }
    assert page.rows == 1
    assert page.payments == (
        Pulled(
            receipt="YZLYRESRG1",
            amount_cents=16_800,
            at=datetime(2020, 8, 5, 10, 13, tzinfo=UTC),
            is_zone_doubtful=True,
            reference="37207636392",
            kind="c2b-pay-bill-debit",
            name="UAT2",
        ),
    )


def test_a_list_may_be_flat_and_hold_what_is_no_payment() -> None:
    row = samples.PULLED["Response"][0][0]
    rows = [
        {**row, "trxDate": "2020-08-05T10:13:00+03:00"},
        {**row, "transactiontype": "merchant-to-organization-settlement"},
        {**row, "amount": "x"},
        "not even a row",
    ]
    page = canned(answer({**samples.PULLED, "Response": rows})).pull(samples.NOW, samples.NOW, 0)
    assert (page.rows, page.unread) == (4, 2)
    assert [one.is_payment for one in page.payments] == [True, False]
    assert page.payments[0].at == datetime(2020, 8, 5, 7, 13, tzinfo=UTC)
    assert not page.payments[0].is_zone_doubtful


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"ResponseCode": "1001", "ResponseMessage": "No data", "Response": [[]]}, 200),
        ({"ResponseCode": 500, "ResponseMessage": "Failed to retrieve transactions"}, 500),
        ({"Response Status": "1001", "Response Description": "none"}, 200),
    ],
)
def test_an_empty_list_is_no_failure(body: Any, status: int) -> None:
    assert canned(answer(body, status)).pull(samples.NOW, samples.NOW, 0).rows == 0


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"ResponseCode": "1002"}, 200, CallRefused),
        ({}, 200, NoAnswer),
        (b"<html>", 200, NoAnswer),
        (error_body("400.001", "Invalid ShortCode"), 400, CallRefused),
    ],
)
def test_a_list_that_is_none_is_an_error(body: Any, status: int, error: type[MpesaError]) -> None:
    with pytest.raises(error):
        canned(answer(body, status)).pull(samples.NOW, samples.NOW, 0)


def test_a_reversal_carries_the_misspelt_name_and_the_exact_amount() -> None:
    told = {"OriginatorConversationID": "o", "ConversationID": "c", "ResponseCode": "0"}
    transport = CannedTransport(answer(told))
    assert daraja(transport).reverse("RKL51ZDR4F", 14_550, TO) == Acknowledged("o", "c")
    body = transport.asked[0].json
    assert body is not None
    assert body["CommandID"] == "TransactionReversal"
    assert (body["Amount"], body["RecieverIdentifierType"]) == ("145.50", "11")
    assert (body["ResultURL"], body["QueueTimeOutURL"]) == (TO.result_url, TO.timeout_url)


@pytest.mark.parametrize("call", ["transaction_status", "balance", "reverse"])
def test_an_operator_is_needed_for_what_is_reported_later(call: str) -> None:
    secrets = Secrets(consumer_key="k", consumer_secret="s", passkey="p")
    arguments: dict[str, tuple[Any, ...]] = {
        "transaction_status": ("RKL51ZDR4F", TO),
        "balance": (TO,),
        "reverse": ("RKL51ZDR4F", 100, TO),
    }
    with pytest.raises(Unasked):
        getattr(daraja(CannedTransport(), secrets=secrets), call)(*arguments[call])


def test_addresses_are_registered_once() -> None:
    done = {"OriginatorCoversationID": "6e86", "ResponseCode": "0", "ResponseDescription": "ok"}
    canned(answer(done)).register_confirmations("https://x.example/c", "https://x.example/v")
    again = answer(error_body("500.003.1001", "Urls are already registered"), 500)
    with pytest.raises(CallRefused) as caught:
        canned(again).register_confirmations("https://x.example/c", "https://x.example/v")
    assert caught.value.why is WhyRefused.REGISTERED


@pytest.mark.parametrize("status", ["1000", "1001"])
def test_the_list_is_registered_with_blanks_in_the_names(status: str) -> None:
    said = {"ResponseRefID": "1", "Response Status": status, "Response Description": "done"}
    canned(answer(said)).register_pull("254712345678", "https://x.example/p")


def test_a_qr_code_is_a_picture() -> None:
    png = b"\x89PNG\r\n\x1a\n"
    said = {"ResponseCode": "AG_2019", "QRCode": base64.b64encode(png).decode()}
    assert canned(answer(said)).qr_code("SHOP", "T1A7", 145_000, 300).png == png
    with pytest.raises(NoAnswer):
        canned(answer({"ResponseCode": "00", "QRCode": "*"})).qr_code("SHOP", "T1A7", 100, 300)


SECRET = "k7x9bv4mz2tn8wqr"
SECRET_TO = ReportTo(
    result_url=f"https://relay.example/s/{SECRET}/r/0123456789abcdef",
    timeout_url=f"https://relay.example/s/{SECRET}/t/0123456789abcdef",
)


@pytest.mark.parametrize("written", ["", "/", "%"])
@pytest.mark.parametrize("status", [200, 400])
def test_no_words_of_an_answer_hold_an_address_that_is_secret(status: int, written: str) -> None:
    url = SECRET_TO.result_url
    url = url.replace("/", "%2F") if written == "%" else url
    words = f"Bad Request - Invalid ResultURL {url}"
    refused = {"ResponseCode": "1", "ResponseDescription": words}
    failed = error_body("400.002.02", words)
    body = json.dumps(refused).encode() if status == 200 else failed
    if written == "/":
        body = body.replace(b"/", b"\\/")
    with pytest.raises(CallRefused) as caught:
        canned(answer(body, status)).reverse("RKL51ZDR4F", 100, SECRET_TO)
    assert caught.value.words.startswith("Bad Request - Invalid ResultURL")
    assert SECRET not in f"{caught.value} {caught.value.words}"
    assert "0123456789abcdef" not in f"{caught.value} {caught.value.words}"


_OF_SLASHES = Secrets(
    consumer_key="???",
    consumer_secret="???",
    passkey="???",
    initiator="operator",
    credential="Y3J/ZGVu/GlhbA==",
)


@pytest.mark.parametrize(
    "written",
    [str, lambda secret: secret.replace("/", "\\/"), lambda secret: quote(secret, safe="")],
    ids=["plain", "as JSON may", "as in an address"],
)
def test_a_secret_with_a_slash_is_left_out_however_it_is_written(
    caplog: pytest.LogCaptureFixture, written: Callable[[str], str]
) -> None:
    """JSON may write a slash as two signs, and base64 is full of them."""
    token = answer({"access_token": "a/token/of/slashes", "expires_in": "3599"})
    password = password_of(PAYBILL, "???", "20261124123000")
    for secret in ("a/token/of/slashes", password, _OF_SLASHES.credential):
        body = error_body("400.002.02", "Bad Request - Invalid <>")
        said = answer(body.replace(b"<>", written(secret).encode()), 400)
        outcome = daraja(CannedTransport(said, tokens=(token,)), secrets=_OF_SLASHES).push(ORDER)
        assert isinstance(outcome, PushRejected)
        assert outcome.refused.words == "Bad Request - Invalid ***"
        assert max(secret.split("/"), key=len) not in caplog.text


def test_a_clock_that_cannot_be_is_not_counted_by() -> None:
    date = datetime(9999, 12, 31, 23, 30, tzinfo=UTC)
    one = canned(answer(samples.ACCEPTED, date=date), answer(samples.ACCEPTED))
    one.push(ORDER)
    assert one.skew == timedelta(days=1)
    assert isinstance(one.push(ORDER), PushAccepted)


@pytest.mark.parametrize(
    "written",
    [SEALED, quote(SEALED), SEALED.replace("/", "\\/"), SEALED.replace("=", "\\u003d")],
)
def test_words_that_repeat_who_asks_and_by_what_are_not_told_on(written: str) -> None:
    secrets = replace(SECRETS, initiator="In1LaDs9", credential=SEALED)
    body = {"errorCode": "400.002.02", "errorMessage": f"Bad Initiator In1LaDs9 by {SEALED}"}
    said = json.dumps(body).replace(SEALED, written).encode()
    caller = daraja(CannedTransport(answer(said, 400)), secrets=secrets)
    with pytest.raises(CallRefused) as caught:
        caller.transaction_status("RKL51ZDR4F", TO)
    assert caught.value.words == "Bad Initiator *** by ***"


def test_words_that_repeat_the_id_of_a_push_do_not_tell_the_phone() -> None:
    checkout_id = "ws_CO_1007202409152617712345678"
    said = error_body("500.002.1", f"Nothing of {checkout_id} by t1")
    with pytest.raises(NoAnswer) as caught:
        canned(answer(said, 500)).query(checkout_id)
    assert "Nothing of *** by ***" in str(caught.value)


def test_words_that_repeat_the_phone_of_the_papers_do_not_tell_it() -> None:
    said = error_body("400.002.02", "Invalid 254722000123, 0722000123")
    with pytest.raises(CallRefused) as caught:
        canned(answer(said, 400)).register_pull("254722000123", "https://relay.example/s/abc/pull")
    assert caught.value.words == "Invalid 2547*****123, 07*****123"
