"""The roles of the shop: those that every shop has, as it has changed them, and its own."""

from __future__ import annotations

import json
from collections.abc import Iterable

from pos_desktop.domain.staff import BUILT_IN, MANAGER, Permission, Role
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.stamps import new_stamp

_PUT = """
INSERT INTO role (name, permissions, ceiling_bp, origin, ver, changed_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET permissions = excluded.permissions,
    ceiling_bp = excluded.ceiling_bp, origin = excluded.origin, ver = excluded.ver,
    changed_at = excluded.changed_at
"""


def roles(database: ShopDatabase) -> dict[str, Role]:
    """Return every role by name, those of every shop first. The manager's is never changed."""
    found = dict(BUILT_IN)
    for row in database.rows("SELECT name, permissions, ceiling_bp FROM role ORDER BY name"):
        allowed = _known(json.loads(row["permissions"]))
        found[row["name"]] = Role(row["name"], allowed, row["ceiling_bp"])
    return found | {MANAGER.name: MANAGER}


def _known(words: Iterable[str]) -> frozenset[Permission]:
    """Return the permissions of these words; one of another version of the program is none."""
    known = {permission.value for permission in Permission}
    return frozenset(Permission(word) for word in words if word in known)


def put(database: ShopDatabase, books: Books, role: Role) -> None:
    """Keep a role inside the caller's transaction."""
    allowed = json.dumps(sorted(permission.value for permission in role.permissions))
    stamp = new_stamp(database, books)
    database.execute_sql(_PUT, (role.name, allowed, role.ceiling_bp, *stamp.values()))
