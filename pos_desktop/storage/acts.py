"""Controlled acts out of the journal: summed up over a shift or all since a Z, or one by one.

The journal's own order decides what belongs where, whatever the clock said.
"""

from __future__ import annotations

from dataclasses import dataclass

from pos_desktop.domain.controlled_acts import Act, ActTotal
from pos_desktop.domain.ids import Id
from pos_desktop.storage.database import Row, ShopDatabase

_WORDS = ", ".join(f"'{act.value}'" for act in Act)
_SUM = f"""
SELECT kind, actor_id, approver_id, count(*) AS count,
    sum(CASE WHEN json_valid(detail) THEN coalesce(detail ->> '$.taken_off_cents', 0) ELSE 0 END)
        AS amount_cents
FROM journal WHERE seq > ? AND seq < ? AND kind IN ({_WORDS})
GROUP BY kind, actor_id, approver_id ORDER BY kind, actor_id, approver_id
"""
_NO_END = 1 << 62
_ONE_BY_ONE = """
SELECT j.seq, j.at, j.detail,
    iif(ap.id IS NOT NULL AND ap.customer_id IS NULL, 'voucher sold', j.kind) AS kind,
    a.name AS "by", p.name AS approved_by, CASE
        WHEN s.id IS NOT NULL THEN printf('%s-%06d', s.till_code, s.receipt_number)
        WHEN z.id IS NOT NULL THEN printf('Z %d', z.number)
        WHEN ap.id IS NOT NULL THEN printf('%s-P%05d', ap.till_code, ap.number)
        WHEN gr.id IS NOT NULL THEN trim(coalesce(maker.name, '') || ' ' || gr.document)
        ELSE coalesce(who.name, buyer.code, maker.name, goods.name, run.file_name, cm.reason,
            sc.reason)
        END AS about,
    coalesce(ap.amount_cents, cm.amount_cents) AS amount_cents,
    sc.counted_cents, sc.expected_cents, adjusted.reason AS stock_reason
FROM (SELECT *, CASE WHEN json_valid(detail) THEN detail ELSE '{}' END AS said FROM journal) j
LEFT JOIN staff a ON a.id = j.actor_id LEFT JOIN staff p ON p.id = j.approver_id
LEFT JOIN sale s ON s.id = j.fact_id LEFT JOIN z_report z ON z.id = j.fact_id
LEFT JOIN account_payment ap ON ap.id = j.fact_id LEFT JOIN cash_move cm ON cm.id = j.fact_id
LEFT JOIN shift_close sc ON sc.id = j.fact_id LEFT JOIN goods_receipt gr ON gr.id = j.fact_id
LEFT JOIN stock_adjustment adjusted ON adjusted.id = j.fact_id
LEFT JOIN staff who ON who.id = json_extract(j.said, '$.staff')
LEFT JOIN customer buyer ON buyer.id = json_extract(j.said, '$.customer')
LEFT JOIN supplier maker ON maker.id = coalesce(gr.supplier_id, json_extract(j.said, '$.supplier'))
LEFT JOIN product goods ON goods.id = json_extract(j.said, '$.product')
LEFT JOIN import_run run ON run.number = json_extract(j.said, '$.import')
WHERE j.at >= ?1 AND j.at < ?2 AND (j.kind <> 'sale' OR j.approver_id IS NOT NULL)
    AND j.kind NOT IN ('stock opening', 'stock opening undone', 'stock take part')
    AND (?3 IS NULL OR ?3 IN (j.actor_id, j.approver_id))
ORDER BY j.seq
"""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Entries of the journal after one and before another, by their numbers."""

    after: int = 0
    before: int = _NO_END


def acts(database: ShopDatabase, stretch: Stretch) -> tuple[ActTotal, ...]:
    """Return the controlled acts of a stretch of the journal, in the order of Act."""
    found = [
        ActTotal(
            act=Act(row["kind"]),
            by=row["actor_id"],
            approved_by=row["approver_id"],
            count=row["count"],
            amount_cents=row["amount_cents"],
        )
        for row in database.rows(_SUM, (stretch.after, stretch.before))
    ]
    order = list(Act)
    return tuple(sorted(found, key=lambda total: order.index(total.act)))


def of_shift(database: ShopDatabase, shift_id: Id) -> Stretch:
    """Return the stretch of the journal from where a shift was opened to where it was closed."""
    after = _entry_of(database, shift_id)
    close = database.value("SELECT id FROM shift_close WHERE shift_id = ?", (shift_id,))
    return Stretch(after or 0, (_entry_of(database, close) if close else None) or _NO_END)


def since_last_z(database: ShopDatabase) -> Stretch:
    """Return the stretch of the journal that the next Z will close."""
    return Stretch(_z_before(database, _NO_END))


def of_z(database: ShopDatabase, z_id: Id) -> Stretch:
    """Return the stretch of the journal that a Z closed."""
    before = _entry_of(database, z_id) or _NO_END
    return Stretch(_z_before(database, before), before)


def _z_before(database: ShopDatabase, before: int) -> int:
    sql = "SELECT max(j.seq) FROM z_report z JOIN journal j ON j.fact_id = z.id WHERE j.seq < ?"
    return int(database.value(sql, (before,)) or 0)


def _entry_of(database: ShopDatabase, fact_id: Id) -> int | None:
    found = database.value("SELECT seq FROM journal WHERE fact_id = ?", (fact_id,))
    return None if found is None else int(found)


def acts_between(
    database: ShopDatabase, first: int, end: int, staff_id: Id | None = None
) -> list[Row]:
    """Return the entries between two moments (milliseconds UTC) that are no plain sales.

    Nor are the openings of stock among them: the import that made them is. With a person, what
    that person did or approved.

    Each has seq, at, kind ("voucher sold" for a payment that is one), detail (JSON text), the names
    `by` and `approved_by`, and `about`: the receipt, Z or payment that it belongs to, the delivery
    by its supplier and document, the person, supplier, product or file, or the code of the
    customer, whom it is about, or why cash was moved; None where it is none.
    `amount_cents` is that of a payment or a move of cash, negative where cash was taken out;
    `counted_cents` and `expected_cents` are those of the close of a shift, `stock_reason` is a key
    of STOCK_REASONS.
    """
    return database.rows(_ONE_BY_ONE, (first, end, staff_id))
