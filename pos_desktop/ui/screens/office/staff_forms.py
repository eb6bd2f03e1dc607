"""What is typed of a person: name, login, role and PIN."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.staff import CASHIER, Role, check_pin
from pos_desktop.domain.text import _
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.people.staffing import suggest_login
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField

_LONGEST_PIN = 8
_LONGEST_LOGIN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """What was typed of somebody who begins."""

    name: str
    login: str
    role: Role
    pin: str


class PinPair:
    """A PIN, typed twice: nobody sees it."""

    def __init__(self) -> None:
        self.pin = FormField(_("PIN"), hint=_("4 to 8 digits"), secret=True, longest=_LONGEST_PIN)
        self.again = FormField(_("The same PIN again"), secret=True, longest=_LONGEST_PIN)

    def read(self) -> str:
        """Return the PIN; raise Refused where it is none, or two."""
        pin = check_pin(self.pin.text)
        if pin != self.again.text:
            self.again.field.clear()
            raise Refused(_("These are two different PINs; type both again."))
        return pin


class AddForm(Form):
    """Somebody who begins to work here."""

    def __init__(self, roles: Sequence[Role], logins: Collection[str]) -> None:
        """Offer these roles; the logins are taken."""
        self._roles = {role.name: role for role in roles}
        self._logins = logins
        self._pins = PinPair()
        self.name = FormField(_("Name"), hint=_("As it stands on receipts"))
        self.login = FormField(
            _("Login"), hint=_("One word, such as amina"), longest=_LONGEST_LOGIN
        )
        self.role = role_choice(roles, CASHIER.name)
        self.pin, self.again = self._pins.pin, self._pins.again
        super().__init__(
            _("Add a person"),
            ((self.name, self.login), self.role, (self.pin, self.again)),
        )
        self._suggested = ""
        self.name.field.textChanged.connect(self._suggest)

    def read(self) -> NewPerson:
        """Return what was typed; raise Refused where something is missing."""
        if not self.name.text:
            raise Refused(_("A person has a name: type it."))
        return NewPerson(
            name=self.name.text,
            login=self.login.text,
            role=self._roles[self.role.key],
            pin=self._pins.read(),
        )

    def _suggest(self, name: str) -> None:
        """Let the login follow the name, until another one was typed."""
        if self.login.text in ("", self._suggested):
            self._suggested = suggest_login(name, self._logins)
            self.login.show_text(self._suggested)


class ChangeForm(Form):
    """Name and role of somebody."""

    def __init__(self, person: Person, roles: Sequence[Role]) -> None:
        self.name = FormField(_("Name"))
        self.name.show_text(person.name)
        self.role = role_choice(roles, person.role.name)
        super().__init__(_("Change a person"), (self.name, self.role))


class PinForm(Form):
    """A new PIN for somebody."""

    def __init__(self) -> None:
        self._pins = PinPair()
        self.pin, self.again = self._pins.pin, self._pins.again
        super().__init__(_("New PIN"), (self.pin, self.again))

    def read(self) -> str:
        """Return the PIN; raise Refused where it is none, or two."""
        return self._pins.read()


def role_choice(roles: Sequence[Role], chosen: str) -> Choice:
    """Return the choice of a role."""
    choice = Choice(_("Role"))
    choice.show_choices([(role.name, role.label) for role in roles], chosen)
    return choice
