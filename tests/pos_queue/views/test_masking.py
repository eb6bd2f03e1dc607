"""No secret and nothing that steers a terminal is shown."""

from __future__ import annotations

import pytest
from pos_queue.views.masking import (
    MASK,
    MOST_LETTERS,
    is_secret,
    masked,
    printable,
    raw_text,
    secrets_in,
    without,
)


@pytest.mark.parametrize(
    "name",
    ["password", "PIN", "kra_pin", "apiKey", "api-keys", "accessToken", "APIKey", "x.secret"],
)
def test_a_name_with_a_secret_word_is_secret(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize("name", ["shipping", "monkey", "pinned", "sale_id", "keyboard", "", "1"])
def test_a_word_that_only_holds_one_is_not(name: str) -> None:
    assert not is_secret(name)


def test_secrets_are_covered_however_deep() -> None:
    value = {"a": [{"token": {"x": "deep"}, "b": 1}], "phone": "0722", "pin": None}
    assert masked(value, {"phone"}) == {"a": [{"token": MASK, "b": 1}], "phone": MASK, "pin": MASK}
    assert value["phone"] == "0722"


def test_a_secret_is_covered_in_other_texts_unless_it_is_too_short() -> None:
    value = {"token": ["s3cret!", {"y": 12345}], "pin": "12", "name": "Njeri"}
    secrets = [*secrets_in(value)]
    assert secrets == ["s3cret!", "12345"]
    assert without("s3cret! is no 12345 of 12", secrets) == "*** is no *** of 12"


def test_what_cannot_be_read_is_shown_raw_without_what_is_named_like_a_secret() -> None:
    body = '{"v":1,"data":{"password":"a\\"b","pin":1234,"name":"Ä","token":"cut'.encode()
    assert raw_text(body) == (
        '{"v":1,"data":{"password":"***","pin":"***","name":"Ä","token":"***"'
    )
    assert raw_text(b'{"phone":"0722"}', {"phone"}) == '{"phone": "***"}'
    assert raw_text(b'{"n":{"token":{"x":"deep"}},"n":1') == '{"n":{"token":"***"'
    assert raw_text(b"[" * 100_000).startswith("[[[")


def test_raw_bytes_are_spelled_out_and_cut() -> None:
    assert raw_text(b"\x1b[2J\xff\x00\x9b") == r"\x1b[2J\xff\x00\x9b"
    assert len(raw_text(b"a" * 20_000)) == MOST_LETTERS + 1


def test_line_ends_alone_are_obeyed() -> None:
    assert printable("a\nb\r\x1b]0;x\x07\u202e\ud800é") == "a\nb\\r\\x1b]0;x\\x07\\u202e\\ud800é"
