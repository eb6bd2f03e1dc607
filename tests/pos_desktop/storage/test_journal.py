"""An edit, a removal, an insertion, a cut tail and an older file are all found."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pos_desktop.domain.tax import KENYA_RATES
from pos_desktop.storage import journal, staff
from pos_desktop.storage.audit import OF_THE_END, run_checks
from pos_desktop.storage.head import Head, HeadFile
from pos_desktop.storage.seals import SEALED
from pos_desktop.storage.settings_table import put_setting
from pos_desktop.storage.staff import StaffMember
from pos_desktop.storage.tax_rates import put_rates
from tests.pos_desktop.storage.conftest import DAY, KEY, ShopFile

SHIFTS = 6


@pytest.fixture
def with_shifts(shop_file: ShopFile) -> ShopFile:
    _put_master_rows(shop_file)
    for number in range(SHIFTS):
        _open_shift(shop_file, number)
    return shop_file


def _put_master_rows(shop_file: ShopFile) -> None:
    database, books = shop_file.database, shop_file.books
    amina = StaffMember(books.new_id(), "amina", "Amina", "cashier", "hash", 0, 0)
    with database.write():
        staff.add(database, books, amina)
        put_setting(database, scope="shop", key="sale.cash_rounding_cents", value=100, at=1)
        put_rates(database, KENYA_RATES)
        books.note("put", actor_id=None, sealed=SEALED)


def _open_shift(shop_file: ShopFile, number: int) -> None:
    books = shop_file.books
    fact_id = books.new_id()
    staff_id = f"{number:032x}"
    row = {
        "id": fact_id,
        "staff_id": staff_id,
        "drawer": "main",
        "float_cents": 100 * number,
        "business_day": DAY,
        "opened_at": 1,
    }
    with shop_file.database.write():
        books.record(
            "shift", {"shift": [row]}, business_day=DAY, actor_id=staff_id, fact_id=fact_id
        )
        books.note("sign in", actor_id=staff_id, detail={"n": number})


def _any_seal(seq: int) -> str:
    return f"{seq}" * 64


def _failed(shop_file: ShopFile) -> set[str]:
    checks = run_checks(shop_file.database, KEY, shop_file.head)
    return {check.check for check in checks if not check.ok}


def _tamper(shop_file: ShopFile, *statements: str) -> None:
    """Change the file as somebody would who cleans up: the triggers are put back."""
    database = shop_file.database
    triggers = database.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    for row in triggers:
        database.execute_sql(f"DROP TRIGGER {row['name']}")
    database.execute_sql("PRAGMA foreign_keys = 0")
    for statement in statements:
        database.execute_sql(statement)
    for row in triggers:
        database.execute_sql(row["sql"])


def test_an_entry_of_another_history_does_not_fit_into_this_one(with_shifts: ShopFile) -> None:
    """As of a copy that went its own way: it has the number, the key and a seal of its own."""
    database = with_shifts.database
    with database.atomic() as there:
        journal.append(database, KEY, at=1, kind="sign in", actor_id=None)
        seq, mac = journal.append(database, KEY, at=2, kind="sign out", actor_id=None)
        there.rollback()
    _open_shift(with_shifts, SHIFTS)
    assert journal.last_entry(database)[0] == seq
    assert _failed(with_shifts) == set()
    _tamper(
        with_shifts,
        "UPDATE journal SET at = 2, kind = 'sign out', actor_id = NULL, detail = '{}', "
        f"mac = '{mac}' WHERE seq = {seq}",
    )
    assert "journal" in _failed(with_shifts)


def test_an_untouched_file_is_in_order(with_shifts: ShopFile) -> None:
    assert _failed(with_shifts) == set()


@pytest.mark.parametrize(
    ("statement", "found_by"),
    [
        ("UPDATE shift SET float_cents = 1 WHERE float_cents = 300", "facts"),
        ("UPDATE shift SET business_day = '2026-11-25' WHERE float_cents = 300", "facts"),
        ("DELETE FROM shift WHERE float_cents = 300", "facts"),
        ("UPDATE fact SET at = at + 1 WHERE seq = 2", "facts"),
        ("UPDATE fact SET seq = 99 WHERE seq = 2", "numbers"),
        ("UPDATE counter SET value = 2 WHERE name LIKE 'fact/%'", "numbers"),
        ("UPDATE journal SET detail = '{\"n\":9}' WHERE seq = 4", "journal"),
        ("UPDATE journal SET actor_id = NULL WHERE seq = 4", "journal"),
        ("UPDATE journal SET approver_id = 'x' WHERE seq = 4", "journal"),
        ("UPDATE journal SET at = at + 1 WHERE seq = 4", "journal"),
        ("UPDATE journal SET kind = 'sign out' WHERE seq = 4", "journal"),
        ("UPDATE journal SET digest = 'x' WHERE seq = 4", "journal"),
        ("DELETE FROM journal WHERE seq = 4", "journal"),
        ("DELETE FROM journal WHERE seq > 10", "head"),
        (
            "INSERT INTO cash_move SELECT id, id, staff_id, 5, 'x' FROM shift LIMIT 1",
            "facts",
        ),
        ("DELETE FROM fact WHERE seq = 3", "facts"),
        ("UPDATE staff SET pin_hash = 'x' WHERE login = 'amina'", "seals"),
        ("UPDATE staff SET role = 'manager' WHERE login = 'amina'", "seals"),
        ("UPDATE staff SET login = 'asha' WHERE login = 'amina'", "seals"),
        ("UPDATE staff SET active = 0 WHERE login = 'amina'", "seals"),
        ("UPDATE staff SET deleted_at = 1 WHERE login = 'amina'", "seals"),
        ("DELETE FROM staff", "seals"),
        ("UPDATE setting SET value = '500'", "seals"),
        ("INSERT INTO setting VALUES ('shop', 'sale.other', '1', 99, 0, 0)", "seals"),
        ("UPDATE setting SET scope = 'till'", "seals"),
        ("UPDATE tax_rate SET rate_bp = 0", "seals"),
        ("UPDATE tax_rate SET valid_to = '2026-01-01' WHERE band = 'B'", "seals"),
        ("UPDATE tax_rate SET valid_from = '2026-01-01' WHERE band = 'B'", "seals"),
        ("UPDATE tax_rate SET band = 'Z' WHERE band = 'B'", "seals"),
    ],
)
def test_any_change_is_found(with_shifts: ShopFile, statement: str, found_by: str) -> None:
    _tamper(with_shifts, statement)
    assert _failed(with_shifts) >= {found_by}


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER sale_no_update",
        "DROP INDEX cash_move_shift",
        "CREATE TRIGGER extra AFTER INSERT ON sale BEGIN SELECT 1; END",
        "CREATE TABLE extra (id TEXT)",
    ],
)
def test_a_table_or_trigger_of_somebody_else_is_found(
    with_shifts: ShopFile, statement: str
) -> None:
    with_shifts.database.execute_sql(statement)
    assert _failed(with_shifts) == {"schema"}


def test_a_fact_slipped_in_without_an_entry_is_found(with_shifts: ShopFile) -> None:
    _tamper(
        with_shifts,
        "INSERT INTO fact SELECT 'f' || substr(id, 2), origin, epoch, 7, kind, version, at, "
        "business_day, NULL FROM fact WHERE seq = 1",
        "UPDATE counter SET value = 7 WHERE name LIKE 'fact/%'",
    )
    assert _failed(with_shifts) == {"facts", "rows"}


def test_a_resealed_tail_is_found_by_the_head_outside(with_shifts: ShopFile) -> None:
    kept = with_shifts.head.read()
    assert kept is not None
    _tamper(with_shifts, f"DELETE FROM journal WHERE seq >= {kept.seq - 1}")
    assert "head" in _failed(with_shifts)


def _put_an_older_file_back(shop_file: ShopFile, older: Path) -> None:
    """Sell on after a copy was made, then put the copy in the place of the file."""
    shop_file.database.value("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(shop_file.path, older)
    _open_shift(shop_file, SHIFTS)
    shop_file.database.close()
    for end in ("-wal", "-shm"):
        Path(f"{shop_file.path}{end}").unlink(missing_ok=True)
    shutil.copy(older, shop_file.path)


def test_an_older_file_put_back_is_found(with_shifts: ShopFile, tmp_path: Path) -> None:
    _put_an_older_file_back(with_shifts, tmp_path / "older.sqlite")
    assert _failed(with_shifts) == {"head"}


def test_an_older_file_put_back_is_found_for_ever(with_shifts: ShopFile, tmp_path: Path) -> None:
    _put_an_older_file_back(with_shifts, tmp_path / "older.sqlite")
    for number in range(SHIFTS, SHIFTS + 4):
        _open_shift(with_shifts, number)
    assert _failed(with_shifts) == {"head"}


def test_a_missing_head_is_told(with_shifts: ShopFile, tmp_path: Path) -> None:
    (tmp_path / "journal.head").unlink()
    assert _failed(with_shifts) == {"head"}


def test_a_head_that_lags_behind_is_in_order(with_shifts: ShopFile, tmp_path: Path) -> None:
    before = (tmp_path / "journal.head").read_bytes()
    _open_shift(with_shifts, SHIFTS)
    (tmp_path / "journal.head").write_bytes(before)
    assert _failed(with_shifts) == set()


def test_a_torn_slot_leaves_the_one_before(tmp_path: Path) -> None:
    head = HeadFile(tmp_path / "head", KEY)
    for seq in (1, 2, 3):
        head.advance(Head(seq, f"{seq}" * 64, "T1-000001"), _any_seal)
    content = bytearray((tmp_path / "head").read_bytes())
    content[512 + 40 : 512 + 60] = b"#" * 20
    (tmp_path / "head").write_bytes(content)
    kept = head.read()
    assert kept is not None
    assert kept.seq == 2


def test_an_older_head_never_replaces_a_newer_one(tmp_path: Path) -> None:
    head = HeadFile(tmp_path / "head", KEY)
    head.advance(Head(5, "5" * 64, ""), _any_seal)
    head.advance(Head(3, "3" * 64, ""), _any_seal)
    kept = head.read()
    assert kept is not None
    assert kept.seq == 5


def test_a_head_made_without_the_key_counts_as_none(tmp_path: Path) -> None:
    HeadFile(tmp_path / "head", b"another key").advance(Head(5, "5" * 64, ""), _any_seal)
    assert HeadFile(tmp_path / "head", KEY).read() is None


def test_a_rolled_back_fact_leaves_no_trace(with_shifts: ShopFile) -> None:
    head = with_shifts.head.read()
    with pytest.raises(KeyError), with_shifts.database.write():
        with_shifts.books.note("sign in", actor_id=None)
        raise KeyError
    assert with_shifts.head.read() == head
    assert _failed(with_shifts) == set()


def test_a_head_is_on_the_disk_when_it_is_kept(tmp_path: Path) -> None:
    head = HeadFile(tmp_path / "head", KEY)
    synced: list[bytes] = []
    head.sync = lambda _handle: synced.append((tmp_path / "head").read_bytes())
    head.advance(Head(1, "1" * 64, "T1-000001"), _any_seal)
    assert [(tmp_path / "head").read_bytes()] == synced


def test_what_doubts_the_end_of_the_books_is_a_check_that_is_run(shop_file: ShopFile) -> None:
    checks = run_checks(shop_file.database, KEY, shop_file.head)
    assert {check.check for check in checks} >= OF_THE_END
    assert not any(check.doubts_the_end for check in checks)
    head = replace(next(one for one in checks if one.check == "head"), ok=False)
    stock = replace(next(one for one in checks if one.check == "stock"), ok=False)
    assert (head.doubts_the_end, stock.doubts_the_end) == (True, False)
