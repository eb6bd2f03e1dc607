"""What is loaded stays out of full collections; what is made later does not."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from pos_desktop.ui.threads import full_collections


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def _is_looked_at(thing: object) -> bool:
    return any(one is thing for one in gc.get_objects())


def test_what_is_loaded_now_and_a_while_later_is_left_out(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(full_collections, "LOADED_SECONDS", 0.01)
    before: list[object] = [[]]
    full_collections.spare_what_is_loaded()
    later: list[object] = [[]]
    assert not _is_looked_at(before)
    assert _is_looked_at(later)
    qtbot.waitUntil(lambda: not _is_looked_at(later))
    new: list[object] = [[]]
    assert _is_looked_at(new)
