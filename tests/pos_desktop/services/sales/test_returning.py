"""Goods come back: never more than was bought, by what they were paid with, or in an exchange."""

from __future__ import annotations

import pytest
from pos_hardware.rendering import render_text

from pos_desktop import settings
from pos_desktop.domain import commands as do
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tender import TenderKind
from pos_desktop.services.paper.papers import Papers
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage import refunds
from pos_desktop.storage.sales import StoredSale
from tests.pos_desktop.conftest import CASHIER, MANAGER, bad_books, person
from tests.pos_desktop.services.customers import add_customer
from tests.pos_desktop.services.play import play


def _sale(shop: Shop, counter: int) -> StoredSale:
    return shop.selling.find(ReceiptNumber("T1", counter))


def _money(shop: Shop, counter: int) -> list[tuple[str, int]]:
    return [(one.kind.value, one.amount_cents) for one in _sale(shop, counter).sale.tenders]


def _stock(shop: Shop, code: str) -> int:
    return shop.catalogue.in_stock(shop.catalogue.item(code))


def test_a_refund_gives_all_back_in_cash_with_goods_paper_and_drawer(selling_shop: Shop) -> None:
    play(selling_shop, "3*MILK", "10%", "0.750*TOM", "pay cash 500")
    reply = play(selling_shop, "refund T1-000001")
    sold, back = _sale(selling_shop, 1).sale, _sale(selling_shop, 2)
    assert str(reply.receipt) == "T1-000002"
    assert back.frame.is_refund
    assert back.sale.refund_of == sold.receipt
    assert back.sale.totals.gross_cents == -sold.totals.gross_cents
    assert back.sale.totals.vat_cents == -sold.totals.vat_cents
    assert back.sale.rounding_cents == -sold.rounding_cents
    assert _money(selling_shop, 2) == [("cash", -266_00)]
    assert _stock(selling_shop, "MILK") == _stock(selling_shop, "TOM") == 0
    kinds = [row["kind"] for row in selling_shop.database.rows("SELECT kind FROM print_job")]
    assert sorted(kinds) == ["drawer", "drawer", "receipt", "receipt"]
    assert selling_shop.till.state.basket.is_empty


def test_the_paper_of_a_refund_counts_what_came_back(selling_shop: Shop) -> None:
    play(selling_shop, "3*MILK", "pay cash", "refund T1-000001 1*2")
    document = Papers(selling_shop.configuration).receipt(_sale(selling_shop, 2), "Wanjiku")
    assert "2 items" in render_text(document, 48).splitlines()


def test_lines_come_back_in_parts_and_never_more_than_was_bought(selling_shop: Shop) -> None:
    play(selling_shop, "3*MILK", "SUGAR", "pay cash")
    play(selling_shop, "refund T1-000001 1*1")
    for too_much in ("1*3", "2*2", "3*1", "1*0.5"):
        with pytest.raises(Refused):
            play(selling_shop, f"refund T1-000001 {too_much}")
    assert selling_shop.till.state.basket.is_empty
    play(selling_shop, "refund T1-000001 1*2 2*1")
    with pytest.raises(Refused, match="came back already"):
        play(selling_shop, "refund T1-000001")
    given_back = [_sale(selling_shop, one).sale.totals.gross_cents for one in (2, 3)]
    assert sum(given_back) == -_sale(selling_shop, 1).sale.totals.gross_cents


def test_parts_that_come_back_one_by_one_give_back_no_more_cash_than_the_whole(
    selling_shop: Shop,
) -> None:
    play(selling_shop, "10*MILK", "10%", "pay cash")
    for _one in range(10):
        play(selling_shop, "refund T1-000001 1*1")
    cash = [_money(selling_shop, number)[0][1] for number in range(2, 12)]
    assert sum(cash) == -585_00
    assert set(cash) == {-58_00, -59_00}


def test_a_refund_that_is_given_back_in_parts_is_rounded_alike_after_a_crash(
    selling_shop: Shop,
) -> None:
    play(selling_shop, "3*MILK", "10%", "pay cash", "refund T1-000001 1*1")
    selling_shop.desk.execute(do.TakeBack(ReceiptNumber("T1", 1), ((1, 1000),)))
    play(selling_shop, "pay cash 10")
    again = open_shop(selling_shop.directory)
    assert again.till.resume()
    assert again.till.payment().cash_due_cents == -48_00
    again.close()


@pytest.mark.parametrize(
    ("receipt", "sentence"),
    [
        ("T1-000002", "is a refund itself"),
        ("T2-000001", "of another till"),
        ("T1-000099", "There is no receipt"),
    ],
)
def test_what_cannot_come_back_is_told_in_a_sentence(
    selling_shop: Shop, receipt: str, sentence: str
) -> None:
    play(selling_shop, "MILK", "pay cash", "refund T1-000001")
    with pytest.raises(Refused, match=sentence):
        play(selling_shop, f"refund {receipt}")


def test_money_goes_back_by_what_it_came_with(selling_shop: Shop) -> None:
    customer = add_customer(selling_shop)
    play(selling_shop, "10*MILK", f"customer {customer.code}")
    play(selling_shop, "pay card 100 A77", "pay credit 150", "pay cash")
    play(selling_shop, "refund T1-000001 1*6")
    assert _money(selling_shop, 2) == [("credit", -150_00), ("card", -100_00), ("cash", -140_00)]
    assert _sale(selling_shop, 2).sale.tenders[1].reference == "A77"
    assert selling_shop.customers.balance(customer.id) == 0
    play(selling_shop, "refund T1-000001")
    assert _money(selling_shop, 3) == [("cash", -260_00)]


def test_what_stood_on_the_account_of_somebody_erased_goes_back_in_cash(
    selling_shop: Shop,
) -> None:
    customer = add_customer(selling_shop)
    play(selling_shop, "MILK", f"customer {customer.code}", "pay credit")
    play(selling_shop, f"customer {customer.code}", "settle 65")
    selling_shop.customers.erase(customer, actor=None)
    play(selling_shop, "refund T1-000001")
    assert _money(selling_shop, 2) == [("cash", -65_00)]
    assert selling_shop.customers.balance(customer.id) == 0


def test_nothing_goes_back_to_an_account_that_nobody_has(selling_shop: Shop) -> None:
    play(selling_shop, "MILK", "pay cash")
    selling_shop.desk.execute(do.TakeBack(ReceiptNumber("T1", 1)))
    with pytest.raises(NeedsApproval):
        play(selling_shop, "pay credit")
    with pytest.raises(Refused, match="no customer to whose account"):
        play(selling_shop, f"approve {' '.join(MANAGER)}")
    assert selling_shop.till.payment().due_cents == -65_00
    play(selling_shop, "pay cash")


def test_what_is_still_to_give_back_goes_by_the_rule(selling_shop: Shop) -> None:
    play(selling_shop, "10*MILK", "pay card 400 A77", "pay cash")
    selling_shop.desk.execute(do.TakeBack(ReceiptNumber("T1", 1)))

    def still() -> list[tuple[TenderKind, int]]:
        returns = selling_shop.till.state.basket.returns
        assert returns is not None
        return selling_shop.returning.still_back(returns, selling_shop.till.payment())

    assert still() == [(TenderKind.CARD, 400_00), (TenderKind.CASH, 250_00)]
    selling_shop.desk.execute(do.PayBack(TenderKind.CARD, 100_00, "A77"))
    assert still() == [(TenderKind.CARD, 300_00), (TenderKind.CASH, 250_00)]
    selling_shop.desk.execute(do.PayBack(TenderKind.CASH, 50_00))
    assert still() == [(TenderKind.CARD, 300_00), (TenderKind.CASH, 200_00)]
    selling_shop.desk.execute(do.PayBack(TenderKind.CARD, 300_00, "A77"))
    assert still() == [(TenderKind.CASH, 200_00)]


def test_another_tender_than_the_rule_says_needs_a_manager(selling_shop: Shop) -> None:
    play(selling_shop, "MILK", "pay card 65 A1")
    selling_shop.desk.execute(do.TakeBack(ReceiptNumber("T1", 1)))
    with pytest.raises(NeedsApproval) as refused:
        selling_shop.desk.execute(do.PayBack(TenderKind.CASH))
    assert refused.value.permission is Permission.REFUND_OTHERWISE
    play(selling_shop, "approve manager 1234 card machine is broken")
    assert _money(selling_shop, 2) == [("cash", -65_00)]
    entry = selling_shop.database.row(
        "SELECT actor_id, approver_id, detail FROM journal WHERE kind = 'refund'"
    )
    assert entry is not None
    assert entry["approver_id"] not in (None, entry["actor_id"])
    assert "card machine is broken" in entry["detail"]


@pytest.mark.parametrize(
    ("rule", "money"), [("cash", [("cash", -65_00)]), ("voucher", [("voucher", -65_00)])]
)
def test_the_shops_rule_decides(
    selling_shop: Shop, rule: str, money: list[tuple[str, int]]
) -> None:
    selling_shop.configuration.set(settings.REFUND_TENDER, rule, selling_shop.books, actor=None)
    play(selling_shop, "MILK", "pay card 65 A1", "refund T1-000001")
    assert _money(selling_shop, 2) == money


@pytest.mark.parametrize("rule", ["cash", "voucher", "as_paid"])
def test_a_voucher_may_be_given_whatever_the_rule_is(selling_shop: Shop, rule: str) -> None:
    selling_shop.configuration.set(settings.REFUND_TENDER, rule, selling_shop.books, actor=None)
    play(selling_shop, "MILK", "pay cash")
    selling_shop.desk.execute(do.TakeBack(ReceiptNumber("T1", 1)))
    selling_shop.desk.execute(do.PayBack(TenderKind.VOUCHER))
    assert _money(selling_shop, 2) == [("voucher", -65_00)]


def test_a_refund_by_voucher_gives_one_out_that_pays_later(selling_shop: Shop) -> None:
    selling_shop.configuration.set(
        settings.REFUND_TENDER, "voucher", selling_shop.books, actor=None
    )
    play(selling_shop, "SUGAR", "pay cash", "refund T1-000001")
    voucher = selling_shop.vouchers.issued_by(_sale(selling_shop, 2).frame.sale_id)
    assert voucher is not None
    assert voucher.left_cents == 165_00
    play(selling_shop, "MILK", voucher.code)
    assert _money(selling_shop, 3) == [("voucher", 65_00)]
    assert selling_shop.vouchers.find(voucher.code).left_cents == 100_00
    assert selling_shop.database.value("SELECT count(*) FROM print_job WHERE kind = 'voucher'") == 1


def test_without_a_receipt_a_manager_allows_it(selling_shop: Shop) -> None:
    with pytest.raises(NeedsApproval) as refused:
        play(selling_shop, "return 2*MILK")
    assert refused.value.permission is Permission.REFUND_WITHOUT_RECEIPT
    play(selling_shop, "approve manager 1234 sour")
    with pytest.raises(NeedsApproval):
        play(selling_shop, "return SUGAR")
    play(selling_shop, "approve manager 1234 open")
    assert selling_shop.till.payment().due_cents == -295_00
    play(selling_shop, "pay cash")
    back = _sale(selling_shop, 1)
    assert (back.frame.is_refund, back.sale.refund_of) == (True, None)
    assert _stock(selling_shop, "MILK") == 2000
    entry = selling_shop.database.row("SELECT approver_id FROM journal WHERE kind = 'refund'")
    assert entry is not None
    assert entry["approver_id"]


@pytest.mark.parametrize(
    ("bought", "paid", "sale", "refund"),
    [
        ("SUGAR", "pay cash 200", [("exchange", 65_00), ("cash", 100_00)], [("exchange", -65_00)]),
        ("MILK", "pay cash", [("exchange", 65_00)], [("exchange", -65_00)]),
        ("EGG", "pay cash", [("exchange", 15_00)], [("exchange", -15_00), ("cash", -50_00)]),
    ],
)
def test_an_exchange_moves_only_the_difference(
    selling_shop: Shop,
    bought: str,
    paid: str,
    sale: list[tuple[str, int]],
    refund: list[tuple[str, int]],
) -> None:
    from tests.pos_desktop.conftest import add_product

    add_product(selling_shop, "EGG", "Egg", 15_00)
    play(selling_shop, "MILK", "pay cash", bought, "refund T1-000001")
    assert selling_shop.till.payment().due_cents == sum(
        amount for kind, amount in (*sale, *refund) if kind != "exchange"
    )
    reply = play(selling_shop, paid)
    assert str(reply.receipt) == "T1-000002"
    assert (_money(selling_shop, 2), _money(selling_shop, 3)) == (sale, refund)
    assert _sale(selling_shop, 3).sale.tenders[0].reference == "T1-000002"
    assert _sale(selling_shop, 2).sale.tenders[0].reference == "T1-000003"
    assert (
        not selling_shop.closing.x(person(selling_shop, MANAGER)).figures.tenders[-1].amount_cents
    )


def test_the_papers_of_an_exchange_are_printed_again_together(selling_shop: Shop) -> None:
    play(selling_shop, "MILK", "pay cash", "SUGAR", "refund T1-000001", "pay cash")
    reply = play(selling_shop, "reprint")
    assert (str(reply.receipt), str(reply.refund), reply.copies) == ("T1-000002", "T1-000003", 1)
    sql = "SELECT title FROM print_job WHERE copy = 1 ORDER BY id"
    titles = [row["title"] for row in selling_shop.database.rows(sql)]
    assert titles == ["T1-000002", "T1-000003"]
    assert play(selling_shop, "reprint T1-000003").refund is None
    offer = selling_shop.mail.receipts.offer(None)
    assert str(offer.receipt) == "T1-000002"


def test_an_exchange_with_cents_rounds_once(selling_shop: Shop) -> None:
    play(selling_shop, "MILK", "pay cash", "0.333*TOM", "refund T1-000001")
    play(selling_shop, "pay cash")
    sale, refund = _sale(selling_shop, 2).sale, _sale(selling_shop, 3).sale
    assert (sale.rounding_cents, refund.rounding_cents) == (0, -8)
    assert _money(selling_shop, 3) == [("exchange", -40_08), ("cash", -25_00)]


def test_what_came_back_elsewhere_meanwhile_does_not_come_back_twice(selling_shop: Shop) -> None:
    play(selling_shop, "2*MILK", "pay cash")
    selling_shop.desk.execute(do.TakeBack(ReceiptNumber("T1", 1)))
    beside = open_shop(selling_shop.directory)
    beside.till.alone = False
    play(beside, "login " + " ".join(CASHIER), "refund T1-000001 1*1")
    beside.close()
    with pytest.raises(Refused):
        play(selling_shop, "pay cash")
    assert selling_shop.till.payment().due_cents == -130_00
    assert selling_shop.database.value("SELECT count(*) FROM sale") == 2


def test_a_part_that_is_worth_another_sum_by_now_is_taken_back_anew(selling_shop: Shop) -> None:
    """Of three for 180.37 the first that comes back is worth 60.12, the second 60.13."""
    play(selling_shop, "3*MILK", "7.5%", "pay cash")
    selling_shop.desk.execute(do.TakeBack(ReceiptNumber("T1", 1), ((1, 1000),)))
    assert selling_shop.till.payment().due_cents == -60_12
    beside = open_shop(selling_shop.directory)
    beside.till.alone = False
    play(beside, "login " + " ".join(CASHIER), "refund T1-000001 1*1")
    beside.close()
    with pytest.raises(Refused, match="came back elsewhere meanwhile"):
        play(selling_shop, "pay cash")
    assert selling_shop.database.value("SELECT count(*) FROM sale") == 2


def test_what_was_exchanged_was_paid_for_before_and_goes_back_in_cash(selling_shop: Shop) -> None:
    play(selling_shop, "MILK", "pay cash", "SUGAR", "refund T1-000001", "pay cash")
    assert _money(selling_shop, 2) == [("exchange", 65_00), ("cash", 100_00)]
    play(selling_shop, "refund T1-000002")
    assert _money(selling_shop, 4) == [("cash", -165_00)]


def test_a_return_survives_a_crash_in_the_open_cart(selling_shop: Shop) -> None:
    play(selling_shop, "2*MILK", "pay cash", "SUGAR")
    selling_shop.desk.execute(do.TakeBack(ReceiptNumber("T1", 1), ((1, 1000),)))
    again = open_shop(selling_shop.directory)
    assert again.till.resume()
    assert again.till.state.basket == selling_shop.till.state.basket
    again.close()


def test_one_receipt_comes_back_at_a_time(selling_shop: Shop) -> None:
    play(selling_shop, "MILK", "pay cash", "MILK", "pay cash")
    selling_shop.desk.execute(do.TakeBack(ReceiptNumber("T1", 1)))
    with pytest.raises(Refused, match="T1-000001"):
        selling_shop.desk.execute(do.TakeBack(ReceiptNumber("T1", 2)))
    selling_shop.till.keep_return(selling_shop.till.state.basket.returns.lines[0].key)  # type: ignore[union-attr]
    selling_shop.desk.execute(do.TakeBack(ReceiptNumber("T1", 2)))


def test_a_refund_that_cannot_be_written_is_back_in_the_cart(
    selling_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(selling_shop, "MILK", "pay cash")

    def full(*_arguments: object) -> None:
        raise Unavailable("full")

    monkeypatch.setattr(selling_shop.selling, "_record", full)
    with pytest.raises(Unavailable):
        play(selling_shop, "refund T1-000001")
    monkeypatch.undo()
    assert selling_shop.till.payment().due_cents == -65_00
    play(selling_shop, "pay cash")
    assert _money(selling_shop, 2) == [("cash", -65_00)]
    assert bad_books(selling_shop) == set()


def _buys_on_account(shop: Shop) -> str:
    customer = add_customer(shop)
    shop.customers.set_limit(customer, 1000_00, actor=None)
    play(shop, "SUGAR", f"customer {customer.code}", "pay credit")
    return customer.code


def test_an_exchange_turns_no_debt_into_cash(selling_shop: Shop) -> None:
    code = _buys_on_account(selling_shop)
    play(selling_shop, "SUGAR", "refund T1-000001", "pay cash")
    selling_shop.desk.execute(do.TakeBack(ReceiptNumber("T1", 2)))
    with pytest.raises(NeedsApproval) as refused:
        selling_shop.desk.execute(do.PayBack(TenderKind.CASH))
    assert refused.value.permission is Permission.REFUND_OTHERWISE
    selling_shop.desk.execute(do.PayBack(TenderKind.VOUCHER))
    assert _money(selling_shop, 4) == [("voucher", -165_00)]
    assert selling_shop.customers.balance(selling_shop.customers.find(code).id) == 165_00


def test_who_bought_on_account_and_exchanges_has_less_to_pay(selling_shop: Shop) -> None:
    code = _buys_on_account(selling_shop)
    play(selling_shop, f"customer {code}", "SUGAR", "refund T1-000001", "pay cash")
    selling_shop.desk.execute(do.TakeBack(ReceiptNumber("T1", 2)))
    returns = selling_shop.till.state.basket.returns
    assert returns is not None
    found = selling_shop.returning.tenders(returns, 165_00)
    assert found == [(TenderKind.CREDIT, 165_00)]


@pytest.mark.parametrize(
    ("paid", "left"),
    [
        (("pay card 65 A1", "pay cash"), {TenderKind.CARD: 65_00, TenderKind.CASH: 0}),
        (("pay card 30 A1", "pay cash"), {TenderKind.CARD: 30_00, TenderKind.CASH: 35_00}),
        (("pay cash",), {TenderKind.CARD: 0, TenderKind.CASH: 65_00}),
    ],
)
def test_exchanged_goods_go_back_by_what_was_paid_first(
    selling_shop: Shop, paid: tuple[str, ...], left: dict[TenderKind, int]
) -> None:
    play(selling_shop, "MILK", "SUGAR", *paid)
    play(selling_shop, "MILK", "refund T1-000001 1*1", "pay cash")
    for number in (2, 4, 6):
        play(selling_shop, "MILK", f"refund T1-{number:06d}", "pay cash")
    last = selling_shop.database.row(
        "SELECT id FROM sale WHERE is_refund IS NULL ORDER BY receipt_number DESC LIMIT 1"
    )
    assert last is not None
    found = refunds.left_by_tender(selling_shop.reader, last["id"])
    assert {kind: found.get(kind, 0) for kind in left} == left
