"""What is known of a person goes into a file of its own, and only who may gets it."""

from __future__ import annotations

import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pos_desktop.domain.errors import Unavailable
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.services.people.personal_data import erase_person, write_personal_data
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import CASHIER
from tests.pos_desktop.services.customers import add_customer

MOMENT = datetime(2026, 11, 24, 8, 15, 30, tzinfo=UTC)


def test_all_that_is_known_stands_in_the_file(shop: Shop, tmp_path: Path) -> None:
    customer = add_customer(shop)
    path = write_personal_data(
        shop.customers, customer, tmp_path, moment=MOMENT, mode=0o600, actor=None
    )
    assert path == tmp_path / f"customer-{customer.code}-20261124-081530.json"
    known = json.loads(path.read_text(encoding="utf-8"))
    assert known["customer"]["phone"] == "254712345678"
    assert known["balance_cents"] == 0
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_is_there_is_never_written_over(shop: Shop, tmp_path: Path) -> None:
    customer = add_customer(shop)
    path = tmp_path / f"customer-{customer.code}-20261124-081530.json"
    path.write_text("kept", encoding="utf-8")
    with pytest.raises(Unavailable, match="cannot be written"):
        write_personal_data(
            shop.customers, customer, tmp_path, moment=MOMENT, mode=0o600, actor=None
        )
    assert path.read_text(encoding="utf-8") == "kept"


def test_a_cashier_gets_no_file(shop: Shop, tmp_path: Path) -> None:
    cashier = shop.sign_in.sign_in(*CASHIER)
    with pytest.raises(NeedsApproval):
        write_personal_data(
            shop.customers, add_customer(shop), tmp_path, moment=MOMENT, mode=0o600, actor=cashier
        )
    assert list(tmp_path.glob("customer-*")) == []


def test_an_erased_person_stands_in_no_file_either(shop: Shop, tmp_path: Path) -> None:
    customer, other = add_customer(shop), tmp_path / "customer-C99999-20261124-081530.json"
    other.write_text("another person", encoding="utf-8")
    write_personal_data(shop.customers, customer, tmp_path, moment=MOMENT, mode=0o600, actor=None)
    erase_person(shop.customers, customer, tmp_path, actor=None)
    assert shop.customers.get(customer.id) is None
    assert list(tmp_path.glob("customer-*")) == [other]
