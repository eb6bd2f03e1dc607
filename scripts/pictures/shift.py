"""The shift and the day: opened, counted, closed."""

from __future__ import annotations

from pos_desktop.domain.text import _
from pos_desktop.shop import open_shop
from scripts.pictures.papers import paper_runs_out
from scripts.pictures.sell import HELD, SELLING
from scripts.pictures.steps import CHANGE_SHOWN, K, States, shown, told, until
from scripts.player import Player

_DAY_SHOWN = shown(lambda sell: sell.shift.day)
_CLOSED_SHOWN = shown(lambda sell: sell.shift.closed)

_NOW = (*SELLING, K.Key_F8, CHANGE_SHOWN, Player.open_shift_page)
_COUNTING = (*_NOW, K.Key_Return, shown(lambda sell: sell.shift.count))
_COUNT = (*_COUNTING, "5112.50")
_VARIANCE = (*_COUNTING, "3360", K.Key_Return, shown(lambda sell: sell.shift.variance))
_VARIANCE_ASKED = (*_VARIANCE, K.Key_Return)
_DAY_ASKED = (*_NOW, "z", _DAY_SHOWN)
_DAY_CLOSED = (*_DAY_ASKED, K.Key_Return, _CLOSED_SHOWN)


def _come_in(player: Player) -> None:
    player.come_in("cashier", "1111")


def _close_elsewhere(player: Player) -> None:
    """Let another program close the shift."""
    other = open_shop(player.program.shop.directory)
    other.closing.close_shift(player.program.shop.till.person, 0)
    other.close()


def _show_refund(player: Player) -> None:
    rows = (_("Sales"), "16"), (_("Refunds"), "1"), (_("VAT included"), "535.53")
    player.window.sell.shift.closed.facts.show_rows(*rows)


_open_shift_shown = until(lambda player: player.window.screen_shown is player.window.open_shift)
_WITHOUT_SHIFT = (_come_in, _open_shift_shown)

STATES: States = {
    "open_shift": (*_WITHOUT_SHIFT, "2000"),
    "no_shift": (*_WITHOUT_SHIFT, Player.open_shift_page),
    "shift_lost": (*SELLING, _close_elsewhere, K.Key_F8, _open_shift_shown),
    "shift_now": _NOW,
    "shift_count": _COUNT,
    "count_doubted": (*_COUNT, K.Key_Return, told),
    "shift_pieces": (*_COUNTING, "n4", K.Key_Return, "2"),
    "shift_variance": _VARIANCE,
    "shift_variance_asked": _VARIANCE_ASKED,
    "shift_closed": (*_VARIANCE_ASKED, K.Key_Return, _CLOSED_SHOWN),
    "cash_out": (*_NOW, "o500"),
    "no_sale": (*_NOW, "d"),
    "x_without_paper": (*_NOW, "x", told, paper_runs_out),
    "day_asked": _DAY_ASKED,
    "day_asked_on_hold": (
        *HELD,
        *(K.Key_F8, CHANGE_SHOWN, Player.open_shift_page),
        *("z", _DAY_SHOWN),
    ),
    "day_closed": _DAY_CLOSED,
    "day_closed_with_refund": (*_DAY_CLOSED, _show_refund),
    "day_closed_without_paper": (*_DAY_CLOSED, paper_runs_out),
}
