"""Who stands at the till: sign-in by PIN, with a delay that grows with every wrong one."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.controlled_acts import Act
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.ids import Id
from pos_desktop.domain.staff import (
    FREE_FAILURES,
    LONGEST_PIN,
    Permission,
    Role,
    lockout_seconds,
)
from pos_desktop.domain.text import _, ngettext
from pos_desktop.security.pins import pin_matches, spend_time_as_if_checking
from pos_desktop.services.people.door_notes import DoorNotes
from pos_desktop.storage import roles, staff
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import from_stored, to_stored
from pos_desktop.storage.staff import StaffMember

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has signed in, or is named in the books."""

    id: Id
    login: str
    name: str
    role: Role
    language: str = ""
    """What the till speaks to them; empty where that is the machine's own."""

    def may(self, permission: Permission) -> bool:
        """Tell whether they may do something by themselves."""
        return self.role.may(permission)


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


class SignIn:
    """Checks PINs and keeps count of wrong ones: in memory where the disk takes no count.

    A disk that is full keeps nobody in or out, and nobody may try PINs on it without end.
    """

    def __init__(
        self,
        database: ShopDatabase,
        reader: ShopDatabase,
        books: Books,
        clock: Clock,
        notes: DoorNotes,
    ) -> None:
        self._database = database
        self._reader = reader
        self._books = books
        self._clock = clock
        self._held: dict[Id, float] = {}
        """Until when people are locked out, by the clock that nobody sets."""
        self._uncounted: dict[Id, int] = {}
        """How many wrong PINs in a row the disk has not taken."""
        self._notes = notes

    def people(self) -> list[Person]:
        """Return those who may sign in, by login."""
        known = roles.roles(self._database)
        return [person_of(member, known) for member in staff.everybody(self._database)]

    def named(self, staff_id: Id) -> str:
        """Return the name of a person of the books, also of one who has left."""
        member = staff.by_id(self._database, staff_id)
        return member.name if member else ""

    def as_now(self, person: Person) -> Person:
        """Return a person with the role they have now; raise Refused where they were let go."""
        member = staff.by_id(self._reader, person.id)
        if member is None or not member.active:
            raise Refused(
                _("{name} was let go: sign in as somebody else.").format(name=person.name)
            )
        return person_of(member, roles.roles(self._reader))

    def sign_in(self, login: str, pin: str) -> Person:
        """Return the person of a login; raise Refused for a wrong PIN and while locked out."""
        person = self._check(login, pin)
        self._notes.note("sign in", actor_id=person.id)
        return person

    def approve(self, login: str, pin: str, permission: Permission) -> Person:
        """Return the person who approves; raise Refused where they may not do it either."""
        person = self._check(login, pin)
        if not person.may(permission):
            raise Refused(_("{name} may not approve this either.").format(name=person.name))
        return person

    def sign_out(self, person: Person) -> None:
        """Write into the journal that a person has left the till; nothing keeps them there."""
        self._notes.note("sign out", actor_id=person.id)

    def _check(self, login: str, pin: str) -> Person:
        if len(pin) > LONGEST_PIN:
            raise Refused(_("A PIN has at most eight digits: type it again."))
        member = staff.by_login(self._database, login.strip().lower())
        if member is None:
            spend_time_as_if_checking(pin)
            raise Refused(_("This name and PIN do not belong together; try again."))
        self._check_lock(member)
        if not pin_matches(member.pin_hash, pin):
            self._count_failure(member)
            raise Refused(_("This name and PIN do not belong together; try again."))
        self._forget_failures(member)
        return person_of(member, roles.roles(self._database))

    def _check_lock(self, member: StaffMember) -> None:
        left = from_stored(member.locked_until) - self._books.now()
        failures = member.failures + self._uncounted.get(member.id, 0)
        longest = timedelta(seconds=lockout_seconds(member.failures))
        if left > longest:
            left = longest
            self._lock_again(member, longest)
        if failures:
            held = self._held.get(member.id, 0.0) - self._clock.monotonic()
            left = max(left, timedelta(seconds=held))
        if left > timedelta():
            raise LockedOut(int(left.total_seconds()) + 1)

    def _lock_again(self, member: StaffMember, delay: timedelta) -> None:
        """Begin a delay anew that a clock ahead of its time had put years away."""
        until = to_stored(self._books.now() + delay)
        with suppress(Unavailable), self._database.write():
            staff.set_attempts(
                self._database, member.id, failures=member.failures, locked_until=until
            )

    def _forget_failures(self, member: StaffMember) -> None:
        self._uncounted.pop(member.id, None)
        if member.failures:
            with suppress(Unavailable), self._database.write():
                staff.set_attempts(self._database, member.id, failures=0, locked_until=0)

    def _count_failure(self, member: StaffMember) -> None:
        uncounted = self._uncounted.get(member.id, 0)
        try:
            self._write_failure(member, uncounted)
        except Unavailable as error:
            log.warning("a wrong PIN is counted in memory: %s", error)
            self._uncounted[member.id] = uncounted + 1
            # A new start forgets it, so that none is free.
            failures = max(FREE_FAILURES, member.failures + uncounted + 1)
            self._held[member.id] = self._clock.monotonic() + lockout_seconds(failures)
        else:
            self._uncounted.pop(member.id, None)

    def _write_failure(self, member: StaffMember, uncounted: int) -> None:
        with self._database.write():
            failures = staff.count_failure(self._database, member.id) + uncounted
            delay = lockout_seconds(failures)
            self._held[member.id] = self._clock.monotonic() + delay
            until = self._books.now() + timedelta(seconds=delay)
            staff.set_attempts(
                self._database, member.id, failures=failures, locked_until=to_stored(until)
            )
            self._books.note(Act.WRONG_PIN.value, actor_id=member.id, detail={"failures": failures})


def person_of(member: StaffMember, known: Mapping[str, Role]) -> Person:
    """Return the person that a row of the staff is about.

    Whose role this shop does not know has none of its permissions: they may sign in, and no more.
    """
    role = known.get(member.role) or Role(member.role, frozenset(), 0)
    return Person(member.id, member.login, member.name, role, member.language)
