"""Each library has one room, and so has SQL (import-linter checks the layers)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import imports, modules, tree, within

ROOMS = {
    "PySide6": ("pos_desktop.ui", "pos_desktop.app"),
    "peewee": ("pos_desktop.storage",),
    "playhouse": ("pos_desktop.storage",),
    "sqlite3": ("pos_desktop.storage", "pos_queue.testing", "pos_sync.relay.sqlite"),
    "argon2": ("pos_desktop.security",),
    "keyring": ("pos_desktop.security",),
    "cryptography": ("pos_desktop.security",),
    "xlsxwriter": ("pos_desktop.documents",),
    "openpyxl": ("pos_desktop.documents",),
    "reportlab": ("pos_desktop.documents",),
    "python_calamine": ("pos_desktop.documents",),
    "escpos": ("pos_hardware",),
    "serial": ("pos_hardware",),
    "PIL": ("pos_hardware",),
    "qrcode": ("pos_hardware",),
    "barcode": ("pos_hardware",),
    "huey": ("pos_queue.engine",),
    "redis": ("pos_queue.drivers.redis_driver",),
    "requests": ("pos_sync",),
    "psycopg": ("pos_sync.relay.postgres",),
    "email": ("pos_sync",),
    "smtplib": ("pos_sync.mail",),
    "ssl": ("pos_sync",),
    "multiprocessing": ("pos_queue.children",),
    "subprocess": ("pos_queue.children", "pos_hardware"),
}


SQL = re.compile(
    r"SELECT\s.+?\bFROM\b|INSERT\s(OR\s\w+\s)?INTO\b|REPLACE\sINTO\b|UPDATE\s+\S+\s+SET\b"
    r"|DELETE\sFROM\b|(CREATE|DROP|ALTER)\s(\w+\s)?(TABLE|INDEX|TRIGGER|VIEW)\b|PRAGMA\s\w"
    r"|BEGIN\s(IMMEDIATE|DEFERRED|EXCLUSIVE)\b",
    re.DOTALL,
)
"""A statement in capitals, as we write them, in a text or a part of one."""


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and wording of every text of a file, what is put into it as an `x`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.JoinedStr):
            parts = [one.value if isinstance(one, ast.Constant) else "x" for one in node.values]
            yield node.lineno, "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def test_each_library_stays_in_its_room() -> None:
    strays = [
        f"{module} imports {name}"
        for module, path in modules().items()
        for name in imports(path)
        if (rooms := ROOMS.get(name.partition(".")[0]))
        and not any(within(module, room) for room in rooms)
    ]
    assert not strays


def test_sql_is_written_in_the_storage_alone() -> None:
    strays = [
        f"{module}:{line}"
        for module, path in modules().items()
        if within(module, "pos_desktop") and not within(module, "pos_desktop.storage")
        for line, text in _texts(path)
        if SQL.search(text)
    ]
    assert not strays


def test_sql_is_known_when_it_is_seen() -> None:
    storage = {
        module
        for module, path in modules().items()
        if within(module, "pos_desktop.storage")
        for _line, text in _texts(path)
        if SQL.search(text)
    }
    for name in ("sales", "journal", "counters", "node", "database", "bare", "search"):
        assert f"pos_desktop.storage.{name}" in storage


def test_the_domain_stands_on_the_standard_library_alone() -> None:
    import sys

    allowed = {*sys.stdlib_module_names, "pos_desktop"}
    strays = {
        f"{module} imports {name}"
        for module, path in modules().items()
        if within(module, "pos_desktop.domain")
        for name in imports(path)
        if name.partition(".")[0] not in allowed
    }
    assert not strays
