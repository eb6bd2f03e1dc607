"""The moves of an attempt by SQL are those of the table, and the file lets one be under way."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from itertools import product

import pytest

from pos_desktop.domain.ids import Id
from pos_desktop.domain.mpesa_attempt import UNDER_WAY, AttemptEvent, AttemptState, after
from pos_desktop.storage import mpesa_attempts
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.mpesa_attempts import Attempt
from tests.pos_desktop.storage.conftest import ShopFile

S, E = AttemptState, AttemptEvent
SALE = "sale"


def attempt(no: int = 1, **changes: object) -> Attempt:
    made = Attempt(
        id=f"attempt {no}",
        sale_id=SALE,
        no=no,
        amount_cents=100_00,
        phone="254712345678",
        reference=f"T1U{no}",
        staff_id="staff",
        created_at=no,
        changed_at=no,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def put(database: ShopDatabase, attempt_id: Id, state: AttemptState) -> None:
    """Bring an attempt into a state, past the table."""
    database.execute_sql(
        "UPDATE mpesa_attempt SET state = ? WHERE id = ?", (state.value, attempt_id)
    )


def state(database: ShopDatabase, attempt_id: Id) -> AttemptState:
    found = mpesa_attempts.find(database, attempt_id)
    assert found is not None
    return found.state


def test_each_move_by_sql_is_that_of_the_table(shop_file: ShopFile) -> None:
    database, one = shop_file.database, attempt()
    with database.write():
        mpesa_attempts.add(database, one)
        for before, event in product(S, E):
            put(database, one.id, before)
            moved = mpesa_attempts.move(database, one.id, event, 5, {"code": "7"})
            left = after(before, event)
            assert state(database, one.id) is left, (before, event)
            assert moved == (left if left is not before else None)


def test_every_course_of_an_attempt_by_sql_is_that_of_the_table(shop_file: ShopFile) -> None:
    """Up to seven events that move something, with each one that moves nothing on the way."""
    database, one = shop_file.database, attempt()
    walked = 0

    def walk(before: AttemptState, depth: int) -> None:
        nonlocal walked
        for event in E:
            put(database, one.id, before)
            mpesa_attempts.move(database, one.id, event, depth)
            now = state(database, one.id)
            assert now is after(before, event)
            walked += 1
            if depth < 7 and now is not before:
                walk(now, depth + 1)

    with database.write():
        mpesa_attempts.add(database, one)
        walk(S.NEW, 1)
    assert walked > 4_000


@pytest.mark.parametrize("first", S)
def test_the_file_lets_one_attempt_of_a_sale_be_under_way(
    shop_file: ShopFile, first: AttemptState
) -> None:
    database = shop_file.database
    with database.write():
        mpesa_attempts.add(database, attempt(1, state=first))
        if first in UNDER_WAY:
            with pytest.raises(sqlite3.IntegrityError):
                mpesa_attempts.add(database, attempt(2))
        else:
            mpesa_attempts.add(database, attempt(2))
        mpesa_attempts.add(database, attempt(3, sale_id="another"))


def test_no_event_brings_two_attempts_of_a_sale_under_way(shop_file: ShopFile) -> None:
    """Also where the first is moved while the second goes on: the file never has to refuse."""
    database = shop_file.database
    one, other = attempt(1, state=S.DECLINED), attempt(2)
    with database.write():
        mpesa_attempts.add(database, one)
        mpesa_attempts.add(database, other)
        for ended, going, event in product(set(S) - UNDER_WAY, UNDER_WAY, E):
            put(database, one.id, ended)
            put(database, other.id, going)
            mpesa_attempts.move(database, one.id, event, 5)
            assert state(database, one.id) not in UNDER_WAY
            mpesa_attempts.move(database, other.id, event, 5)


def test_a_receipt_and_an_id_are_of_one_attempt(shop_file: ShopFile) -> None:
    database = shop_file.database
    with database.write():
        mpesa_attempts.add(database, attempt(1, receipt="RKL51ZDR4F", checkout_id="ws"))
        for column, value in (("receipt", "RKL51ZDR4F"), ("checkout_id", "ws")):
            mine = attempt(2, sale_id="another", **{column: value})
            with pytest.raises(sqlite3.IntegrityError):
                mpesa_attempts.add(database, mine)
