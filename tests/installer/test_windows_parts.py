"""The pieces of the Windows build: the lock, libraries that stand in, the icon, the screen."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from PIL import Image

from installer.windows import file_properties, icon, libraries, packages, windows_python
from installer.windows.places import LOCK, version
from installer.windows.screen_picture import FILE, ScreenPicture

IMPORTS = """
	DLL Name: KERNEL32.dll
	vma:  Hint/Ord Member-Name Bound-To
	9989e8	  263  CreateFileW

	DLL Name: icuuc.dll
	vma:  Hint/Ord Member-Name Bound-To
	9989e8	  263  ucnv_open
	9989a6	    3  UCNV_FROM_U_CALLBACK_SUBSTITUTE

"""
NEWER_IMPORTS = """
	DLL Name: ICUUC.dll
	vma:     Ordinal  Hint  Member-Name  Bound-To
	001c4ad0  <none>  0107  ucnv_open

"""
EXPORTS = """
[Ordinal/Name Pointer] Table
	[   0] PyAIter_Check
	[   1] _Py_NoneStruct

The Function Table
	[   0] 00001000
"""
NEWER_EXPORTS = """
[Ordinal/Name Pointer] Table -- Ordinal Base 1
	[   0] +base[   1]  0000 PyAIter_Check
	[   1] +base[   2]  0001 _Py_NoneStruct

"""


def test_a_lock_gives_what_windows_needs_without_conditions() -> None:
    lines = [
        "colorama==0.4.6 ; sys_platform == 'win32'",
        "jeepney==0.9.0 ; sys_platform == 'linux'",
        "huey==3.5.4",
        "pycparser==3.12 ; implementation_name != 'PyPy'",
    ]
    assert packages.wanted(lines) == ["colorama==0.4.6", "huey==3.5.4", "pycparser==3.12"]


def test_the_lock_brings_what_keeps_keys_on_windows() -> None:
    names = {line.partition("==")[0] for line in packages.wanted(LOCK.read_text().splitlines())}
    assert {"pywin32-ctypes", "pefile", "keyring", "pyside6-essentials"} <= names
    assert not names & {"secretstorage", "jeepney", "macholib"}


@pytest.mark.parametrize("tables", [IMPORTS, NEWER_IMPORTS])
def test_what_a_program_asks_of_a_library(tables: str) -> None:
    asked = libraries.imported(tables, "icuuc.dll")
    assert "ucnv_open" in asked
    assert asked <= {"ucnv_open", "UCNV_FROM_U_CALLBACK_SUBSTITUTE"}
    assert libraries.imported(tables, "mscms.dll") == set()


@pytest.mark.parametrize("tables", [EXPORTS, NEWER_EXPORTS])
def test_what_a_library_offers(tables: str) -> None:
    assert libraries.exported(tables) == {"PyAIter_Check", "_Py_NoneStruct"}


def test_each_name_leads_to_its_target() -> None:
    made = libraries.definition("python3.dll", ["PyB", "PyA"], "python311.*")
    assert made.splitlines() == [
        'LIBRARY "python3.dll"',
        "EXPORTS",
        "  PyA=python311.PyA",
        "  PyB=python311.PyB",
    ]


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("python311.dll", "python311.dll"),
        ("VCRUNTIME140.dll", "VCRUNTIME140.dll"),
        ("_ssl.pyd", "DLLs/_ssl.pyd"),
        ("sqlite3.dll", "DLLs/sqlite3.dll"),
        ("api-ms-win-crt-heap-l1-1-0.dll", ""),
        ("tcl86t.dll", ""),
        ("", ""),
    ],
)
def test_where_a_library_of_python_belongs(name: str, place: str) -> None:
    assert windows_python.target_of(name) == place


def test_programs_tell_their_version() -> None:
    said = file_properties.strings("posctl")
    assert said["FileVersion"] == said["ProductVersion"] == version()
    assert said["OriginalFilename"] == "posctl.exe"


def test_the_icon_has_every_size_and_is_no_empty_picture(tmp_path: Path) -> None:
    file = tmp_path / "till.ico"
    icon.write_icon(file)
    with Image.open(file) as drawn:
        assert drawn.info["sizes"] == {(size, size) for size in icon.SIZES}
        assert len(drawn.convert("RGBA").getcolors(1 << 16) or []) > 2


def test_a_window_on_the_screen_is_seen(tmp_path: Path) -> None:
    width, height, line = 64, 36, 64 * 4 + 8
    fields = [0] * 25
    fields[0], fields[4], fields[5], fields[12] = 100, width, height, line
    header = struct.pack(">25I", *fields)
    shown = ScreenPicture(tmp_path)
    (tmp_path / FILE).write_bytes(header + bytes(line * height))
    assert not shown.is_painted()
    teal = (bytes((0x6D, 0x7A, 0x0E, 0)) * width + bytes(8)) * height
    (tmp_path / FILE).write_bytes(header + teal)
    assert shown.is_painted()
    assert shown.image().getpixel((3, 3)) == (0x0E, 0x7A, 0x6D)
