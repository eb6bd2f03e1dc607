"""The reports of a shop that has sold for nine weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from pos_desktop.domain.basket import Basket
from pos_desktop.domain.quantity import ONE
from pos_desktop.domain.sale import Sale
from pos_desktop.domain.tender import Payment, TenderKind
from pos_desktop.services.reports.named_periods import PeriodName
from pos_desktop.services.reports.report_filters import By
from pos_desktop.storage import sales
from pos_desktop.storage.sales import SaleFrame
from pos_desktop.ui.screens.reports.ask_forms import PeriodForm
from pos_desktop.ui.screens.reports.reports_page import ReportsPage
from scripts.pictures.steps import K, States, asked, listed, until
from scripts.player import Player, Step


def _with_sales(player: Player) -> None:
    """Let two people have sold for nine weeks, on some days more than on others."""
    shop = player.program.shop
    shop.till.sign_in("cashier", "1111")
    now = datetime(2026, 11, 27, 14, 5, tzinfo=shop.configuration.zone)
    shop.clock.set(now - timedelta(days=63))
    shift = shop.closing.open_shift(shop.till.person, 2000_00)
    people = [one.id for one in shop.sign_in.people()]
    for day in range(63):
        for number in range(3 + day * 5 % 7 + day // 16):
            moment = now - timedelta(days=62 - day, hours=number % 7, minutes=number * 7)
            shop.clock.set(min(moment, now))
            _sell_one(player, shift.id, people[number % len(people)], day * 11 + number * 5)
    shop.clock.set(now)


def _sell_one(player: Player, shift_id: str, staff_id: str, place: int) -> None:
    shop, basket = player.program.shop, Basket()
    for step in range(1 + place % 4):
        code = player.codes[(place + step * 3) % len(player.codes)]
        basket = basket.add(shop.catalogue.item(code), (1 + step) * ONE)
    day = shop.configuration.today.isoformat()
    priced = shop.selling.price(basket, day)
    payment = Payment(due_cents=priced.totals.gross_cents)
    if place % 3:
        payment = payment.exact(TenderKind.MPESA, reference=f"QKL{place:07d}")
    else:
        payment = payment.cash(None)
    frame = SaleFrame(
        sale_id=shop.books.new_id(), shift_id=shift_id, staff_id=staff_id, business_day=day
    )
    with shop.database.write():
        receipt = sales.next_receipt(shop.database, shop.books.node.till_code)
        sales.record(shop.database, shop.books, Sale.of(receipt, priced, payment), frame)


def _page(player: Player) -> ReportsPage:
    return player.page("reports", ReportsPage)


def _make(name: str, **wishes: object) -> Step:
    """Make a report on the page of reports."""

    def make(player: Player) -> None:
        page = _page(player)
        page.make(replace(page.asked.of(name), **wishes))  # type: ignore[arg-type]
        player.settle(lambda: page.below is page.view)

    return make


def _down(count: int) -> Step:
    """Go down in the rows of a report."""

    def down(player: Player) -> None:
        for _step in range(count):
            _page(player).step(1)

    return down


def _turn_to_table(player: Player) -> None:
    _page(player).view.toggle()


def _ask_backwards(player: Player) -> None:
    """Ask for days of which the last one comes before the first."""
    form = _page(player).form
    assert isinstance(form, PeriodForm)
    form.name.choose("own")
    form.first.show_text("24/11/2026")
    form.last.show_text("1/11/2026")
    form.done.emit()


def _ask_for_no_product(player: Player) -> None:
    page = _page(player)
    page.make(replace(page.asked, filters={By.PRODUCT: "4006381333931"}))
    player.settle(lambda: page.strip.notice is not None)


_behind_shown = until(lambda player: _page(player).below is _page(player).behind)
_paper_shown = until(lambda player: _page(player).below is _page(player).paper)

_REPORTS = (listed("reports"),)
_SOLD = (_with_sales, listed("reports"))
_BY_DAY = (*_SOLD, _make("sales-by-day"))
_BY_PRODUCT = (*_SOLD, _make("sales-by-product"))
_PERIOD = (*_BY_DAY, K.Key_F2, asked("reports"))
_BEHIND = (*_BY_PRODUCT, K.Key_Return, _behind_shown)

STATES: States = {
    "reports": _REPORTS,
    "report_by_day": (*_BY_DAY, _down(9)),
    "report_year": (*_SOLD, _make("sales-by-day", period=PeriodName.THIS_YEAR)),
    "report_by_hour": (*_SOLD, _make("sales-by-hour", period=PeriodName.LAST_MONTH)),
    "report_by_product": (*_BY_PRODUCT, _down(1)),
    "report_table": (*_BY_PRODUCT, _turn_to_table, K.Key_F5, K.Key_F5, _down(3)),
    "report_summary": (*_SOLD, _make("sales-summary")),
    "report_alone": (*_SOLD, _make("margin", compare=False), _turn_to_table),
    "report_filtered": (
        *_SOLD,
        _make("vat", filters={By.CASHIER: "cashier", By.CATEGORY: "Dairy"}),
    ),
    "report_empty": (*_REPORTS, _make("sales-by-product")),
    "report_x": (*_SOLD, _make("x")),
    "report_stock": (*_SOLD, _make("stock-value")),
    "report_period": _PERIOD,
    "report_period_refused": (*_PERIOD, _ask_backwards),
    "report_filter": (*_BY_DAY, K.Key_F3, asked("reports")),
    "report_behind": _BEHIND,
    "report_paper": (*_BEHIND, K.Key_Return, _paper_shown),
    "report_refused": (*_BY_DAY, _ask_for_no_product),
}
