"""The drivers of the queue as a shop is told of them, with a Redis server of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from pos_queue.drivers.driver_choice import CONNECTION, REDIS_URL

from tests.pos_queue import redis_server
from tests.pos_queue.redis_server import PASSWORD, RedisServer


@contextmanager
def running_server() -> Iterator[RedisServer]:
    server = redis_server.new_server()
    try:
        yield server
    finally:
        redis_server.remove(server)


def url_of(port: int) -> str:
    return f"redis://:{quote(PASSWORD)}@127.0.0.1:{port}/0"


def choose(patch: pytest.MonkeyPatch, driver: str, port: int = 0) -> None:
    """Let the environment choose a driver, for the processes of a test too."""
    patch.setenv(CONNECTION, driver)
    patch.setenv(REDIS_URL, url_of(port) if port else "")
