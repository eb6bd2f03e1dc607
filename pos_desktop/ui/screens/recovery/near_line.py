"""What is said of a backup that is near: by itself, and in a line of a step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pos_desktop.domain.country import written_day, written_time
from pos_desktop.domain.text import _, again, joined, ngettext
from pos_desktop.shops.near_backups import Likeness, NearBackup
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.tokens import Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.screens.recovery.near_look import NearLook


def near_words(near: NearBackup) -> str:
    """Say of a backup whose it is and when it was made."""
    moment = f"{written_day(near.at)} {written_time(near.at)}"
    if not near.till_code:
        return _("not known, {moment}").format(moment=moment)
    if near.is_ahead:
        return _("till {till}, {moment} (later than now by this computer's clock)").format(
            till=near.till_code, moment=moment
        )
    return _("till {till}, {moment}").format(till=near.till_code, moment=moment)


class NearLine(WrappedText):
    """Says which backup of the shop is the newest near, in a room that it has from the start."""

    def __init__(self, look: NearLook, *, found: str, none: str) -> None:
        """Take what looks, what is said of a backup ({what}, {place}), and where none is near."""
        super().__init__(fonts.regular(Type.TABLE), most=4, constant=True)
        self._look = look
        self._found = found
        self._none = none
        look.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.show_text(again(joined(" ", (self._words(), *silent_words(self._look.silent)))))

    def _words(self) -> str:
        if (newest := self._look.newest) is not None:
            return _about(newest, self._found)
        if not self._look.is_over:
            return looking_words()
        if (likeliest := self._look.likeliest) is None:
            return self._none
        likeness = self._look.likeness(likeliest)
        if likeness is Likeness.ANOTHER:
            return joined(" ", (self._none, _about(likeliest, _anothers_words())))
        return _about(likeliest, _unknown_words() if likeness is None else _likeliest_words())


def looking_words() -> str:
    """Say that it is still looked for backups."""
    return _("Looking for a backup in the shop's folder and on sticks …")


def silent_words(places: Sequence[Path]) -> Iterator[str]:
    """Yield that these do not answer, where there are any."""
    if places:
        words = ngettext(
            "No answer yet from {place}.",
            "No answer yet from {count:,} places, one of them {place}.",
            len(places),
        )
        yield words.format(place=places[0], count=len(places))


def _about(near: NearBackup, words: str) -> str:
    told: str = words.format(what=near_words(near), place=near.path.parent.absolute())
    return told


def _likeliest_words() -> str:
    return _(
        "No backup near is surely of this shop; the damaged file may say wrongly which shop it "
        "is. The likeliest: {what}, in {place}. Or put in another stick."
    )


def _anothers_words() -> str:
    return _("Of another shop, if the damaged file says rightly which it is: {what}, in {place}.")


def _unknown_words() -> str:
    return _("The newest backup near; whose it is, is not known yet: {what}, in {place}.")
