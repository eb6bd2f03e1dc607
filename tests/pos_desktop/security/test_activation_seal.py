"""Only the supplier can make an activation."""

from __future__ import annotations

import pytest

from pos_desktop.domain.activation_json import BadActivation
from pos_desktop.security.activation_seal import SUPPLIER_KEY, ForgedActivation, payload_of
from tests.pos_desktop.activations import PUBLIC_KEY, signed

TEXT = signed(b'{"form": 1}')


def test_what_the_supplier_has_signed_is_read() -> None:
    assert payload_of(TEXT, PUBLIC_KEY) == b'{"form": 1}'
    assert payload_of(f"{TEXT[:10]}\n  {TEXT[10:]}\r\n", PUBLIC_KEY) == b'{"form": 1}'


def test_no_letter_can_be_changed() -> None:
    for place, letter in enumerate(TEXT):
        other = "A" if letter != "A" else "B"
        changed = TEXT[:place] + other + TEXT[place + 1 :]
        try:
            assert payload_of(changed, PUBLIC_KEY) == b'{"form": 1}'
        except BadActivation:
            continue
        # the last letter of a part has bits that say nothing
        assert place in (TEXT.index(".") - 1, len(TEXT) - 1)


def test_another_key_is_not_the_suppliers() -> None:
    with pytest.raises(ForgedActivation):
        payload_of(TEXT)
    assert len(bytes.fromhex(SUPPLIER_KEY)) == 32


@pytest.mark.parametrize("text", ["", "x", ".", TEXT[:-1], TEXT + "AA", "é" + TEXT, "A" * 9_000])
def test_what_is_no_activation_is_refused(text: str) -> None:
    with pytest.raises(BadActivation):
        payload_of(text, PUBLIC_KEY)
