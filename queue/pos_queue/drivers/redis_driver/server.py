"""The way to a Redis server: every call has a time limit, and every failure is one error."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from pos_queue.drivers.driver_choice import RedisAddress

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 5.0
HEAR_SECONDS = 1.0
"""After what time everybody looks for himself, whatever was heard."""
LISTEN_SECONDS = 0.1
"""How often a listener looks whether it is to end."""
CHECK_SECONDS = 10
"""After how much silence a listener asks whether the server is still there."""
FIRST_WAIT, LONGEST_WAIT = 0.2, 15.0

log = logging.getLogger(__name__)


class ServerAway(Exception):
    """The Redis server cannot be reached, or cannot do what it was asked now."""


class Server:
    """One Redis server; from any thread. Nothing is sent before the first call."""

    def __init__(self, address: RedisAddress) -> None:
        self._address = address
        self._redis = Redis(**_options(address))

    def check(self) -> None:
        """Ask whether it answers and lets us in; raises ServerAway."""
        try:
            self._redis.ping()
        except (RedisError, OSError, ValueError) as error:
            raise self._away(error) from error

    def script(self, text: str) -> Callable[..., Any]:
        """Return a script of the server as a function of its arguments; raises ServerAway."""
        script = self._redis.register_script(text)

        def call(*arguments: Any) -> Any:
            try:
                return script(args=arguments)
            except (RedisError, OSError, ValueError) as error:  # closed meanwhile: a ValueError
                raise self._away(error) from error

        return call

    def listen(
        self, channels: Sequence[str], heard: Callable[[str], object], stop: threading.Event
    ) -> None:
        """Call `heard` for each message of the channels until told to stop; raises ServerAway.

        Each channel is heard once at the beginning too: what was said before may have been missed.
        """
        listener = self._redis.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        try:
            listener.subscribe(*channels)
            for channel in channels:
                heard(channel)
            while not stop.is_set():
                message = listener.get_message(timeout=LISTEN_SECONDS)
                if message is not None:
                    heard(message["channel"].decode())
        except (RedisError, OSError, ValueError) as error:  # a closed connection is a ValueError
            raise self._away(error) from error
        finally:
            with suppress(RedisError, OSError):
                listener.close()

    def close(self) -> None:
        """Give the connections back."""
        self._redis.close()

    def _away(self, error: Exception) -> ServerAway:
        return ServerAway(f"{self._address}: {error or type(error).__name__}")


class Patience:
    """How long to wait for a server that is away, and one word in the log for each absence."""

    def __init__(self, who: str) -> None:
        self._who = who
        self._wait = FIRST_WAIT
        self._is_away = False

    def lost(self, error: ServerAway) -> float:
        """Take note of a failed call; return the seconds to wait until the next."""
        if not self._is_away:
            log.warning("%s waits for its server: %s", self._who, error)
        self._is_away = True
        wait, self._wait = self._wait, min(LONGEST_WAIT, 2 * self._wait)
        return wait

    def found(self) -> None:
        """Take note of a call that was answered."""
        if self._is_away:
            log.info("%s has its server again", self._who)
        self._is_away, self._wait = False, FIRST_WAIT


def _options(address: RedisAddress) -> dict[str, Any]:
    options: dict[str, Any] = {
        "db": address.database,
        "username": address.username,
        "password": address.password,
        "socket_timeout": ANSWER_SECONDS,
        "socket_connect_timeout": CONNECT_SECONDS,
        "health_check_interval": CHECK_SECONDS,
        "retry": Retry(NoBackoff(), 0),
    }
    if address.socket:
        return options | {"unix_socket_path": address.socket}
    options |= {"host": address.host, "port": address.port, "socket_keepalive": True}
    if address.tls:
        options |= {"ssl": True, "ssl_cert_reqs": "required", "ssl_check_hostname": True}
        options["ssl_ca_certs"] = address.ca_file
    return options
