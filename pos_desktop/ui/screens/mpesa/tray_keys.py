"""What can be done with a payment, with the keys; what is asked before it, and said after it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from pos_desktop.domain.mpesa_tray import TrayAct
from pos_desktop.domain.text import _
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.tile import Rank

K = Qt.Key


def act_of(act: TrayAct, do: Callable[[], None], rank: Rank) -> Act:
    """Return an act with its key and words. Long because it is a table: each stands in it once."""
    made: dict[TrayAct, Callable[[], Act]] = {
        TrayAct.ATTACH: lambda: Act(
            key=K.Key_F2,
            title=_("Attach"),
            help=_("Say which sale it is for: an open one, or a receipt that lacks its payment"),
            rank=rank,
            do=do,
        ),
        TrayAct.CASH: lambda: Act(
            key=K.Key_F3,
            title=_("In cash"),
            help=_("Give it back out of the drawer; pressed twice"),
            rank=rank,
            do=do,
        ),
        TrayAct.CREDIT: lambda: Act(
            key=K.Key_F4,
            title=_("As credit"),
            help=_("Let it stand in favour of a customer"),
            rank=rank,
            do=do,
        ),
        TrayAct.SEEN: lambda: Act(
            key=K.Key_F5,
            title=_("It is there"),
            help=_("The portal of M-Pesa shows it; pressed twice"),
            rank=rank,
            do=do,
        ),
        TrayAct.ACCEPT: lambda: Act(
            key=K.Key_F5,
            title=_("Keep it so"),
            help=_("The sale keeps it though it is another amount; pressed twice"),
            rank=rank,
            do=do,
        ),
        TrayAct.PORTAL: lambda: Act(
            key=K.Key_F6,
            title=_("Back in portal"),
            help=_("It was given back in the portal of M-Pesa; pressed twice"),
            rank=rank,
            do=do,
        ),
        TrayAct.WENT_BACK: lambda: Act(
            key=K.Key_F6,
            title=_("It went back"),
            help=_("The portal shows that it went back; pressed twice"),
            rank=rank,
            do=do,
        ),
        TrayAct.STAYED: lambda: Act(
            key=K.Key_F7,
            title=_("It did not"),
            help=_("The portal shows that it did not go back; pressed twice"),
            rank=rank,
            do=do,
        ),
        TrayAct.MISSING: lambda: Act(
            key=K.Key_F7,
            title=_("It is not there"),
            help=_("The portal of M-Pesa does not show it; pressed twice"),
            rank=rank,
            do=do,
        ),
        TrayAct.REVERSE: lambda: Act(
            key=K.Key_F8,
            title=_("Back by M-Pesa"),
            help=_("Let M-Pesa give all of it back to who has paid; pressed twice"),
            rank=rank,
            do=do,
        ),
        TrayAct.ELSEWHERE: lambda: Act(
            key=K.Key_Delete,
            title=_("Not ours"),
            help=_("Say whose it is, or why it is not the shop's"),
            rank=rank,
            do=do,
        ),
    }
    return made[act]()


def question_of(act: TrayAct) -> str:
    """Return what is asked before something is done; F-keys as they stand on the tiles."""
    return {
        TrayAct.CASH: _("Give {amount} out of the drawer? F3 does it."),
        TrayAct.REVERSE: _("Let M-Pesa give {amount} back to who has paid it? F8 does it."),
        TrayAct.PORTAL: _(
            "Give {amount} back in the portal of M-Pesa first. Is it done for {key}? F6 notes it."
        ),
        TrayAct.WENT_BACK: _("Have you seen in the portal that {key} went back? F6 notes it."),
        TrayAct.STAYED: _("Have you seen in the portal that {key} did not go back? F7 notes it."),
        TrayAct.SEEN: _("Does the portal show {key} with {amount}? F5 notes it."),
        TrayAct.MISSING: _("Have you looked for {key} in the portal in vain? F7 notes it."),
        TrayAct.ACCEPT: _("Keep it as it is? The difference stays noted. F5 does it."),
    }[act]


def done_words(act: TrayAct) -> str:
    """Return what is said once it is done."""
    return {
        TrayAct.CASH: _("It is given back: the drawer is open."),
        TrayAct.REVERSE: _("M-Pesa is asked to give it back; the list tells what comes of it."),
        TrayAct.PORTAL: _("It is noted that it went back."),
        TrayAct.WENT_BACK: _("It is noted that it went back."),
        TrayAct.STAYED: _("It is to be settled again."),
        TrayAct.SEEN: _("It is noted that it is there."),
        TrayAct.MISSING: _("It is noted that it never came."),
        TrayAct.ACCEPT: _("The sale keeps it."),
    }[act]
