"""Who does something that not everybody may, and who approved it: as the journal keeps them."""

from __future__ import annotations

from typing import NamedTuple

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.staff import Permission
from pos_desktop.services.sign_in import Approval, Person, require


class ChangedMeanwhile(Refused):
    """Somebody else has changed this meanwhile; look at it as it is now and change it again."""


class Hand(NamedTuple):
    """By whose hand something is done; None for the technician at the console."""

    actor_id: Id | None
    approver_id: Id | None


def hand_of(actor: Person | None, permission: Permission, approval: Approval | None = None) -> Hand:
    """Return by whose hand this is done; raise NeedsApproval where neither of them may do it.

    Without an actor it is the technician at the console, who may read the shop's keys anyway.
    """
    if actor is not None:
        require(actor, permission, approval)
    return Hand(actor.id if actor else None, approval.approver.id if approval else None)
