"""A Redis server of the tests' own, which keeps everything at once: AOF, appendfsync always."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from pos_queue.drivers.driver_choice import RedisAddress
from redis import Redis
from redis.exceptions import RedisError

from tests.pos_queue.processes import SECONDS, wait_until

PASSWORD = "the tests' own"
LEASH = '"$@" > /dev/null & read end; kill -9 $!; wait $!'
"""Ends the server with the test process, however that ends: its end of the pipe is closed then."""


def program() -> str:
    """Return the server's program; skips the test where a machine has none."""
    beside = Path(sys.executable).with_name("redis-server")
    found = str(beside) if beside.exists() else shutil.which("redis-server")
    if found is None:
        pytest.skip("there is no redis-server here, and no wheel brings one")
    return found


class RedisServer:
    """One server in a folder of its own; may be killed and started again on what it has kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.address = RedisAddress(host="127.0.0.1", port=self.port, password=PASSWORD)
        self._leash: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [
            *("sh", "-c", LEASH, "sh"),
            *(program(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""),
            *("--appendonly", "yes", "--appendfsync", "always", "--dir", str(self._folder)),
            *("--requirepass", PASSWORD),
        ]
        self._leash = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        with self.client() as client:
            wait_until(lambda: _answers(client))

    def client(self) -> Redis:
        return Redis(port=self.port, password=PASSWORD, socket_timeout=SECONDS)

    def kill(self) -> None:
        """End the server as a power cut would."""
        assert self._leash is not None
        self._leash.communicate(timeout=SECONDS)


def new_server() -> RedisServer:
    """Return a running server in a new folder below the system's temporary one."""
    server = RedisServer(Path(tempfile.mkdtemp(prefix="pos-redis-")))
    server.start()
    return server


def remove(server: RedisServer) -> None:
    server.kill()
    shutil.rmtree(server._folder)


def _answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False
