"""What a customer reads: two lines, in plain letters, whatever a product is called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pos_hardware.displays.dialects import DIALECTS, fitted, plain
from pos_hardware.testing.display_simulator import DisplayGrid

names = st.sampled_from(sorted(DIALECTS))


@given(names, st.lists(st.tuples(st.text(), st.text()), min_size=1), st.integers(1, 50))
def test_every_text_is_shown_and_none_is_obeyed(
    name: str, texts: list[tuple[str, str]], size: int
) -> None:
    dialect, grid = DIALECTS[name], DisplayGrid(name)
    data = dialect.begin + b"".join(dialect.frame(*text) for text in texts)
    for start in range(0, len(data), size):
        grid.feed(data[start : start + size])
    assert grid.lines == (fitted(texts[-1][0]), fitted(texts[-1][1]))
    assert grid.frames == len(texts)
    assert not grid.unknown
    assert not grid.has_cursor
    grid.feed(dialect.clear)
    assert grid.lines == (" " * 20, " " * 20)


@given(names, st.data())
def test_a_display_left_in_half_a_command_is_brought_round(name: str, data: st.DataObject) -> None:
    dialect, grid = DIALECTS[name], DisplayGrid(name)
    frame = dialect.frame("SUGAR", "165.00")
    cut = data.draw(st.integers(0, len(frame)))
    grid.feed(dialect.begin + frame[:cut])
    grid.feed(dialect.begin + dialect.frame("MILK", "65.00"))
    assert grid.lines == (fitted("MILK"), fitted("65.00"))
    assert grid.begun == 2
    assert not grid.has_cursor


@given(st.text())
def test_a_line_is_twenty_plain_letters(text: str) -> None:
    line = fitted(text)
    assert len(line) == 20
    assert all(" " <= letter <= "~" for letter in line)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Café 5 €", "Cafe 5 EUR"),
        ("Sugar – 1 kg", "Sugar - 1 kg"),
        ("a\x1b@\x0cb", "a@ b"),
        ("\u202eeman", "eman"),
        ("two\nlines", "two lines"),
        ("سكر 1", "??? 1"),
        ("ĩ'ũ Gĩkũyũ", "i'u Gikuyu"),
        ("1\u00a0234", "1 234"),
    ],
)
def test_letters_that_a_display_lacks(text: str, shown: str) -> None:
    assert plain(text) == shown
