"""Shifts and days: every figure agrees to the cent, and closing never refuses."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pos_desktop import settings as app_settings
from pos_desktop.domain.controlled_acts import Act
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.figures import TenderTotal
from pos_desktop.domain.shift import CashDirection
from pos_desktop.domain.tax import TaxRate
from pos_desktop.domain.tender import TenderKind
from pos_desktop.services.paper.closing_reports import DayReport, ShiftReport
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.services.people.customers import Particulars
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage.tax_rates import put_rates
from tests.pos_desktop.conftest import CASHIER, MANAGER, bad_books, person
from tests.pos_desktop.services.play import play


def test_a_shift_counts_its_cash(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "pay cash 500", "cash in 300 change", "cash out 50.50 transport")
    report = play(selling_shop, "x").report
    assert isinstance(report, ShiftReport)
    assert report.drawer.expected_cents == 2_000_00 + 165_00 + 300_00 - 50_50
    closed = play(selling_shop, "shift close 2400").report
    assert isinstance(closed, ShiftReport)
    assert closed.drawer.variance(closed.counted_cents or 0) == -14_50
    assert selling_shop.closing.current() is None
    assert bad_books(selling_shop) == set()


def test_only_one_shift_is_open_at_a_drawer(selling_shop: Shop) -> None:
    with pytest.raises(Refused, match="close it"):
        play(selling_shop, "shift open 100")


def test_a_cashier_closes_only_the_own_shift(selling_shop: Shop) -> None:
    from pos_desktop.domain import staff

    selling_shop.staffing.add(
        login="otieno", name="Otieno", role=staff.CASHIER, pin="2222", actor=None
    )
    play(selling_shop, "logout", "login otieno 2222")
    with pytest.raises(NeedsApproval):
        play(selling_shop, "shift close 2000")
    play(selling_shop, "logout", f"login {' '.join(MANAGER)}", "shift close 2000")
    assert selling_shop.closing.current() is None


def test_how_a_person_counted_last_is_known(selling_shop: Shop) -> None:
    closing, cashier = selling_shop.closing, selling_shop.till.person
    assert not closing.counts_pieces(cashier)
    closing.close_shift(cashier, 2_000_00, pieces={1000_00: 2})
    assert closing.counts_pieces(cashier)
    assert not closing.counts_pieces(person(selling_shop, MANAGER))
    closing.open_shift(cashier, 2_000_00)
    play(selling_shop, "z")
    assert closing.counts_pieces(cashier), "nobody counted the shift that the Z closed"
    closing.open_shift(cashier, 2_000_00)
    closing.close_shift(cashier, 2_000_00)
    assert not closing.counts_pieces(cashier)


def test_pieces_that_do_not_come_to_the_count_close_nothing(selling_shop: Shop) -> None:
    close, cashier = selling_shop.closing.close_shift, selling_shop.till.person
    with pytest.raises(Refused, match="count them again"):
        close(cashier, 2_000_00, pieces={1000_00: 1})
    assert selling_shop.closing.current() is not None
    close(cashier, 2_000_00, pieces={1000_00: 2})
    assert selling_shop.closing.current() is None


def test_more_than_the_limit_is_too_much_cash_and_the_limit_is_not(selling_shop: Shop) -> None:
    found = []
    for limit in (0, 1_999_99, 2_000_00):
        limit_of = app_settings.SAFE_DROP_CENTS
        selling_shop.configuration.set(limit_of, limit, selling_shop.books, actor=None)
        found.append(selling_shop.closing.too_much_cash())
    assert found == [None, 2_000_00, None]


def test_an_open_cart_stops_the_shift_from_closing(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR")
    with pytest.raises(Refused, match="Finish or hold"):
        play(selling_shop, "shift close 2000")


def test_a_z_closes_the_day_and_what_is_open_in_it(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "pay cash", "MILK", "pay cash")
    report = play(selling_shop, "z").report
    assert isinstance(report, DayReport)
    assert (report.number, report.figures.sales) == (1, 2)
    assert report.figures.gross_cents == 230_00
    assert [shift.counted_cents for shift in report.shifts] == [None]
    assert selling_shop.closing.current() is None
    with pytest.raises(Refused, match="shift"):
        play(selling_shop, "SUGAR")


def test_a_second_z_of_a_date_needs_a_manager_and_holds_only_what_came_since(
    selling_shop: Shop,
) -> None:
    play(selling_shop, "SUGAR", "pay cash", "z", "shift open 100", "MILK", "pay cash")
    with pytest.raises(NeedsApproval):
        play(selling_shop, "z")
    report = play(selling_shop, "approve manager 1234 the printer jammed").report
    assert isinstance(report, DayReport)
    assert (report.number, report.figures.gross_cents) == (2, 65_00)
    entry = selling_shop.database.row(
        "SELECT approver_id, detail FROM journal WHERE kind = 'z' ORDER BY seq DESC LIMIT 1"
    )
    assert entry is not None
    assert selling_shop.sign_in.named(entry["approver_id"] or "") == "Njeri"
    assert "the printer jammed" in entry["detail"]
    assert bad_books(selling_shop) == set()


def test_a_sale_never_enters_a_shift_that_was_closed_meanwhile(selling_shop: Shop) -> None:
    from pos_desktop.services.sales.selling import ShiftClosed

    play(selling_shop, "SUGAR")
    beside = open_shop(selling_shop.directory)
    beside.till.sign_in(*MANAGER)
    play(beside, "z")
    beside.close()
    with pytest.raises(ShiftClosed):
        play(selling_shop, "pay cash")
    assert len(selling_shop.till.state.basket.lines) == 1
    assert bad_books(selling_shop) == set()


@pytest.mark.spoils_books
def test_figures_that_are_not_those_of_the_sales_are_found(selling_shop: Shop) -> None:
    from pos_desktop.storage.audit import run_checks

    play(selling_shop, "SUGAR", "pay cash", "z", "shift open 0", "MILK", "pay cash")
    play(selling_shop, "logout", "login manager 1234", "z")
    database = selling_shop.database
    assert bad_books(selling_shop) == set()
    for table in ("z_report", "shift_close"):
        database.execute_sql(f"DROP TRIGGER {table}_no_update")
        database.execute_sql(
            f"UPDATE {table} SET figures = replace(figures, '6500', '6501') "
            "WHERE figures LIKE '%6500%'"
        )
    checks = run_checks(database, selling_shop.key, selling_shop.head)
    (found,) = [check.detail for check in checks if check.check == "closings"]
    assert "the X of the shift closed at" in found
    assert "Z 2" in found


def test_a_z_without_any_sale_does_not_refuse(selling_shop: Shop) -> None:
    report = play(selling_shop, "z").report
    assert isinstance(report, DayReport)
    assert report.figures.sales == 0


def test_a_nights_sales_stay_with_the_evening_on_which_they_began(demo_shop: Shop) -> None:
    play(demo_shop, "at 2026-11-24T20:00:00", "shift open 0", "P001", "pay cash")
    play(demo_shop, "at 2026-11-25T01:30:00", "P001", "pay cash")
    report = play(demo_shop, "z").report
    assert isinstance(report, DayReport)
    assert (report.business_day, report.figures.sales) == ("2026-11-24", 2)
    summary = demo_shop.reporting.make(
        "sales-summary", "2026-11-24", "2026-11-25", actor=None
    ).document
    assert summary["gross_cents"] == report.figures.gross_cents
    by_time = demo_shop.reporting.make(
        "sales-summary", "2026-11-25T00:00", "2026-11-26T00:00", actor=None
    ).document
    assert by_time["sales"] == 1


LINES = st.lists(
    st.tuples(
        st.sampled_from(["SUGAR", "MILK", "TOM"]),
        st.integers(1, 9),
        st.sampled_from(["", "5%", "10%"]),
    ),
    min_size=1,
    max_size=5,
)
SALES = st.lists(st.tuples(LINES, st.sampled_from(["", "7.5%%"])), min_size=1, max_size=6)


@hypothesis_settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(sales=SALES)
def test_receipts_x_z_and_reports_agree_to_the_cent(
    selling_shop: Shop, sales: list[tuple[list[tuple[str, int, str]], str]]
) -> None:
    if selling_shop.closing.current() is None:
        selling_shop.till.sign_in(*MANAGER)
        play(selling_shop, "shift open 0")
    receipts = []
    for lines, cart_discount in sales:
        for code, count, discount in lines:
            quantity = f"{count / 8:.3f}" if code == "TOM" else count
            play(selling_shop, f"{quantity}*{code}")
            if discount:
                play(selling_shop, discount)
        if cart_discount:
            play(selling_shop, cart_discount)
        receipts.append(play(selling_shop, "pay cash").receipt)
    found = [selling_shop.selling.find(receipt).sale for receipt in receipts]
    x = play(selling_shop, "x").report
    assert isinstance(x, ShiftReport)
    assert x.figures.gross_cents == sum(sale.totals.gross_cents for sale in found)
    assert x.figures.vat_cents == sum(band.vat_cents for sale in found for band in sale.bands)
    assert x.drawer.taken_cents == x.figures.gross_cents + x.figures.rounding_cents
    selling_shop.till.sign_in(*MANAGER)
    z = play(selling_shop, "z").report
    assert isinstance(z, DayReport)
    assert z.figures == x.figures
    kept = selling_shop.database.value("SELECT figures FROM z_report ORDER BY number DESC LIMIT 1")
    assert json.loads(kept)["gross_cents"] == x.figures.gross_cents
    assert bad_books(selling_shop) == set()


def test_cash_moves_need_a_shift(selling_shop: Shop) -> None:
    play(selling_shop, "shift close 2000")
    with pytest.raises(Refused, match="No shift"):
        selling_shop.closing.move_cash(selling_shop.till.person, CashDirection.IN, 100_00, "change")


def test_the_figures_count_what_stays_and_not_the_change(selling_shop: Shop) -> None:
    report = play(selling_shop, "SUGAR", "pay cash 500", "x").report
    assert isinstance(report, ShiftReport)
    assert report.figures.tenders == (
        TenderTotal(kind=TenderKind.CASH, amount_cents=165_00, count=1),
    )
    assert report.drawer.taken_cents == 165_00


def test_a_z_under_a_new_code_holds_the_sales_of_that_code_alone(selling_shop: Shop) -> None:
    """The facts of an epoch are numbered anew: a number alone says nothing of before and after."""
    play(selling_shop, *("SUGAR", "pay cash") * 5, "z")
    code, books = app_settings.TILL_CODE, selling_shop.books
    selling_shop.configuration.set(code, "T2", books, actor=None)
    again = open_shop(selling_shop.directory)
    again.till.sign_in(*MANAGER)
    report = play(again, "shift open 0", "MILK", "pay cash", "z").report
    assert isinstance(report, DayReport)
    assert (report.figures.sales, report.figures.gross_cents) == (1, 65_00)
    assert bad_books(again) == set()
    again.close()


def test_a_night_keeps_the_tax_of_its_evening(demo_shop: Shop) -> None:
    change = date(2027, 1, 1)
    with demo_shop.database.write():
        demo_shop.database.execute_sql(
            "UPDATE tax_rate SET valid_to = ? WHERE band = 'B'", (change.isoformat(),)
        )
        put_rates(demo_shop.database, [TaxRate("B", 18_00, change, None, "VAT 18%")])
        demo_shop.books.note("tax rates", actor_id=None, sealed=["tax_rate"])
    shop = open_shop(demo_shop.directory)
    shop.till.sign_in(*CASHIER)
    play(shop, "at 2026-12-31T21:00:00", "shift open 0", "P001", "pay cash")
    play(shop, "at 2027-01-01T01:00:00", "P001", "pay cash")
    assert [line.rate_bp for line in shop.selling.find(None).sale.lines] == [16_00]
    play(shop, "z", "shift open 0", "P001", "pay cash")
    assert [line.rate_bp for line in shop.selling.find(None).sale.lines] == [18_00]
    assert bad_books(shop) == set()
    shop.close()


def test_a_report_ends_before_its_last_date(demo_shop: Shop) -> None:
    play(demo_shop, "at 2026-11-24T09:00:00", "shift open 0", "P001", "pay cash", "z")
    play(demo_shop, "at 2026-11-25T09:00:00", "shift open 0", "P001", "pay cash")
    for first, end, sales in (
        ("2026-11-24", "2026-11-25", 1),
        ("2026-11-25", "2026-11-26", 1),
        ("2026-11-24", "2026-11-26", 2),
    ):
        assert (
            demo_shop.reporting.make("sales-summary", first, end, actor=None).document["sales"]
            == sales
        )


def test_what_an_owner_watches_for_stands_on_the_z(selling_shop: Shop) -> None:
    shop, manager = selling_shop, person(selling_shop, MANAGER)
    customer = shop.customers.add(Particulars(name="Akinyi"), actor=None)

    def approved(*typed: str) -> None:
        with pytest.raises(NeedsApproval):
            play(shop, *typed)
        play(shop, "approve manager 1234 agreed")

    approved("return MILK")
    play(shop, "pay cash")
    shop.till.state.person = manager
    shop.customers.set_limit(customer, 100_00, actor=manager)
    play(shop, "login cashier 1111", "SUGAR", f"customer {customer.code}")
    approved("pay credit")
    shop.goods.products.quick_add("NEW1", "Soap", 50_00, actor=manager)
    report = play(shop, "login manager 1234", "z").report
    assert isinstance(report, DayReport)
    found = {one.total.act: one for one in report.acts}
    returned, credit, item = (found[act] for act in (Act.RETURNED, Act.ON_CREDIT, Act.NEW_ITEM))
    assert (returned.total.amount_cents, returned.approved_by) == (65_00, "Njeri")
    assert (credit.total.amount_cents, credit.approved_by) == (-65_00, "Njeri")
    told = {row["act"]: row["what"] for row in shop.reporting.make("audit", actor=None).rows}
    assert told["Credit over the limit"] == f"{customer.code} · agreed · 65.00"
    assert told["Item added at the till"] == "Soap · 50.00"
    assert (item.total.count, item.by) == (1, "Njeri")
