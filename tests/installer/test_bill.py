"""The bill of materials names what is bundled, and nothing goes in under the GPL alone."""

from __future__ import annotations

import json
import sys
import sysconfig
from pathlib import Path

import pytest

from installer import bill
from installer.library_versions import NoPython, python_version

METADATA = "Metadata-Version: 2.4\nName: {name}\nVersion: 1.2\n{licence}\n"


def put(folder: Path, name: str, licence: str, text: str = "LICENSE") -> Path:
    """Lay a package's description into the folder, with a text of its licence."""
    info = folder / "_internal" / f"{name}-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(METADATA.format(name=name, licence=licence), encoding="utf-8")
    if text:
        (info / text).write_text(f"the licence of {name}", encoding="utf-8")
    return info


def told(text: str) -> bytes:
    """Return what a file of Windows holds where its properties tell a version."""
    return b"MZ..\0" + f"ProductVersion\0\0{text}\0D\0".encode("utf-16-le") + b"..\0"


@pytest.fixture(autouse=True)
def library(tmp_path: Path) -> Path:
    """A library of Python of another version than the one that runs this."""
    internal = tmp_path / "_internal"
    internal.mkdir()
    (internal / "python311.dll").write_bytes(told("3.11.99"))
    return internal / "python311.dll"


def components(folder: Path) -> dict[str, dict[str, object]]:
    """Return what the bill of a folder names, by names."""
    bill.write_bill(folder)
    written = json.loads((folder / bill.BILL).read_text(encoding="utf-8"))
    return {one["name"]: one for one in written["components"]}


def test_the_bill_names_the_python_that_is_shipped(library: Path) -> None:
    """The one that freezes may be another: libraries of 3.11.9 beside files of 3.11.7."""
    found = components(library.parents[1])
    assert found["python"]["version"] == "3.11.99"
    assert found["python"]["purl"] == "pkg:generic/python@3.11.99"
    running = ".".join(map(str, sys.version_info[:3]))
    assert found["python-standard-library"]["version"] == running
    library.write_bytes(told(running))
    found = components(library.parents[1])
    assert found["python"]["version"] == running
    assert "python-standard-library" not in found


def test_the_bill_names_what_python_for_windows_brings_along(library: Path) -> None:
    for name, text in (("libcrypto-3", "3.0.13"), ("sqlite3", "3.45.1.0"), ("VCRUNTIME140", "14")):
        (library.parent / f"{name}.dll").write_bytes(told(text))
    (library.parent / "vcruntime140_1.dll").write_bytes(told("14"))
    (library.parent / "libffi-8.dll").write_bytes(b"MZ, and no word of a version")
    found = components(library.parents[1])
    assert found["openssl"]["version"] == "3.0.13"
    assert found["sqlite"]["version"] == "3.45.1.0"
    assert found["vcruntime"]["version"] == "14"
    assert "version" not in found["libffi"]


@pytest.mark.skipif(not sysconfig.get_config_var("Py_ENABLE_SHARED"), reason="it has no library")
def test_a_library_of_linux_tells_the_version_of_its_python(tmp_path: Path) -> None:
    (there,) = {
        file.resolve()
        for file in Path(sysconfig.get_config_var("LIBDIR")).glob(
            f"libpython3.{sys.version_info[1]}.so*"
        )
    }
    internal = tmp_path / "frozen"
    internal.mkdir()
    (internal / there.name).symlink_to(there)
    assert python_version(internal) == ".".join(map(str, sys.version_info[:3]))


@pytest.mark.parametrize("content", [b"", b"3.11.7\0 and 3.11.8\0", b"3.12.1\0"])
def test_a_library_that_does_not_tell_is_not_guessed_at(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "libpython3.11.so.1.0").write_bytes(content)
    with pytest.raises(NoPython):
        python_version(tmp_path)


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
    found = components(tmp_path)
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
