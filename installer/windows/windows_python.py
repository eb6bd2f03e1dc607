"""A Python for Windows, put together from a registry of Python packages and this machine's own.

The package panda3d for Windows carries the libraries of python.org, signed by its foundation; the
standard library is this machine's, of the same minor version. Good enough to freeze and try a
program under wine; releases are built on Windows, with python.org's own.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

from installer.windows.libraries import COMPILER, exported, make_library, tables_of
from installer.windows.packages import PIP, TARGET

CARRIER = "panda3d==1.10.16"
NAME = f"python{sys.version_info.major}{sys.version_info.minor}"
"""What Python's own library is called."""
_BESIDE = ("libffi", "libcrypto", "libssl", "sqlite3")
_LEFT_OUT = (
    *("__pycache__", "test", "tests", "lib-dynload", "site-packages", "config-*", "*.so", "*.a"),
    *("idlelib", "tkinter", "turtledemo", "ensurepip", "lib2to3"),
)
_START = f"""\
#include <windows.h>
typedef int (*start)(int, wchar_t **);
int wmain(int count, wchar_t **words) {{
    HMODULE python = LoadLibraryW(L"{NAME}.dll");
    return python ? ((start)(void *)GetProcAddress(python, "Py_Main"))(count, words) : 127;
}}
"""


def make(place: Path, cache: Path) -> Path:
    """Make a Python in a place where there is none; return its python.exe."""
    shutil.rmtree(place, ignore_errors=True)
    (place / "Lib" / "site-packages").mkdir(parents=True)
    _unpack(_carrier(cache), place)
    standard = Path(sysconfig.get_path("stdlib"))
    left_out = shutil.ignore_patterns(*_LEFT_OUT)
    shutil.copytree(standard, place / "Lib", ignore=left_out, dirs_exist_ok=True)
    names = exported(tables_of(place / f"{NAME}.dll"))
    ours = {name for name in names if name.startswith(("Py", "_Py"))}
    make_library(place / "python3.dll", ours, f"{NAME}.*")
    return _program(place)


def _carrier(cache: Path) -> Path:
    """Return the package that carries Python's libraries, downloaded once."""
    cache.mkdir(parents=True, exist_ok=True)
    if not list(cache.glob("*.whl")):
        command = [*PIP, "download", "--no-deps", "--dest", str(cache), *TARGET, CARRIER]
        subprocess.run(command, check=True, timeout=600)
    return next(cache.glob("*.whl"))


def _unpack(carrier: Path, place: Path) -> None:
    with zipfile.ZipFile(carrier) as archive:
        for entry in archive.namelist():
            folder, _, name = entry.rpartition("/")
            target = target_of(name) if folder == "deploy_libs" else ""
            if target:
                (place / target).parent.mkdir(exist_ok=True)
                (place / target).write_bytes(archive.read(entry))


def target_of(name: str) -> str:
    """Return where a library belongs in a Python's folder; empty for one that stays out."""
    if name.startswith(("api-ms-", "tcl", "tk", "_tkinter")) or not name:
        return ""
    is_module = name.endswith(".pyd") or name.startswith(_BESIDE)
    return f"DLLs/{name}" if is_module else name


def _program(place: Path) -> Path:
    source, program = place / "start.c", place / "python.exe"
    source.write_text(_START, encoding="ascii")
    subprocess.run([COMPILER, "-O2", "-s", "-municode", "-o", program, source], check=True)
    source.unlink()
    return program
