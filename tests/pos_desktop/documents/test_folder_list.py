"""What of a folder can be imported, the newest file first."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pos_desktop.documents.folder_list import list_folder
from pos_desktop.domain.errors import Unavailable


def _file(path: Path, changed: int) -> None:
    path.write_text("x")
    os.utime(path, (changed, changed))


def test_tables_and_folders_are_listed_and_nothing_else(tmp_path: Path) -> None:
    for name, changed in (("old.csv", 100), ("New.XLSX", 200), ("photo.png", 300), (".h.csv", 1)):
        _file(tmp_path / name, changed)
    for name in ("b", "A", ".hidden"):
        (tmp_path / name).mkdir()
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nowhere.csv")
    found = list_folder(tmp_path)
    assert [(one.path.name, one.size, one.changed) for one in found.files] == [
        ("New.XLSX", 1, 200_000),
        ("old.csv", 1, 100_000),
    ]
    assert [one.name for one in found.folders] == ["A", "b"]
    assert len(list_folder(tmp_path, endings=None).files) > len(found.files)


def test_a_folder_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="choose another place"):
        list_folder(tmp_path / "none")
