"""A mail server on a real port of this machine, which fails in every way that is asked of it."""

from __future__ import annotations

import contextlib
import math
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pos_sync.testing.endings import Then
from pos_sync.testing.mail_visit import Habits, Received, Trouble, Visit

__all__ = ["Habits", "MailSimulator", "Received", "Then", "Trouble"]

_LOOK = 0.05
_PATIENCE = 5.0
_WINDOW = 65536
"""What the system takes for a server that does not read; left to itself that may be megabytes."""


@dataclass
class _Planned:
    trouble: Trouble
    met: int = 0

    def is_met(self, place: str, recipients: tuple[str, ...]) -> bool:
        """Count that somebody is at a place, and tell whether the trouble happens to them."""
        trouble = self.trouble
        if trouble.at != place or (trouble.to is not None and trouble.to not in recipients):
            return False
        self.met += 1
        turn = self.met - trouble.skip
        return turn > 0 and (trouble.times is None or turn <= trouble.times)


class MailSimulator:
    """A server for any number of clients at once; use it in a `with`.

    Letters are kept in `letters` and, where a folder is given, as .eml files in it. `connections`
    counts all that came, `most_at_once` how many there were together, `commands` what they said.
    """

    def __init__(self, habits: Habits | None = None, *, folder: Path | None = None) -> None:
        self.habits = habits or Habits()
        self._folder = folder
        self._changed = threading.Condition()
        self._troubles: list[_Planned] = []
        self._clients: dict[socket.socket, threading.Thread] = {}
        self._ending = threading.Event()
        self._listener: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve, name="mail simulator", daemon=True)
        self.letters: list[Received] = []
        self.commands: list[str] = []
        self.connections = 0
        self.most_at_once = 0
        self.port = 0

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WINDOW)
        self._listener.settimeout(_LOOK)
        self.port = self._listener.getsockname()[1]
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join(_PATIENCE)
        assert self._listener is not None
        self._listener.close()
        self.drop_all()

    def plan(self, *troubles: Trouble) -> None:
        """Let these happen from now on, in place of all that was planned."""
        with self._changed:
            self._troubles = [_Planned(trouble) for trouble in troubles]

    def forget(self) -> None:
        """Throw away what was received, counted and planned."""
        with self._changed:
            self.letters, self.commands, self._troubles = [], [], []
            self.connections = self.most_at_once = 0

    def drop_all(self) -> None:
        """End every connection, and wait until each conversation is over."""
        with self._changed:
            clients = dict(self._clients)
        for client, thread in clients.items():
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
            thread.join(_PATIENCE)

    def wait_for(
        self, condition: Callable[[MailSimulator], bool], seconds: float = _PATIENCE
    ) -> None:
        """Return when the condition holds; TimeoutError if it does not come."""
        with self._changed:
            if not self._changed.wait_for(lambda: condition(self), seconds):
                raise TimeoutError(f"{len(self.letters)} letters, {self.connections} connections")

    @property
    def recipients(self) -> Sequence[str]:
        """Everybody who got a letter, once for each."""
        with self._changed:
            return [one for letter in self.letters for one in letter.recipients]

    @property
    def open_connections(self) -> int:
        """How many clients are there now."""
        return len(self._clients)

    def trouble(self, place: str, recipients: tuple[str, ...]) -> Trouble | None:
        """Return what is to happen at this place of a conversation, if anything."""
        with self._changed:
            for planned in self._troubles:
                if planned.is_met(place, recipients):
                    return planned.trouble
        return None

    def rest(self, seconds: float) -> None:
        """Wait, or less where the server ends."""
        self._ending.wait(seconds)

    def note(self, command: str) -> None:
        """Keep what a client said."""
        with self._changed:
            self.commands.append(command)
            self._changed.notify_all()

    def keep(self, letter: Received) -> None:
        """Take a letter."""
        with self._changed:
            self.letters.append(letter)
            if self._folder is not None:
                place = self._folder / f"{len(self.letters):06}.eml"
                place.write_bytes(letter.data)
            self._changed.notify_all()

    def _serve(self) -> None:
        assert self._listener is not None
        while not self._ending.is_set():
            with contextlib.suppress(TimeoutError):
                self._welcome(self._listener.accept()[0])

    def _welcome(self, client: socket.socket) -> None:
        client.settimeout(None)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # a client's own copy: TLS takes the first one over, and ending it must still be possible
        handle = client.dup()
        with self._changed:
            most = self.habits.most_connections
            visit = Visit(self, client, is_too_many=len(self._clients) >= (most or math.inf))
            thread = threading.Thread(target=self._host, args=(visit, handle), daemon=True)
            self._clients[handle] = thread
            self.connections += 1
            self.most_at_once = max(self.most_at_once, len(self._clients))
        thread.start()

    def _host(self, visit: Visit, handle: socket.socket) -> None:
        try:
            visit.run()
        finally:
            with self._changed:
                del self._clients[handle]
                handle.close()
                self._changed.notify_all()
