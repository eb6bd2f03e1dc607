"""From where reports are taken, and whose word counts on it."""

from __future__ import annotations

import pytest
from pos_sync.relay.addresses import PUBLISHED, AddressList, came_from, read_address

PROXIES = AddressList(["127.0.0.1", "10.0.0.0/8"])
HERE, STRANGER, MPESA = "127.0.0.1", "203.0.113.9", "196.201.214.200"


def test_the_published_addresses_are_listed_and_no_neighbour() -> None:
    listed = AddressList(PUBLISHED)
    assert read_address(MPESA) in listed
    assert read_address("::ffff:196.201.212.138") in listed
    assert read_address("196.201.214.201") not in listed
    assert None not in listed
    assert None in AddressList(["any"])


@pytest.mark.parametrize("wrong", ["mpesa", "196.201.214.0/40", ""])
def test_what_is_no_address_is_not_listed(wrong: str) -> None:
    with pytest.raises(ValueError):
        AddressList([wrong])


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        (STRANGER, "", STRANGER),
        (STRANGER, MPESA, STRANGER),  # anybody may write it
        (HERE, MPESA, MPESA),
        (HERE, "", HERE),
        (HERE, f"{MPESA}, {STRANGER}", STRANGER),  # the first part was written by the stranger
        (HERE, f"{STRANGER}, {MPESA}, 10.1.2.3", MPESA),
        (HERE, "unknown", None),
        (HERE, f"{MPESA},", HERE),
    ],
)
def test_where_a_request_came_from(peer: str, forwarded: str, expected: str | None) -> None:
    found = came_from(read_address(peer), forwarded, PROXIES)
    assert found == (None if expected is None else read_address(expected))
