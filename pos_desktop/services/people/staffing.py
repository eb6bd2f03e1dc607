"""The people of the shop and their roles: who comes, who goes, who may do what."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain, count

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.staff import BUILT_IN, MANAGER, Permission, Role, check_pin, check_role
from pos_desktop.domain.text import _
from pos_desktop.security.pins import hash_pin
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person, person_of
from pos_desktop.storage import roles, staff
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.staff import StaffMember


@dataclass(frozen=True, slots=True)
class Employee:
    """A person of the shop, and whether they still work here."""

    person: Person
    active: bool


class Staffing:
    """Keeps the people and the roles."""

    def __init__(self, database: ShopDatabase, books: Books) -> None:
        self._database = database
        self._books = books

    def everybody(self, *, actor: Person | None) -> list[Employee]:
        """Return all people by login, also those who have left."""
        hand_of(actor, Permission.STAFF)
        known = roles.roles(self._database)
        members = staff.everybody(self._database, also_left=True)
        return [Employee(person_of(one, known), bool(one.active)) for one in members]

    def add(self, *, login: str, name: str, role: Role, pin: str, actor: Person | None) -> Person:
        """Add a person; raise Refused where the login is taken or the PIN is none."""
        actor_id = hand_of(actor, Permission.STAFF).actor_id
        login = check_login(login)
        pin_hash = hash_pin(check_pin(pin))
        with self._database.write():
            if staff.is_taken(self._database, login):
                raise Refused(_("{login} is taken; choose another login.").format(login=login))
            role = self._role(role.name)
            _check_may_give(actor, role)
            person = Person(self._books.new_id(), login, name.strip() or login, role)
            member = StaffMember(person.id, login, person.name, role.name, pin_hash)
            staff.add(self._database, self._books, member)
            self._note("staff added", actor_id, {"staff": person.id, "role": role.name})
        return person

    def rename(self, login: str, name: str, *, actor: Person | None) -> None:
        """Give a person another name."""
        actor_id = hand_of(actor, Permission.STAFF).actor_id
        if not name.strip():
            raise Refused(_("A person has a name: type it."))
        with self._database.write():
            member = self._member(login)
            self._check_not_above(actor, member)
            self._change(member, {"name": name.strip()}, "staff renamed", actor_id)

    def give_role(self, login: str, role: str, *, actor: Person | None) -> None:
        """Give a person another role; the last manager stays one."""
        actor_id = hand_of(actor, Permission.STAFF).actor_id
        with self._database.write():
            member, found = self._member(login), self._role(role)
            _check_may_give(actor, found)
            self._check_not_above(actor, member)
            if found.name != MANAGER.name:
                self._check_not_last_manager(member)
            detail = {"role": found.name, "before": member.role}
            self._change(member, {"role": found.name}, "staff role", actor_id, detail)

    def set_pin(self, login: str, pin: str, *, actor: Person | None) -> None:
        """Give a person another PIN, which also ends a lock-out; one's own needs no permission."""
        is_own = actor is not None and actor.login == check_login(login)
        actor_id = actor.id if actor and is_own else hand_of(actor, Permission.STAFF).actor_id
        pin_hash = hash_pin(check_pin(pin))
        with self._database.write():
            member = self._member(login)
            if not is_own:
                self._check_not_above(actor, member)
            values: dict[str, str | int] = {"pin_hash": pin_hash, "failures": 0, "locked_until": 0}
            self._change(member, values, "staff pin", actor_id)

    def let_go(self, login: str, *, actor: Person | None) -> None:
        """Let nobody sign in under this login any more; what the person did stays in the books."""
        actor_id = hand_of(actor, Permission.STAFF).actor_id
        with self._database.write():
            member = self._member(login)
            self._check_not_above(actor, member)
            self._check_not_last_manager(member)
            if actor is not None and actor.id == member.id:
                raise Refused(_("You cannot remove yourself: let another manager do it."))
            self._change(member, {"active": 0}, "staff left", actor_id)

    def take_back(self, login: str, *, actor: Person | None) -> None:
        """Let somebody who had left sign in again."""
        actor_id = hand_of(actor, Permission.STAFF).actor_id
        with self._database.write():
            member = self._member(login)
            self._check_not_above(actor, member)
            self._change(member, {"active": 1}, "staff back", actor_id)

    def speak(self, person: Person, language: str) -> None:
        """Keep in which language the till speaks to this person; empty: the machine's."""
        with self._database.write():
            staff.change(self._database, self._books, person.id, {"language": language})

    # roles

    def roles(self) -> list[Role]:
        """Return every role, those of every shop first."""
        return list(roles.roles(self._database).values())

    def put_role(self, role: Role, *, actor: Person | None) -> None:
        """Change a role or add one of the shop's own; it holds from the next act on.

        Nobody gives to others what they may not do themselves.
        """
        actor_id = hand_of(actor, Permission.STAFF).actor_id
        check_role(role)
        _check_may_give(actor, role)
        _check_may_give(actor, roles.roles(self._database).get(role.name, role))
        with self._database.write():
            before = roles.roles(self._database).get(role.name, Role(role.name, frozenset(), 0))
            roles.put(self._database, self._books, role)
            detail = {
                "role": role.name,
                "permissions": _words(role),
                "before": _words(before),
                "ceiling_bp": role.ceiling_bp,
                "ceiling_before_bp": before.ceiling_bp,
            }
            self._books.note("role", actor_id=actor_id, detail=detail, sealed=["role"])

    def restore_role(self, name: str, *, actor: Person | None) -> None:
        """Make a role of every shop again what it is at first."""
        if name not in BUILT_IN:
            raise Refused(_("{name} is a role of your own: change it.").format(name=name))
        self.put_role(BUILT_IN[name], actor=actor)

    # how it is done

    def _member(self, login: str) -> StaffMember:
        for member in staff.everybody(self._database, also_left=True):
            if member.login == login.strip().lower():
                return member
        raise Refused(_("Nobody here is called {login}: look at the list.").format(login=login))

    def _role(self, name: str) -> Role:
        known = roles.roles(self._database)
        if name not in known:
            raise Refused(
                _("There is no role {name}; choose one of {roles}.").format(
                    name=name, roles=", ".join(known)
                )
            )
        return known[name]

    def _check_not_above(self, actor: Person | None, member: StaffMember) -> None:
        """Raise Refused where somebody would change a person who may do more than they."""
        known = roles.roles(self._database)
        if member.role in known:
            _check_may_give(actor, known[member.role])

    def _check_not_last_manager(self, member: StaffMember) -> None:
        managers = [one for one in staff.everybody(self._database) if one.role == MANAGER.name]
        if [one.id for one in managers] == [member.id]:
            raise Refused(_("This is the only manager: make somebody else a manager first."))

    def _change(
        self,
        member: StaffMember,
        values: dict[str, str | int],
        kind: str,
        actor_id: Id | None,
        detail: dict[str, str] | None = None,
    ) -> None:
        staff.change(self._database, self._books, member.id, values)
        self._note(kind, actor_id, {"staff": member.id, **(detail or {})})

    def _note(self, kind: str, actor_id: Id | None, detail: dict[str, str]) -> None:
        self._books.note(kind, actor_id=actor_id, detail=detail, sealed=["staff"])


def _words(role: Role) -> list[str]:
    return sorted(permission.value for permission in role.permissions)


def _check_may_give(actor: Person | None, role: Role) -> None:
    if actor is None:
        return
    own = actor.role
    if not role.permissions <= own.permissions or not own.may_discount(role.ceiling_bp):
        raise Refused(_("You may give only what you may do yourself: ask a manager."))


def suggest_login(name: str, taken: Collection[str]) -> str:
    """Return a login for somebody of this name that nobody has; nothing where the name gives none.

    It is the first word in plain small letters, with a number where that is taken.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = ["".join(sign for sign in word if sign.isalnum()) for word in plain.split()]
    first = next((word for word in words if word.isidentifier()), "")
    if not first:
        return ""
    spellings = chain([first], (f"{first}{number}" for number in count(2)))
    return next(one for one in spellings if one not in taken)


def check_login(text: str) -> str:
    """Return a login in small letters; raise Refused where it is not one word."""
    login = text.strip().lower()
    if not login.isidentifier():
        raise Refused(_("A login is one word of letters and digits, such as amina."))
    return login
