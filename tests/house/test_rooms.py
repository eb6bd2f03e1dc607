"""Each library has one room; nobody else imports it (import-linter checks the layers)."""

from __future__ import annotations

from tests.house.sources import imports, modules, within

ROOMS = {
    "PySide6": ("pos_desktop.ui", "pos_desktop.app"),
    "peewee": ("pos_desktop.storage",),
    "playhouse": ("pos_desktop.storage",),
    "sqlite3": ("pos_desktop.storage",),
    "argon2": ("pos_desktop.security",),
    "keyring": ("pos_desktop.security",),
    "cryptography": ("pos_desktop.security",),
    "xlsxwriter": ("pos_desktop.documents",),
    "openpyxl": ("pos_desktop.documents",),
    "python_calamine": ("pos_desktop.documents",),
    "escpos": ("pos_hardware",),
    "serial": ("pos_hardware",),
    "PIL": ("pos_hardware",),
    "qrcode": ("pos_hardware",),
    "barcode": ("pos_hardware",),
    "huey": ("pos_queue",),
    "redis": ("pos_queue",),
    "requests": ("pos_sync",),
    "psycopg": ("pos_sync",),
    "multiprocessing": ("pos_queue",),
    "subprocess": ("pos_queue", "pos_hardware"),
}


def test_each_library_stays_in_its_room() -> None:
    strays = [
        f"{module} imports {name}"
        for module, path in modules().items()
        for name in imports(path)
        if (rooms := ROOMS.get(name.partition(".")[0]))
        and not any(within(module, room) for room in rooms)
    ]
    assert not strays


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
