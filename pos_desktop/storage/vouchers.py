"""Vouchers: what the shop owes to whoever brings one."""

from __future__ import annotations

from dataclasses import dataclass

from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.storage.database import ShopDatabase


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """A voucher and what is left of it; `valid_until` is its last day, None where it has none."""

    id: Id
    code: str
    valid_until: str | None
    left_cents: Cents


def by_code(database: ShopDatabase, code: str) -> Voucher | None:
    """Return the voucher of a code, or None."""
    row = database.row(
        "SELECT v.id, v.code, v.valid_until, (SELECT coalesce(sum(amount_cents), 0) "
        "FROM voucher_entry WHERE voucher_id = v.id) AS left_cents FROM voucher v WHERE code = ?",
        (code,),
    )
    return Voucher(**row) if row else None


def issued_by(database: ShopDatabase, fact_id: Id) -> Voucher | None:
    """Return the voucher that a refund or a payment has issued, or None."""
    code = database.value("SELECT code FROM voucher WHERE fact_id = ?", (fact_id,))
    return by_code(database, code) if code else None
