"""Opens the driver that was chosen; what it needs is imported only then."""

from __future__ import annotations

from pos_queue.drivers.database_driver import DatabaseDriver
from pos_queue.drivers.driver import Driver
from pos_queue.drivers.driver_choice import DriverChoice, DriverName
from pos_queue.premises import Premises


def open_driver(choice: DriverChoice, premises: Premises, *, shop: str) -> Driver:
    """Return a driver on the premises; close it. Needs no server to be there.

    Jobs may be declared later. `shop` is the name by which a server keeps this shop from others.
    """
    if choice.name is DriverName.SYNC:
        from pos_queue.drivers.sync_driver import SyncDriver

        return SyncDriver(premises)
    if choice.redis is not None:
        from pos_queue.drivers.redis_driver.driver import RedisDriver

        return RedisDriver(premises, choice.redis, shop=shop)
    return DatabaseDriver(premises)


def server_fault(choice: DriverChoice) -> str:
    """Ask the server of a driver whether it is there; return why not, in its words.

    An empty text where it is, and where none is needed; takes some eight seconds at worst.
    """
    if choice.redis is None:
        return ""
    from pos_queue.drivers.redis_driver.server import Server, ServerAway

    server = Server(choice.redis)
    try:
        server.check()
    except ServerAway as error:
        return str(error)
    finally:
        server.close()
    return ""
