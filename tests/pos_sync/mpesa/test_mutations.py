"""Whatever an answer or a report becomes on its way, it is understood or refused, and never worse.

Each known body is changed in many ways, 10,000 in the long form: bytes lost, doubled and turned,
values of other types, other codes, keys renamed, lists nested, numbers without end. What comes of
it is judged by what the reference says of codes and answers, written out here: the tables of the
code itself are what is tried.
"""

from __future__ import annotations

import base64
import copy
import json
import random
import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, TypeVar

import pytest
from pos_sync.mpesa.addresses import ReportTo
from pos_sync.mpesa.callbacks import StkReport, read_report
from pos_sync.mpesa.daraja import Daraja
from pos_sync.mpesa.errors import CallRefused, MpesaError, WhyRefused
from pos_sync.mpesa.push import PushAccepted, PushNotSent, PushRejected, PushUnknown
from pos_sync.mpesa.query import QueryEnded, QueryOpen, QueryPaid
from pos_sync.mpesa.results import Meaning

from tests.pos_sync.mpesa import samples
from tests.pos_sync.mpesa.canned import ORDER, CannedTransport, answer, canned, daraja

T = TypeVar("T")

SHORT, LONG = 500, 10_000

OVER = frozenset(
    (
        *("1", "2", "3", "4", "8"),  # no money, or one of four limits
        *("17", "26", "1001"),  # too soon, overloaded, locked
        *("1019", "1025", "1101", "1102"),  # expired, not sent, too long to be shown
        *("1031", "1032", "2001"),  # cancelled, a wrong PIN
        *("2008", "8006"),  # blocked
        *("2026", "2028", "SFC_IC0003"),  # the session is over, or not permitted
        *("9999", "E3008"),  # not sent, no number of the sandbox
    )
)
"""The codes after which a push has ended for certain, without money."""
SAID_TO_BE_OVER = "1037"
"""No answer of the phone: said to be over, and asked once more."""

REFUSED = frozenset(
    (
        *("400.002.02", "400.002.05", "400.001"),  # a field, the payload, a short code
        *("400.008.01", "400.008.02"),  # the app's keys
        # a token, by each call in its own way
        *("404.001.03", "401.002.01", "401.003.01", "400.003.01", "401.001", "403.011.01"),
        *("404.001.01", "404.002.01", "404.003.01", "404.001.04", "405.001"),  # an address
        *("500.003.02", "500.003.03"),  # too many requests
    )
)
"""The codes of an error that say for certain that nothing was done."""
REFUSED_BY_WORDS = (
    ("500.001.1001", "merchant does not exist"),
    ("500.001.1001", "wrong credentials"),
    ("500.001.1001", "unable to lock subscriber"),
    ("500.003.1001", "already registered"),
)
"""Codes that stand for several things, and the words by which they are one of these."""
ON_ITS_WAY = (WhyRefused.REPEATED, WhyRefused.IN_PROGRESS)
"""What a call but a push says apart from a no, for something like it is under way."""

_STATUS = (200, 200, 200, 400, 401, 404, 429, 500, 502)
_CODES = (
    *("0", "1032", "1036", "1037", "1038", "4999", "5555", "01032", "1032.0", "500.001.1001"),
    *("500.003.1001", "500.003.04", "503.001.01", "400.002.03", "404.001.05"),
)
"""Known codes, and their neighbours, which say nothing."""
_ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    10**30,
    "",
    "0",
    "1032",
    "4999",
    " 0",
    "0\n",
    "٠",
    "x" * 5_000,
    "\ud800",
    [],
    {},
    [[[]]],
    {"Value": "0"},
)


def _places(value: Any, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Return every container of a body with each of its keys."""
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for key in keys:
        found.append((value, key))
        _places(value[key], found)
    return found


_ARE_CODES = ("code", "status")


def _codes_of(places: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    return [(holder, key) for holder, key in places if str(key).lower().endswith(_ARE_CODES)]


def _changed(body: Any, chance: random.Random) -> bytes:
    body = copy.deepcopy(body)
    for _time in range(chance.randint(1, 3)):
        places = _places(body, [])
        if not places:
            break
        holder, key = chance.choice(places)
        match chance.randrange(5):
            case 0:
                holder[key] = copy.deepcopy(chance.choice(_ODD))
            case 4:
                holder, key = chance.choice(_codes_of(places) or [(holder, key)])
                holder[key] = chance.choice(_CODES)
            case 1:
                del holder[key]
            case 2:
                holder[key] = [copy.deepcopy(holder[key])]
            case _ if isinstance(holder, dict):
                holder[str(key).lower()] = holder.pop(key)
            case _:
                holder.append(copy.deepcopy(holder[key]))
    return json.dumps(body).encode()


def _damaged(data: bytes, chance: random.Random) -> bytes:
    raw = bytearray(data)
    for _time in range(chance.randint(1, 4)):
        if not raw:
            break
        place = chance.randrange(len(raw))
        match chance.randrange(4):
            case 0:
                raw[place] = chance.randrange(256)
            case 1:
                del raw[place:]
            case 2:
                del raw[place]
            case _:
                raw[place:place] = raw[:place]
    return bytes(raw)


def _ways(body: Any, seed: str, ways: int) -> Iterator[tuple[bytes, random.Random]]:
    chance = random.Random(seed)
    plain = json.dumps(body).encode() if not isinstance(body, bytes) else body
    for way in range(ways):
        if isinstance(body, bytes) or way % 2:
            yield _damaged(plain, chance), chance
        else:
            yield _changed(body, chance), chance


@pytest.fixture
def ways(torture: bool) -> int:
    """Return in how many ways each body is changed."""
    return LONG if torture else SHORT


# what is said, read in the simplest way

_NO_LETTER = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data.decode("utf-8-sig"), parse_float=str)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _told(found: dict[str, Any], *names: str) -> str:
    """Return the first of these as one word: a number and its text are one to Daraja."""
    value = next((found[name] for name in names if name in found), "")
    is_word = isinstance(value, str | int) and not isinstance(value, bool)
    return _NO_LETTER.sub(" ", str(value)).strip() if is_word else ""


def _is_judged(error: MpesaError, data: bytes) -> bool:
    """Tell whether an error is a no where the answer is one, and nowhere else."""
    if not isinstance(error, CallRefused):
        return True
    return _is_definite_no(data) != (error.why in ON_ITS_WAY)


def _is_failure(found: dict[str, Any]) -> bool:
    return "errorCode" in found or "fault" in found


def _is_definite_no(data: bytes) -> bool:
    found = _object(data)
    code, words = _told(found, "errorCode"), _told(found, "errorMessage").lower()
    fault = found.get("fault")
    if fault and isinstance(fault, dict):
        detail = fault.get("detail")
        name = _told(detail, "errorcode") if isinstance(detail, dict) else ""
        is_rate = name.lower().startswith("policies.ratelimit")
        return is_rate or "no apiproduct match found" in _told(fault, "faultstring").lower()
    by_words = any(code == one and part in words for one, part in REFUSED_BY_WORDS)
    return code in REFUSED or by_words


# reports


@pytest.mark.parametrize("number", range(len(samples.REPORTS)))
def test_a_report_is_read_or_refused(number: int, ways: int) -> None:
    read = 0
    for data, _chance in _ways(samples.REPORTS[number], f"report {number}", ways):
        report = read_report(data)
        read += report is not None
        if isinstance(report, StkReport):
            _judge(report)
    assert 0 < read < ways


def _judge(report: StkReport) -> None:
    assert (report.meaning is Meaning.ENDED) == (report.code in OVER)
    assert (report.meaning is Meaning.PAID) == (report.code == "0")


def _every_code() -> Iterator[str]:
    """Return each number of four digits, and what only looks like a code."""
    looks = (f"{code}{end}" for code in OVER for end in ("0", ".0", ".", "x", " 0"))
    numbers = (str(number) for number in range(10_000))
    return chain(numbers, looks, (f"0{code}" for code in OVER), OVER, _CODES, ("SFC_IC0004",))


def test_no_code_ends_a_push_but_those_of_the_closed_list() -> None:
    ended = set()
    for code in _every_code():
        body = {"Body": {"stkCallback": {"CheckoutRequestID": "ws_CO_1", "ResultCode": code}}}
        report = read_report(json.dumps(body).encode())
        assert isinstance(report, StkReport)
        assert report.code == code
        _judge(report)
        data = json.dumps({**samples.QUERIED, "ResultCode": code}).encode()
        outcome = _query(data, 200)
        assert isinstance(outcome, QueryEnded) == (code in {*OVER, SAID_TO_BE_OVER}), code
        ended |= {code} if isinstance(outcome, QueryEnded) else set()
    assert ended == {*OVER, SAID_TO_BE_OVER}


# answers of pushes and queries

_FAILED = {"requestId": "1c5b-4ba8", "errorCode": "500.003.1001", "errorMessage": "Server error"}
ANSWERS: list[Any] = [
    # an answer that says both says nothing
    {**samples.ACCEPTED, **_FAILED},
    {**samples.QUERIED, **_FAILED},
    samples.ACCEPTED,
    samples.QUERIED,
    *(json.loads(said.body) if said.body[:1] == b"{" else said.body for said in samples.SAID),
    *({"errorCode": code, "errorMessage": "Invalid"} for _status, code in samples.TOKEN_CODES),
]


@pytest.mark.parametrize("number", range(len(ANSWERS)))
def test_an_answer_has_a_typed_outcome(number: int, ways: int) -> None:
    kinds: tuple[Callable[..., Any], ...] = (_push, _query)
    for data, chance in _ways(ANSWERS[number], f"answer {number}", ways):
        chance.choice(kinds)(data, chance.choice(_STATUS))


def _push(data: bytes, status: int) -> None:
    said = answer(data, status)
    outcome = canned(said, said).push(ORDER)
    found = _object(data)
    if isinstance(outcome, PushAccepted):
        assert status == 200
        assert not _is_failure(found)
        assert _told(found, "ResponseCode") == "0"
        assert outcome.checkout_id == _told(found, "CheckoutRequestID")[:100] != ""
    elif isinstance(outcome, PushRejected):
        assert _is_definite_no(data), data
    else:
        assert isinstance(outcome, PushUnknown)


def _made(call: Callable[[], T], data: bytes) -> T | None:
    """Return what a call has come to; None for an error that is what the answer says."""
    try:
        return call()
    except MpesaError as error:
        if not _is_judged(error, data):
            raise
        return None


def _query(data: bytes, status: int) -> QueryEnded | QueryPaid | QueryOpen | None:
    asked, said = samples.QUERIED["CheckoutRequestID"], answer(data, status)
    outcome = _made(lambda: canned(said, said).query(asked), data)
    if outcome is None:
        return None
    if not isinstance(outcome, QueryOpen):
        found = _object(data)
        assert status == 200
        assert not _is_failure(found)
        assert _told(found, "ResponseCode") in ("", "0")
        assert _told(found, "CheckoutRequestID") in ("", asked)
        code = _told(found, "ResultCode")
        if isinstance(outcome, QueryPaid):
            assert code == "0"
        else:
            assert outcome.code == code
            assert code in {*OVER, SAID_TO_BE_OVER}
            assert outcome.is_doubtful == (code == SAID_TO_BE_OVER)
    return outcome


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
@pytest.mark.parametrize("code", ["", "500.003.1001", "500.002.1001", "503.001.01", "599"])
def test_an_error_of_a_server_that_nobody_has_described_is_no_refusal(
    status: int, code: str
) -> None:
    body = samples.error_body(code, "Internal Server Error")
    assert isinstance(canned(answer(body, status)).push(ORDER), PushUnknown)


# answers of all other calls

_TO = ReportTo(result_url="https://relay.example/r", timeout_url="https://relay.example/t")
_TAKEN_IN = {
    "OriginatorConversationID": "7071-4170-a0e5-8345632bad44",
    "ConversationID": "AG_20231121_2010325b025970fbc403",
    "ResponseCode": "0",
    "ResponseDescription": "Accept the service request successfully.",
}
_IDS = ("OriginatorConversationID", "ConversationID")
_REGISTERED = {
    "OriginatorCoversationID": "6e86-45dd-91ac-fd5d4178ab523408729",
    "ResponseCode": "0",
    "ResponseDescription": "Success",
}
_PULL_REGISTERED = {
    "ResponseRefID": "18633-7271215-1",
    "Response Status": "1001",
    "ShortCode": "600638",
    "Response Description": "Shortcode already registered",
}
_PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(40))
_DRAWN = {
    "ResponseCode": "AG_20191219_000043fdf61864fe9ff5",
    "RequestID": "16738-27456357-1",
    "ResponseDescription": "QR Code Successfully Generated.",
    "QRCode": base64.b64encode(_PICTURE).decode(),
}
_TOKEN = {"access_token": "c9SQxWWhmdVRlyh0zh8gZDTkubVF", "expires_in": "3599"}
_ANYTHING_ELSE = (
    samples.error_body("500.003.1001", "Urls are already registered"),
    json.dumps({**_TAKEN_IN, **_PULL_REGISTERED, **_DRAWN, **_TOKEN, **_FAILED}).encode(),
    samples.error_body("400.002.02", "Bad Request - Invalid Initiator"),
    b"<html>Bad Gateway</html>",
)

_Call = tuple[dict[str, Any], Callable[[Daraja], Any], tuple[str, ...], tuple[str, ...]]
CALLS: dict[str, _Call] = {
    "status": (_TAKEN_IN, lambda one: one.transaction_status("RKL51ZDR4F", _TO), ("0",), _IDS),
    "reversal": (_TAKEN_IN, lambda one: one.reverse("RKL51ZDR4F", 145_000, _TO), ("0",), _IDS),
    "balance": (_TAKEN_IN, lambda one: one.balance(_TO), ("0",), _IDS),
    "addresses": (
        _REGISTERED,
        lambda one: one.register_confirmations("https://x.example/c", "https://x.example/v"),
        ("0",),
        (),
    ),
    "list": (
        _PULL_REGISTERED,
        lambda one: one.register_pull("254712345678", "https://x.example/p"),
        ("1000", "1001"),
        (),
    ),
}
"""Of each call its answer, how it is made, the codes of its success and the ids that it names."""


@pytest.mark.parametrize("name", CALLS)
def test_what_is_taken_in_says_so_clearly(name: str, ways: int) -> None:
    body, call, codes, ids = CALLS[name]
    done = refused = 0
    for data, status in _answers(body, name, ways):
        said, found = answer(data, status), _object(data)
        code = _told(found, "ResponseCode", "ResponseStatus", "Response Status")
        try:
            taken = call(canned(said, said))
        except CallRefused as error:
            refused += 1
            says_no = status == 200 and not _is_failure(found) and code and code not in codes
            if not says_no and not _is_judged(error, data):
                raise
        except MpesaError:
            pass
        else:
            done += 1
            assert status == 200
            assert not _is_failure(found)
            assert code in codes
            named = [_told(found, one)[:100] for one in ids]
            assert not ids or (any(named) and [*taken.ids.values()] == named)
    assert done
    assert refused


def _answers(body: dict[str, Any], name: str, ways: int) -> Iterator[tuple[bytes, int]]:
    """Return the answer of a call, and what may come in its place, changed in so many ways."""
    for code in _CODES:
        of_code = {key: code for _body, key in _codes_of(_places(body, []))}
        yield json.dumps({**body, **of_code}).encode(), 200
    for data, chance in _ways(body, name, ways):
        yield data, chance.choice(_STATUS)
    for number, other in enumerate(_ANYTHING_ELSE):
        for data, chance in _ways(_object(other) or other, f"{name} {number}", ways // 5):
            yield data, chance.choice(_STATUS)


def test_a_picture_is_the_one_that_was_sent(ways: int) -> None:
    drawn = 0
    for data, status in _answers(_DRAWN, "picture", ways):
        said, found = answer(data, status), _object(data)
        client = canned(said, said)
        code = _made(lambda: client.qr_code("SHOP", "T1A7", 145_000, 300), data)  # noqa: B023
        if code is not None:
            drawn += 1
            assert status == 200
            assert not _is_failure(found)
            assert code.png == base64.b64decode(_told(found, "QRCode"), validate=True) != b""
    assert drawn


def test_a_token_is_fit_to_be_sent_or_none(ways: int) -> None:
    """What it is said by a page, or a mangled answer, goes into the head of every request."""
    given = 0
    for data, status in _answers(_TOKEN, "token", ways):
        transport = CannedTransport(answer(samples.ACCEPTED), tokens=(answer(data, status),))
        outcome = daraja(transport).push(ORDER)
        if isinstance(outcome, PushAccepted):
            given += 1
            found = _object(data)
            assert status == 200
            assert not _is_failure(found)
            [asked] = transport.asked
            word = asked.headers["Authorization"].removeprefix("Bearer ")
            assert word == _told(found, "access_token")[:4_000]
            assert word.isascii()
            assert word.isprintable()
            assert " " not in word
            assert word
            assert _told(found, "expires_in").partition(".")[0].isdecimal()
        else:
            assert isinstance(outcome, PushRejected | PushNotSent)
            is_empty = status in (400, 401, 403) and not data.strip()
            is_no = isinstance(outcome, PushRejected)
            assert not is_no or is_empty or _is_definite_no(data), data
            assert not transport.asked
    assert given


def test_a_page_of_payments_is_read_or_refused(ways: int) -> None:
    for data, chance in _ways(samples.PULLED, "pulled", ways):
        said = answer(data, chance.choice(_STATUS))
        try:
            page = canned(said, said).pull(samples.NOW, samples.NOW, 0)
        except MpesaError:
            continue
        assert page.rows == len(page.payments) + page.unread
