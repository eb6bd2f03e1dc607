"""Papers that did not come out, and a printer that stands still."""

from __future__ import annotations

from pos_hardware.faults import Fault

from pos_desktop.services.printing.faults import fault_words
from pos_desktop.ui.kit.pill import Tone
from scripts.pictures.sell import SELLING
from scripts.pictures.steps import CHANGE_SHOWN, K, States, by_name, keypad, scan
from scripts.pictures.tenders import CHANGE
from scripts.player import Player


def printed(player: Player) -> None:
    """Wait until all papers are out."""
    rows = player.program.shop.reader.rows
    sql = "SELECT 1 FROM print_job WHERE state IN ('queued', 'sending')"
    player.settle(lambda: not list(rows(sql)))


def paper_runs_out(player: Player) -> None:
    """Let the roll end once all papers are out."""
    printed(player)
    _tell_trouble(player, Fault.PAPER_OUT)


def _tell_trouble(player: Player, fault: Fault) -> None:
    trouble = fault_words(fault)
    player.window.top_bar.show_printer(trouble, Tone.DANGER, "")
    player.window.counter.printer.tell(trouble, holds_papers=True)
    player.settle()


def _set_papers(player: Player, state: str, fault: str, which: str = "kind <> 'drawer'") -> None:
    database = player.program.shop.database
    with database.write():
        sql = f"UPDATE print_job SET state = ?, fault = ? WHERE {which}"
        database.execute_sql(sql, (state, fault))


def _show_papers(player: Player) -> None:
    player.window.papers.show()
    player.settle_at(player.window.papers.page)


def _refresh(player: Player) -> None:
    player.window.papers.refresh()
    player.settle()


def papers(player: Player) -> None:
    player.play(*SELLING, K.Key_F8, CHANGE_SHOWN, printed)
    _set_papers(player, "unknown", "lost", which="1")
    player.scan(3)
    _show_papers(player)


def papers_waiting(player: Player) -> None:
    sales = (scan(0), K.Key_F8, CHANGE_SHOWN, scan(5), K.Key_F8, CHANGE_SHOWN)
    player.play(Player.sign_in, *sales, printed)
    player.program.shop.print_room.stop()
    _set_papers(player, "queued", Fault.PAPER_OUT.value)
    _show_papers(player)
    _tell_trouble(player, Fault.PAPER_OUT)


def papers_no_drawer(player: Player) -> None:
    papers_waiting(player)
    _set_papers(player, "failed", Fault.TOO_LATE.value, which="kind = 'drawer'")
    _refresh(player)


def papers_failed(player: Player) -> None:
    papers(player)
    _set_papers(player, "failed", Fault.BAD_DOCUMENT.value)
    _refresh(player)


def papers_unreachable(player: Player) -> None:
    papers_waiting(player)
    _set_papers(player, "queued", Fault.UNREACHABLE.value)
    _refresh(player)
    _tell_trouble(player, Fault.UNREACHABLE)


STATES: States = {
    "change_without_paper": (*CHANGE, paper_runs_out),
    "keypad_change_without_paper": (*CHANGE, keypad, paper_runs_out),
    **by_name(papers, papers_waiting, papers_no_drawer, papers_failed, papers_unreachable),
}
