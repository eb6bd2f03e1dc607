"""The roles of the shop: those that every shop has, as it has changed them, and its own."""

from __future__ import annotations

import json
from collections.abc import Iterable

from pos_desktop.domain.ids import Id
from pos_desktop.domain.staff import BUILT_IN, MANAGER, Permission, Role
from pos_desktop.storage.counters import MASTER_VERSION, raise_counter
from pos_desktop.storage.database import ShopDatabase

_PUT = """
INSERT INTO role (name, permissions, ceiling_bp, origin, ver, changed_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET permissions = excluded.permissions,
    ceiling_bp = excluded.ceiling_bp, ver = excluded.ver, changed_at = excluded.changed_at
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


def put(database: ShopDatabase, role: Role, *, origin: Id, at: int) -> None:
    """Keep a role inside the caller's transaction; `at` in milliseconds UTC."""
    allowed = json.dumps(sorted(permission.value for permission in role.permissions))
    ver = raise_counter(database, MASTER_VERSION)
    database.execute_sql(_PUT, (role.name, allowed, role.ceiling_bp, origin, ver, at))
