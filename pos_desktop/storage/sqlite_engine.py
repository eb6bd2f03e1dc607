"""What only SQLite understands, so that the rest of the SQL can be shared with a server."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TABLE_END = re.compile(r"\)\s*(WITHOUT ROWID)?$")


def ddl(schema: str) -> Iterator[str]:
    """Yield the statements of a schema; every table becomes STRICT."""
    for part in schema.split(";"):
        statement = part.strip()
        if statement.startswith("CREATE TABLE"):
            without_rowid = statement.endswith("WITHOUT ROWID")
            yield _TABLE_END.sub(") STRICT" + (", WITHOUT ROWID" * without_rowid), statement)
        elif statement:
            yield statement


def append_only(table: str) -> Iterator[str]:
    """Yield triggers that refuse to change or remove what was once written to a table."""
    for act in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
