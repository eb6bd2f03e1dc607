"""The driver `redis`, as services see it: light, and without a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos_queue.drivers.database_driver import DatabaseDriver
from pos_queue.drivers.driver_choice import RedisAddress
from pos_queue.premises import Premises, Terms

if TYPE_CHECKING:
    from pos_queue.drivers.redis_driver.shop import ShopRunner


class RedisDriver(DatabaseDriver):
    """Writes jobs into the file, as the driver `database` does; a runner carries them to Redis."""

    def __init__(self, premises: Premises, address: RedisAddress, *, shop: str) -> None:
        """Take the name under which the server keeps this shop apart from others.

        Nothing is sent to the server before a runner runs.
        """
        super().__init__(premises)
        self._address = address
        self._shop = shop

    def runner(self, terms: Terms | None = None, premises: Premises | None = None) -> ShopRunner:
        """Return the workers of one process; without workers it carries jobs and answers alone."""
        from pos_queue.drivers.redis_driver.shop import ShopRunner

        return ShopRunner(premises or self._premises, self._address, self._shop, terms)
