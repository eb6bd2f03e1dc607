"""To whom a mailing goes: of which kind, and which of them."""

from __future__ import annotations

from PySide6.QtCore import Signal

from pos_desktop.domain.contact import ContactKind, contact_kind_words
from pos_desktop.domain.mail import Audience, PartyKind
from pos_desktop.domain.text import _, joined
from pos_desktop.services.mail.mail_addresses import Chosen
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.tokens import Type
from pos_desktop.ui.screens.mail import wording

_KINDS = (PartyKind.CUSTOMER, PartyKind.SUPPLIER, PartyKind.CONTACT)
_EVERYBODY = ""
_OWING = "owing"


class AudienceForm(Form):
    """Asks for an audience, and says how many that are as one chooses."""

    changed = Signal()
    """Another audience is meant."""

    def __init__(self, audience: Audience) -> None:
        self.kind = Choice(_("To whom"), columns=len(_KINDS))
        self.words = FormField(
            _("Only those of whom this is known"),
            hint=_("Letters of a name, code, phone or address; empty: all of them"),
        )
        self.owing = Choice(_("Which customers"), columns=2)
        self.contact = Choice(_("Which of them"), columns=len(ContactKind) + 1)
        self.count = label(font=fonts.strong(Type.TABLE), wrap=True)
        super().__init__(_("To whom"), (self.kind, self.words, self.owing, self.contact))
        self.explain(self.count)
        self._offer(audience)
        self.words.show_text(audience.text)
        self._fit()
        self.kind.chosen.connect(lambda _key: self._fit())
        for choice in (self.kind, self.owing, self.contact):
            choice.chosen.connect(lambda _key: self.changed.emit())
        self.words.field.textChanged.connect(lambda _text: self.changed.emit())

    def _offer(self, audience: Audience) -> None:
        self.kind.show_choices(
            [(one.value, wording.party_words(one)) for one in _KINDS], audience.kind.value
        )
        self.owing.show_choices(
            [(_EVERYBODY, _("All of them")), (_OWING, _("Only those who owe something"))],
            _OWING if audience.owing else _EVERYBODY,
        )
        kinds = [(one.value, contact_kind_words(one)) for one in ContactKind]
        chosen = audience.contact_kind.value if audience.contact_kind else _EVERYBODY
        self.contact.show_choices([(_EVERYBODY, _("all")), *kinds], chosen)

    def _fit(self) -> None:
        """Ask only what can be asked of those who are meant."""
        self.owing.setVisible(self.kind.key == PartyKind.CUSTOMER)
        self.contact.setVisible(self.kind.key == PartyKind.CONTACT)

    def show_count(self, chosen: Chosen) -> None:
        """Say how many the audience is, and why others are left out."""
        self.count.setText(
            joined(" · ", (wording.chosen_words(chosen), wording.left_out_words(chosen)))
        )

    def read(self) -> Audience:
        """Return the audience that is meant."""
        kind = PartyKind(self.kind.key)
        contact = self.contact.key if kind is PartyKind.CONTACT else _EVERYBODY
        return Audience(
            kind=kind,
            text=self.words.text,
            contact_kind=ContactKind(contact) if contact else None,
            owing=kind is PartyKind.CUSTOMER and self.owing.key == _OWING,
        )
