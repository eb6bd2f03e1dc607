"""What happens later, and the reports that are carried to the addresses that were given."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from queue import SimpleQueue
from urllib.parse import urlsplit

import urllib3

from pos_sync.deadline import Deadline, Monotonic, bounded
from pos_sync.testing.mpesa.habits import Habits
from pos_sync.testing.mpesa.said import Letter

_KEPT = 2_000
_HANDS = 8
"""How many lines may deliver by themselves at once and keep their connection."""
_PATIENCE = 5.0
_HERE = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Posted:
    """A report that was carried, or lost on the way."""

    url: str
    body: bytes
    status: int | None
    """What the other side has answered; None where nothing was heard."""


@dataclass(order=True)
class _Due:
    at: float
    number: int
    act: Callable[[], None] = field(compare=False)


class PostOffice:
    """Carries reports, each once, and never beyond this machine.

    `carried` counts those that were answered, `lost` all others.
    """

    def __init__(self, habits: Habits, monotonic: Monotonic, told: Callable[[], None]) -> None:
        """Take what is called after each report."""
        self._habits = habits
        self._monotonic = monotonic
        self._told = told
        self._numbers = itertools.count()
        self._due: list[_Due] = []
        self._changed = threading.Condition()
        self._is_ending = False
        self._bag: SimpleQueue[Letter | None] = SimpleQueue()
        self._pools = urllib3.PoolManager(maxsize=habits.postmen + _HANDS, retries=False)
        self._threads = [threading.Thread(target=self._watch, name="M-Pesa later", daemon=True)]
        for _ in range(habits.postmen):
            thread = threading.Thread(target=self._carry, name="M-Pesa postman", daemon=True)
            self._threads.append(thread)
        self._posted: deque[Posted] = deque(maxlen=_KEPT)
        self.carried = self.lost = self._waiting = 0

    def start(self) -> None:
        """Begin to work."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End, and leave lie what was not carried."""
        with self._changed:
            self._is_ending = True
            self._changed.notify_all()
        for _ in range(self._habits.postmen):
            self._bag.put(None)
        for thread in self._threads:
            thread.join(_PATIENCE)
        self._pools.clear()

    @property
    def is_quiet(self) -> bool:
        """Whether every report that is due now or later has been carried."""
        with self._changed:
            return not self._waiting

    def last(self) -> tuple[Posted, ...]:
        """Return the last reports."""
        with self._changed:
            return tuple(self._posted)

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Do something after so many seconds."""
        with self._changed:
            due = _Due(self._monotonic() + seconds, next(self._numbers), act)
            heapq.heappush(self._due, due)
            self._changed.notify_all()

    def send(self, letters: Sequence[Letter]) -> None:
        """Carry these, each after its time."""
        self.announce(len(letters))
        self.send_announced(letters)

    def announce(self, count: int) -> None:
        """Note that so many will be sent."""
        with self._changed:
            self._waiting += count

    def send_announced(self, letters: Iterable[Letter]) -> None:
        """Carry these, of which it is known already that they will be sent."""
        for letter in letters:
            if letter.after > 0:
                self.later(letter.after, lambda one=letter: self._bag.put(one))  # type: ignore[misc]
            else:
                self._bag.put(letter)

    def deliver(self, letter: Letter) -> None:
        """Carry one at once, and return when it has been answered or its time is over."""
        body = json.dumps(letter.body).encode()
        status = None
        url = self._routed(letter.url)
        if url is not None:
            deadline = Deadline(self._monotonic, self._habits.report_seconds)
            with contextlib.suppress(OSError, urllib3.exceptions.HTTPError):
                status = bounded(lambda: self._post(url, body), deadline)
        with self._changed:
            self.carried += status is not None
            self.lost += status is None
            self._posted.append(Posted(letter.url, body, status))
        self._told()

    def _post(self, url: str, body: bytes) -> int:
        answer = self._pools.request(
            "POST",
            url,
            body=body,
            headers={"Content-Type": "application/json"},
            timeout=self._habits.report_seconds,
            redirect=False,
        )
        return answer.status

    def _routed(self, url: str) -> str | None:
        for start, here in self._habits.routes.items():
            if url.startswith(start):
                return here + url[len(start) :]
        return url if urlsplit(url).hostname in _HERE else None

    def _watch(self) -> None:
        while (act := self._next()) is not None:
            act()

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            while not self._is_ending:
                left = self._due[0].at - self._monotonic() if self._due else None
                if left is not None and left <= 0:
                    return heapq.heappop(self._due).act
                self._changed.wait(left)
        return None

    def _carry(self) -> None:
        while (letter := self._bag.get()) is not None:
            if self._is_ending:
                return
            self.deliver(letter)
            with self._changed:
                self._waiting -= 1
            self._told()
