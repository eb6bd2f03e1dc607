"""Texts of mails that the shop keeps to use again."""

from __future__ import annotations

from dataclasses import asdict

from pos_desktop.domain.ids import Id
from pos_desktop.domain.mail_template import MailTemplate, TemplateForm
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.stamps import new_stamp

_COLUMNS = "id, ver, name, subject, body, html"


def by_id(database: ShopDatabase, template_id: Id) -> MailTemplate | None:
    """Return a template, or None where there is none or it was removed."""
    row = database.row(
        f"SELECT {_COLUMNS} FROM mail_template WHERE id = ? AND deleted_at IS NULL", (template_id,)
    )
    return _template(row) if row else None


def all_of_them(database: ShopDatabase) -> list[MailTemplate]:
    """Return all templates by name."""
    rows = database.rows(
        f"SELECT {_COLUMNS} FROM mail_template WHERE deleted_at IS NULL ORDER BY name, id"
    )
    return [_template(row) for row in rows]


def add(database: ShopDatabase, books: Books, form: TemplateForm) -> Id:
    """Add a template inside the caller's transaction; return its id."""
    template_id = books.new_id()
    row = {"id": template_id, **asdict(form), **new_stamp(database, books)}
    database.insert("mail_template", [row])
    return template_id


def change(database: ShopDatabase, books: Books, template_id: Id, form: TemplateForm) -> None:
    """Change a template inside the caller's transaction."""
    _update(database, template_id, {**asdict(form), **new_stamp(database, books)})


def remove(database: ShopDatabase, books: Books, template_id: Id) -> None:
    """Leave a tombstone in place of a template."""
    stamp = new_stamp(database, books)
    _update(database, template_id, {**stamp, "deleted_at": stamp["changed_at"]})


def _update(database: ShopDatabase, template_id: Id, values: Row) -> None:
    sets = ", ".join(f"{name} = ?" for name in values)
    database.execute_sql(
        f"UPDATE mail_template SET {sets} WHERE id = ?", (*values.values(), template_id)
    )


def _template(row: Row) -> MailTemplate:
    form = TemplateForm(**{name: row[name] for name in TemplateForm.__slots__})
    return MailTemplate(id=row["id"], ver=row["ver"], form=form)
