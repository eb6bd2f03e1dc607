"""Does the file hold what it should? The checks of `posctl verify`, each on its own."""

from __future__ import annotations

import itertools
import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.progress import Progress, tell_nobody
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.text import _
from pos_desktop.storage import closings, fact_rows, journal, sealed_rows, seals, shifts, stock
from pos_desktop.storage.counters import SERIES
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.errors import translated
from pos_desktop.storage.fact_words import fact_words, moment_words, utc_words
from pos_desktop.storage.head import Head, HeadFile
from pos_desktop.storage.migrations import schema_faults
from pos_desktop.storage.stretch import WHOLE, Stretch, entered_at, since_last_z

log = logging.getLogger(__name__)

_SHOWN = 5
_TAIL = 100
"""So many entries at the end of the journal are looked at when a shop opens."""
HEAD_MISSING = "head missing"
"""The entry that is written where a shop is opened without the journal's head."""


@dataclass(frozen=True)
class Check:
    """One check: its name, whether it holds, and in words what was found."""

    check: str
    ok: bool
    detail: str

    @property
    def doubts_the_end(self) -> bool:
        """Whether the end of the books may be missing, and numbers with it that were given out."""
        return not self.ok and self.check in OF_THE_END


OF_THE_END = frozenset({"file", "journal", "facts", "numbers", "head"})
"""Checks that find out where the books lack their end, among others."""


def run_checks(
    database: ShopDatabase,
    key: bytes,
    head: HeadFile,
    progress: Progress = tell_nobody,
) -> list[Check]:
    """Run every check on one consistent view of the file; nothing is changed.

    `progress` is told how many checks are done of how many, and may raise to break off.
    """
    kept = head.read()
    checks: dict[str, Callable[[], Iterator[str]]] = {
        "file": lambda: _file(database),
        "links": lambda: _links(database),
        "journal": lambda: _journal(database, key),
        "facts": lambda: _facts(database),
        "numbers": lambda: itertools.chain(_numbers(database), _numbers_of_jobs(database)),
        "head": lambda: itertools.chain(_head(database, kept), _missing_heads(database)),
        "sums": lambda: _sums(database),
        "refunds": lambda: _refunds(database),
        "vouchers": lambda: _vouchers(database),
        "closings": lambda: _closings(database),
        "stock": lambda: wrong_stock(database),
        "limits": lambda: _limits(database),
        "seals": lambda: seals.broken(database),
        "rows": lambda: sealed_rows.broken(database),
        "schema": lambda: schema_faults(database),
    }
    found: list[Check] = []
    # It begins after the head was read, which sales go on to move; a spoilt index may fail its end.
    with translated(database.path), database.atomic("DEFERRED"):
        for name, findings in checks.items():
            progress(len(found), len(checks))
            found.append(_check(name, findings))
    return found


def run_checks_since_z(
    database: ShopDatabase, key: bytes, head: HeadFile
) -> tuple[list[Check], int | None]:
    """Run what can be checked in a moment: all that was written since the last Z, and totals.

    The second is the moment from which on all was looked at, in milliseconds UTC.

    An older row that was changed is not found, nor a page of the file that is spoilt: that is
    left to `run_checks`.
    """
    kept = head.read()
    with translated(database.path), database.atomic("DEFERRED"):
        stretch = since_last_z(database)
        checks: dict[str, Callable[[], Iterator[str]]] = {
            "journal": lambda: _journal(database, key, stretch),
            "facts": lambda: _facts(database, stretch),
            "numbers": lambda: _numbers(database),
            "head": lambda: itertools.chain(_head(database, kept), _missing_heads(database)),
            "sums": lambda: _sums(database, stretch),
            "closings": lambda: _closings(database, stretch),
            "limits": lambda: _limits(database),
            "seals": lambda: seals.broken(database),
            "schema": lambda: schema_faults(database),
        }
        found = [_check(name, findings) for name, findings in checks.items()]
        return found, entered_at(database, stretch)


def looks_changed(database: ShopDatabase, key: bytes, head: HeadFile) -> bool:
    """Tell, in a moment, whether the head or the end of the journal are not as they were left.

    What `verify` finds further back, or in the rows themselves, is left to it.
    """
    newest = database.rows("SELECT * FROM journal ORDER BY seq DESC LIMIT ?", (_TAIL,))
    if not newest:
        return False
    if any(row["kind"] == HEAD_MISSING for row in newest) or next(
        _head(database, head.read()), None
    ):
        return True
    seals_found = [row.pop("mac") for row in newest]
    entries = [journal.Entry(**row) for row in newest]
    return any(
        journal.seal(key, seals_found[place + 1], entry) != seals_found[place]
        or entry.seq != entries[place + 1].seq + 1
        for place, entry in enumerate(entries[:-1])
    )


def _check(name: str, findings: Callable[[], Iterator[str]]) -> Check:
    """Run one check. What it cannot even read was spoilt past the program: that is its finding."""
    found: list[str] = []
    try:
        found.extend(itertools.islice(findings(), _SHOWN + 1))
    except (ValueError, KeyError, TypeError, Unavailable, sqlite3.DatabaseError) as error:
        log.info("why a check could not be finished", exc_info=error)
        found.append(_("something in the file cannot be read: {why}").format(why=error))
    if not found:
        return Check(name, ok=True, detail=_("in order"))
    more = " …" if len(found) > _SHOWN else ""
    return Check(name, ok=False, detail="; ".join(found[:_SHOWN]) + more)


def _file(database: ShopDatabase) -> Iterator[str]:
    for row in database.rows("PRAGMA integrity_check"):
        if row["integrity_check"] != "ok":
            yield row["integrity_check"]


def _links(database: ShopDatabase) -> Iterator[str]:
    for row in database.rows("PRAGMA foreign_key_check"):
        yield _("a row of {table} points to nothing in {parent}").format(**row)


def _journal(database: ShopDatabase, key: bytes, stretch: Stretch = WHOLE) -> Iterator[str]:
    expected = stretch.after + 1
    before = database.value("SELECT mac FROM journal WHERE seq = ?", (stretch.after,))
    previous = str(before or journal.FIRST_SEAL)
    sql = "SELECT * FROM journal WHERE seq > ? ORDER BY seq"
    for row in _stream(database, sql, (stretch.after,)):
        mac = row.pop("mac")
        entry = journal.Entry(**row)
        if entry.seq != expected:
            yield _("entries {first} to {last} are missing").format(
                first=expected, last=entry.seq - 1
            )
        elif mac != journal.seal(key, previous, entry):
            yield _("entry {seq} does not fit its seal").format(seq=entry.seq)
        previous, expected = mac, entry.seq + 1


def _facts(database: ShopDatabase, stretch: Stretch = WHOLE) -> Iterator[str]:
    entries = _stream(
        database,
        "SELECT fact_id, digest, kind, at FROM journal "
        f"WHERE fact_id IS NOT NULL AND {stretch.has('fact_id')} ORDER BY fact_id",
        stretch.bound,
    )
    facts = fact_rows.digests(database, stretch)
    fact_id, digest = next(facts, ("", ""))
    for entry in entries:
        while fact_id and fact_id < entry["fact_id"]:
            yield _in_no_journal(database, fact_id)
            fact_id, digest = next(facts, ("", ""))
        if fact_id != entry["fact_id"]:
            yield _("{fact} is gone").format(fact=moment_words(entry["kind"], entry["at"]))
            continue
        if digest != entry["digest"]:
            yield from _look_again(database, entry)
        fact_id, digest = next(facts, ("", ""))
    if fact_id:
        yield _in_no_journal(database, fact_id)


def _in_no_journal(database: ShopDatabase, fact_id: str) -> str:
    words = fact_words(fact_rows.rows_of(database, fact_id))
    return _("{fact} stands in no journal").format(fact=words)


def _look_again(database: ShopDatabase, entry: Row) -> Iterator[str]:
    """Compare a fact row by row with its entry, and say so where it was changed."""
    rows = fact_rows.rows_of(database, entry["fact_id"])
    if journal.rows_digest(rows) != entry["digest"]:
        known = {"fact": [{"kind": entry["kind"], "at": entry["at"]}], **rows}
        yield _("{fact} was changed").format(fact=fact_words(known))


def _numbers(database: ShopDatabase) -> Iterator[str]:
    counters = {row["name"]: row["value"] for row in database.rows("SELECT * FROM counter")}
    for prefix, name, number, table in SERIES:
        sql = f"SELECT {name} AS name, count(*) AS n, max({number}) AS top FROM {table} GROUP BY 1"
        for row in database.rows(sql):
            counter = f"{prefix}/{row['name']}"
            if not row["n"] == row["top"] == counters.pop(counter, 0):
                yield _gap(counter)
    for counter in counters:
        if counter.partition("/")[0] in {prefix for prefix, *_rest in SERIES}:
            yield _gap(counter)


def _numbers_of_jobs(database: ShopDatabase) -> Iterator[str]:
    """Look for numbers of jobs that would be given out twice."""
    for name, table in (("jobs", "job_history"), ("jobs", "jobs"), ("job_batches", "job_batches")):
        kept = database.value("SELECT seq FROM sqlite_sequence WHERE name = ?", (name,))
        if int(kept or 0) < int(database.value(f"SELECT max(number) FROM {table}") or 0):
            yield _("numbers of {table} would be given out twice").format(table=name)


def _gap(counter: str) -> str:
    prefix, _slash, name = counter.partition("/")
    sentence = {
        "receipt": _("the receipt numbers of till {name} have a gap"),
        "z": _("the numbers of the Z reports of till {name} have a gap"),
        "payment": _("the numbers of the payments on account of till {name} have a gap"),
    }.get(prefix, _("the numbers of the facts have a gap (epoch {name})"))
    return sentence.format(name=name)


def _head(database: ShopDatabase, kept: Head | None) -> Iterator[str]:
    if kept is None:
        yield _("the journal's head beside the file is missing")
        return
    found = database.value("SELECT mac FROM journal WHERE seq = ?", (kept.seq,))
    if found is None:
        yield _("the file ends before entry {seq}: its tail was cut or it is an older copy").format(
            seq=kept.seq
        )
    elif found != kept.mac:
        yield _("entry {seq} is not the one that was kept outside the file").format(seq=kept.seq)
    if kept.receipt and not _receipt_exists(database, kept.receipt):
        yield _("receipt {receipt} is gone").format(receipt=kept.receipt)


def _missing_heads(database: ShopDatabase) -> Iterator[str]:
    for row in database.rows("SELECT seq FROM journal WHERE kind = ?", (HEAD_MISSING,)):
        yield _("at entry {seq} the head beside the file was missing").format(seq=row["seq"])


def _receipt_exists(database: ShopDatabase, receipt: str) -> bool:
    number = ReceiptNumber.parse(receipt)
    sql = "SELECT count(*) FROM sale WHERE till_code = ? AND receipt_number = ?"
    return bool(database.value(sql, (number.till, number.counter)))


def _sums(database: ShopDatabase, stretch: Stretch = WHOLE) -> Iterator[str]:
    rows = _stream(
        database,
        f"""
        SELECT s.till_code, s.receipt_number FROM sale s
        LEFT JOIN (
            SELECT sale_id, sum(gross_cents) AS total, sum(net_cents) AS net,
                sum(vat_cents) AS vat, sum(discount_cents + cart_discount_cents) AS discount,
                sum(gross_cents <> net_cents + vat_cents) AS wrong
            FROM sale_line WHERE {stretch.has("sale_id")} GROUP BY sale_id
        ) l ON l.sale_id = s.id
        LEFT JOIN (
            SELECT sale_id, sum(amount_cents) AS amount, sum(rounding_cents) AS rounding
            FROM tender WHERE {stretch.has("sale_id")} GROUP BY sale_id
        ) t ON t.sale_id = s.id
        WHERE {stretch.has("s.id")} AND (
            coalesce(l.total, 0) <> s.gross_cents OR coalesce(l.net, 0) <> s.net_cents
            OR coalesce(l.vat, 0) <> s.vat_cents OR coalesce(l.discount, 0) <> s.discount_cents
            OR s.net_cents + s.vat_cents <> s.gross_cents OR coalesce(l.wrong, 0) > 0
            OR coalesce(t.amount, 0) <> s.gross_cents + s.rounding_cents
            OR coalesce(t.rounding, 0) <> s.rounding_cents
        )
        """,
        stretch.bound,
    )
    for row in rows:
        receipt = ReceiptNumber(row["till_code"], row["receipt_number"])
        yield _("receipt {receipt} does not add up").format(receipt=receipt)


def wrong_stock(database: ShopDatabase) -> Iterator[str]:
    """Yield, in words, each product whose stock is not the sum of its moves."""
    for product in stock.wrong_levels(database):
        yield _("the stock of {product} is not the sum of its moves").format(product=product)


def _refunds(database: ShopDatabase) -> Iterator[str]:
    """Look for goods that came back more often than they were sold, or came back of a refund."""
    for row in _stream(database, _TOO_MUCH_BACK):
        receipt = ReceiptNumber(row["till_code"], row["receipt_number"])
        yield _("more of receipt {receipt} came back than was sold").format(receipt=receipt)


_TOO_MUCH_BACK = """
SELECT DISTINCT s.till_code, s.receipt_number FROM (
    SELECT r.refund_of, l.refunded_no, sum(l.quantity) AS back FROM sale r
    JOIN sale_line l ON l.sale_id = r.id WHERE r.refund_of IS NOT NULL GROUP BY 1, 2
) b JOIN sale s ON s.id = b.refund_of
LEFT JOIN sale_line sold ON sold.sale_id = s.id AND sold.no = b.refunded_no
WHERE coalesce(sold.quantity, 0) + b.back < 0 OR s.is_refund IS NOT NULL
"""


def _vouchers(database: ShopDatabase) -> Iterator[str]:
    """Look for vouchers with which more was paid than they are worth."""
    sql = (
        "SELECT v.code FROM voucher v JOIN voucher_entry e ON e.voucher_id = v.id "
        "GROUP BY v.id HAVING sum(e.amount_cents) < 0"
    )
    for row in _stream(database, sql):
        yield _("more was paid with the voucher ***{end} than it is worth").format(
            end=row["code"][-4:]
        )


def _limits(database: ShopDatabase) -> Iterator[str]:
    """Look for customers who may owe another sum than the journal says was allowed last."""
    sql = """
        SELECT c.code FROM customer c LEFT JOIN (
            SELECT json_extract(detail, '$.customer') AS id,
                json_extract(detail, '$.limit_cents') AS cents, max(seq)
            FROM journal WHERE kind = 'credit limit' GROUP BY 1
        ) j ON j.id = c.id
        WHERE c.deleted_at IS NULL AND c.credit_limit_cents <> coalesce(j.cents, 0)
    """
    for row in _stream(database, sql):
        yield _("how much customer {code} may owe was changed past the program").format(**row)


def _closings(database: ShopDatabase, stretch: Stretch = WHOLE) -> Iterator[str]:
    """Compare the figures kept with every closed shift and every Z with those of its sales."""
    sql = f"SELECT shift_id, figures, closed_at FROM shift_close WHERE {stretch.has('id')}"
    for row in database.rows(f"{sql} ORDER BY id", stretch.bound):
        found = closings.of_shift(database, row["shift_id"]).as_plain()
        if not _agree(found, json.loads(row["figures"])):
            yield _("the X of the shift closed at {moment} is not the sum of its sales").format(
                moment=utc_words(row["closed_at"])
            )
    near = None if stretch.facts is None else frozenset(json.loads(stretch.facts))
    for z in shifts.z_periods(database):
        if near is not None and z.id not in near:
            continue
        found = closings.of_z(database, z).as_plain()
        if not _agree(found, json.loads(z.figures)):
            yield _("Z {number} is not the sum of its sales").format(number=z.number)


def _agree(found: dict[str, Any], kept: dict[str, Any]) -> bool:
    """Tell whether figures are the same by the words that the kept ones know.

    A later program may tell more of the same sales than the one that closed the day.
    """
    return bool(kept) and {word: found.get(word) for word in kept} == kept


def _stream(database: ShopDatabase, sql: str, bound: tuple[object, ...] = ()) -> Iterator[Row]:
    """Yield rows one at a time: a year of sales does not fit in memory twice."""
    cursor = database.connection().execute(sql, bound)
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))
