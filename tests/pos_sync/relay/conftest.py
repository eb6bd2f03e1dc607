"""The databases in which a relay may keep its messages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pos_sync.relay.postgres_server import new_database


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each engine: what is promised is promised for both."""
    return str(tmp_path / "relay.sqlite") if request.param == "sqlite" else new_database()


@pytest.fixture
def file(tmp_path: Path) -> str:
    """An empty file, where the engine makes no difference."""
    return str(tmp_path / "relay.sqlite")
