"""The board on which a shop offers its jobs to workers, and on which they leave their answers.

Kept by a Redis server in sorted sets with leases, see docs/decisions/0013. Each method is one call,
done as a whole or not at all, and every one may be repeated. Each raises ServerAway.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from itertools import chain
from typing import Any, NamedTuple

from pos_queue.drivers.redis_driver import scripts
from pos_queue.drivers.redis_driver.server import Server
from pos_queue.engine.choice import Choice

LEASE_SECONDS = 30.0
"""How long a claim holds without a word: what a worker of a dead machine held is free after it."""
ANSWERS_AT_ONCE = 100
_MOST_PRIORITY = 4000
"""Higher priorities are all the same: a score has no room for more beside the order."""
SHOP = re.compile("[0-9A-Za-z_.-]{1,64}")


class Offer(NamedTuple):
    """A job as it goes on the board."""

    number: int
    fence: int
    queue: str
    priority: float
    body: bytes
    cursor: bytes | None = None


class Held(NamedTuple):
    """An offer in a worker's hands; `body` and `cursor` where they were asked for."""

    number: int
    fence: int
    holder: str
    body: bytes = b""
    cursor: bytes | None = None


class Kind(StrEnum):
    """What an answer tells."""

    ENDED = "ended"
    """The attempt is over; the offer is no longer held."""
    PROGRESS = "progress"
    CURSOR = "cursor"
    """Where the next attempt goes on."""


class Heard(NamedTuple):
    """What a worker has said of a job."""

    id: str
    kind: Kind
    number: int
    fence: int
    body: bytes


class Hold(StrEnum):
    """What has become of a claim."""

    LOST = "lost"
    """Somebody else may have the job now."""
    KEPT = "kept"
    CANCEL_ASKED = "cancel asked"


_HOLDS = (Hold.LOST, Hold.KEPT, Hold.CANCEL_ASKED)


class Board:
    """The board of one shop; from any thread."""

    def __init__(self, server: Server, shop: str, *, lease: float = LEASE_SECONDS) -> None:
        """Take the name under which a server keeps this shop apart from others.

        A claim holds for so many seconds.
        """
        if not SHOP.fullmatch(shop):
            raise ValueError(f"{shop!r} cannot name a shop's board")
        prefix = f"{{pos-{shop}}}"
        self.lease = lease
        self.offered, self.answered = f"{prefix}:offered", f"{prefix}:answered"
        """The channels on which it is said that there is something new."""

        def script(text: str) -> Script:
            return server.script(text.replace(scripts.PREFIX, prefix))

        self._offer, self._claim = script(scripts.OFFER), script(scripts.CLAIM)
        self._take, self._release = script(scripts.TAKE), script(scripts.RELEASE)
        self._renew, self._look = script(scripts.RENEW), script(scripts.LOOK)
        self._held_by, self._say = script(scripts.HELD_BY), script(scripts.SAY)
        self._answers, self._settle = script(scripts.ANSWERS), script(scripts.SETTLE)
        self._withdraw, self._missing = script(scripts.WITHDRAW), script(scripts.MISSING)

    # What the shop does

    def offer(self, offers: Iterable[Offer]) -> None:
        """Put jobs up, in their order; one that is up already under the same fence stays so."""
        self._offer(*chain.from_iterable(map(_row, offers)))

    def take(self, held: Sequence[Held]) -> list[bool]:
        """Remove claimed offers whose jobs are in other hands now; tell which were still held."""
        pairs = ((one.number, one.holder) for one in held)
        return [bool(taken) for taken in self._take(*chain.from_iterable(pairs))]

    def withdraw(self, pairs: Sequence[tuple[int, int]], *, end: bool) -> list[bool]:
        """Remove offers that nobody holds, by number and fence; tell which are not there now.

        Who holds one may be asked to end it.
        """
        word = "end" if end else ""
        rows = ((*pair, word) for pair in pairs)
        return [bool(gone) for gone in self._withdraw(*chain.from_iterable(rows))]

    def missing(self, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return those offers, by number and fence, that are not on the board."""
        answers = self._missing(*chain.from_iterable(pairs))
        return [pair for pair, is_missing in zip(pairs, answers, strict=True) if is_missing]

    def answers(self) -> list[Heard]:
        """Return the oldest answers that are not settled."""
        return [_heard(*entry) for entry in self._answers(ANSWERS_AT_ONCE)]

    def settle(self, answers: Iterable[Heard]) -> None:
        """Remove answers that the shop has taken in, and the offers that are over with them."""
        rows = ((one.id, one.number, one.fence, one.kind.value) for one in answers)
        self._settle(*chain.from_iterable(rows))

    # What workers do

    def claim(self, owner: str, choice: Choice, most: int = 1) -> list[Held]:
        """Take the best offers of the queues chosen, the best first."""
        word = "only" if choice.only else "besides"
        found = self._claim(owner, int(self.lease * 1000), most, word, *choice.names())
        return [_held(*entry) for entry in found]

    def renew(self, held: Sequence[Held]) -> list[Hold]:
        """Hold on to claims; tell what has become of each."""
        pairs = ((one.number, one.holder) for one in held)
        found = self._renew(int(self.lease * 1000), *chain.from_iterable(pairs))
        return [_HOLDS[code] for code in found]

    def look(self, held: Held) -> Hold:
        """Tell what has become of a claim."""
        return _HOLDS[self._look(held.number, held.holder)]

    def say(self, held: Held, kind: Kind, body: bytes, cursor: bytes = b"") -> bool:
        """Leave an answer; tell whether it was still this worker's to give."""
        return bool(self._say(held.number, held.holder, kind.value, body, cursor))

    def release(self, held: Iterable[Held]) -> None:
        """Let claimed offers wait again."""
        self._release(*chain.from_iterable((one.number, one.holder) for one in held))

    def held_by(self, owner: str) -> list[Held]:
        """Return what an owner holds, without its content."""
        return [_held(*entry) for entry in self._held_by(owner)]


Script = Callable[..., Any]


def _row(offer: Offer) -> tuple[object, ...]:
    priority = max(-_MOST_PRIORITY, min(_MOST_PRIORITY, int(offer.priority)))
    cursor = offer.cursor or b""
    return offer.number, offer.fence, offer.queue, priority, offer.body, cursor


def _held(
    number: bytes, fence: bytes, holder: bytes, body: bytes | None, cursor: bytes | None
) -> Held:
    return Held(int(number), int(fence), holder.decode(), body or b"", cursor)


def _heard(entry_id: bytes, fields: Sequence[bytes]) -> Heard:
    """Return an answer; one that no worker of ours can have left is an answer to nothing."""
    found = dict(zip(fields[::2], fields[1::2], strict=True))
    try:
        kind, pair = Kind(found[b"kind"].decode()), (int(found[b"job"]), int(found[b"fence"]))
        return Heard(entry_id.decode(), kind, *pair, found[b"body"])
    except (KeyError, ValueError):
        return Heard(entry_id.decode(), Kind.PROGRESS, 0, 0, b"")
