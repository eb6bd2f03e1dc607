"""The subscription of a shop, joined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pos_desktop.domain.clock import Clock
from pos_desktop.services.background.enqueueing import Enqueues
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.licence.activating import Activating
from pos_desktop.services.licence.activation_line import ActivationLine
from pos_desktop.services.licence.subscription import Subscription
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceRoom:
    """What has to do with the subscription; others know `subscription` alone."""

    subscription: Subscription
    activating: Activating
    line: ActivationLine


def licence_room(
    database: ShopDatabase,
    books: Books,
    configuration: Configuration,
    queue: Enqueues,
    clock: Clock,
    *,
    newest: Callable[[], datetime],
    chance: Callable[[], float],
) -> LicenceRoom:
    """Join the services of the subscription; `clock` is the machine's, which no replay moves."""
    subscription = Subscription(database, books, configuration, queue, clock, newest)
    line = ActivationLine(configuration, clock)
    return LicenceRoom(
        subscription=subscription,
        activating=Activating(database, books, configuration, subscription, line, clock, chance),
        line=line,
    )
