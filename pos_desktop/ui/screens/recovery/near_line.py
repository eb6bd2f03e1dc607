"""What is said of a backup that is near: by itself, and in a line of a step."""

from __future__ import annotations

from pos_desktop.domain.country import written_day, written_time
from pos_desktop.domain.text import _, again
from pos_desktop.shops.near_backups import NearBackup
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.tokens import Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.screens.recovery.near_look import NearLook


def near_words(near: NearBackup) -> str:
    """Say of a backup whose it is and when it was made."""
    moment = f"{written_day(near.at)} {written_time(near.at)}"
    if near.till_code:
        return _("till {till}, {moment}").format(till=near.till_code, moment=moment)
    return _("not known, {moment}").format(moment=moment)


class NearLine(WrappedText):
    """Says which backup of the shop is the newest near, in a room that it has from the start."""

    def __init__(self, look: NearLook, *, found: str, none: str) -> None:
        """Take what looks, what is said of a backup ({what}, {place}), and where none is near."""
        super().__init__(fonts.regular(Type.TABLE), most=2, constant=True)
        self._look = look
        self._found = found
        self._none = none
        look.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        newest = self._look.newest
        if newest is not None:
            place = newest.path.parent.absolute()
            words: str = self._found.format(what=near_words(newest), place=place)
        elif self._look.is_over:
            words = self._none
        else:
            words = _("Looking for a backup in the shop's folder and on sticks …")
        self.show_text(again(words))
