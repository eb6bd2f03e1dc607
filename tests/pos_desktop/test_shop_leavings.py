"""A putting aside that was broken off goes; one that is all that there is of a shop stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos_desktop.domain.clock import SystemClock
from pos_desktop.shop_folder import (
    BRINGING_BACK,
    DAMAGED_FOLDER,
    DATABASE_FILE,
    HEAD_FILE,
    LOG_FILES,
    SECRETS_FILE,
)
from pos_desktop.shop_leavings import sweep_leavings
from pos_desktop.shops.put_aside import put_aside


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with what a shop is made of, and a log beside its file."""
    for name in (DATABASE_FILE, LOG_FILES[0], HEAD_FILE, SECRETS_FILE):
        (tmp_path / name).write_text(name)
    return tmp_path


def _anew(file: Path) -> None:
    """Put another file in the place of one."""
    new = file.with_name("new")
    new.write_text("new")
    new.replace(file)


def test_a_second_name_of_what_is_in_use_goes(place: Path) -> None:
    put_aside(place, SystemClock())
    (place / f"{BRINGING_BACK}1").mkdir()
    (place / LOG_FILES[0]).unlink()  # by SQLite, since
    sweep_leavings(place)
    assert {one.name for one in place.iterdir()} == {DATABASE_FILE, HEAD_FILE, SECRETS_FILE}


def test_what_something_took_the_place_of_stays(place: Path) -> None:
    aside = put_aside(place, SystemClock())
    _anew(place / DATABASE_FILE)  # its keys are in their place still
    sweep_leavings(place)
    assert len([*aside.iterdir()]) == 4


def test_where_there_is_no_file_the_rest_tells(place: Path) -> None:
    (place / DATABASE_FILE).unlink()
    aside = put_aside(place, SystemClock())
    _anew(place / HEAD_FILE)
    sweep_leavings(place)
    assert len([*aside.iterdir()]) == 3
    put_aside(place, SystemClock())
    sweep_leavings(place)
    assert [*(place / DAMAGED_FOLDER).iterdir()] == [aside]
