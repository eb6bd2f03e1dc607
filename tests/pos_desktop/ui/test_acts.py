"""What can be done, by key and by tile."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from pos_desktop.ui.kit.acts import Act, ActTiles, press

K = Qt.Key
M = Qt.KeyboardModifier


def _event(
    key: Qt.Key, held: Qt.KeyboardModifier = M.NoModifier, *, again: bool = False
) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, held, "", again)


def _act(do: Callable[[], None], title: str = "Remove") -> Act:
    return Act(key=K.Key_Delete, title=title, help="Take it out", do=do)


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def tiles(qtbot: QtBot) -> Iterator[ActTiles]:
    tiles, widget = ActTiles(), QWidget()
    widget.setLayout(tiles)
    qtbot.addWidget(widget)
    yield tiles
    widget.close()


def test_a_key_does_its_act_and_no_other(done: list[str]) -> None:
    acts = (
        Act(key=K.Key_Delete, title="", help="", do=lambda: done.append("one")),
        Act(key=K.Key_Delete, shift=True, title="", help="", do=lambda: done.append("all")),
        Act(key=K.Key_Return, control=True, title="", help="", do=lambda: done.append("go")),
    )
    assert press(acts, _event(K.Key_Delete, M.ShiftModifier))
    assert press(acts, _event(K.Key_Delete))
    assert press(acts, _event(K.Key_Enter, M.ControlModifier | M.KeypadModifier))
    assert not press(acts, _event(K.Key_Return))
    assert done == ["all", "one", "go"]


def test_a_key_that_is_held_down_is_taken_and_does_nothing(done: list[str]) -> None:
    assert press((_act(lambda: done.append("one")),), _event(K.Key_Delete, again=True))
    assert done == []


def test_the_cap_says_what_is_held() -> None:
    act = Act(key=K.Key_Delete, shift=True, control=True, title="", help="", do=lambda: None)
    assert act.cap == "Ctrl ⇧ Del"


def test_each_act_with_words_has_a_tile(tiles: ActTiles, done: list[str]) -> None:
    silent = Act(key=K.Key_Return, title="", help="", do=lambda: done.append("silent"))
    tiles.offer(silent, _act(lambda: done.append("removed")))
    assert [tile.accessibleName() for tile in tiles.tiles] == ["Remove, Del"]
    tiles.tiles[0].click()
    assert done == ["removed"]


def test_a_tile_that_would_look_the_same_stays_and_does_what_is_offered_now(
    tiles: ActTiles, done: list[str]
) -> None:
    tiles.offer(_act(lambda: done.append("before")))
    tile = tiles.tiles[0]
    tiles.offer(_act(lambda: done.append("now")))
    assert tiles.tiles == [tile]
    tile.click()
    assert done == ["now"]


def test_another_offer_has_other_tiles(tiles: ActTiles) -> None:
    tiles.offer(_act(lambda: None), _act(lambda: None, "Keep"))
    tiles.offer(_act(lambda: None, "Remove it"))
    assert [tile.text() for tile in tiles.tiles] == ["Remove it"]
    assert tiles.count() == 1
