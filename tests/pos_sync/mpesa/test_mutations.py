"""Whatever an answer or a report becomes on its way, it is understood or refused, and never worse.

Each known body is changed in many ways, 10,000 in the long form: bytes lost, doubled and turned,
values of other types, keys renamed, lists nested, numbers without end.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pos_sync.mpesa.callbacks import StkReport, read_report
from pos_sync.mpesa.errors import MpesaError
from pos_sync.mpesa.push import PushAccepted, PushNotSent, PushRejected, PushUnknown
from pos_sync.mpesa.query import QueryEnded, QueryOpen, QueryPaid
from pos_sync.mpesa.results import ENDED, Meaning

from tests.pos_sync.mpesa import samples
from tests.pos_sync.mpesa.canned import ORDER, answer, canned

SHORT, LONG = 500, 10_000
_STATUS = (200, 200, 200, 400, 401, 404, 429, 500, 502)
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


def _changed(body: Any, chance: random.Random) -> bytes:
    body = copy.deepcopy(body)
    for _time in range(chance.randint(1, 3)):
        places = _places(body, [])
        if not places:
            break
        holder, key = chance.choice(places)
        match chance.randrange(4):
            case 0:
                holder[key] = copy.deepcopy(chance.choice(_ODD))
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


@pytest.mark.parametrize("number", range(len(samples.REPORTS)))
def test_a_report_is_read_or_refused(number: int, ways: int) -> None:
    read = 0
    for data, _chance in _ways(samples.REPORTS[number], f"report {number}", ways):
        report = read_report(data)
        read += report is not None
        if isinstance(report, StkReport) and report.meaning is Meaning.ENDED:
            assert report.code in ENDED
    assert 0 < read < ways


ANSWERS: list[Any] = [
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
    assert isinstance(outcome, PushAccepted | PushRejected | PushNotSent | PushUnknown)
    if isinstance(outcome, PushAccepted):
        assert status == 200
        assert outcome.checkout_id


def _query(data: bytes, status: int) -> None:
    said = answer(data, status)
    try:
        outcome = canned(said, said).query(samples.QUERIED["CheckoutRequestID"])
    except MpesaError:
        return
    if isinstance(outcome, QueryEnded):
        assert outcome.code in {*ENDED, "1037"}
    else:
        assert isinstance(outcome, QueryPaid | QueryOpen)


def test_a_page_of_payments_is_read_or_refused(ways: int) -> None:
    for data, chance in _ways(samples.PULLED, "pulled", ways):
        said = answer(data, chance.choice(_STATUS))
        try:
            page = canned(said, said).pull(samples.NOW, samples.NOW, 0)
        except MpesaError:
            continue
        assert page.rows == len(page.payments) + page.unread
