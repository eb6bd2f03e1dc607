"""The scale of a chart, and which bar stands where."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_desktop.ui.kit.bar_chart import Bar, BarChart, Chart
from pos_desktop.ui.kit.chart_scale import scale_of

CENTS = st.integers(-(10**12), 10**12)


@given(CENTS, CENTS)
def test_a_scale_holds_zero_and_all_values_in_few_round_steps(one: int, other: int) -> None:
    lowest, highest = sorted((one, other))
    ticks = scale_of(lowest, highest).ticks
    assert ticks[0] <= min(lowest, 0) <= max(highest, 0) <= ticks[-1]
    assert 0 in ticks
    assert 2 <= len(ticks) <= 7
    step = ticks[1] - ticks[0]
    assert all(b - a == step for a, b in pairwise(ticks))
    assert str(step).rstrip("0") in ("1", "2", "5")


@given(CENTS, CENTS)
def test_bars_rise_from_zero_within_their_ground(value: int, other: int) -> None:
    scale, ground = scale_of(min(value, other), max(value, other)), QRectF(10, 20, 30, 400)
    for bar in (scale.upright(ground, value), scale.lying(ground, value)):
        assert ground.adjusted(-0.01, -0.01, 0.01, 0.01).contains(bar) or bar.isEmpty()
        assert bar.isEmpty() == (value == 0) or abs(value) < 10**6


@pytest.mark.parametrize("upright", [True, False])
@pytest.mark.parametrize("count", [1, 7, 400])
def test_every_bar_is_found_where_it_is_painted(
    qtbot: QtBot, dressed: QApplication, upright: bool, count: int
) -> None:
    chart = BarChart("Sales")
    qtbot.addWidget(chart)
    chart.resize(800, 300)
    bars = [Bar(str(place), f"day {place}", (place - 3) * 100, place) for place in range(count)]
    shown = Chart(name="Sales", bars=bars, written=str, upright=upright, now="now", before="before")
    chart.show_chart(shown, "0", ("nothing", "at all"))
    chart.grab()
    found = {chart.place_at(QPointF(x + 0.5, 150)) for x in range(800)}
    if not upright:
        found = {chart.place_at(QPointF(400, y)) for y in range(300)}
    found.discard(None)
    in_sight = min(count, chart._lines_in_sight)
    assert found == set(range(count if upright else in_sight))
    chart.choose(str(count - 1))
    assert chart.words.startswith(f"day {count - 1}: ")
    assert "before" in chart.words
    chart.choose("nothing")
    assert (chart.place, chart.words) == (-1, "")
    chart.show_chart(Chart(name="Sales", bars=(), written=str), "", ("nothing", "at all"))
    assert chart.place_at(QPointF(400, 150)) is None
    chart.grab()
