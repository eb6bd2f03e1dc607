"""What a server repeats of a question is taken out, in every way of writing it."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from pos_sync.mpesa.repeated import without_phone, without_secrets

SECRET = "Cr4U/oPi7+Sealed=="


@pytest.mark.parametrize(
    "written",
    [
        SECRET,
        SECRET.rstrip("="),
        quote(SECRET),
        quote(SECRET, safe=""),
        SECRET.replace("/", "%2f").replace("+", "%2b").replace("=", "%3d"),
        SECRET.replace("/", "\\/"),
        SECRET.replace("=", "\\u003d"),
        SECRET.replace("/", "\\u002F").replace("+", "\\u002b"),
    ],
)
def test_a_secret_is_taken_out_however_it_is_written(written: str) -> None:
    body = json.dumps({"errorMessage": "WRONG"}).replace("WRONG", f"no: {written}.").encode()
    assert without_secrets(body, [SECRET]) == b'{"errorMessage": "no: ***."}'


def test_the_longest_goes_first_and_none_is_nothing() -> None:
    assert without_secrets(b"abcdef abc", ["", "abc", "abcdef"]) == b"*** ***"
    assert without_secrets(b"a = b", ["="]) == b"a *** b"


@pytest.mark.parametrize("before", ["254", "+254", "%2B254", "0", ""])
def test_a_phone_is_masked_whatever_stands_before_it(before: str) -> None:
    body = f"no: {before}712345678".encode()
    assert without_phone(body, "254712345678") == f"no: {before}7*****678".encode()
