"""Which version a bundled library is, read from the file itself: what froze it may be another."""

from __future__ import annotations

import re
from pathlib import Path

_TOLD = "ProductVersion\0".encode("utf-16-le")
_PYTHON = re.compile(r"(?:lib)?python3\.?(\d+)(?:\.dll|\.so[.0-9]*|\.dylib)$", re.IGNORECASE)
"""The name of Python's own library; python3.dll only hands on to it."""
_LONGEST = 64


class NoPython(Exception):
    """The folder holds no library of Python, or one that does not tell its version."""


def product_version(file: Path) -> str:
    """Return the version that a file of Windows tells in its properties; empty if it tells none."""
    content = file.read_bytes()
    place = content.find(_TOLD)
    if place < 0:
        return ""
    text = content[place + len(_TOLD) :][: 2 * _LONGEST].decode("utf-16-le", errors="replace")
    return text.lstrip("\0").partition("\0")[0].strip()


def python_version(internal: Path) -> str:
    """Return the version of the Python that lies in a frozen folder; raises NoPython."""
    for file in sorted(internal.iterdir()):
        named = _PYTHON.fullmatch(file.name)
        if named:
            told = product_version(file) if file.suffix.lower() == ".dll" else ""
            return told or _written_in(file, int(named[1]))
    raise NoPython(str(internal))


def _written_in(library: Path, minor: int) -> str:
    """Return the version that `sys.version` begins with, which is a text in the library.

    A linker may keep it as the end of a longer text. Raises NoPython where there is not just one.
    """
    text = re.compile(rb"(?<![0-9.])3\.%d\.\d+(?:(?:a|b|rc)\d+)?\+?(?=\0)" % minor)
    found = {one[0].decode("ascii") for one in text.finditer(library.read_bytes())}
    if len(found) != 1:
        raise NoPython(f"{library}: {sorted(found)}")
    return found.pop()
