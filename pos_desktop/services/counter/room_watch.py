"""How much room the disk of a shop has left: said in time, since a full one records no sale."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from pos_desktop.domain.text import _
from pos_desktop.shop_folder import DATABASE_FILE
from pos_desktop.storage.room import Free, Room, free_room, room_of, shop_bytes

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RoomTrouble:
    """That the disk has little room left; equal while there is no more to be said."""

    megabytes: int
    """As much is left, as it was when this began."""
    is_scarce: bool

    def word(self) -> str:
        """Say in a word how it is."""
        return _("Disk nearly full") if self.is_scarce else _("Little disk room")

    def sentence(self) -> str:
        """Say how much is left, and what to do."""
        if self.is_scarce:
            words = _(
                "The computer's disk is nearly full: {size} MB are left. Once it is full no sale "
                "can be recorded: remove files that nobody needs now, or call your technician."
            )
        else:
            words = _(
                "The computer's disk has {size} MB left: free some room soon (old files, pictures, "
                "exports), or tell your technician. Selling goes on."
            )
        return words.format(size=self.megabytes)


class RoomWatch:
    """Looks how much room is left; from any thread."""

    def __init__(self, place: Path, free: Free = free_room) -> None:
        """Watch the disk of a shop's folder."""
        self._place = place
        self._free = free
        self.trouble: RoomTrouble | None = None
        """What was found last, None where there is room."""

    def look(self) -> RoomTrouble | None:
        """Look at the disk now; a disk that does not say is in no trouble."""
        try:
            free = self._free(self._place)
        except OSError as error:
            log.info("the disk does not say how much room it has: %s", error)
            return self.trouble
        room = room_of(free, shop_bytes(self._place / DATABASE_FILE))
        is_scarce = room is Room.SCARCE
        if room is Room.ENOUGH:
            self.trouble = None
        elif self.trouble is None or self.trouble.is_scarce != is_scarce:
            self.trouble = RoomTrouble(free // 1_000_000, is_scarce=is_scarce)
        return self.trouble

    def words(self) -> str:
        """Look at the disk now, and return what is to be said; empty where there is room."""
        trouble = self.look()
        return trouble.sentence() if trouble else ""
