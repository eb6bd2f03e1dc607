"""Controlled acts summed up from the journal, over a shift or over all since a Z.

The journal's own order decides what belongs where, whatever the clock said.
"""

from __future__ import annotations

from dataclasses import dataclass

from pos_desktop.domain.controlled_acts import Act, ActTotal
from pos_desktop.domain.ids import Id
from pos_desktop.storage.database import ShopDatabase

_WORDS = ", ".join(f"'{act.value}'" for act in Act)
_SUM = f"""
SELECT kind, actor_id, approver_id, count(*) AS count,
    sum(CASE WHEN json_valid(detail) THEN coalesce(detail ->> '$.taken_off_cents', 0) ELSE 0 END)
        AS amount_cents
FROM journal WHERE seq > ? AND seq < ? AND kind IN ({_WORDS})
GROUP BY kind, actor_id, approver_id ORDER BY kind, actor_id, approver_id
"""
_NO_END = 1 << 62


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
