"""Whom a mail goes to, and what has become of it for each: the table that no mail leaves without.

Who is `sending` got the mail, or did not: nobody is sent a mail from here who is not `waiting`.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pos_desktop.domain.ids import Id
from pos_desktop.domain.mail import Fate, MailKind, PartyKind
from pos_desktop.storage.database import Row, ShopDatabase

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One recipient of one mail; moments in milliseconds UTC."""

    no: int
    party: PartyKind
    party_id: Id | None = None
    address: bytes | None = None
    """Encrypted, of one who is known by it alone."""
    state: Fate = Fate.WAITING
    tries: int = 0
    """How often a server has put it off."""
    next_at: int = 0
    """Not before this moment."""
    job: int | None = None
    """The job that sent to it last, or sends now."""
    reason: str = ""
    """What the server said, or why it was left out; without any address."""
    changed_at: int


_COLUMNS = ", ".join(Recipient.__slots__)
_FATES, _PARTIES = frozenset(Fate), frozenset(PartyKind)
_OF_FATES = "state IN (SELECT value FROM json_each(?))"


def add(database: ShopDatabase, mail_id: Id, recipients: Iterable[Recipient]) -> None:
    """Keep the recipients of a mail inside the caller's transaction."""
    database.insert(
        "mail_recipient",
        [
            {"mail_id": mail_id, **{name: getattr(one, name) for name in Recipient.__slots__}}
            for one in recipients
        ],
    )


def listed(
    database: ShopDatabase,
    mail_id: Id,
    fates: Iterable[Fate] = Fate,
    *,
    limit: int = -1,
    after: int = -1,
) -> list[Recipient]:
    """Return recipients of some fates in their order, those after one; all without a limit."""
    rows = database.rows(
        f"SELECT {_COLUMNS} FROM mail_recipient WHERE mail_id = ? AND {_OF_FATES} AND no > ? "
        "ORDER BY no LIMIT ?",
        (mail_id, json.dumps([*fates]), after, limit),
    )
    return [_recipient(row) for row in rows]


def counts(database: ShopDatabase, mail_ids: Sequence[Id]) -> Mapping[Id, Mapping[Fate, int]]:
    """Return how many recipients of each mail have which fate."""
    rows = database.rows(
        "SELECT mail_id, state, count(*) AS count FROM mail_recipient "
        "WHERE mail_id IN (SELECT value FROM json_each(?)) GROUP BY mail_id, state",
        (json.dumps(mail_ids),),
    )
    found: dict[Id, dict[Fate, int]] = defaultdict(dict)
    for row in rows:
        if row["state"] in _FATES:
            found[row["mail_id"]][Fate(row["state"])] = row["count"]
        else:
            log.warning("of mail %s, nobody can read what became of it", row["mail_id"])
    return found


def due(database: ShopDatabase, mail_id: Id, now: int, most: int) -> list[Recipient]:
    """Return who may be written to now, so many at most."""
    rows = database.rows(
        f"SELECT {_COLUMNS} FROM mail_recipient WHERE mail_id = ? AND state = 'waiting' "
        "AND next_at <= ? ORDER BY next_at, no LIMIT ?",
        (mail_id, now, most),
    )
    return [_recipient(row) for row in rows]


def next_due(database: ShopDatabase, mail_id: Id) -> int | None:
    """Return the moment from which somebody may be written to; None where nobody waits."""
    found = database.value(
        "SELECT min(next_at) FROM mail_recipient WHERE mail_id = ? AND state = 'waiting'",
        (mail_id,),
    )
    return None if found is None else int(found)


def settle(
    database: ShopDatabase, mail_id: Id, one: Recipient, fate: Fate, at: int, reason: str = ""
) -> None:
    """Say what has become of a mail for one of them, inside the caller's transaction."""
    _set(database, mail_id, [one.no], fate, at, reason=reason)


def put_off(
    database: ShopDatabase, mail_id: Id, one: Recipient, next_at: int, at: int, reason: str
) -> None:
    """Let one wait until a moment, and count that; inside the caller's transaction."""
    database.execute_sql(
        "UPDATE mail_recipient SET state = 'waiting', tries = tries + 1, next_at = ?, reason = ?, "
        "changed_at = ? WHERE mail_id = ? AND no = ?",
        (next_at, reason, at, mail_id, one.no),
    )


def bring_forward(database: ShopDatabase, mail_id: Id, latest: int, to: int) -> None:
    """Let those who would wait until after a moment wait until another one, in a transaction."""
    database.execute_sql(
        "UPDATE mail_recipient SET next_at = ? WHERE mail_id = ? AND state = 'waiting' "
        "AND next_at > ?",
        (to, mail_id, latest),
    )


def give_back(database: ShopDatabase, mail_id: Id, one: Recipient, at: int) -> None:
    """Let one wait to whom certainly nothing went out; nothing is counted."""
    _set(database, mail_id, [one.no], Fate.WAITING, at)


def mark_sending(
    database: ShopDatabase, mail_id: Id, nos: Sequence[int], at: int, job: int
) -> None:
    """Say that a job lets the mail go out to these, inside the caller's transaction."""
    database.executemany(
        "UPDATE mail_recipient SET state = 'sending', reason = '', changed_at = ?, job = ? "
        "WHERE mail_id = ? AND no = ?",
        [(at, job, mail_id, no) for no in nos],
    )


def senders(database: ShopDatabase, mail_id: Id) -> list[int]:
    """Return the jobs of those who are in `sending`."""
    rows = database.rows(
        "SELECT DISTINCT job FROM mail_recipient WHERE mail_id = ? AND state = 'sending'",
        (mail_id,),
    )
    return [row["job"] for row in rows]


def doubt(database: ShopDatabase, mail_id: Id, at: int, reason: str) -> int:
    """Make those unknown whom an earlier run has left in `sending`; return how many they are."""
    changed: int = database.execute_sql(
        "UPDATE mail_recipient SET state = 'unknown', reason = ?, changed_at = ? "
        "WHERE mail_id = ? AND state = 'sending'",
        (reason, at, mail_id),
    ).rowcount
    return changed


def unknown(database: ShopDatabase, besides: MailKind) -> dict[int, int]:
    """Return the numbers of mails of which some recipients are unknown, and how many of each.

    Those of one kind are left out.
    """
    rows = database.rows(
        "SELECT m.number, count(*) AS count FROM mail_recipient r JOIN mail m ON m.id = r.mail_id "
        "WHERE r.state = 'unknown' AND m.kind <> ? GROUP BY m.number ORDER BY m.number",
        (besides,),
    )
    return {row["number"]: row["count"] for row in rows}


def skip_waiting(database: ShopDatabase, mail_id: Id, at: int, reason: str, most: int) -> int:
    """Leave those out who wait, so many at most, in the caller's transaction; return how many."""
    skipped: int = database.execute_sql(
        "UPDATE mail_recipient SET state = 'skipped', reason = ?1, changed_at = ?2 "
        "WHERE mail_id = ?3 AND no IN (SELECT no FROM mail_recipient "
        "WHERE mail_id = ?3 AND state = 'waiting' ORDER BY next_at, no LIMIT ?4)",
        (reason, at, mail_id, most),
    ).rowcount
    return skipped


def skip_left_over(database: ShopDatabase, at: int, reason: str) -> None:
    """Leave those out who wait for a mail that was stopped, in the caller's transaction."""
    database.execute_sql(
        "UPDATE mail_recipient SET state = 'skipped', reason = ?, changed_at = ? "
        "WHERE state = 'waiting' AND mail_id IN (SELECT id FROM mail WHERE state = 'stopped')",
        (reason, at),
    )


def doubt_all(database: ShopDatabase, at: int, reason: str) -> int:
    """Make those unknown for whom any mail waits or is under way; return how many they are.

    No mail goes on by itself then; inside the caller's transaction.
    """
    changed: int = database.execute_sql(
        "UPDATE mail_recipient SET state = 'unknown', reason = ?, changed_at = ? "
        "WHERE state IN ('waiting', 'sending')",
        (reason, at),
    ).rowcount
    database.execute_sql(
        "UPDATE mail SET state = 'done', audience = '', changed_at = ? "
        "WHERE state IN ('under_way', 'paused')",
        (at,),
    )
    return changed


def let_wait(
    database: ShopDatabase,
    mail_id: Id,
    fates: Iterable[Fate],
    at: int,
    nos: Sequence[int] | None = None,
) -> int:
    """Let those of some fates wait anew, or only these of them; return how many they are."""
    chosen = "" if nos is None else "AND no IN (SELECT value FROM json_each(?))"
    values = (at, mail_id, json.dumps([*fates]))
    changed: int = database.execute_sql(
        "UPDATE mail_recipient SET state = 'waiting', tries = 0, next_at = 0, reason = '', "
        f"changed_at = ? WHERE mail_id = ? AND {_OF_FATES} {chosen}",
        values if nos is None else (*values, json.dumps(nos)),
    ).rowcount
    return changed


def _set(
    database: ShopDatabase,
    mail_id: Id,
    nos: Sequence[int],
    fate: Fate,
    at: int,
    *,
    reason: str = "",
) -> None:
    database.executemany(
        "UPDATE mail_recipient SET state = ?, reason = ?, changed_at = ? "
        "WHERE mail_id = ? AND no = ?",
        [(fate, reason, at, mail_id, no) for no in nos],
    )


def _recipient(row: Row) -> Recipient:
    """Return a recipient; one whom nobody can read has no address, and no mail goes to them."""
    row = {**row, "state": Fate(row["state"])}
    is_known = row["party"] == PartyKind.TYPED or row["party_id"] is not None
    if row["party"] in _PARTIES and is_known:
        return Recipient(**{**row, "party": PartyKind(row["party"])})
    log.warning("recipient %s of a mail is damaged: %r", row["no"], row["party"])
    return Recipient(**{**row, "party": PartyKind.TYPED, "address": None})
