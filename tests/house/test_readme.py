"""The README names every module that a reader of the tree comes upon first."""

from __future__ import annotations

from tests.house.sources import ROOT


def test_each_module_and_room_of_the_application_has_a_row() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = "\n".join(line for line in readme.splitlines() if line.startswith("| `"))
    here = [
        path
        for path in (ROOT / "pos_desktop").iterdir()
        if not path.name.startswith("_") and (path.is_dir() or path.suffix == ".py")
    ]
    assert len(here) > 20
    assert [path.name for path in here if path.name not in rows] == []
