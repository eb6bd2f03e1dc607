"""Customers of the shop: master rows that may be erased, and what each of them owes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pos_desktop.domain.customer import Customer
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.storage.books import Books
from pos_desktop.storage.counters import raise_counter
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.stamps import new_stamp

_COLUMNS = (
    "id, code, name, phone, email, address, kra_pin, note, mail_consent_at, credit_limit_cents, ver"
)
_CODES = "customer"


def by_id(database: ShopDatabase, customer_id: Id) -> Customer | None:
    """Return a customer who is there, or None."""
    return _one(database, "id = ?", customer_id)


def by_code(database: ShopDatabase, code: str) -> Customer | None:
    """Return the customer of a code in whatever letters, or None."""
    return _one(database, "code = ?", code.upper())


def by_phone(database: ShopDatabase, phone: str) -> Customer | None:
    """Return the customer of a phone number in its one form, or None."""
    return _one(database, "phone = ?", phone)


def _one(database: ShopDatabase, where: str, value: str) -> Customer | None:
    row = database.row(
        f"SELECT {_COLUMNS} FROM customer WHERE {where} AND deleted_at IS NULL", (value,)
    )
    return Customer(**row) if row else None


def search(database: ShopDatabase, words: list[str], limit: int) -> list[Customer]:
    """Return those in whose name, code, phone or e-mail each of the words stands, by name."""
    where = " AND ".join(
        "(name LIKE ? ESCAPE '!' OR code LIKE ? ESCAPE '!' OR phone LIKE ? ESCAPE '!' "
        "OR email LIKE ? ESCAPE '!')"
        for _word in words
    )
    values = [f"%{_escaped(word)}%" for word in words for _column in range(4)]
    rows = database.rows(
        f"SELECT {_COLUMNS} FROM customer WHERE {where or '1'} AND deleted_at IS NULL "
        "ORDER BY name, id LIMIT ?",
        (*values, limit),
    )
    return [Customer(**row) for row in rows]


def _escaped(word: str) -> str:
    for sign in "!%_":
        word = word.replace(sign, f"!{sign}")
    return word


def next_code(database: ShopDatabase) -> str:
    """Give out the next customer's code inside the caller's transaction."""
    return f"C{raise_counter(database, _CODES):05d}"


def add(database: ShopDatabase, books: Books, customer: Customer) -> None:
    """Add a customer inside the caller's transaction."""
    row = {name: getattr(customer, name) for name in Customer.__slots__}
    database.insert("customer", [{**row, **new_stamp(database, books)}])


def change(
    database: ShopDatabase, books: Books, customer_id: Id, values: Mapping[str, Any], *, ver: int
) -> bool:
    """Set columns inside the caller's transaction; tell whether nobody else had done so since."""
    row = {**values, **new_stamp(database, books)}
    names = ", ".join(f"{name} = ?" for name in row)
    cursor = database.execute_sql(
        f"UPDATE customer SET {names} WHERE id = ? AND ver = ? AND deleted_at IS NULL",
        (*row.values(), customer_id, ver),
    )
    return bool(cursor.rowcount)


def agreed_at(database: ShopDatabase, email: str) -> list[Id]:
    """Return who has agreed to mail at an address, whatever its letters' case."""
    rows = database.rows(
        "SELECT id FROM customer WHERE mail_consent_at IS NOT NULL AND deleted_at IS NULL "
        "AND lower(email) = lower(?) ORDER BY id",
        (email,),
    )
    return [row["id"] for row in rows]


def withdraw_consent(database: ShopDatabase, books: Books, customer_id: Id) -> None:
    """Keep that a customer wants no more mail, inside the caller's transaction."""
    stamp = new_stamp(database, books)
    database.execute_sql(
        "UPDATE customer SET mail_consent_at = NULL, origin = ?, ver = ?, changed_at = ? "
        "WHERE id = ?",
        (*stamp.values(), customer_id),
    )


def balance(database: ShopDatabase, customer_id: Id) -> Cents:
    """Return what a customer owes; negative where the shop owes them."""
    sql = "SELECT coalesce(sum(amount_cents), 0) FROM account_entry WHERE customer_id = ?"
    return int(database.value(sql, (customer_id,)))


def history(database: ShopDatabase, customer_id: Id, limit: int | None = None) -> list[Row]:
    """Return sales, refunds and payments of a customer, the newest first.

    Each has `kind` (sale, refund, payment), `receipt`, `at` (milliseconds UTC), `gross_cents` and
    `account_cents`: by how much it changed what they owe.
    """
    return database.rows(
        """
        SELECT * FROM (
            SELECT CASE WHEN is_refund IS NULL THEN 'sale' ELSE 'refund' END AS kind, id,
                printf('%s-%06d', till_code, receipt_number) AS receipt, sold_at AS at, gross_cents
            FROM sale WHERE customer_id = ?1
            UNION ALL SELECT 'payment', id, printf('%s-P%05d', till_code, number), paid_at,
                amount_cents FROM account_payment WHERE customer_id = ?1
        ) LEFT JOIN (
            SELECT fact_id, sum(amount_cents) AS account_cents FROM account_entry
            WHERE customer_id = ?1 GROUP BY fact_id
        ) ON fact_id = id ORDER BY at DESC, id DESC LIMIT ?2
        """,
        (customer_id, -1 if limit is None else limit),
    )


def erase(database: ShopDatabase, books: Books, customer_id: Id, *, paper: str) -> None:
    """Erase what is known of a person inside the caller's transaction; the code stays.

    What was printed for them is replaced by `paper`; the books name people by id alone.
    """
    stamp = new_stamp(database, books)
    at = stamp["changed_at"]
    database.execute_sql(
        "UPDATE customer SET name = '', phone = NULL, email = NULL, address = '', kra_pin = NULL, "
        "note = '', mail_consent_at = NULL, credit_limit_cents = 0, origin = ?, ver = ?, "
        "changed_at = ?, deleted_at = ?, erased_at = ? WHERE id = ?",
        (*stamp.values(), at, at, customer_id),
    )
    database.execute_sql(
        "UPDATE print_job SET body = ? WHERE fact_id IN (SELECT id FROM sale WHERE customer_id = ? "
        "UNION SELECT id FROM account_payment WHERE customer_id = ?)",
        (paper, customer_id, customer_id),
    )
