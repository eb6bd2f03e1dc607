"""The engine that an address of a database names."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from pos_sync.relay.database import DatabaseRefused, Engine
from pos_sync.relay.sqlite import SqliteEngine

_POSTGRES = ("postgresql://", "postgres://")
_SQLITE = "sqlite:///"


def open_engine(address: str) -> Engine:
    """Open a database: a server by `postgresql://`, else a file; raises DatabaseRefused."""
    if address.startswith(_POSTGRES):
        if importlib.util.find_spec("psycopg") is None:
            raise DatabaseRefused("PostgreSQL needs the package psycopg (the extra `relay`)")
        from pos_sync.relay.postgres import PostgresEngine

        return PostgresEngine(address)
    path = address.removeprefix(_SQLITE)
    if "://" in path:
        raise DatabaseRefused("it is neither a file nor an address with postgresql://")
    return SqliteEngine(Path(path))


def is_there(address: str) -> bool:
    """Tell whether a file would not be made by opening it; of a server only opening it tells."""
    path = address.removeprefix(_SQLITE)
    return "://" in path or Path(path).exists() or not Path(path).absolute().parent.is_dir()


def shown(address: str) -> str:
    """Return an address of a database without what may be secret in it."""
    scheme, mark, rest = address.partition("://")
    place = rest.rpartition("@")[2].partition("?")[0]
    return f"{scheme}{mark}{place}" if mark else address
