"""Card, account, voucher and split: what each brings, and what it refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pos_hardware.rendering import render_text

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.staff import Permission
from pos_desktop.services.counter.till_state import NothingToPay
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.services.sales.selling import ShiftClosed
from pos_desktop.shop import Shop, open_shop
from tests.pos_desktop.conftest import CASHIER, MANAGER, bad_books, person
from tests.pos_desktop.services.customers import add_customer
from tests.pos_desktop.services.play import play


def _tenders(shop: Shop) -> list[tuple[str, int, str]]:
    sale = shop.selling.find(None).sale
    return [(one.kind.value, one.amount_cents, one.reference) for one in sale.tenders]


def test_a_sale_is_split_over_card_account_and_rounded_cash(selling_shop: Shop) -> None:
    customer = add_customer(selling_shop)
    play(selling_shop, "0.750*TOM", "SUGAR", f"customer {customer.phone}")
    play(selling_shop, "pay card 100 A77", "pay credit 50.28", "pay cash 200")
    assert _tenders(selling_shop) == [
        ("card", 100_00, "A77"),
        ("credit", 50_28, ""),
        ("cash", 105_00, ""),
    ]
    assert selling_shop.customers.balance(customer.id) == 50_28


def test_credit_needs_a_customer_and_stops_at_the_limit(selling_shop: Shop) -> None:
    play(selling_shop, "2*SUGAR")
    with pytest.raises(Refused, match="F4"):
        play(selling_shop, "pay credit")
    customer = add_customer(selling_shop, limit_cents=200_00)
    play(selling_shop, f"customer {customer.code}")
    with pytest.raises(NeedsApproval, match="may owe 200") as refused:
        play(selling_shop, "pay credit")
    assert refused.value.permission is Permission.CREDIT_OVER_LIMIT
    play(selling_shop, "approve manager 1234 knows her")
    assert selling_shop.customers.balance(customer.id) == 330_00
    entry = selling_shop.database.row("SELECT approver_id, detail FROM journal WHERE kind = 'sale'")
    assert entry is not None
    assert entry["approver_id"]
    assert "knows her" in entry["detail"]


def test_a_customer_may_owe_the_whole_limit_and_no_cent_more(selling_shop: Shop) -> None:
    customer = add_customer(selling_shop, limit_cents=165_00)
    play(selling_shop, "SUGAR", f"customer {customer.code}", "pay credit")
    assert selling_shop.customers.balance(customer.id) == 165_00
    play(selling_shop, "MILK", f"customer {customer.code}")
    with pytest.raises(NeedsApproval):
        play(selling_shop, "pay credit 0.01")


def test_a_payment_on_account_is_in_drawer_and_tenders_but_no_sale(selling_shop: Shop) -> None:
    customer = add_customer(selling_shop)
    play(selling_shop, "2*SUGAR", f"customer {customer.code}", "pay credit")
    for payment in ("settle 100", "settle 50 card B2"):
        play(selling_shop, f"customer {customer.code}", payment)
    assert selling_shop.customers.balance(customer.id) == 180_00
    report = selling_shop.closing.x(person(selling_shop, MANAGER))
    assert (report.figures.gross_cents, report.figures.on_account_cents) == (330_00, 150_00)
    assert [(one.kind.value, one.amount_cents) for one in report.figures.tenders] == [
        ("cash", 100_00),
        ("card", 50_00),
        ("credit", 330_00),
    ]
    assert report.drawer.on_account_cents == 100_00
    assert report.drawer.expected_cents == 2_100_00
    play(selling_shop, f"customer {customer.code}")
    for wrong in ("settle 0", "settle 999999999"):
        with pytest.raises(Refused):
            play(selling_shop, wrong)
    assert bad_books(selling_shop) == set()


@pytest.mark.parametrize("line", ["settle 30", "voucher 30"])
def test_no_money_enters_a_shift_that_was_closed_meanwhile(selling_shop: Shop, line: str) -> None:
    customer = add_customer(selling_shop)
    play(selling_shop, "SUGAR", f"customer {customer.code}", "pay credit")
    play(selling_shop, f"customer {customer.code}")
    beside = open_shop(selling_shop.directory)
    play(beside, "login " + " ".join(CASHIER), "shift close 2000")
    beside.close()
    with pytest.raises(ShiftClosed):
        play(selling_shop, line)
    assert selling_shop.customers.balance(customer.id) == 165_00
    assert bad_books(selling_shop) == set()


def test_the_drawer_opens_for_cash_on_account_and_not_for_a_card(selling_shop: Shop) -> None:
    customer = add_customer(selling_shop)
    play(selling_shop, "SUGAR", f"customer {customer.code}", "pay credit")
    opened = []
    for payment in ("settle 50 card B2", "voucher 30 card B3", "settle 50", "voucher 30"):
        play(selling_shop, f"customer {customer.code}", payment)
        sql = "SELECT count(*) FROM print_job WHERE kind = 'drawer'"
        opened.append(selling_shop.database.value(sql))
    assert opened == [0, 0, 1, 2]


def test_a_voucher_is_sold_and_pays_in_parts_until_it_is_used_up(selling_shop: Shop) -> None:
    play(selling_shop, "voucher 100")
    code = str(selling_shop.database.value("SELECT code FROM voucher"))
    play(selling_shop, "MILK", code)
    with pytest.raises(Refused, match=r"35\.00"):
        play(selling_shop, "SUGAR", f"pay voucher {code} 36")
    play(selling_shop, code, "pay cash")
    assert _tenders(selling_shop) == [("voucher", 35_00, code), ("cash", 130_00, "")]
    with pytest.raises(Refused, match="used up"):
        play(selling_shop, "MILK", code)
    assert bad_books(selling_shop) == set()


def test_one_voucher_cannot_pay_twice_in_one_sale(selling_shop: Shop) -> None:
    play(selling_shop, "voucher 50")
    code = str(selling_shop.database.value("SELECT code FROM voucher"))
    play(selling_shop, "SUGAR", f"pay voucher {code} 30", f"pay voucher {code}")
    assert selling_shop.till.payment().remaining_cents == 115_00
    with pytest.raises(Refused):
        play(selling_shop, f"pay voucher {code}")


def test_a_voucher_that_was_used_elsewhere_meanwhile_pays_no_more_than_is_left(
    selling_shop: Shop,
) -> None:
    play(selling_shop, "voucher 100")
    code = str(selling_shop.database.value("SELECT code FROM voucher"))
    play(selling_shop, "SUGAR", f"pay voucher {code} 80")
    beside = open_shop(selling_shop.directory)
    beside.till.alone = False
    play(beside, "login " + " ".join(CASHIER), "MILK", code)
    beside.close()
    with pytest.raises(Refused, match=r"only 35\.00 is left"):
        play(selling_shop, "pay cash")
    assert selling_shop.database.value("SELECT count(*) FROM sale") == 1
    assert bad_books(selling_shop) == set()


def test_a_voucher_has_a_last_day_where_the_shop_says_so(selling_shop: Shop) -> None:
    configuration, books = selling_shop.configuration, selling_shop.books
    configuration.set(settings.VOUCHER_DAYS, 30, books, actor=None)
    play(selling_shop, "voucher 50")
    code = str(selling_shop.database.value("SELECT code FROM voucher"))
    bought = selling_shop.clock.now()
    selling_shop.clock.set(bought + timedelta(days=30))
    play(selling_shop, "MILK", f"pay voucher {code} 20", "pay cash")
    selling_shop.clock.set(bought + timedelta(days=31))
    with pytest.raises(Refused, match="valid until"):
        play(selling_shop, "MILK", f"pay voucher {code}")


def test_a_voucher_says_its_number_once(selling_shop: Shop) -> None:
    play(selling_shop, "voucher 100")
    code = str(selling_shop.database.value("SELECT code FROM voucher"))
    paper = selling_shop.papers.voucher(selling_shop.vouchers.find(code), "T1-P00001")
    assert render_text(paper, 48).count(code) == 1


def test_no_other_paper_shows_the_whole_code_of_a_voucher(selling_shop: Shop) -> None:
    play(selling_shop, "voucher 100")
    code = str(selling_shop.database.value("SELECT code FROM voucher"))
    play(selling_shop, "MILK", code)
    papers = selling_shop.database.rows("SELECT kind, body FROM print_job ORDER BY id")
    showing = [paper["kind"] for paper in papers if code in paper["body"]]
    assert showing == ["voucher"]
    assert any(f"***{code[-4:]}" in paper["body"] for paper in papers)


@pytest.mark.parametrize("line", ["pay card 66 A1", "pay card 0 A1", "pay credit 66"])
def test_no_tender_takes_more_than_is_due(selling_shop: Shop, line: str) -> None:
    customer = add_customer(selling_shop)
    play(selling_shop, "MILK", f"customer {customer.code}")
    with pytest.raises(Refused):
        play(selling_shop, line)
    assert selling_shop.till.payment().remaining_cents == 65_00


@pytest.mark.parametrize("line", ["pay cash", "pay card 5 A1", "pay credit", "pay credit 5"])
def test_an_empty_cart_has_nothing_to_pay(selling_shop: Shop, line: str) -> None:
    with pytest.raises(NothingToPay, match="scan a product first"):
        play(selling_shop, line)


def test_what_is_paid_stays_paid_when_the_customer_is_said_later(selling_shop: Shop) -> None:
    first = add_customer(selling_shop)
    play(selling_shop, "2*SUGAR", "pay card 100 A77", f"customer {first.code}")
    assert selling_shop.till.payment().paid_cents == 100_00
    play(selling_shop, "pay credit 50")
    play(selling_shop, "customer -")
    assert selling_shop.till.payment().paid_cents == 0


def test_the_next_customer_is_nobody_s_account(selling_shop: Shop) -> None:
    customer = add_customer(selling_shop)
    play(selling_shop, "SUGAR", f"customer {customer.code}", "pay credit")
    play(selling_shop, f"customer {customer.code}", "settle 30")
    assert selling_shop.till.state.basket.customer_id is None


def test_a_slip_of_the_hand_is_no_voucher_and_no_advance(selling_shop: Shop) -> None:
    customer = add_customer(selling_shop)
    play(selling_shop, "SUGAR", f"customer {customer.code}", "pay credit")
    for line in ("voucher 50000.01", "settle 50165.01"):
        play(selling_shop, f"customer {customer.code}")
        with pytest.raises(Refused, match=r"Nobody pays more than 50,000\.00"):
            play(selling_shop, line)
    play(selling_shop, "voucher 50000", f"customer {customer.code}", "settle 50165")
    assert selling_shop.customers.balance(customer.id) == -50_000_00
    selling_shop.configuration.set(
        settings.HIGHEST_PREPAID_CENTS, 0, selling_shop.books, actor=None
    )
    play(selling_shop, "voucher 60000")
