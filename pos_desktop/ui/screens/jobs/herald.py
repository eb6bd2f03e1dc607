"""What of the messages of jobs the person at the till has not been told yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from pos_desktop.domain.ids import Id
from pos_desktop.services.background.notifications import Inbox
from pos_desktop.storage.notifications import Notification


@dataclass(frozen=True, slots=True)
class News:
    """The last message, and how many more are new."""

    message: Notification
    more: int


class Herald:
    """Tells each message once, also to a person who comes back to the till."""

    def __init__(self) -> None:
        self._told: dict[Id, _Told] = {}

    def news(self, inbox: Inbox) -> News | None:
        """Return what is new to the owner of an inbox since the last look, all of it together."""
        is_first = inbox.person.id not in self._told
        told = self._told.setdefault(inbox.person.id, _Told())
        new = [one for one in inbox.latest if told.is_new(one)]
        if len(inbox.latest) < inbox.count:
            told.oldest = inbox.latest[-1].number
        told.messages = {(one.number, one.at) for one in inbox.latest}
        if not new:
            return None
        return News(new[0], (inbox.count if is_first else len(new)) - 1)


@dataclass(slots=True)
class _Told:
    """What one person has been told of what they have not read."""

    messages: set[tuple[int, int]] = field(default_factory=set)
    """Numbers and times: the number of a message that was removed may come again."""
    oldest: int = 0
    """The oldest message that was listed when not all were; those before it are told too."""

    def is_new(self, message: Notification) -> bool:
        return message.number > self.oldest and (message.number, message.at) not in self.messages
