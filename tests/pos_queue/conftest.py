"""One Redis server for all tests of a test process; each test has a shop of its own on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.pos_queue import redis_server
from tests.pos_queue.redis_server import RedisServer


@pytest.fixture(scope="session")
def redis() -> Iterator[RedisServer]:
    server = redis_server.new_server()
    yield server
    redis_server.remove(server)
