"""Who can be written to: customers, suppliers and contacts by a filter, with their addresses."""

from __future__ import annotations

import json
from dataclasses import dataclass

from pos_desktop.domain.ids import Id
from pos_desktop.domain.mail import Audience, PartyKind
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.search import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Somebody the shop knows, as far as a mail is concerned."""

    id: Id
    name: str
    email: str
    agreed: bool
    """Whether they may be written to at all; suppliers and contacts may."""
    more: str
    """What else is searched through."""


_CUSTOMERS = """
SELECT c.id, c.name, coalesce(c.email, '') AS email, c.mail_consent_at IS NOT NULL AS agreed,
    c.code || ' ' || coalesce(c.phone, '') AS more
FROM customer c WHERE c.deleted_at IS NULL
"""
_OWING = """
AND (SELECT coalesce(sum(amount_cents), 0) FROM account_entry WHERE customer_id = c.id) > 0
"""
_SUPPLIERS = """
SELECT id, coalesce(nullif(contact, ''), name) AS name, email, 1 AS agreed,
    name || ' ' || coalesce(code, '') AS more
FROM supplier WHERE deleted_at IS NULL
"""
_CONTACTS = """
SELECT id, name, email, 1 AS agreed, kind AS more FROM contact WHERE deleted_at IS NULL
"""


def chosen(database: ShopDatabase, audience: Audience) -> list[Known]:
    """Return whom an audience means, in the order in which the shop came to know them."""
    sql, values = _statement(audience)
    if audience.ids:
        sql += " AND id IN (SELECT value FROM json_each(?))"
        values = (*values, json.dumps(audience.ids))
    rows = database.rows(f"{sql} ORDER BY id", values)
    words = fold(audience.text).split()
    known = (Known(**{**row, "agreed": bool(row["agreed"])}) for row in rows)
    return [one for one in known if all(word in _searched(one) for word in words)]


def are_few(database: ShopDatabase, kind: PartyKind, most: int) -> bool:
    """Tell whether the shop knows no more of one kind, in all, than so many."""
    sql, values = _statement(Audience(kind=kind))
    counted = f"SELECT count(*) FROM (SELECT 1 FROM ({sql}) LIMIT ?)"
    return int(database.value(counted, (*values, most + 1))) <= most


def one(database: ShopDatabase, kind: PartyKind, party_id: Id) -> Known | None:
    """Return one of them as they are known now; None where they were removed or erased."""
    found = chosen(database, Audience(kind=kind, ids=(party_id,)))
    return found[0] if found else None


def _statement(audience: Audience) -> tuple[str, tuple[str, ...]]:
    match audience.kind:
        case PartyKind.CUSTOMER:
            return _CUSTOMERS + (_OWING if audience.owing else ""), ()
        case PartyKind.SUPPLIER:
            return _SUPPLIERS, ()
        case _:
            if audience.contact_kind is None:
                return _CONTACTS, ()
            return f"{_CONTACTS} AND kind = ?", (audience.contact_kind,)


def _searched(one: Known) -> str:
    return fold(f"{one.name} {one.email} {one.more}")
