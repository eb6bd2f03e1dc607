"""Goods received, corrected and counted."""

from __future__ import annotations

from unittest.mock import patch

from PySide6.QtCore import Qt

from pos_desktop.services.stock import take_jobs
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.stock.take_page import TakePage
from scripts.pictures.goods import gather, with_goods, with_low_goods
from scripts.pictures.steps import K, States, asked, chord, office, until
from scripts.player import Player, Step


def _gather(name: str) -> Step:
    """Scan four products on a page of goods."""
    return lambda player: gather(player, player.page(name, ListPage))


def _scan_new_item(player: Player) -> None:
    page = player.page("receive", ListPage)
    page.scanned("5901234123457")
    player.settle(page.strip.isVisible)


def _turn_part(player: Player) -> None:
    page = player.page("take", TakePage)
    before = page.part
    player.press(K.Key_F3)
    player.settle(lambda: page.part is not before)


def _leave_to_a_job(player: Player) -> None:
    """Leave a take to a job, as long ones are."""
    page = player.page("take", TakePage)
    with patch.object(take_jobs, "MOST_AT_ONCE", 0), patch.object(page.watch, "watch"):
        player.chord(K.Key_Return)
        player.settle(lambda: page.counting is None)


def _give_up(player: Player) -> None:
    player.press(K.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    player.settle(player.page("take", TakePage).strip.isVisible)


def _scan_one(player: Player) -> None:
    player.page("take", ListPage).scanned(player.codes[0])
    player.settle()


_counting = until(lambda player: player.page("take", TakePage).counting is not None)

_RECEIVE = (with_goods, office("receive"))
_RECEIVED = (*_RECEIVE, _gather("receive"))
_CORRECT = (with_goods, office("correct"))
_TAKES = (with_goods, office("take"))
_BEGIN = (*_TAKES, K.Key_F2, asked("take"))
_COUNT = (*_BEGIN, chord(K.Key_Return), _counting, _gather("take"))
_END = (*_COUNT, K.Key_F5, asked("take"))

STATES: States = {
    "receive_empty": _RECEIVE,
    "receive": _RECEIVED,
    "receive_head": (*_RECEIVED, K.Key_F2),
    "receive_line": (*_RECEIVED, K.Key_Return),
    "receive_back": (*_RECEIVE, K.Key_F4, _gather("receive")),
    "receive_before": (*_RECEIVE, K.Key_F6),
    "receive_new_item": (*_RECEIVE, _scan_new_item),
    "correct_empty": _CORRECT,
    "correct": (*_CORRECT, K.Key_F3, _gather("correct")),
    "correct_before": (*_CORRECT, K.Key_F6),
    "takes": _TAKES,
    "take_begin": _BEGIN,
    "take_left": (*_END, _leave_to_a_job),
    "take_count": _COUNT,
    "take_missing": (*_COUNT, _turn_part),
    "take_differences": (*_COUNT, _turn_part, _turn_part),
    "take_end": _END,
    "take_give_up": (*_COUNT, _give_up),
    "stock_take_long": (
        with_low_goods,
        *(office("take"), K.Key_F2, chord(K.Key_Return), _scan_one),
    ),
}
