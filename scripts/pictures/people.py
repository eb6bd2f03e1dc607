"""The people of the shop, who come in and go out, and its customers."""

from __future__ import annotations

from PySide6.QtTest import QTest

from pos_desktop.domain import commands as do
from pos_desktop.domain.staff import CASHIER
from pos_desktop.services.people.customers import Particulars
from pos_desktop.services.people.staffing import suggest_login
from pos_desktop.ui.screens.office.list_page import ListPage
from scripts.pictures.sell import SELLING
from scripts.pictures.steps import LONG_NAME, LONG_WORD, K, States, listed, office, until
from scripts.player import Player


def _with_people(player: Player) -> None:
    """Let the shop have twelve people, one of whom has left, and customers with accounts."""
    shop = player.program.shop
    names = ("Amina Otieno", "Brian Mwangi", "Cherono Kiplagat", "Dorcas Achieng", LONG_NAME[:60])
    for name in (*names, "Esther", "Fatuma", "Grace", "Hassan", "Ibrahim Abdirahman Mohamud"):
        login = suggest_login(name, {one.login for one in shop.sign_in.people()})
        shop.staffing.add(login=login, name=name, role=CASHIER, pin="2468", actor=None)
    shop.staffing.let_go("dorcas", actor=None)


def _with_customers(player: Player) -> None:
    """Let the shop have four customers, one of whom owes something."""
    shop = player.program.shop
    for place, name in enumerate(("Akinyi Otieno", "Baraka Hotel", LONG_NAME, LONG_WORD)):
        one = Particulars(
            name=name,
            phone=f"071234567{place}",
            email=f"customer.{place}@example.com",
            kra_pin="P051234567X" if place == 1 else "",
            address="Tom Mboya Street 14, opposite the old post office, Nairobi",
            note="Pays at the end of the month",
        )
        shop.customers.set_limit(shop.customers.add(one, actor=None), 1_540_000_00, actor=None)
    _sell_on_account(player, shop.customers.search("Akinyi")[0].code)


def _sell_on_account(player: Player, code: str) -> None:
    player.sign_in()
    for _sale in range(2):
        player.scan(0, 0, 5, 9)
        for command in (do.SetCustomer(code), do.PayCredit()):
            player.window.counter.carry_out(command, lambda _reply: None, lambda _error: None)
            player.settle()
    player.window.counter.lock()
    player.settle(lambda: player.window.screen_shown is player.window.sign_in)


def _show_people(player: Player) -> None:
    player.window.sign_in.show_people(player.program.shop.sign_in.people())


def _wait_a_moment(_player: Player) -> None:
    QTest.qWait(400)


_told_wrong = until(lambda player: player.window.sign_in.who.strip.isVisible())
_told_of_staff = until(lambda player: player.page("staff", ListPage).strip.isVisible())

_STAFF_ADD = (listed("staff"), K.Key_F2, "Amina Otieno")
_CUSTOMERS = (_with_customers, listed("customers"))
_CUSTOMER = (*_CUSTOMERS, K.Key_Return, Player.settle)

STATES: States = {
    "sign_in": (),
    "sign_in_wrong": ("nj9999", K.Key_Return, _told_wrong),
    "sign_in_many": (_with_people, _show_people, "h"),
    "locked": (*SELLING, Player.go_out),
    "staff": (_with_people, listed("staff"), K.Key_F4),
    "staff_add": _STAFF_ADD,
    "staff_letters": (*_STAFF_ADD, K.Key_F9),
    "staff_refused": (listed("staff"), K.Key_Down, K.Key_Delete, K.Key_Delete, _told_of_staff),
    "roles": (listed("roles"), K.Key_Right, K.Key_Return, K.Key_Escape),
    "customers_empty": (office("customers"),),
    "customers": _CUSTOMERS,
    "customer": _CUSTOMER,
    "customer_form": (*_CUSTOMER, _wait_a_moment, K.Key_Return),
    "customer_erase": (*_CUSTOMER, K.Key_Delete),
}
