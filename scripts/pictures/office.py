"""The menu behind the counter, and pages of it that stand alone."""

from __future__ import annotations

from pos_desktop.domain.export import ExportWish, FileForm
from pos_desktop.ui.screens.office.layout_page import LayoutPage
from pos_desktop.ui.screens.office.list_page import ListPage
from scripts.pictures.sell import SELLING
from scripts.pictures.steps import K, States, office
from scripts.player import Player


def _click_menu(player: Player) -> None:
    player.window.top_bar.menu.click()


def _show_menu(player: Player) -> None:
    player.window.office.show_menu()


def _show_training(player: Player) -> None:
    player.window.office.show_page("training")


def receipt_layout(player: Player) -> None:
    """Show how a receipt would look."""
    page = player.office_page("receipt", LayoutPage)
    player.settle(lambda: not page.preview.pixmap().isNull())


def files(player: Player) -> None:
    """Show a file that is done, one that has failed, and one that is to come."""
    shop = player.program.shop
    for wish in (
        ExportWish(
            what="sales-by-product", form=FileForm.PDF, first="2026-11-01", end="2026-12-01"
        ),
        ExportWish(what="products", form=FileForm.CSV),
        ExportWish(what="stock", form=FileForm.XLSX),
    ):
        shop.exports.leave(wish, actor=None)
    shop.database.execute_sql(
        "UPDATE export SET state = 'done', file = 'f', row_count = 12345, byte_count = 345678 "
        "WHERE number = 1"
    )
    shop.database.execute_sql(
        "UPDATE export SET state = 'failed', reason = 'The disk is full: free some room, then make "
        "the file again.' WHERE number = 2"
    )
    page = player.office_page("files", ListPage)
    player.settle(lambda: page.list.lines.rowCount() == 3)
    page.list.move(2)


MENU = (Player.come_in, _click_menu)
_MENU_OF_CASHIER = (*SELLING, _show_menu)

STATES: States = {
    "office_menu": MENU,
    "menu": _MENU_OF_CASHIER,
    "training": (*_MENU_OF_CASHIER, _show_training),
    "receipt_layout": (receipt_layout,),
    "files": (files,),
    "files_new": (office("files"), K.Key_F2),
}
