"""The search finds what is secret in each of its forms: so it says something to find nothing."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from tests.pos_desktop.services.mpesa.hidden import FORMS, Hidden, hidden

SECRET = "Cr4U/oPi7+Sealed=="
PHONE = "254728941701"
SOUGHT = Hidden(frozenset({SECRET}), frozenset({PHONE}))


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_found_in_each_form(form: str) -> None:
    for written in FORMS[form](SECRET):
        assert SOUGHT.secrets_in(f"before{written}after".encode()) == {SECRET}, written


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
@pytest.mark.parametrize("after", ["", "y", "yz"])
def test_a_secret_is_found_wherever_it_lies_in_base64(before: str, after: str) -> None:
    whole = f"{before}{SECRET}{after}".encode()
    for written in (base64.b64encode(whole), base64.urlsafe_b64encode(whole), whole):
        assert SOUGHT.secrets_in(b"x" + written + b"x") == {SECRET}


@pytest.mark.parametrize(
    "written",
    [
        quote(SECRET),
        quote(SECRET, safe=""),
        json.dumps(SECRET).replace("/", "\\/"),
        SECRET.replace("=", "\\u003d"),
        SECRET.encode().hex(),
    ],
)
def test_a_secret_is_found_as_others_write_it(written: str) -> None:
    assert SOUGHT.in_bytes(written.encode()) == {SECRET}


def test_a_secret_that_has_no_signs_has_fewer_forms() -> None:
    assert len(hidden("Ck7QvWm2ZtYpLs")) < len(hidden(SECRET))


@pytest.mark.parametrize(
    "written", ["0728941701", "254728941701", "+254728941701", "%2B254728941701", "728941701"]
)
def test_a_phone_is_found_in_each_form(written: str) -> None:
    assert SOUGHT.in_bytes(f"of {written}.".encode()) == {PHONE}
    assert SOUGHT.phones_in(base64.b64encode(f"phone {written} ".encode())) == {PHONE}
    assert not SOUGHT.secrets_in(written.encode())


def test_nothing_is_found_where_nothing_is() -> None:
    assert not SOUGHT.in_bytes(b"2547*****701 Cr4U *** " + bytes(range(256)))
