"""Who may do what, who approved it, and how the journal keeps them: asked here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.staff import Permission
from pos_desktop.services.people.sign_in import Person


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody whose PIN was checked lets another do what they may not, and says why."""

    approver: Person
    reason: str = ""


class NeedsApproval(Refused):
    """This needs a manager: approve it with a manager's name and PIN."""

    def __init__(self, permission: Permission, message: str | None = None) -> None:
        super().__init__(message)
        self.permission = permission


class ChangedMeanwhile(Refused):
    """Somebody else has changed this meanwhile; look at it as it is now and change it again."""


def may(person: Person, permission: Permission, approval: Approval | None) -> bool:
    """Tell whether the person, or who approved, may do this."""
    return person.may(permission) or bool(approval and approval.approver.may(permission))


def require(person: Person, permission: Permission, approval: Approval | None = None) -> None:
    """Raise NeedsApproval unless the person, or who approved, may do this."""
    if not may(person, permission, approval):
        raise NeedsApproval(permission)


def approved(approval: Approval | None, detail: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what the journal keeps of an approval beside a detail: who approved, and why."""
    found = dict(detail or {})
    if approval is None:
        return {"approver_id": None, "detail": found}
    if approval.reason:
        found["reason"] = approval.reason
    return {"approver_id": approval.approver.id, "detail": found}


class Hand(NamedTuple):
    """By whose hand something is done; without an actor by the technician's at the console."""

    actor_id: Id | None
    approval: Approval | None

    def noted(self, **detail: Any) -> dict[str, Any]:
        """Return what the journal keeps: who, who approved and why, and this detail."""
        return {"actor_id": self.actor_id, **approved(self.approval, detail)}


def hand_of(actor: Person | None, permission: Permission, approval: Approval | None = None) -> Hand:
    """Return by whose hand this is done; raise NeedsApproval where neither of them may do it.

    Without an actor it is the technician at the console, who may read the shop's keys anyway.
    """
    if actor is not None:
        require(actor, permission, approval)
    return Hand(actor.id if actor else None, approval)
