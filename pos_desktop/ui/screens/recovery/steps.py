"""The steps of a recovery: what is wrong, which backup, which key, what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QWidget

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _, joined
from pos_desktop.security.recovery import check_spelling
from pos_desktop.shops.near_backups import Likeness, NearBackup
from pos_desktop.shops.recovery import Recovery, Way
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.form import FormField, FormPart
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.kit.tokens import Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.screens.first_run.step import Step
from pos_desktop.ui.screens.recovery.near_line import (
    NearLine,
    looking_words,
    near_words,
    silent_words,
)
from pos_desktop.ui.screens.recovery.near_look import NearLook

_MOST_LINES = 4


class ToldStep(Step):
    """Says things, one below another; mostly nothing is typed in it."""

    def __init__(
        self,
        title: str,
        sentences: Sequence[str],
        lines: tuple[FormPart, ...] = (),
        *,
        last: QWidget | None = None,
    ) -> None:
        """Take what is said, from above, what is asked before it, and what stands below it."""
        super().__init__(title, lines)
        if self.form is not None:
            self.body.setStretchFactor(self.form, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.told: list[str] = []
        """What is said."""
        for place, sentence in enumerate(sentences):
            self.say(sentence, fonts.strong(Type.TABLE) if place == 0 else None)
        if last is not None:
            self.body.addWidget(last)
        self.body.addStretch(1)

    def say(self, sentence: str, font: QFont | None = None) -> None:
        """Say one more thing."""
        text = WrappedText(font or fonts.regular(Type.TABLE), most=_MOST_LINES)
        text.show_text(sentence)
        self.told.append(sentence)
        self.body.addWidget(text)

    def go_on(self) -> None:
        """Leave Enter to the acts."""


class RecoveryStep(ToldStep):
    """Says what is wrong and what is safe, and offers the ways out."""

    open_wanted = Signal()
    way_wanted = Signal(object)
    """A Way."""
    support_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self, recovery: Recovery, look: NearLook) -> None:
        """Take what is wrong, and what looks for backups: one is named where it is a way out."""
        self._ways = recovery.ways
        self.near = _newest_line(look) if self.offers_backup else None
        """Which backup is the newest near."""
        super().__init__(recovery.title, (recovery.wrong, recovery.safe), last=self.near)

    @property
    def offers_backup(self) -> bool:
        """Whether a backup is a way out."""
        return Way.RESTORE in self._ways

    def acts(self) -> tuple[Act, ...]:
        """Offer to open the shop again, its ways out, and what support asks for."""
        again = Act(
            key=Qt.Key.Key_F5,
            title=_("Open again"),
            help=_("Try to open the shop once more"),
            rank=Rank.PLAIN if self._ways else Rank.FIRST,
            do=self.open_wanted.emit,
        )
        support = Act(
            key=Qt.Key.Key_F8,
            title=_("For support"),
            help=_("What support asks for"),
            do=self.support_wanted.emit,
        )
        leave = Act(
            key=Qt.Key.Key_Escape,
            title=_("Quit"),
            help=_("Close the program; everything stays as it is"),
            do=self.quit_wanted.emit,
        )
        return (*(self._way(way) for way in self._ways), again, support, leave)

    def _way(self, way: Way) -> Act:
        key, title, explained = {
            Way.SALVAGE: (
                Qt.Key.Key_F3,
                _("Save what is good"),
                _("Put the damaged file aside, and all that can be read into a new one"),
            ),
            Way.RESTORE: (
                Qt.Key.Key_F2,
                _("From a backup"),
                _("Put what is there aside, and bring the shop back from a backup"),
            ),
            Way.KEYS: (
                Qt.Key.Key_F4,
                _("Keys anew"),
                _("Make the shop's keys anew from the recovery key"),
            ),
        }[way]
        rank = Rank.FIRST if way is self._ways[0] else Rank.PLAIN
        return Act(
            key=key,
            title=title,
            help=explained,
            rank=rank,
            do=lambda: self.way_wanted.emit(way),
        )


def _newest_line(look: NearLook) -> NearLine:
    return NearLine(
        look,
        found=_("The newest backup near: {what}, in {place}."),
        none=_(
            "No backup of this shop was found near: put in the stick that holds one, and it is "
            "named here."
        ),
    )


class _KeyedStep(Step):
    """Asks for the recovery key, maybe for more before it."""

    answered = Signal(str)
    """The recovery key, as it was typed."""
    back = Signal()

    def __init__(self, title: str, on: Callable[[], str], *more: FormField) -> None:
        """Take what it is called, what its first tile says, and what is asked before it."""
        self._on = on
        self.key = FormField(
            _("Recovery key"),
            hint=_("Eight groups of five letters, as it was printed"),
        )
        super().__init__(title, (*more, self.key))

    def acts(self) -> tuple[Act, ...]:
        """Offer to go on and back."""
        return (
            self.way_on(self._on(), _("Go on with this key")),
            Act(
                key=Qt.Key.Key_Escape,
                title=_("Back"),
                help=_("Back to where you came from"),
                do=self.back.emit,
            ),
        )

    def go_on(self) -> None:
        """Hand over the key, where there is one."""
        self.attempt(lambda: self.answered.emit(self._read()))

    def _read(self) -> str:
        if not self.key.text:
            self.key.field.setFocus()
            raise Refused(_("The recovery key was printed when the shop was made: type it."))
        self.key.field.setFocus()
        return check_spelling(self.key.text)


class KeysStep(_KeyedStep):
    """Asks for the recovery key, from which the shop's keys are made anew."""

    def __init__(self) -> None:
        super().__init__(_("The shop's keys anew"), lambda: _("Make the keys"))
        why = WrappedText(fonts.regular(Type.SMALL), most=3, tone="muted")
        why.show_text(
            _(
                "Passwords of mail and M-Pesa are not in it: type those that cannot be read anew, "
                "in the settings."
            )
        )
        self.body.addWidget(why)


class RestoreStep(_KeyedStep):
    """Asks which backup and for the recovery key; backups that are near are offered."""

    look_again = Signal()

    def __init__(self, look: NearLook) -> None:
        """Take what looks for backups."""
        self.file = FormField(
            _("The backup"), hint=_("Where the file of the backup lies"), longest=1_000
        )
        super().__init__(_("From a backup"), lambda: _("Bring the shop back"), self.file)
        self._look = look
        self._is_chosen = False
        """Whether somebody named the backup; else it is the first of those that are near."""
        self._seen = ""
        """What was named when the key was not asked for yet, or was typed."""
        self._told = WrappedText(fonts.regular(Type.TABLE), most=5)
        assert self.form is not None
        self.form.explain(self._told)
        self.file.edited.connect(self._edited)
        self.key.edited.connect(self._note_seen)
        look.changed.connect(self._follow)
        self._follow()

    @property
    def told(self) -> str:
        """What is said of the backup that is named."""
        return self._told.text

    @property
    def found(self) -> list[NearBackup]:
        """The backups that are near, the likeliest first."""
        return self._look.found

    def _follow(self) -> None:
        """Offer the backups that are near, the likeliest first.

        What somebody has named stays, and what was to be seen before the key is typed.
        """
        first = str(self.found[0].path) if self.found else ""
        if not (self._is_chosen or (self._is_at_key and self.file.text == self._seen != "")):
            if self.file.text != first:
                self.file.show_text(first)
            if not self._is_at_key:
                self._note_seen()
        self._tell()

    @property
    def _is_at_key(self) -> bool:
        """Whether the key is being typed, in this window or one that is behind another now."""
        return bool(self.key.text) or self.focusWidget() is self.key.field

    def _note_seen(self) -> None:
        self._seen = self.file.text

    def _edited(self) -> None:
        self._is_chosen = bool(self.file.text)
        self._tell()

    @property
    def backup(self) -> Path:
        """The backup that is named."""
        return Path(self.file.text).expanduser()

    def acts(self) -> tuple[Act, ...]:
        """Offer other backups too."""
        on, back = super().acts()
        other = Act(
            key=Qt.Key.Key_F3,
            title=_("Another one"),
            help=_("Show another of the backups that are near"),
            do=self._show_next,
        )
        again = Act(
            key=Qt.Key.Key_F6,
            title=_("Look again"),
            help=_("Look for backups in the shop's folder and on sticks"),
            do=self.look_again.emit,
        )
        has_other = len(self.found) > (self._place() is not None)
        return (on, *([other] if has_other else []), again, back)

    def _place(self) -> int | None:
        """Return which of the backups that are near is named."""
        paths = [str(one.path) for one in self.found]
        return paths.index(self.file.text) if self.file.text in paths else None

    def _show_next(self) -> None:
        place = self._place()
        self._is_chosen = True
        following = 0 if place is None else (place + 1) % len(self.found)
        self.file.show_text(str(self.found[following].path))
        self._tell()

    def _tell(self) -> None:
        """Say which backup is named, and what does not answer."""
        place = self._place()
        words = self._words_without() if place is None else joined(" ", self._words(place))
        self._told.show_text(joined(" ", (words, *silent_words(self._look.silent))))
        self.acts_changed.emit()

    def _words_without(self) -> str:
        """Return what is said where none of those that are near is named."""
        if self.found:
            return _("This is none of the backups that are near: {key} shows those.").format(
                key="F3"
            )
        if self.file.text:
            return _("This is none that was found near; if it lies on a stick, put that in.")
        if not self._look.is_over:
            return looking_words()
        return _(
            "No backup is near yet: put the stick in, and it shows itself; or type where one lies."
        )

    def _words(self, place: int) -> Iterator[str]:
        """Yield what is said of one of those that are near."""
        first, near, sure = self.found[0], self.found[place], self._look.likeness
        yield _("Backup {number} of {count}: {what}.").format(
            number=place + 1, count=len(self.found), what=near_words(near)
        )
        if near.till_code and sure(near) is not Likeness.OWN:
            yield _("It may be of another shop.")
        if first.at > near.at or sure(first) is not sure(near):
            yield _("Another one is newer, or surer to be of this shop: F3 shows it.")
        yield _("What was sold later is not in it; receipts begin with a code of their own.")

    def _read(self) -> str:
        if not self.file.text:
            self.file.field.setFocus()
            raise Refused(_("Type where the backup lies, or look for one with F6."))
        return super()._read()


class OutcomeStep(ToldStep):
    """Says what came of it, and goes on to the till."""

    opened = Signal()
    backup_wanted = Signal()

    def __init__(
        self, title: str, sentences: Sequence[str], *, offers_backup: bool = False
    ) -> None:
        """Take what is said, and whether a backup may be the better way."""
        self._offers_backup = offers_backup
        super().__init__(title, sentences)

    def acts(self) -> tuple[Act, ...]:
        """Offer the till, and a backup where more may be in it."""
        open_till = Act(
            key=Qt.Key.Key_Return,
            title=_("Open the till"),
            help=_("Open the shop and sign in"),
            rank=Rank.FIRST,
            do=self.opened.emit,
        )
        backup = Act(
            key=Qt.Key.Key_F2,
            title=_("From a backup"),
            help=_("Put what is there aside, and bring the shop back from a backup"),
            do=self.backup_wanted.emit,
        )
        return (open_till, *([backup] if self._offers_backup else []))
