"""posctl seal: what verify names is shown, and sealed once somebody says that it is right."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from io import StringIO

import pytest

from pos_desktop.storage import row_seals
from tests.pos_desktop.cli.conftest import Posctl


def _spoil(posctl: Posctl, table: str, sets: str, where: str = "1") -> None:
    """Change a value as a bad disk does: the seal stays as it was."""
    with closing(sqlite3.connect(posctl.directory / "shop.sqlite")) as edit, edit:
        row_seals.register(edit)
        edit.execute(f"UPDATE {table} SET {sets}, row_seal = row_seal + 1 WHERE {where}")
        edit.execute(f"UPDATE {table} SET row_seal = row_seal - 1 WHERE {where}")


def _rows(posctl: Posctl, code: int) -> str:
    checks = posctl.json("verify", code=code)["checks"]
    return str(next(one["detail"] for one in checks if one["check"] == "rows"))


@pytest.fixture
def spoilt(demo: Posctl) -> Posctl:
    _spoil(demo, "product", "price_cents = 1", "code = 'P001'")
    return demo


def _key(posctl: Posctl) -> str:
    return _rows(posctl, 1).split()[2]


@pytest.mark.spoils_books
def test_a_spoilt_price_is_told_with_what_to_do(spoilt: Posctl) -> None:
    spoilt("verify", code=1)
    assert " of product does not bear its seal" in spoilt.out
    assert "posctl seal TABLE KEY" in spoilt.err


@pytest.mark.spoils_books
def test_a_spoilt_row_beside_other_faults_names_the_command_too(spoilt: Posctl) -> None:
    with closing(sqlite3.connect(spoilt.directory / "shop.sqlite")) as books, books:
        books.execute("UPDATE stock_level SET quantity = quantity + 5")
    spoilt("verify", code=1)
    assert "call for help" in spoilt.err
    assert "posctl seal TABLE KEY" in spoilt.err


def test_what_is_right_is_sealed_and_the_journal_says_so(spoilt: Posctl) -> None:
    key = _key(spoilt)
    assert spoilt.json("seal", "product", key, "--yes") == {"table": "product", "key": [key]}
    assert _rows(spoilt, 0) == "in order"
    with closing(sqlite3.connect(spoilt.directory / "shop.sqlite")) as books:
        sql = "SELECT detail FROM journal WHERE kind = 'row sealed'"
        ((detail,),) = books.execute(sql)
    assert detail == f'{{"key":["{key}"],"table":"product"}}'


def test_the_row_is_shown_and_left_where_nobody_says_yes(
    spoilt: Posctl, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = _key(spoilt)
    spoilt("seal", "product", key, code=2)
    assert "price_cents: 1\n" in spoilt.err
    assert "--yes" in spoilt.err
    terminal = StringIO("no\nyes\n")
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    spoilt("seal", "product", key)
    assert "Put the value right first" in spoilt.err
    assert _rows(spoilt, 0) == "in order"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("sale", "x"), "Rows of sale bear no seals."),
        (("barcode", "x"), "named by PRODUCT_ID CODE"),
        (("product", "x"), "No row x of product lacks its seal"),
        (("counter", "ver"), "No row ver of counter lacks its seal"),
    ],
)
def test_what_bears_its_seal_is_refused(demo: Posctl, command: tuple[str, ...], words: str) -> None:
    demo("seal", *command, "--yes", code=1)
    assert words in demo.err


def test_a_row_of_a_table_that_the_journal_seals_too_is_in_order_again(demo: Posctl) -> None:
    _spoil(demo, "staff", "locked_until = 5, role = 'manager'", "login = 'cashier'")
    key = _key(demo)
    demo("seal", "staff", key, code=2)
    assert "pin_hash" not in demo.err
    demo("seal", "staff", key, "--yes")
    demo("verify")
