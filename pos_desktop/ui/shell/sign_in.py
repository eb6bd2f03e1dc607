"""Signing in: who, and the PIN; by touch or by keys, without a box to click away."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent

from pos_desktop.domain.text import _
from pos_desktop.services.people.sign_in import Person
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.language_switch import LanguageSwitch
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.person_and_pin import PersonAndPin
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.shell.entry_screen import WIDTH, EntryScreen

_FEW, _MANY = 4, 10
"""Up to so many people stand above the keys; more than that want a third column beside them."""
_WIDE = 820


class SignInScreen(EntryScreen):
    """The first screen of the till, and the one that it is locked with."""

    submitted = Signal(str, str)
    language_chosen = Signal(str)
    """Somebody wants the till to speak this language."""

    def __init__(self, shop: str) -> None:
        super().__init__(_("Sign in"))
        self.who = PersonAndPin(fonts.regular(Type.SMALL))
        self.who.show_hint(_("Choose your name or type it, then your PIN."))
        self.who.submitted.connect(self.submitted)
        self._waiting = label(font=fonts.regular(Type.SMALL), tone="muted", wrap=True)
        self._waiting.hide()
        title = label(shop or _("Sign in"), fonts.heavy(Type.TITLE), wrap=True)
        self.languages = LanguageSwitch()
        self.languages.chosen.connect(self.language_chosen)
        head = column(title, self._waiting, gap=2)
        self.put_card(
            _("Sign in"),
            column(head, self.who, self.languages, gap=Space.BETWEEN, margins=(20, 16, 20, 18)),
        )

    def show_waiting(self, text: str) -> None:
        """Say what waits for whoever signs in, such as an open sale; may be empty."""
        self._waiting.setText(text)
        self._waiting.setVisible(bool(text))

    def show_people(self, people: list[Person]) -> None:
        """Offer these people: few above the keys, many beside them, so that all are in sight."""
        beside = len(people) > _FEW
        self.who.stand_beside(beside=beside, columns=3 if len(people) > _MANY else 2)
        self.set_card_width(_WIDE if beside else WIDTH)
        self.who.show_people(people)

    def refuse(self, sentence: str) -> None:
        """Say why nobody came in."""
        self.who.refuse(Notice(sentence, Tone.DANGER))

    def lock(self, seconds: int) -> None:
        """Say for how long nobody comes in, and count it down while that is what one reads."""
        self.who.lock(seconds)

    def scanned(self, code: str) -> None:  # noqa: ARG002 - whatever it was
        """Say that somebody must sign in first."""
        notice = Notice(_("Sign in first, then scan it again."), Tone.WARNING)
        self.who.strip.say(notice)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Leave keys to person and PIN."""
        return self.who.handle_key(event)

    def take_focus(self) -> None:
        """Let digits be the PIN."""
        self.who.field.setFocus()
