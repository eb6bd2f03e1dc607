"""What of the messages of jobs the person at the till has not been told yet."""

from __future__ import annotations

from dataclasses import dataclass

from pos_desktop.domain.ids import Id
from pos_desktop.services.background.notifications import Inbox
from pos_desktop.storage.notifications import Notification


@dataclass(frozen=True, slots=True)
class News:
    """The last message, and how many more are new."""

    message: Notification
    more: int


class Herald:
    """Tells a message once while a person is signed in."""

    def __init__(self) -> None:
        self._person: Id | None = None
        self._told: set[tuple[int, int]] = set()
        """Numbers and times: the number of a message that was removed may come again."""
        self._oldest = 0
        """The oldest message that was listed when not all were; those before it are told too."""

    def forget(self) -> None:
        """Begin anew: whoever comes next is told all that they have not read."""
        self._person = None

    def news(self, inbox: Inbox) -> News | None:
        """Return what is new since the last look, all of it together."""
        is_first = inbox.person.id != self._person
        if is_first:
            self._person, self._told, self._oldest = inbox.person.id, set(), 0
        new = [one for one in inbox.latest if self._is_new(one)]
        if len(inbox.latest) < inbox.count:
            self._oldest = inbox.latest[-1].number
        self._told.update((one.number, one.at) for one in new)
        if not new:
            return None
        return News(new[0], (inbox.count if is_first else len(new)) - 1)

    def _is_new(self, message: Notification) -> bool:
        return message.number > self._oldest and (message.number, message.at) not in self._told
