"""A manager reads what it is about and how much of it, whatever its name is."""

from __future__ import annotations

import pytest

from pos_desktop.domain import commands as do
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.shift import CashDirection
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tender import TenderKind
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.services.people.customers import Particulars
from pos_desktop.shop import Shop
from pos_desktop.ui.screens.sell.approval_words import ApprovalWords, ready_reasons
from tests.pos_desktop.conftest import add_product
from tests.pos_desktop.services.customers import add_customer
from tests.pos_desktop.services.play import play


def said(shop: Shop, command: do.Command) -> str:
    """Return what is said of a command that waits."""
    needed = NeedsApproval(Permission.VOID)
    return ApprovalWords(shop).what_waits(command, shop.till.state.basket, needed)


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (do.LineDiscount(40_00), "40% off Milk 500 ml: 78.00 less"),
        (do.CartDiscount(50_00), "50% off the whole sale: 171.75 less"),
        (do.SetPrice(50_00), "Price of Milk 500 ml: 65.00 → 50.00"),
        (do.Void(), "Take 3 × Milk 500 ml away: 195.00"),
        (do.OneLess(), "Take 1 × Milk 500 ml away: 65.00"),
        (do.SetQuantity(1000), "Take 2 × Milk 500 ml away: 130.00"),
        (do.Clear(), "Take the whole sale away: 343.50"),
        (do.PayCash(), "Give the money back in cash: 344.00"),
        (do.OpenDrawer("change"), "Open the drawer without a sale: change"),
        (do.ShiftClose(2000_00), "Close another person's shift: 2,000.00 counted"),
        (do.CloseDay(), "Close this business day again"),
        (do.EndMpesa(), "The customer's phone shows neither a prompt nor an M-Pesa message"),
        (do.ShowX(), "This needs a manager"),
    ],
)
def test_the_sentence_names_goods_and_amount(
    selling_shop: Shop, command: do.Command, sentence: str
) -> None:
    play(selling_shop, "SUGAR", "10%", "3*MILK")
    assert said(selling_shop, command) == sentence


def test_a_discount_in_place_of_one_says_what_all_of_it_takes_off(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "5%", "4%%")
    assert said(selling_shop, do.LineDiscount(20_00)) == "20% off Sugar 1 kg: 33.00 less"


def test_goods_that_come_back_are_named_with_what_they_are_worth(selling_shop: Shop) -> None:
    one, two = ("MILK", 2000), ("SUGAR", 1000)
    start = "Take goods back without a receipt:"
    assert said(selling_shop, do.TakeBackItem(*one)) == f"{start} 2 × Milk 500 ml, 130.00"
    several = said(selling_shop, do.TakeBackItems((one, two)))
    assert several == f"{start} 2 × Milk 500 ml and 1 more, 295.00"
    play(selling_shop, "2*SUGAR", "10%", "pay cash")
    back = do.TakeBack(ReceiptNumber("T1", 1), ((1, 1000),))
    assert said(selling_shop, back) == "Take goods of a receipt back: 1 × Sugar 1 kg, 148.50"
    selling_shop.desk.execute(back)
    money_back = said(selling_shop, do.PayBack(TenderKind.CARD))
    assert money_back == "Give the money back by Card: 148.50"


def test_a_long_name_is_cut_and_its_amount_is_not(selling_shop: Shop) -> None:
    name = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk"
    add_product(selling_shop, "LONG", name, 12_345_67)
    back = said(selling_shop, do.TakeBackItem("LONG", 1000))
    assert back.endswith("1 × Donaudampfschifffahrtse…, 12,345.67")
    new = said(selling_shop, do.NewItem("123", name, 99_00, "B"))
    assert new == "New in the catalogue: Donaudampfschifffahrtse…, 99.00"


def _said_of_credit(shop: Shop) -> str:
    basket = shop.till.state.basket
    with pytest.raises(NeedsApproval) as needed:
        shop.desk.execute(do.PayCredit())
    return ApprovalWords(shop).what_waits(do.PayCredit(), basket, needed.value)


def test_on_account_it_says_by_how_much_it_is_too_much(selling_shop: Shop) -> None:
    customer = add_customer(selling_shop, limit_cents=100_00)
    play(selling_shop, "2*SUGAR", f"customer {customer.code}")
    assert _said_of_credit(selling_shop) == (
        "Sell on account beyond the limit: 330.00, 230.00 over the limit of Akinyi Otieno"
    )


def test_a_long_name_of_an_account_is_cut_and_its_amounts_are_not(selling_shop: Shop) -> None:
    added = selling_shop.customers.add(Particulars(name="Wanjiku" + "wa" * 36), actor=None)
    play(selling_shop, "2*SUGAR", f"customer {added.code}")
    assert _said_of_credit(selling_shop) == (
        "Sell on account beyond the limit: 330.00, 330.00 over the limit of "
        "Wanjikuwawawawawawawawa…"
    )


def test_each_kind_of_act_has_its_own_few_reasons() -> None:
    commands: tuple[do.Command, ...] = (
        do.SetPrice(1),
        do.Void(),
        do.TakeBackItem("MILK", 1000),
        do.PayCredit(),
        do.PayBack(TenderKind.CASH),
        do.NewItem("1", "Milk", 1, "A"),
        do.OpenDrawer("change"),
        do.ShiftClose(1),
        do.CloseDay(),
        do.LeaveTill(),
    )
    found = [ready_reasons(one) for one in commands]
    assert all(2 <= len(one) <= 4 for one in found)
    assert len(set(found)) == len(commands)
    assert "Receipt lost" in found[2]
    assert ready_reasons(do.CashMove(CashDirection.OUT, 1, "")) == ready_reasons(do.SetPrice(1))
