"""Which payments this till has asked the relay for, where others are paid by the same number.

One row for each. What was granted stays so; another till never gets it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pos_desktop.domain.ids import Id
from pos_desktop.domain.mpesa_money import Certainty
from pos_desktop.storage.database import ShopDatabase


class ClaimState(StrEnum):
    """Where a claim stands; the value is the word in the file."""

    ASKED = "asked"
    GRANTED = "granted"
    TAKEN = "taken"
    """Another till has it, for good."""
    AMBIGUOUS = "ambiguous"
    """Something else fits too: a person has to pick."""
    UNKNOWN = "unknown"
    """The relay cannot tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim; its moment in milliseconds UTC."""

    receipt: str
    sale_id: Id
    by: Certainty
    state: ClaimState = ClaimState.ASKED
    changed_at: int


def ask(database: ShopDatabase, claim: Claim) -> bool:
    """Keep a claim that is to be asked for, inside the caller's transaction; tell whether it is.

    What was granted or is taken is not asked for again, nor what is just being asked for.
    """
    cursor = database.execute_sql(
        "INSERT INTO mpesa_claim (receipt, sale_id, by, state, changed_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (receipt) DO UPDATE SET sale_id = excluded.sale_id, by = excluded.by, "
        "state = excluded.state, changed_at = excluded.changed_at "
        "WHERE state IN ('ambiguous', 'unknown') "
        "OR (state = 'asked' AND (sale_id, by) <> (excluded.sale_id, excluded.by))",
        (claim.receipt, claim.sale_id, claim.by, claim.state, claim.changed_at),
    )
    return bool(cursor.rowcount)


def answered(database: ShopDatabase, asked: Claim, state: ClaimState, at: int) -> bool:
    """Keep what the relay says to a claim; tell whether it was still asked for so."""
    cursor = database.execute_sql(
        "UPDATE mpesa_claim SET state = ?, changed_at = ? "
        "WHERE receipt = ? AND sale_id = ? AND by = ? AND state = 'asked'",
        (state, at, asked.receipt, asked.sale_id, asked.by),
    )
    return bool(cursor.rowcount)


def find(database: ShopDatabase, receipt: str) -> Claim | None:
    """Return the claim for a payment, or None."""
    row = database.row(
        "SELECT receipt, sale_id, by, state, changed_at FROM mpesa_claim WHERE receipt = ?",
        (receipt,),
    )
    if row is None:
        return None
    return Claim(**{**row, "by": Certainty(row["by"]), "state": ClaimState(row["state"])})
