"""A backup with each Z: left to a job in the Z's own transaction, and never in its way."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from pos_desktop import settings
from pos_desktop.domain.errors import Unavailable
from pos_desktop.services.background.enqueueing import Enqueues
from pos_desktop.services.backup.backups import BACKUP_SHOP
from pos_desktop.services.configuration import Configuration
from pos_desktop.storage.database import ShopDatabase

if TYPE_CHECKING:
    from pos_queue.views.views import Views

_AFTER_THE_RUNNING_ONE = f"{BACKUP_SHOP} after the one that runs"

log = logging.getLogger(__name__)


class BackupAtZ:
    """Hears of each Z."""

    def __init__(
        self,
        database: ShopDatabase,
        configuration: Configuration,
        queue: Enqueues,
        views: Callable[[], Views],
    ) -> None:
        """Take the queue as this transaction sees it."""
        self._database = database
        self._configuration = configuration
        self._queue = queue
        self._views = views

    def day_closed(self) -> bool:
        """Hear in a Z's transaction that a day was closed; tell whether a backup comes of it.

        It comes also where the program ends at once: a job waits for whoever runs jobs next.
        """
        get = self._configuration.get
        if not get(settings.BACKUP_AT_Z) or get(settings.SHOP_TRAINING):
            return False
        try:
            with self._database.write():
                self._leave()
        except Unavailable:
            raise
        except Exception:  # a Z never refuses
            log.exception("the backup of a Z could not be left to a job")
            return False
        return True

    def _leave(self) -> None:
        """Leave one backup, which joins one that waits; one that runs may lack this Z."""
        found = self._views().job(self._queue.enqueue(BACKUP_SHOP))
        if found is not None and found.view.state == "running":
            self._queue.enqueue(BACKUP_SHOP, unique_key=_AFTER_THE_RUNNING_ONE)
