"""Books that were changed past the program: verify names what people know, and a play says so."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.pos_desktop.cli.conftest import Posctl


@pytest.fixture
def sold(demo: Posctl, tmp_path: Path) -> Posctl:
    """A demo shop that has sold twice and closed its day."""
    _play(demo, tmp_path, "shift open 0", "P001", "pay cash", "P010", "pay cash", "z")
    return demo


def _play(posctl: Posctl, tmp_path: Path, *lines: str) -> str:
    play = tmp_path / "play.txt"
    play.write_text("\n".join(("login manager 1234", *lines)) + "\n", encoding="utf-8")
    return posctl("play", str(play), "--strict")


def _change(posctl: Posctl, *statements: str) -> None:
    with closing(sqlite3.connect(posctl.directory / "shop.sqlite")) as edit, edit:
        triggers = edit.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            edit.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            edit.execute(statement)


@pytest.mark.parametrize(
    ("change", "check", "words"),
    [
        ("UPDATE sale_line SET quantity = 5", "facts",
         "receipt T1-000001 was changed; receipt T1-000002 was changed"),
        ("UPDATE sale SET gross_cents = 1 WHERE receipt_number = 2", "sums",
         "receipt T1-000002 does not add up"),
        ("UPDATE z_report SET figures = '{}'", "closings", "Z 1 is not the sum"),
        ("UPDATE z_report SET figures = '{}'", "facts", "Z 1 was changed"),
        ("UPDATE stock_level SET quantity = 7", "stock", "the stock of P001 "),
        ("DELETE FROM shift_close", "facts", "the shift closed at 20"),
        ("UPDATE counter SET value = 9 WHERE name = 'receipt/T1'", "numbers",
         "the receipt numbers of till T1"),
    ],
)  # fmt: skip
@pytest.mark.spoils_books
def test_verify_names_what_people_know(sold: Posctl, change: str, check: str, words: str) -> None:
    _change(sold, change)
    found = {one["check"]: one["detail"] for one in sold.json("verify", code=1)["checks"]}
    assert words in found[check]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal SET kind = 'nothing' WHERE seq = (SELECT max(seq) - 3 FROM journal)",
        "DELETE FROM journal WHERE seq = (SELECT max(seq) - 3 FROM journal)",
        "DELETE FROM journal WHERE seq > (SELECT max(seq) - 3 FROM journal)",
    ],
)
@pytest.mark.spoils_books
def test_a_play_says_once_that_the_books_were_changed(
    sold: Posctl, tmp_path: Path, change: str
) -> None:
    assert "verify" not in sold.err
    _change(sold, "PRAGMA foreign_keys = OFF", change)
    _play(sold, tmp_path, "shift open 0", "P001", "pay cash", "P001", "pay cash")
    told = sold.err.strip().splitlines()
    assert told == ["The books may have been changed past the till: posctl verify says where."]


@pytest.mark.spoils_books
def test_a_play_goes_on_beside_a_sale_that_was_left_open_and_has_no_price(
    demo: Posctl, tmp_path: Path
) -> None:
    _play(demo, tmp_path, "shift open 0", "P001")
    _change(demo, "DELETE FROM tax_rate WHERE band = 'B'")
    _play(demo, tmp_path, "x")
    assert "The sale is on hold. Tax band B has no rate" in demo.err
