"""The operating system's word that the network has changed.

Loaded once the window is there: the library of it takes its time, and no sale waits for a network.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol, cast

log = logging.getLogger(__name__)


class _Signal(Protocol):
    def connect(self, slot: Callable[..., object], /) -> object:
        """Call a function whenever there is news."""


class LinkInformation(Protocol):
    """What knows of the link: Qt's QNetworkInformation, or another with its signal."""

    @property
    def reachabilityChanged(self) -> _Signal:  # noqa: N802 - Qt's name
        """Told whenever the machine is more or less connected than before."""


def system_information() -> LinkInformation | None:
    """Return what the system knows of the link, None where it has nothing to tell."""
    try:
        from PySide6.QtNetwork import QNetworkInformation
    except ImportError as error:
        log.info("the system's word on the network cannot be heard: %s", error)
        return None
    reachability = QNetworkInformation.Feature.Reachability
    if not QNetworkInformation.loadBackendByFeatures(reachability):
        log.info("this system says nothing of the network")
        return None
    return cast("LinkInformation | None", QNetworkInformation.instance())


def watch_link(
    changed: Callable[[], object],
    find: Callable[[], LinkInformation | None] = system_information,
) -> None:
    """Call `changed` in the window's thread whenever the link has changed.

    A method of a Qt object ends with it. Where the system says nothing, nothing happens.
    """
    information = find()
    if information is not None:
        information.reachabilityChanged.connect(changed)
