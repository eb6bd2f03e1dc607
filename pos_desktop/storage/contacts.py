"""The address book. Its rows are in no digest: somebody in it can be forgotten."""

from __future__ import annotations

from dataclasses import asdict

from pos_desktop.domain.contact import Contact, ContactForm, ContactKind
from pos_desktop.domain.ids import Id
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.search import fold
from pos_desktop.storage.stamps import new_stamp

_COLUMNS = "id, ver, kind, name, email, phone, note"


def by_id(database: ShopDatabase, contact_id: Id) -> Contact | None:
    """Return a contact, or None where there is none or it was removed."""
    row = database.row(
        f"SELECT {_COLUMNS} FROM contact WHERE id = ? AND deleted_at IS NULL", (contact_id,)
    )
    return _contact(row) if row else None


def everybody(database: ShopDatabase) -> list[Contact]:
    """Return all contacts by name."""
    rows = database.rows(f"SELECT {_COLUMNS} FROM contact WHERE deleted_at IS NULL")
    return sorted(map(_contact, rows), key=lambda one: (fold(one.form.name), one.id))


def by_email(database: ShopDatabase, email: str) -> list[Contact]:
    """Return who has an address, however it is spelled; looked up without reading the others."""
    rows = database.rows(
        f"SELECT {_COLUMNS} FROM contact WHERE deleted_at IS NULL AND lower(email) = lower(?)",
        (email,),
    )
    return [_contact(row) for row in rows]


def add(database: ShopDatabase, books: Books, form: ContactForm) -> Id:
    """Add a contact inside the caller's transaction; return its id."""
    contact_id = books.new_id()
    row = {"id": contact_id, **asdict(form), **new_stamp(database, books)}
    database.insert("contact", [row])
    return contact_id


def change(database: ShopDatabase, books: Books, contact_id: Id, form: ContactForm) -> None:
    """Change a contact inside the caller's transaction."""
    _update(database, contact_id, {**asdict(form), **new_stamp(database, books)})


def remove(database: ShopDatabase, books: Books, contact_id: Id) -> None:
    """Leave a tombstone that tells nothing of the person."""
    stamp = new_stamp(database, books)
    nothing = {"name": "", "email": "", "phone": "", "note": ""}
    _update(database, contact_id, {**nothing, **stamp, "deleted_at": stamp["changed_at"]})


def _update(database: ShopDatabase, contact_id: Id, values: Row) -> None:
    sets = ", ".join(f"{name} = ?" for name in values)
    database.execute_sql(f"UPDATE contact SET {sets} WHERE id = ?", (*values.values(), contact_id))


def _contact(row: Row) -> Contact:
    form = ContactForm(
        kind=ContactKind(row["kind"]),
        **{name: row[name] for name in ("name", "email", "phone", "note")},
    )
    return Contact(id=row["id"], ver=row["ver"], form=form)
