"""Who stands at the till: sign-in by PIN, with a delay that grows with every wrong one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.staff import Permission, Role, check_pin, lockout_seconds, may
from pos_desktop.domain.text import _, ngettext
from pos_desktop.security.pins import hash_pin, pin_matches, spend_time_as_if_checking
from pos_desktop.storage import staff
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import from_stored, to_stored
from pos_desktop.storage.staff import StaffMember


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has signed in, or is named in the books."""

    id: Id
    login: str
    name: str
    role: Role


class NeedsApproval(Refused):
    """This needs a manager: approve it with a manager's name and PIN."""

    def __init__(self, permission: Permission) -> None:
        super().__init__()
        self.permission = permission


class LockedOut(Refused):
    """Locked after too many wrong PINs; wait, then try again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(locked_sentence(seconds))
        self.seconds = seconds


def locked_sentence(seconds: int) -> str:
    """Say for how many seconds a person is locked out."""
    return ngettext(
        "Locked after too many wrong PINs; try again in {seconds} second.",
        "Locked after too many wrong PINs; try again in {seconds} seconds.",
        seconds,
    ).format(seconds=seconds)


def require(person: Person, permission: Permission, approver: Person | None = None) -> None:
    """Raise NeedsApproval unless the person, or who approved, may do this."""
    if not any(may(one.role, permission) for one in (person, approver) if one):
        raise NeedsApproval(permission)


def check_may(actor: Person | None, permission: Permission) -> Id | None:
    """Return the id of an actor who may do this, for the journal; raise NeedsApproval if not.

    None is the technician at the console: whoever may read the shop's keys may do what it asks.
    """
    if actor is None:
        return None
    require(actor, permission)
    return actor.id


class SignIn:
    """Checks PINs and keeps count of wrong ones."""

    def __init__(self, database: ShopDatabase, books: Books) -> None:
        self._database = database
        self._books = books

    def people(self) -> list[Person]:
        """Return those who may sign in, by login."""
        return [_person(member) for member in staff.everybody(self._database)]

    def named(self, staff_id: Id) -> str:
        """Return the name of a person of the books, also of one who has left."""
        member = staff.by_id(self._database, staff_id)
        return member.name if member else ""

    def sign_in(self, login: str, pin: str) -> Person:
        """Return the person of a login; raise Refused for a wrong PIN and while locked out."""
        person = self._check(login, pin)
        with self._database.write():
            self._books.note("sign in", actor_id=person.id)
        return person

    def approve(self, login: str, pin: str, permission: Permission) -> Person:
        """Return the person who approves; raise Refused where they may not do it either."""
        person = self._check(login, pin)
        if not may(person.role, permission):
            raise Refused(_("{name} may not approve this either.").format(name=person.name))
        return person

    def sign_out(self, person: Person) -> None:
        """Write into the journal that a person has left the till."""
        with self._database.write():
            self._books.note("sign out", actor_id=person.id)

    def add(
        self, *, login: str, name: str, role: Role, pin: str, actor: Person | None = None
    ) -> Person:
        """Add a person; raise Refused where the login is taken or the PIN is none."""
        actor_id = check_may(actor, Permission.STAFF)
        login = check_login(login)
        pin_hash = hash_pin(check_pin(pin))
        with self._database.write():
            if staff.by_login(self._database, login):
                raise Refused(_("{login} is taken; choose another login.").format(login=login))
            person = Person(self._books.new_id(), login, name.strip() or login, role)
            member = StaffMember(person.id, login, person.name, role.value, pin_hash, 0, 0)
            now = self._books.now()
            origin = self._books.node.till_id
            staff.add(self._database, member, origin=origin, at=to_stored(now))
            detail = {"staff": person.id, "role": role.value}
            self._books.note("staff added", actor_id=actor_id, detail=detail, sealed=["staff"])
        return person

    def _check(self, login: str, pin: str) -> Person:
        member = staff.by_login(self._database, login.strip().lower())
        if member is None:
            spend_time_as_if_checking(pin)
            raise Refused(_("This name and PIN do not belong together; try again."))
        self._check_lock(member)
        if not pin_matches(member.pin_hash, pin):
            self._count_failure(member)
            raise Refused(_("This name and PIN do not belong together; try again."))
        if member.failures:
            with self._database.write():
                staff.set_attempts(self._database, member.id, failures=0, locked_until=0)
        return _person(member)

    def _check_lock(self, member: StaffMember) -> None:
        left = from_stored(member.locked_until) - self._books.now()
        longest = timedelta(seconds=lockout_seconds(member.failures))
        if left > longest:
            left = longest
            self._lock_again(member, longest)
        if left > timedelta():
            raise LockedOut(int(left.total_seconds()) + 1)

    def _lock_again(self, member: StaffMember, delay: timedelta) -> None:
        """Begin a delay anew that a clock ahead of its time had put years away."""
        until = to_stored(self._books.now() + delay)
        with self._database.write():
            staff.set_attempts(
                self._database, member.id, failures=member.failures, locked_until=until
            )

    def _count_failure(self, member: StaffMember) -> None:
        with self._database.write():
            failures = staff.count_failure(self._database, member.id)
            until = self._books.now() + timedelta(seconds=lockout_seconds(failures))
            staff.set_attempts(
                self._database, member.id, failures=failures, locked_until=to_stored(until)
            )
            self._books.note("sign in failed", actor_id=member.id, detail={"failures": failures})


def check_login(text: str) -> str:
    """Return a login in small letters; raise Refused where it is not one word."""
    login = text.strip().lower()
    if not login.isidentifier():
        raise Refused(_("A login is one word of letters and digits, such as amina."))
    return login


def _person(member: StaffMember) -> Person:
    return Person(member.id, member.login, member.name, Role(member.role))
