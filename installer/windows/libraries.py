"""Libraries that stand in for others: made here, without their source.

Two fill gaps of wine 8, so that Qt and what is written in Rust can be loaded: icuuc.dll does
nothing, bcryptprimitives.dll hands on to the source of chance that wine has. Windows 10 has both,
so they never go into an installer. python3.dll hands each call on to the Python beside it: the
packages of Qt link to that name.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

ICU, CHANCE = "icuuc.dll", "bcryptprimitives.dll"
WINE_LACKS = (ICU, CHANCE)
COMPILER = "x86_64-w64-mingw32-gcc"
_LIBRARY = re.compile(r"^\s*DLL Name: (\S+)$", re.MULTILINE)
_IMPORTED = re.compile(r"^\s+[0-9a-f]+\s+(?:<none>\s+)?(?:[0-9a-f]+\s+)?(\w+)$", re.MULTILINE)
_EXPORTED = re.compile(r"\]\s(?:\+base\[\s*\d+\]\s+[0-9a-f]+\s)?(\w+)$", re.MULTILINE)
_NOTHING = """\
void *nothing(void) { return 0; }
int __stdcall DllMainCRTStartup(void *library, unsigned reason, void *reserved) { return 1; }
"""


def imported(tables: str, library: str) -> set[str]:
    """Return what a program asks of a library, by the tables that objdump shows of it."""
    parts = _LIBRARY.split(tables)
    return {
        name
        for found, table in zip(parts[1::2], parts[2::2], strict=True)
        if found.lower() == library
        for name in _IMPORTED.findall(table.partition("\n\n")[0])
    }


def exported(tables: str) -> set[str]:
    """Return the names that a library offers, by the tables that objdump shows of it."""
    _before, _heading, names = tables.partition("[Ordinal/Name Pointer] Table")
    return set(_EXPORTED.findall(names.partition("\n\n")[0]))


def tables_of(file: Path) -> str:
    """Return what objdump shows of a program or library for Windows."""
    command = ["x86_64-w64-mingw32-objdump", "-p", str(file)]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    return said.stdout


def definition(library: str, names: Iterable[str], target: str) -> str:
    """Return the module definition by which each name of a library leads to a target.

    In the target `*` stands for the name.
    """
    lines = [f"  {name}={target.replace('*', name)}" for name in sorted(names)]
    return "\n".join([f'LIBRARY "{library}"', "EXPORTS", *lines, ""])


def make_library(file: Path, names: Iterable[str], target: str = "nothing") -> None:
    """Make a library whose names do nothing, or lead to those of another library."""
    source, names_file = file.with_suffix(".c"), file.with_suffix(".def")
    source.write_text(_NOTHING, encoding="ascii")
    names_file.write_text(definition(file.name, names, target), encoding="ascii")
    flags = ["-shared", "-nostdlib", "-O2", "-s", "-Wl,--entry,DllMainCRTStartup"]
    command: list[str | Path] = [COMPILER, *flags, "-o", file, source, names_file]
    subprocess.run(command, check=True, timeout=60)
    source.unlink()
    names_file.unlink()


def fill_gaps(system: Path, qt: Path) -> None:
    """Put what wine lacks into its system folder: of one library, all that Qt asks of it."""
    make_library(system / ICU, imported(tables_of(qt), ICU))
    make_library(system / CHANCE, ["ProcessPrng"], "advapi32.SystemFunction036")
