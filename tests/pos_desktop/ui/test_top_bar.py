"""The bar at the top: nothing of it lies over its neighbour, however narrow it is."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.shell.top_bar import TopBar
from tests.pos_desktop.ui.conftest import LAYOUT_TURNS


def lay_out() -> None:
    for _turn in range(LAYOUT_TURNS):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


def names_in_sight(bar: TopBar) -> list[str]:
    """Return what is seen, after looking that it lies side by side within the bar."""
    lay_out()
    parts = sorted((one for one in bar._parts if one.isVisible()), key=lambda one: one.x())
    edges = [(one.x(), one.x() + one.width()) for one in parts]
    assert all(one[1] <= two[0] for one, two in pairwise(edges))
    assert edges[-1][1] <= bar.width()
    return [name for name in ("till", "name", "demo", "jobs") if getattr(bar, name) in parts]


@pytest.mark.usefixtures("dressed")
def test_what_matters_least_gives_way(qtbot: QtBot) -> None:
    bar = TopBar("Duka la Mama Njeri", "T1", demo=True)
    qtbot.addWidget(bar)
    bar.show()
    bar.show_person("Wanjiku", "08:15")
    bar.show_clock_doubt("It may be wrong.")
    bar.show_printer("12 papers to look at", Tone.WARNING)
    bar.show_devices("Display missing", Tone.WARNING, "")
    bar.show_jobs("Offline: 12 wait · 3 new", Tone.WARNING)
    seen = {}
    for width in (1366, 1024, 960, 760):
        bar.resize(width, bar.height())
        seen[width] = names_in_sight(bar)
    assert seen == {
        1366: ["till", "name", "demo", "jobs"],
        1024: ["demo", "jobs"],
        960: ["jobs"],
        760: [],
    }
    assert bar.printer.isVisible()
    assert bar.clock_doubt.isVisible()
    bar.resize(960, bar.height())
    bar.show_devices("", Tone.OK, "")
    bar.show_jobs("", Tone.OK)
    assert names_in_sight(bar) == ["till", "name", "demo"]
