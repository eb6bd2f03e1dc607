"""The bill of materials names what is bundled, and nothing goes in under the GPL alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from installer import bill

METADATA = "Metadata-Version: 2.4\nName: {name}\nVersion: 1.2\n{licence}\n"


def put(folder: Path, name: str, licence: str, text: str = "LICENSE") -> Path:
    """Lay a package's description into the folder, with a text of its licence."""
    info = folder / "_internal" / f"{name}-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(METADATA.format(name=name, licence=licence), encoding="utf-8")
    if text:
        (info / text).write_text(f"the licence of {name}", encoding="utf-8")
    return info


@pytest.mark.parametrize(
    ("licence", "is_alone"),
    [
        ("GPL-3.0-only", True),
        ("GNU General Public License v3 (GPLv3)", True),
        ("AGPL-3.0", True),
        ("GPL-2.0-or-later", True),
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", False),
        ("GNU Lesser General Public License v3", False),
        ("MIT", False),
        ("Apache-2.0 OR BSD-3-Clause", False),
    ],
)
def test_what_may_only_be_used_under_the_gpl_is_told(licence: str, is_alone: bool) -> None:
    assert bill.is_gpl_only(licence) is is_alone


def test_the_bill_names_each_part_and_its_texts_lie_beside(tmp_path: Path) -> None:
    put(tmp_path, "till_parts", "License-Expression: MIT")
    put(tmp_path, "oldster", "Classifier: License :: OSI Approved :: BSD License", text="")
    assert bill.write_bill(tmp_path) >= 3
    told = json.loads((tmp_path / bill.BILL).read_text(encoding="utf-8"))
    found = {one["name"]: one for one in told["components"]}
    assert found["till-parts"]["purl"] == "pkg:pypi/till-parts@1.2"
    assert found["till-parts"]["licenses"] == [{"license": {"name": "MIT"}}]
    assert found["oldster"]["licenses"] == [{"license": {"name": "BSD License"}}]
    assert "python" in found
    text = tmp_path / bill.LICENCES / "till-parts" / "LICENSE"
    assert text.read_text(encoding="utf-8") == "the licence of till_parts"
    assert (tmp_path / bill.LICENCES / "oldster" / "METADATA").exists()


def test_a_part_under_the_gpl_alone_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "readline_like", "License-Expression: GPL-3.0-or-later")
    with pytest.raises(bill.GplOnly, match=r"readline-like 1.2 is under GPL"):
        bill.write_bill(tmp_path)
    assert not (tmp_path / bill.BILL).exists()


def test_qt_comes_with_the_texts_of_the_lgpl(tmp_path: Path) -> None:
    put(tmp_path, "PySide6_Essentials", "License-Expression: LGPL-3.0-only OR GPL-3.0-only", "")
    bill.write_bill(tmp_path)
    names = {file.name for file in (tmp_path / bill.LICENCES / "pyside6-essentials").iterdir()}
    assert names == {"LGPL-3.0.txt", "1-GPL-3.0.txt"}
