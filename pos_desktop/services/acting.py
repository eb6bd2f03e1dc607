"""Who does something that not everybody may, and who approved it: as the journal keeps them."""

from __future__ import annotations

from typing import Any, NamedTuple

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.staff import Permission
from pos_desktop.services.sign_in import Approval, Person, approved, require


class ChangedMeanwhile(Refused):
    """Somebody else has changed this meanwhile; look at it as it is now and change it again."""


class Hand(NamedTuple):
    """By whose hand something is done; without an actor by the technician's at the console."""

    actor_id: Id | None
    approval: Approval | None

    @property
    def approver_id(self) -> Id | None:
        """Who has approved it, if somebody had to."""
        return self.approval.approver.id if self.approval else None

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
