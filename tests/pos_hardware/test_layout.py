"""Rows fit the paper and no amount is ever cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pos_hardware.document import Align, Cell, Columns, ReceiptDocument, Rule, Size, Text
from pos_hardware.layout import Row, TextRow, lay_out, width_of, wrap
from pos_hardware.rendering import render_text

from tests.pos_hardware.receipts import MONEY, line, pair, receipt


def lines(*blocks: Text | Columns | Rule, columns: int = 32) -> list[str]:
    return [row.text for row in rows(*blocks, columns=columns)]


def rows(*blocks: Text | Columns | Rule, columns: int = 32) -> list[TextRow]:
    laid: list[Row] = lay_out(ReceiptDocument(blocks), columns)
    return [row for row in laid if isinstance(row, TextRow)]


def test_a_name_wraps_beside_its_amount() -> None:
    assert lines(line("Tomatoes, Grade 1 (loose)", "0.750", "97.50")) == [
        "Tomatoes, Grade  0.750     97.50",
        "1 (loose)",
    ]


def test_a_total_too_large_for_its_line_goes_below() -> None:
    total = pair("TOTAL", "KES 1,234,567.00", bold=True, size=Size.DOUBLE)
    below = rows(total)
    assert [row.text for row in below] == ["TOTAL", "KES 1,234,567.00"]
    assert all(row.bold and row.size is Size.DOUBLE and row.columns == 16 for row in below)
    assert lines(total, columns=48) == ["TOTAL   KES 1,234,567.00"]


def test_a_name_that_would_get_too_little_room_gets_its_own_line() -> None:
    cells = Columns((Cell("Sugar, brown", 1), Cell("12.500", 0, 12), Cell("1,234.00", 0, 14)))
    assert lines(cells) == ["Sugar, brown", "                 12.500 1,234.00"]


def test_an_amount_wider_than_the_paper_keeps_its_digits() -> None:
    wide = "9" * 50
    assert "".join(lines(Columns((Cell("a", 1), Cell(wide))))).replace(" ", "") == "a" + wide


def test_amounts_that_do_not_fit_side_by_side_go_below() -> None:
    both = Columns((Cell("1" * 16), Cell("2" * 16)))
    assert lines(both) == [" " * 16 + "1" * 16, " " * 16 + "2" * 16]
    assert lines(both, columns=33) == ["1" * 16 + " " + "2" * 16]


def _table(rows: list[tuple[str, ...]]) -> list[Columns]:
    least = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        Columns(
            (
                Cell(name, 1, least=least[0]),
                *(
                    Cell(text, width=9, align=MONEY, least=width)
                    for text, width in zip(amounts, least[1:], strict=True)
                ),
            )
        )
        for name, *amounts in rows
    ]


def test_a_table_moves_together_on_narrow_paper() -> None:
    table = _table([("Tax", "Net", "VAT"), ("B 16%", "1,078.45", "172.55")])
    assert lines(*table, columns=32) == [
        "Tax                Net       VAT",
        "B 16%         1,078.45    172.55",
    ]
    assert lines(*table, columns=22) == [
        "Tax         Net    VAT",
        "B 16%  1,078.45 172.55",
    ]


def test_a_table_too_wide_for_the_paper_keeps_its_columns_below_the_names() -> None:
    table = _table([("Tax", "Net", "VAT"), ("B 16%", "1,078.45", "172.55")])
    assert lines(*table, columns=16) == [
        "Tax",
        "      Net    VAT",
        "B 16%",
        " 1,078.45 172.55",
    ]


def test_alignment() -> None:
    assert lines(Text("ab", Align.CENTER), Text("ab", Align.RIGHT), columns=16) == [
        "       ab",
        "              ab",
    ]


def test_words_longer_than_the_paper_are_broken_and_wide_letters_count_twice() -> None:
    assert wrap("a" * 20, 8) == ["a" * 8, "a" * 8, "a" * 4]
    assert wrap("牛奶牛奶牛", 5) == ["牛奶", "牛奶", "牛"]
    assert wrap("one two three", 7) == ["one two", "three"]


def test_shares_divide_the_room() -> None:
    cells = (Cell("left", 1), Cell("right", 1, align=MONEY))
    assert lines(Columns(cells), columns=20) == ["left           right"]


def test_a_rule_crosses_the_paper() -> None:
    assert lines(Rule(), Rule(heavy=True), columns=20) == ["─" * 20, "═" * 20]


money = st.integers(-(10**9), 10**9).map(lambda cents: f"{cents / 100:,.2f}")
names = st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=60)


@given(
    names,
    st.lists(money, min_size=1, max_size=3),
    st.sampled_from([16, 32, 42, 48]),
    st.sampled_from(Size),
)
def test_amounts_stay_whole_and_rows_stay_on_the_paper(
    name: str, amounts: list[str], columns: int, size: Size
) -> None:
    cells = (Cell(name, 1), *(Cell(amount, width=9, align=MONEY) for amount in amounts))
    laid = rows(Columns(cells, size=size), columns=columns)
    assert all(width_of(row.text) <= row.columns for row in laid)
    room = columns // 2 if size is Size.DOUBLE else columns
    pieces = [piece.text for row in laid for piece in row.pieces]
    for amount in amounts:
        if len(amount) <= room:
            assert amount in pieces


@given(names, st.sampled_from([16, 32, 48]))
def test_no_letter_of_a_text_is_lost(text: str, columns: int) -> None:
    laid = lines(Text(text), columns=columns)
    assert "".join("".join(laid).split()) == "".join(text.split())


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_three_hundred_lines_keep_every_amount(columns: int) -> None:
    shown = render_text(receipt(300), columns)
    assert all(f" {number}.00" in shown for number in range(1, 301))
    assert max(map(width_of, shown.splitlines())) <= columns + 8
