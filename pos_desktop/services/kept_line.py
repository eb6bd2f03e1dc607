"""The one line to a server that stays open, until the setup names another."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar


class Closes(Protocol):
    """What speaks to a server over lines that it keeps."""

    def close(self) -> None:
        """End its lines; what is on its way ends as it stands."""
        ...


Key = TypeVar("Key")
Client = TypeVar("Client", bound=Closes)


class KeptLine(Generic[Key, Client]):
    """Keeps what speaks to a server, by what it was opened with. From any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: tuple[Key, Client] | None = None

    @property
    def open(self) -> Client | None:
        """What speaks to the server now, if anything does."""
        kept = self._open
        return kept[1] if kept is not None else None

    def of(self, key: Key, made: Callable[[], Client]) -> Client:
        """Return what was opened with this key; else open it, and close what was open before."""
        with self._lock:
            before = self._open
            if before is not None and before[0] == key:
                return before[1]
            client = made()
            self._open = key, client
        if before is not None:
            before[1].close()
        return client

    def close(self) -> None:
        """Close what is open; who waits for its answer hears so."""
        with self._lock:
            kept, self._open = self._open, None
        if kept is not None:
            kept[1].close()
