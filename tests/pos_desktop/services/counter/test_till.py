"""The till: what a cashier types becomes a basket, a payment, a sale."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.product import ProductChoice
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tax import TaxTable
from pos_desktop.services.counter.till_state import PartlyPaid
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.services.sales.held_carts import MOST_HELD
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage import carts
from tests.pos_desktop.conftest import add_product, bad_books
from tests.pos_desktop.services.play import play


def _due(shop: Shop) -> int:
    return shop.till.payment().due_cents


def test_a_cash_sale_gets_a_number_change_paper_and_a_drawer(selling_shop: Shop) -> None:
    reply = play(selling_shop, "6161100000014", "2*MILK", "0.750*TOM", "pay cash 1000")
    stored = selling_shop.selling.find(None)
    assert str(reply.receipt) == "T1-000001" == str(stored.sale.receipt)
    assert stored.sale.totals.gross_cents == 165_00 + 130_00 + 90_28
    assert stored.sale.rounding_cents == -28
    assert reply.change_cents == 1000_00 - 385_00
    jobs = selling_shop.database.rows("SELECT kind, state, title FROM print_job ORDER BY id")
    assert [job["kind"] for job in jobs] == ["drawer", "receipt"]
    assert {job["state"] for job in jobs} == {"queued"}
    assert bad_books(selling_shop) == set()


def test_the_till_is_ready_for_the_next_customer(selling_shop: Shop) -> None:
    play(selling_shop, "MILK", "pay cash")
    assert selling_shop.till.state.basket.lines == ()
    assert selling_shop.database.value("SELECT count(*) FROM cart") == 0
    assert str(play(selling_shop, "MILK", "pay cash").receipt) == "T1-000002"


def test_stock_follows_the_sale(selling_shop: Shop) -> None:
    play(selling_shop, "3*MILK", "0.750*TOM", "pay cash")
    levels = {
        row["code"]: row["quantity"]
        for row in selling_shop.database.rows(
            "SELECT code, quantity FROM stock_level k JOIN product p ON p.id = k.product_id"
        )
    }
    assert levels == {"MILK": -3000, "TOM": -750}


def test_the_same_product_counts_on_its_line_unless_the_shop_says_otherwise(
    selling_shop: Shop,
) -> None:
    from pos_desktop import settings

    play(selling_shop, "MILK", "SUGAR", "MILK")
    assert [line.quantity for line in selling_shop.till.state.basket.lines] == [2000, 1000]
    configuration, books = selling_shop.configuration, selling_shop.books
    configuration.set(settings.MERGE_SAME_PRODUCT, value=False, books=books, actor=None)
    play(selling_shop, "MILK")
    assert len(selling_shop.till.state.basket.lines) == 3


def test_what_is_unknown_or_no_longer_sold_changes_nothing(selling_shop: Shop) -> None:
    add_product(selling_shop, "OLD", "Old soap", 100_00, active=0)
    play(selling_shop, "MILK")
    for line in ("9999999999994", "OLD", "0.5*MILK", "*0.5", "100000*MILK"):
        with pytest.raises(Refused):
            play(selling_shop, line)
    assert _due(selling_shop) == 65_00


def test_goods_whose_tax_nobody_knows_do_not_come_into_the_basket(
    selling_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(selling_shop, "MILK")
    monkeypatch.setattr(selling_shop.selling, "_taxes", TaxTable([]))
    before = selling_shop.till.state.open_cart()
    for line in ("SUGAR", "*3"):
        with pytest.raises(Refused, match="has no rate"):
            play(selling_shop, line)
        assert selling_shop.till.state.open_cart() == before
    kept = json.loads(str(selling_shop.database.value("SELECT body FROM cart")))
    assert len(kept["lines"]) == 1


def test_upc_and_ean_spellings_of_one_barcode_both_sell(selling_shop: Shop) -> None:
    add_product(selling_shop, "TEA", "Tea", 200_00, barcode="0036000291452")
    play(selling_shop, "036000291452")
    assert selling_shop.till.state.basket.lines[-1].item.name == "Tea"


def test_nothing_is_sold_before_sign_in_or_without_a_shift(shop: Shop) -> None:
    add_product(shop, "MILK", "Milk", 65_00)
    with pytest.raises(Refused, match="Sign in"):
        play(shop, "MILK")
    play(shop, "login cashier 1111")
    with pytest.raises(Refused, match="shift"):
        play(shop, "MILK")


def test_two_discounts_together_stop_at_the_ceiling(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "5%", "MILK", "5%%")
    assert _due(selling_shop) == 210_66  # 165.00 less 5 %, 65.00, and 5 % off both
    for more in ("6%", "10%"):
        with pytest.raises(NeedsApproval):
            play(selling_shop, more)
    play(selling_shop, "5%")
    with pytest.raises(NeedsApproval):
        play(selling_shop, "10%%")
    play(selling_shop, "approve manager 1234 regular", "0%%", "0%")
    assert _due(selling_shop) == 221_75


def test_discounts_stop_at_the_roles_ceiling_until_approved(selling_shop: Shop) -> None:
    play(selling_shop, "10*SUGAR", "10%")
    assert _due(selling_shop) == 1485_00
    with pytest.raises(NeedsApproval):
        play(selling_shop, "20%%")
    with pytest.raises(Refused, match="may not approve"):
        play(selling_shop, "approve cashier 1111")
    play(selling_shop, "approve manager 1234")
    assert _due(selling_shop) == 1188_00
    entry = selling_shop.database.row(
        "SELECT actor_id, approver_id FROM journal WHERE kind = 'cart discount'"
    )
    assert entry is not None
    people = {person.id: person.login for person in selling_shop.sign_in.people()}
    assert people[entry["actor_id"]] == "cashier"
    assert people[entry["approver_id"]] == "manager"


def test_an_approval_holds_for_one_command(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR")
    with pytest.raises(NeedsApproval):
        play(selling_shop, "=100")
    play(selling_shop, "approve manager 1234")
    with pytest.raises(Refused, match="Nothing waits"):
        play(selling_shop, "approve manager 1234")
    with pytest.raises(NeedsApproval):
        play(selling_shop, "=90")
    assert _due(selling_shop) == 100_00


def test_an_approval_that_is_not_enough_may_be_followed_by_one_that_is(selling_shop: Shop) -> None:
    from pos_desktop.domain import staff

    selling_shop.staffing.add(
        login="super", name="Mary", role=staff.SUPERVISOR, pin="5555", actor=None
    )
    play(selling_shop, "SUGAR")
    with pytest.raises(NeedsApproval):
        play(selling_shop, "50%")
    with pytest.raises(NeedsApproval):
        play(selling_shop, "approve super 5555")
    play(selling_shop, "approve manager 1234")
    assert _due(selling_shop) == 82_50


def test_an_approval_never_reaches_behind_the_last_command(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR")
    with pytest.raises(NeedsApproval):
        play(selling_shop, "=5")
    with pytest.raises(Refused, match="No product"):
        play(selling_shop, "nonsense")
    with pytest.raises(Refused, match="Nothing waits"):
        play(selling_shop, "approve manager 1234")
    assert _due(selling_shop) == 165_00


def test_a_sale_that_is_partly_paid_is_not_put_aside(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "pay cash 100")
    with pytest.raises(Refused, match="paid"):
        play(selling_shop, "hold")
    assert selling_shop.till.payment().remaining_cents == 65_00


def _is_held(shop: Shop) -> bool:
    return bool(shop.database.value("SELECT state FROM cart") == carts.HELD)


def test_a_held_cart_without_a_price_stays_on_hold(
    selling_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(selling_shop, "SUGAR", "hold")
    with monkeypatch.context() as without_rates:
        without_rates.setattr(selling_shop.selling, "_taxes", TaxTable([]))
        with pytest.raises(Refused, match=r"The sale is on hold\. Tax band B has no rate on"):
            play(selling_shop, "recall")
        assert selling_shop.till.state.open_cart() is None
        assert _is_held(selling_shop)
    play(selling_shop, "recall", "pay cash")
    assert selling_shop.database.value("SELECT count(*) FROM cart") == 0


def test_an_open_cart_without_a_price_is_put_on_hold_when_the_program_begins(
    selling_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(selling_shop, "SUGAR")
    again = open_shop(selling_shop.directory)
    monkeypatch.setattr(again.selling, "_taxes", TaxTable([]))
    with pytest.raises(Refused, match=r"The sale is on hold\. Tax band B has no rate on"):
        again.till.resume()
    assert again.till.state.basket.is_empty
    assert _is_held(again)
    assert not again.till.resume()
    again.close()


def test_a_held_cart_is_taken_up_once(selling_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    play(selling_shop, "SUGAR", "hold")
    stale = selling_shop.carts.on_hold(None)
    beside = open_shop(selling_shop.directory)
    beside.till.sign_in("manager", "1234")
    play(beside, "recall", "pay cash")
    beside.close()
    monkeypatch.setattr(selling_shop.carts, "on_hold", lambda _name: stale)
    with pytest.raises(Refused, match="Another till"):
        play(selling_shop, "recall")
    assert selling_shop.database.value("SELECT count(*) FROM sale") == 1
    assert selling_shop.database.value("SELECT count(*) FROM cart") == 0


def test_a_held_cart_that_is_open_elsewhere_is_not_taken_up_again(
    selling_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other till has it on its screen still; the list here was read before."""
    play(selling_shop, "SUGAR", "hold")
    stale = selling_shop.carts.on_hold(None)
    beside = open_shop(selling_shop.directory)
    beside.till.sign_in("manager", "1234")
    play(beside, "recall")
    monkeypatch.setattr(selling_shop.carts, "on_hold", lambda _name: stale)
    with pytest.raises(Refused, match="Another till"):
        play(selling_shop, "recall")
    assert selling_shop.till.state.basket.lines == ()
    assert play(beside, "pay cash").receipt is not None
    beside.close()


def test_no_cart_is_sold_twice_whoever_holds_it(selling_shop: Shop) -> None:
    from pos_desktop.services.sales.selling import AlreadySold

    play(selling_shop, "SUGAR")
    beside = open_shop(selling_shop.directory)
    beside.till.sign_in("manager", "1234")
    assert beside.till.resume()
    play(beside, "pay cash")
    beside.close()
    with pytest.raises(AlreadySold):
        play(selling_shop, "pay cash")
    assert selling_shop.database.value("SELECT count(*) FROM sale") == 1
    play(selling_shop, "clear", "MILK", "pay cash")
    assert bad_books(selling_shop) == set()


def test_a_cart_that_cannot_be_read_stops_no_other(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "hold", "MILK", "hold")
    selling_shop.database.execute_sql(
        "UPDATE cart SET body = '{\"version\":99}' WHERE label LIKE '%Sugar%'"
    )
    assert [cart.label[-11:] for cart in selling_shop.carts.held()] == ["Milk 500 ml"]


def test_a_sale_stands_whatever_follows_its_commit(selling_shop: Shop) -> None:
    def broken() -> None:
        raise RuntimeError("a listener fails")

    selling_shop.print_queue.subscribe(broken)
    reply = play(selling_shop, "SUGAR", "pay cash")
    assert str(reply.receipt) == "T1-000001"
    assert selling_shop.till.state.basket.lines == ()


def test_a_till_whose_code_was_changed_sells_no_more_until_it_is_opened_again(
    selling_shop: Shop,
) -> None:
    from pos_desktop import settings
    from pos_desktop.storage.books import StaleTill

    play(selling_shop, "z")
    beside = open_shop(selling_shop.directory)
    beside.configuration.set(settings.TILL_CODE, "T2", beside.books, actor=None)
    assert beside.books.node.till_code == "T2"
    beside.close()
    with pytest.raises(StaleTill):
        play(selling_shop, "shift open 0")
    again = open_shop(selling_shop.directory)
    again.till.sign_in("manager", "1234")
    assert str(play(again, "shift open 0", "MILK", "pay cash").receipt) == "T2-000001"
    assert bad_books(again) == set()
    again.close()


def test_a_part_payment_leaves_the_rest_and_a_new_scan_begins_it_again(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "pay cash 100")
    assert selling_shop.till.payment().remaining_cents == 65_00
    play(selling_shop, "MILK")
    assert selling_shop.till.payment().remaining_cents == 230_00
    assert play(selling_shop, "pay cash 250").change_cents == 20_00


def test_a_held_cart_comes_back_as_it_was(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "2*MILK", "10%")
    basket = selling_shop.till.state.basket
    label = play(selling_shop, "hold").message
    assert label.endswith("Sugar 1 kg +1")
    play(selling_shop, "MILK", "hold Mama Otieno", "recall")
    assert len(selling_shop.till.state.basket.lines) == 1
    with pytest.raises(Refused, match="Finish or hold"):
        play(selling_shop, "recall")
    play(selling_shop, "clear", f"recall {label}")
    assert selling_shop.till.state.basket == basket


def dearer(shop: Shop, code: str, price_cents: int) -> None:
    """Let the shop change a price meanwhile."""
    (card,) = shop.goods.products.listed(ProductChoice(text=code), 1)
    shop.goods.products.change(card, replace(card.form, price_cents=price_cents), actor=None)


def test_a_cart_that_comes_back_says_what_costs_something_else_now(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "2*MILK", "10%", "hold Juma")
    dearer(selling_shop, "MILK", 70_00)
    reply = play(selling_shop, "recall")
    assert reply.changed_prices == 1
    assert reply.message == (
        "Juma. 1 price has changed since it was scanned; the sale keeps the old one."
    )
    assert [line.price_cents for line in selling_shop.till.state.basket.lines] == [165_00, 65_00]
    assert play(selling_shop, "reprice").message == "1 price is today's now."
    assert [line.price_cents for line in selling_shop.till.state.basket.lines] == [165_00, 70_00]
    assert selling_shop.till.priced().totals.gross_cents == 165_00 + 126_00
    with pytest.raises(Refused, match="No price of this sale has changed"):
        play(selling_shop, "reprice")


def test_a_cart_that_is_paid_in_part_keeps_its_prices(selling_shop: Shop) -> None:
    play(selling_shop, "2*MILK", "pay cash 100")
    dearer(selling_shop, "MILK", 70_00)
    with pytest.raises(PartlyPaid):
        play(selling_shop, "reprice")
    assert selling_shop.till.payment().remaining_cents == 30_00


def test_an_open_cart_survives_the_end_of_the_program(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "2*MILK")
    basket = selling_shop.till.state.basket
    again = open_shop(selling_shop.directory)
    assert again.till.resume()
    assert again.till.state.basket == basket
    again.till.sign_in("cashier", "1111")
    assert play(again, "pay cash").receipt is not None
    assert not again.till.resume()
    again.close()


def test_a_second_till_does_not_take_up_the_open_cart_of_the_first(selling_shop: Shop) -> None:
    from pos_desktop.shop_locks import till_open

    with till_open(selling_shop.directory, selling_shop.till):
        play(selling_shop, "SUGAR")
        beside = open_shop(selling_shop.directory)
        with till_open(beside.directory, beside.till):
            assert not beside.till.resume()
        beside.close()
    again = open_shop(selling_shop.directory)
    with till_open(again.directory, again.till):
        assert again.till.resume()
    again.close()


def test_of_several_carts_left_open_the_older_ones_are_on_hold(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR")
    beside = open_shop(selling_shop.directory)
    beside.till.sign_in("cashier", "1111")
    play(beside, "2*MILK")
    beside.close()
    again = open_shop(selling_shop.directory)
    assert again.till.resume()
    assert [line.item.code for line in again.till.state.basket.lines] == ["MILK"]
    (held,) = again.carts.held()
    assert [line.item.code for line in held.basket.lines] == ["SUGAR"]
    again.close()


def test_what_is_taken_out_is_in_the_journal_with_who(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "3*MILK", "-", "*1", "void", "clear")
    kinds = [
        row["kind"]
        for row in selling_shop.database.rows(
            "SELECT kind FROM journal WHERE actor_id IS NOT NULL ORDER BY seq"
        )
    ]
    assert kinds[-4:] == ["quantity lowered", "quantity lowered", "line void", "cart void"]


def test_a_reprint_is_a_copy_and_is_recorded(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "pay cash", "reprint", "reprint t1-000001")
    jobs = selling_shop.database.rows(
        "SELECT copy, body FROM print_job WHERE kind = 'receipt' ORDER BY id"
    )
    assert [job["copy"] for job in jobs] == [0, 1, 1]
    assert ["COPY" in job["body"] for job in jobs] == [False, True, True]
    entries = selling_shop.database.rows(
        "SELECT actor_id, detail FROM journal WHERE kind = 'reprint'"
    )
    person = selling_shop.till.person.id
    assert entries == [{"actor_id": person, "detail": '{"receipt":"T1-000001"}'}] * 2
    with pytest.raises(Refused, match="no such receipt"):
        play(selling_shop, "reprint T1-000099")


def test_a_sale_that_cannot_be_recorded_comes_back_whole(
    selling_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(selling_shop, "SUGAR", "MILK")
    basket = selling_shop.till.state.basket
    pages = selling_shop.database.value("PRAGMA page_count")
    selling_shop.database.value(f"PRAGMA max_page_count = {pages}")
    monkeypatch.setattr("pos_desktop.services.paper.papers.Letterhead.of", _long_letterhead)
    with pytest.raises(Unavailable, match="disk is full"):
        play(selling_shop, "pay cash")
    assert selling_shop.till.state.basket == basket
    selling_shop.database.value("PRAGMA max_page_count = 1000000")
    monkeypatch.undo()
    assert str(play(selling_shop, "pay cash").receipt) == "T1-000001"
    assert bad_books(selling_shop) == set()


def _long_letterhead(_configuration: object) -> object:
    from pos_desktop.services.paper.paper_parts import Letterhead

    return Letterhead("Duka", "", ("x" * 9_000,) * 9, (), (), "KES", demo=False)


def test_the_clock_is_set_in_a_demo_shop_only(selling_shop: Shop) -> None:
    with pytest.raises(Refused, match="demo"):
        play(selling_shop, "at 2026-11-24T08:15:00")


def test_a_price_check_sells_nothing(selling_shop: Shop) -> None:
    assert play(selling_shop, "?SUGAR").message == "Sugar 1 kg: 165.00, in stock 0"
    assert "Sugar" in play(selling_shop, "/sugr").message
    assert selling_shop.till.state.basket.lines == ()


@pytest.mark.parametrize(
    ("line", "kind", "change"),
    [
        ("50%", "line discount", {"new_price_cents": 165_00, "discount_bp": 5000}),
        ("=100", "price set", {"new_price_cents": 100_00, "discount_bp": 0}),
        ("50%%", "cart discount", {}),
    ],
)
def test_the_journal_says_who_approved_what(
    selling_shop: Shop, line: str, kind: str, change: dict[str, int]
) -> None:
    play(selling_shop, "SUGAR")
    with pytest.raises(NeedsApproval):
        play(selling_shop, line)
    play(selling_shop, "approve manager 1234")
    entry = selling_shop.database.row(
        "SELECT actor_id, approver_id, detail FROM journal WHERE kind = ?", (kind,)
    )
    assert entry is not None
    people = {person.id: person.login for person in selling_shop.sign_in.people()}
    assert (people[entry["actor_id"]], people[entry["approver_id"]]) == ("cashier", "manager")
    detail = json.loads(entry["detail"])
    if change:
        (changed,) = detail["lines"]
        assert (changed["price_cents"], changed["quantity"]) == (165_00, 1000)
        assert {name: changed[name] for name in change} == change
    else:
        assert detail["cart_discount_bp"] == 5000


def test_more_sales_than_a_person_looks_through_are_not_put_aside(selling_shop: Shop) -> None:
    for number in range(MOST_HELD):
        play(selling_shop, "MILK", f"hold number {number}")
    with pytest.raises(Refused, match="Too many"):
        play(selling_shop, "MILK", "hold")
    assert len(selling_shop.carts.held()) == MOST_HELD
    assert len(selling_shop.till.state.basket.lines) == 1


def test_the_code_of_a_till_is_not_changed_in_the_middle_of_a_day(selling_shop: Shop) -> None:
    from pos_desktop import settings

    configuration, books = selling_shop.configuration, selling_shop.books
    with pytest.raises(Refused, match="Close the day"):
        configuration.set(settings.TILL_CODE, "T2", books, actor=None)
    assert configuration.get(settings.TILL_CODE) == "T1"
    assert str(play(selling_shop, "MILK", "pay cash").receipt) == "T1-000001"


def test_an_approval_holds_for_less_and_for_goods_that_come_back(selling_shop: Shop) -> None:
    play(selling_shop, "2*SUGAR", "pay cash", "2*SUGAR")
    role = selling_shop.till.person.role
    lacking = {Permission.VOID, Permission.REFUND}
    less = replace(role, permissions=role.permissions - lacking)
    selling_shop.staffing.put_role(less, actor=None)
    for line in ("-", "refund T1-000001"):
        with pytest.raises(NeedsApproval):
            play(selling_shop, line)
        play(selling_shop, "approve manager 1234")
    basket = selling_shop.till.state.basket
    assert basket.lines[0].quantity == 1000
    assert basket.returns is not None
    assert basket.returns.approver_id is not None
    assert selling_shop.sign_in.named(basket.returns.approver_id) == "Njeri"


def test_who_may_not_run_a_shift_does_it_with_approval(selling_shop: Shop) -> None:
    role = selling_shop.till.person.role
    less = replace(role, permissions=role.permissions - {Permission.RUN_SHIFT})
    selling_shop.staffing.put_role(less, actor=None)
    for line in ("cash in 100 change", "x", "shift close 5000"):
        with pytest.raises(NeedsApproval):
            play(selling_shop, line)
        play(selling_shop, "approve manager 1234")
    kinds = ("cash move", "shift close")
    for kind in kinds:
        approver = selling_shop.database.value(
            "SELECT approver_id FROM journal WHERE kind = ? ORDER BY seq DESC LIMIT 1", (kind,)
        )
        assert selling_shop.sign_in.named(approver) == "Njeri"
