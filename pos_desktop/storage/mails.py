"""Mails as the file keeps them; whom they go to stands in `mail_recipients`.

One that is damaged is left out wherever there are others, and raises RowDamaged where it is meant.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pos_desktop.domain.ids import Id
from pos_desktop.domain.mail import Audience, MailKind, MailState
from pos_desktop.storage.counters import raise_counter
from pos_desktop.storage.damage import read_row, readable_rows
from pos_desktop.storage.database import Row, ShopDatabase


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail to one or many; moments in milliseconds UTC."""

    id: Id
    number: int
    """What people call it by."""
    kind: MailKind
    about: str = ""
    """What it is about, where the same is not to go out twice: `receipt T1-000001`."""
    subject: str
    body: str
    html: str = ""
    attachments: tuple[dict[str, Any], ...] = ()
    """What is attached, as plain values that `services` reads."""
    audience: Audience | None = None
    """To whom it goes, until they stand among the recipients."""
    state: MailState = MailState.UNDER_WAY
    turn: int = 1
    """How often it was taken up: a job of an earlier turn has nothing more to do with it."""
    staff_id: Id | None = None
    job: int | None = None
    """The job that sends it, or sent it last."""
    asked_at: int
    changed_at: int


_COLUMNS = ", ".join(Mail.__slots__)
_SOMEBODY_WAITS = "EXISTS (SELECT 1 FROM mail_recipient WHERE mail_id = m.id AND state = 'waiting')"
_LEFT_OVER = f"id = ? AND turn = ? AND state = 'stopped' AND {_SOMEBODY_WAITS}"


def next_number(database: ShopDatabase) -> int:
    """Give out the next mail's number inside the caller's transaction."""
    return raise_counter(database, "mail")


def add(database: ShopDatabase, mail: Mail) -> None:
    """Keep a mail inside the caller's transaction."""
    row = {name: getattr(mail, name) for name in Mail.__slots__}
    audience = json.dumps(mail.audience.as_plain()) if mail.audience else ""
    attachments = json.dumps(mail.attachments)
    database.insert("mail", [{**row, "attachments": attachments, "audience": audience}])


def by_id(database: ShopDatabase, mail_id: Id) -> Mail | None:
    """Return a mail, or None where it was pruned."""
    return _one(database, "id = ?", mail_id)


def is_kept(database: ShopDatabase, mail_id: Id) -> bool:
    """Tell whether a mail was not pruned yet, damaged or not."""
    return database.value("SELECT 1 FROM mail WHERE id = ?", (mail_id,)) is not None


def by_number(database: ShopDatabase, number: int) -> Mail | None:
    """Return the mail that people call by a number, or None."""
    return _one(database, "number = ?", number)


def newest(
    database: ShopDatabase, kinds: Sequence[MailKind], limit: int, before: int | None = None
) -> list[Mail]:
    """Return mails of some kinds, the newest first; those below a number where one is named."""
    rows = database.rows(
        f"SELECT {_COLUMNS} FROM mail WHERE kind IN (SELECT value FROM json_each(?1)) "
        "AND (?2 IS NULL OR number < ?2) ORDER BY number DESC LIMIT ?3",
        (json.dumps(kinds), before, limit),
    )
    return readable_rows(rows, _mail)


def latest_about(database: ShopDatabase, about: str, limit: int) -> list[Mail]:
    """Return the mails about one thing, the newest first."""
    rows = database.rows(
        f"SELECT {_COLUMNS} FROM mail WHERE about = ? ORDER BY number DESC LIMIT ?", (about, limit)
    )
    return readable_rows(rows, _mail)


def set_state(database: ShopDatabase, mail_id: Id, state: MailState, at: int) -> None:
    """Say how far a mail is, inside the caller's transaction."""
    database.execute_sql(
        "UPDATE mail SET state = ?, changed_at = ? WHERE id = ?", (state, at, mail_id)
    )


def set_filled(database: ShopDatabase, mail_id: Id) -> None:
    """Say that all whom a mail goes to stand among its recipients."""
    database.execute_sql("UPDATE mail SET audience = '' WHERE id = ?", (mail_id,))


def next_turn(database: ShopDatabase, mail_id: Id, at: int) -> int:
    """Let a mail be under way anew, inside the caller's transaction; return its turn."""
    return int(
        database.value(
            "UPDATE mail SET turn = turn + 1, state = 'under_way', changed_at = ? WHERE id = ? "
            "RETURNING turn",
            (at, mail_id),
        )
    )


def set_job(database: ShopDatabase, mail_id: Id, job: int) -> None:
    """Say which job sends a mail."""
    database.execute_sql("UPDATE mail SET job = ? WHERE id = ?", (job, mail_id))


def is_under_way(database: ShopDatabase, mail_id: Id, turn: int) -> bool:
    """Tell whether a mail is to be sent by who took it up in this turn."""
    sql = "SELECT 1 FROM mail WHERE id = ? AND turn = ? AND state = 'under_way'"
    return database.value(sql, (mail_id, turn)) is not None


def is_open(database: ShopDatabase, mail_id: Id, turn: int) -> bool:
    """Tell whether a mail is in this turn still, and nobody has stopped it; paused ones count."""
    sql = "SELECT 1 FROM mail WHERE id = ? AND turn = ? AND state IN ('under_way', 'paused')"
    return database.value(sql, (mail_id, turn)) is not None


def has_left_over(database: ShopDatabase, mail_id: Id, turn: int) -> bool:
    """Tell whether a mail was stopped in this turn, and somebody waits for it all the same."""
    return database.value(f"SELECT 1 FROM mail m WHERE {_LEFT_OVER}", (mail_id, turn)) is not None


def left_over(database: ShopDatabase) -> list[tuple[Id, int]]:
    """Return the mails that were stopped and for which somebody waits, each with its turn."""
    rows = database.rows(
        f"SELECT id, turn FROM mail m WHERE state = 'stopped' AND {_SOMEBODY_WAITS}"
    )
    return [(row["id"], row["turn"]) for row in rows]


def under_way(database: ShopDatabase) -> list[Mail]:
    """Return the mails that are to be sent, the oldest first."""
    rows = database.rows(f"SELECT {_COLUMNS} FROM mail WHERE state = 'under_way' ORDER BY number")
    return readable_rows(rows, _mail)


def prune(database: ShopDatabase, before: int, most: int) -> list[Id]:
    """Remove mails that nothing was done with since a moment, so many at most; return their ids.

    Those of which it is not known whether they arrived stay until a person has looked.
    """
    rows = database.rows(
        "SELECT id FROM mail WHERE state IN ('done', 'stopped') AND changed_at < ? AND NOT EXISTS "
        "(SELECT 1 FROM mail_recipient WHERE mail_id = id AND state IN ('sending', 'unknown')) "
        "LIMIT ?",
        (before, most),
    )
    gone = json.dumps([row["id"] for row in rows])
    listed = "(SELECT value FROM json_each(?))"
    database.execute_sql(f"DELETE FROM mail_recipient WHERE mail_id IN {listed}", (gone,))
    database.execute_sql(f"DELETE FROM mail WHERE id IN {listed}", (gone,))
    return [row["id"] for row in rows]


def _one(database: ShopDatabase, where: str, value: Id | int) -> Mail | None:
    row = database.row(f"SELECT {_COLUMNS} FROM mail WHERE {where}", (value,))
    return read_row(row, _mail) if row else None


def _mail(row: Row) -> Mail:
    kind, state = MailKind(row["kind"]), MailState(row["state"])
    attachments = tuple(dict(one) for one in json.loads(row["attachments"]))
    if not all("kind" in one for one in attachments):
        raise ValueError("an attachment of no kind")
    audience = Audience.of_plain(json.loads(row["audience"])) if row["audience"] else None
    read = {"kind": kind, "state": state, "attachments": attachments, "audience": audience}
    return Mail(**{**row, **read})
